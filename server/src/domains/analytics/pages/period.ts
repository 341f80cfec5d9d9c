/** Days that a report is about, in the time zone of who reads it. Pure. */
import { DateTime, IANAZone } from 'luxon';
import { badRequest } from '../../../kernel/errors.ts';
import { dayMilliseconds, dayNumber } from '../counting/tally.ts';

const daysByDefault = 30;
const mostDays = 366;

export interface PeriodRequest {
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly TimeZone?: string;
}

export interface Period {
  readonly zone: string;
  /** `2026-11-26`, ascending. */
  readonly dates: readonly string[];
  /** Of the first day; inclusive. */
  readonly start: Date;
  /** Of the day behind the last one; exclusive. */
  readonly end: Date;
}

/** @throws BadRequestException */
export function readPeriod({ StartDate, EndDate, TimeZone = 'UTC' }: PeriodRequest, now: Date): Period {
  if (!IANAZone.isValidZone(TimeZone)) throw badRequest('time-zone must be the name of a time zone');
  const today = DateTime.fromJSDate(now, { zone: TimeZone }).startOf('day');
  const last = EndDate === undefined ? today : readDate(EndDate, TimeZone, 'end-date');
  const first =
    StartDate === undefined ? last.minus({ days: daysByDefault - 1 }) : readDate(StartDate, TimeZone, 'start-date');
  if (first > last) throw badRequest('start-date must not be after end-date');
  const dates: string[] = [];
  for (let day = first; day <= last; day = day.plus({ days: 1 })) {
    dates.push(day.toFormat('yyyy-MM-dd'));
    if (dates.length > mostDays) throw badRequest(`start-date and end-date must be at most ${mostDays} days apart`);
  }
  return { zone: TimeZone, dates, start: first.toJSDate(), end: last.plus({ days: 1 }).toJSDate() };
}

function readDate(text: string, zone: string, name: string): DateTime {
  const day = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone });
  if (!day.isValid || !/^\d{4}-\d{2}-\d{2}$/.test(text)) throw badRequest(`${name} must be a day such as 2026-11-02`);
  return day.startOf('day');
}

/** As answers say it. */
export function describePeriod({ zone, dates }: Period) {
  return { StartDate: dates[0] as string, EndDate: dates.at(-1) as string, TimeZone: zone };
}

/** Number of the UTC day of that name, since distinct ones are counted by UTC days. */
export function dayOfDate(date: string): number {
  return dayNumber(Date.parse(`${date}T00:00:00Z`));
}

export function dateOfDay(day: number): string {
  return new Date(day * dayMilliseconds).toISOString().slice(0, 10);
}
