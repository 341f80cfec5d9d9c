/** Dates of a KPI: both ends inclusive, UTC, at most 31 days, and no more than 89 days back (dossier §3.2). Pure. */
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { dayMilliseconds, dayNumber } from '../counting/tally.ts';

const longestDays = 31;
const furthestDays = 90;

/** Extended ISO 8601; a date alone is its midnight. */
const pattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

export interface DateRange {
  readonly start: Date;
  readonly end: Date;
}

/** @throws BadRequestException */
export function readDateRange(
  { StartTime, EndTime }: { readonly StartTime?: string; readonly EndTime?: string },
  now: Date,
): DateRange {
  const given = { start: readTime(StartTime, 'start-time'), end: readTime(EndTime, 'end-time') };
  const longest = longestDays * dayMilliseconds;
  const end =
    given.end ??
    new Date(Math.min(given.start === undefined ? now.getTime() : given.start.getTime() + longest, now.getTime()));
  const start = given.start ?? new Date(end.getTime() - longest);
  if (start > end) throw badRequest('start-time must not be after end-time');
  if (end.getTime() - start.getTime() > longest) {
    throw badRequest(`start-time and end-time must be at most ${longestDays} days apart`);
  }
  if (dayNumber(now.getTime()) - dayNumber(start.getTime()) >= furthestDays) {
    throw badRequest(`start-time must be less than ${furthestDays} days ago`);
  }
  return { start, end };
}

function readTime(text: string | undefined, name: string): Date | undefined {
  if (text === undefined) return undefined;
  const time = pattern.test(text) ? new Date(text) : new Date(Number.NaN);
  // JavaScript takes February 30th for March 2nd.
  const [day] = text.split('T');
  const isDay =
    !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && toTimestamp(new Date(`${day}T00:00:00Z`)).startsWith(`${day}`);
  if (Number.isNaN(time.getTime()) || !isDay) throw badRequest(`${name} must be a time in ISO 8601`);
  return time;
}
