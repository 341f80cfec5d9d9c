/** Points in time, in the reader's zone, with the exact one within reach. */

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** `value` is an ISO 8601 timestamp as the APIs give it; nothing known is a dash. */
export function Time({ value }: { readonly value: string | undefined }) {
  if (value === undefined || Number.isNaN(Date.parse(value))) return <>–</>;
  return (
    <time dateTime={value} title={value}>
      {format.format(new Date(value))}
    </time>
  );
}
