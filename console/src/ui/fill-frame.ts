/** Puts HTML that anybody may have written into a frame: without what runs, what leads away, and what is fetched. */
import { neutralise, sheetAttribute, styleAttribute } from './neutralise.ts';

const removed =
  'template, script, iframe, frame, object, embed, link, meta, base, form, input, button, textarea, select, audio, video, svg';
const tallest = 900;

/** @param frame sandboxed without `allow-scripts`, empty or filled before */
export function fillFrame(frame: HTMLIFrameElement, html: string): void {
  const document = frame.contentDocument;
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (document === null || view === null) return;
  const parsed = new DOMParser().parseFromString(neutralise(html), 'text/html');
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(withoutFetches(styleTextOf(parsed)));
  for (const element of parsed.querySelectorAll(removed)) element.remove();
  for (const element of parsed.querySelectorAll('*')) clean(element);
  document.documentElement.replaceWith(document.adoptNode(parsed.documentElement));
  document.adoptedStyleSheets = [sheet];
  for (const element of document.querySelectorAll<HTMLElement>(`[${styleAttribute}]`)) {
    element.style.cssText = withoutFetches(element.getAttribute(styleAttribute) ?? '');
    element.removeAttribute(styleAttribute);
  }
  frame.style.blockSize = `${Math.min(document.documentElement.scrollHeight + 2, tallest)}px`;
}

function styleTextOf(parsed: Document): string {
  const sheets = [...parsed.querySelectorAll<HTMLTemplateElement>(`template[${sheetAttribute}]`)];
  const text = sheets.map(({ content }) => content.textContent).join('\n');
  for (const sheet of sheets) sheet.remove();
  return text;
}

function withoutFetches(css: string): string {
  return css.replaceAll(/url\(\s*(?!['"]?data:image\/)[^)]*\)?/gi, 'none').replaceAll(/@import[^;]*;?/gi, '');
}

function clean(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const isImage = name === 'src' && element.localName === 'img' && /^data:image\//i.test(value);
    if (/^on|src|background|poster|action|ping|href$/i.test(name) && !isImage) element.removeAttribute(name);
    // Where a link leads can be read; following it from here would tell the sender.
    if (name === 'href') element.setAttribute('title', value);
  }
}
