/** Dates in attributes and criteria, read alike here and in SQL (`instant_of`). */

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** @returns milliseconds since 1970, or undefined for what is no date; a day alone is its first moment, UTC */
export function readInstant(text: string): number | undefined {
  const [match, year, month, day] = iso.exec(text) ?? [];
  // There is no year 0: PostgreSQL refuses it.
  if (match === undefined || year === '0000') return undefined;
  // JavaScript moves 30 February to March; PostgreSQL refuses it.
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  const zoned = !text.includes('T') || /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const instant = Date.parse(zoned);
  return Number.isNaN(instant) ? undefined : instant;
}
