/** Points in time, in the reader's zone, with the exact one within reach. */

let format: Intl.DateTimeFormat | undefined;

/** Made when a time is shown first: it takes long enough to keep the first page waiting, which may have none. */
function describe(moment: Date): string {
  format ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return format.format(moment);
}

/** `value` is an ISO 8601 timestamp as the APIs give it; nothing known is a dash. */
export function Time({ value }: { readonly value: string | undefined }) {
  if (value === undefined || Number.isNaN(Date.parse(value))) return <>–</>;
  return (
    <time dateTime={value} title={value}>
      {describe(new Date(value))}
    </time>
  );
}
