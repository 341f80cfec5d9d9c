/** Which days a report is about, and how that stands in the address of a page. Pure. */

export type DateRange =
  | { readonly kind: 'relative'; readonly days: number }
  | { readonly kind: 'absolute'; readonly from: string; readonly to: string };

export interface AskedDays {
  readonly StartDate: string;
  readonly EndDate: string;
  readonly TimeZone: string;
}

/** The server's own limit: a leap year. */
export const mostDays = 366;
export const usualRange: DateRange = { kind: 'relative', days: 30 };

const dayMilliseconds = 24 * 3600 * 1000;
const rangeMembers = ['range', 'from', 'to'] as const;

/** `range=30d`, or `from=2026-11-01&to=2026-11-20`; what is no range is the usual one. */
export function readRange(search: URLSearchParams): DateRange {
  const days = Number(/^(\d{1,3})d$/.exec(search.get('range') ?? '')?.[1]);
  if (days >= 1 && days <= mostDays) return { kind: 'relative', days };
  const absolute = { kind: 'absolute', from: search.get('from') ?? '', to: search.get('to') ?? '' } as const;
  return faultOfRange(absolute) === undefined ? absolute : usualRange;
}

export function withRange(search: URLSearchParams, range: DateRange): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const member of rangeMembers) next.delete(member);
  if (range.kind === 'relative') {
    next.set('range', `${range.days}d`);
  } else {
    next.set('from', range.from);
    next.set('to', range.to);
  }
  return next;
}

/** What keeps the server from answering about it; undefined when nothing does. */
export function faultOfRange(range: DateRange): string | undefined {
  if (range.kind === 'relative') {
    const fits = Number.isInteger(range.days) && range.days >= 1 && range.days <= mostDays;
    return fits ? undefined : `A range has 1 to ${mostDays} days.`;
  }
  const [from, to] = [timeOf(range.from), timeOf(range.to)];
  if (from === undefined || to === undefined) return 'A range has a first and a last day.';
  if (from > to) return 'The first day must not be after the last one.';
  return (to - from) / dayMilliseconds < mostDays ? undefined : `A range has at most ${mostDays} days.`;
}

/** @param now the last day of what is relative, in the zone */
export function askedDays(range: DateRange, zone: string, now: Date): AskedDays {
  if (range.kind === 'absolute') return { StartDate: range.from, EndDate: range.to, TimeZone: zone };
  const today = dateIn(zone, now);
  const first = new Date((timeOf(today) ?? 0) - (range.days - 1) * dayMilliseconds);
  return { StartDate: first.toISOString().slice(0, 10), EndDate: today, TimeZone: zone };
}

function timeOf(date: string): number | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // February 30th is a day in March to `Date`.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? undefined : time;
}

function dateIn(timeZone: string, now: Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** Of the address where it is one, and otherwise that of this browser. */
export function readZone(search: URLSearchParams): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const named = search.get('zone');
  return named !== null && isZone(named) ? named : own;
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
