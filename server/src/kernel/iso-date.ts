/** Dates as clients write them. */

/** ISO 8601, to the day, the minute or finer, in UTC unless it says otherwise. */
const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const withoutZone = /T[^Z+-]*$/;

/** @returns undefined for a text that is no such date */
export function parseIsoDate(text: string): Date | undefined {
  if (!isoDate.test(text)) return undefined;
  const date = new Date(!text.endsWith('Z') && withoutZone.test(text) ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
