/** Text as it is, line by line: JSON, headers, the source of a message. Text only, whatever stands in it. */
import './source.css';

export function Source({ text, label = 'Source' }: { readonly text: string; readonly label?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="source" tabIndex={0} aria-label={label} dir="auto">
      {text}
    </section>
  );
}
