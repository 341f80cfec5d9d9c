/**
 * When a campaign runs: the slots of its schedule, each an instant as StartTime is one (dossier/messaging §1.5). Pure.
 * With IsLocalTime a slot is what clocks show where `Timezone` is the offset, and recipients elsewhere have it when
 * their own clocks show the same: see `local-time.ts`.
 */
import type { Frequency, Schedule } from '../../../contract/pinpoint-types.ts';
import { parseIsoDate } from '../../../kernel/iso-date.ts';
import { firstInstantOf, isLocalTime, lastInstantOf, offsetMilliseconds } from './local-time.ts';

/** What of a schedule says when. */
export type Timing = Pick<Schedule, 'StartTime' | 'EndTime' | 'Frequency' | 'IsLocalTime' | 'Timezone'>;

const hour = 3_600_000;

const periods: Partial<Record<Frequency, number>> = { HOURLY: hour, DAILY: 24 * hour, WEEKLY: 7 * 24 * hour };

export function frequencyOf({ Frequency }: Timing): Frequency {
  return Frequency ?? 'ONCE';
}

/** It waits for events from StartTime to EndTime, instead of running by itself. */
export function isWindow(timing: Timing): boolean {
  const frequency = frequencyOf(timing);
  return frequency === 'EVENT' || frequency === 'IN_APP_EVENT';
}

/** There is another slot behind each, until EndTime. */
export function isRecurring(timing: Timing): boolean {
  return !isWindow(timing) && frequencyOf(timing) !== 'ONCE';
}

/** The slot from which all others are counted. `IMMEDIATE` is the moment of acceptance (§1.5). */
export function firstSlot({ StartTime }: Timing, acceptedAt: Date): Date {
  return StartTime === 'IMMEDIATE' ? acceptedAt : instant('StartTime', StartTime);
}

/** EndTime, where there is one. */
export function endOf({ EndTime }: Timing): Date | undefined {
  return EndTime === undefined ? undefined : instant('EndTime', EndTime);
}

/** The first slot behind `after`; undefined when there is none any more. The last slot may be at EndTime itself. */
export function nextSlot(timing: Timing, anchor: Date, after: Date): Date | undefined {
  return withinEnd(timing, slotBehind(timing, anchor, after));
}

/** The newest slot that is not behind `moment`; undefined before the first one. */
export function latestSlot(timing: Timing, anchor: Date, moment: Date): Date | undefined {
  const end = endOf(timing);
  const last = end === undefined || !isRecurring(timing) ? moment : new Date(Math.min(moment.getTime(), end.getTime()));
  if (last < anchor) return undefined;
  if (!isRecurring(timing)) return anchor;
  const index = indexAt(timing, anchor, last);
  return slotAt(timing, anchor, index);
}

/** When the first of its recipients has it: with local time where the day begins. */
export function opensAt(timing: Timing, slot: Date): Date {
  return isLocalTime(timing) ? firstInstantOf(wallClockOf(timing, slot)) : slot;
}

/** When the last of them has it. */
export function closesAt(timing: Timing, slot: Date): Date {
  return isLocalTime(timing) ? lastInstantOf(wallClockOf(timing, slot)) : slot;
}

/** What clocks show at a slot where `Timezone` is the offset: a date whose UTC members say it. */
export function wallClockOf(timing: Timing, slot: Date): Date {
  return new Date(slot.getTime() + offsetMilliseconds(timing));
}

function instant(member: string, text: string): Date {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(`${member} of a stored schedule is no date.`);
  return date;
}

function slotBehind(timing: Timing, anchor: Date, after: Date): Date | undefined {
  if (after < anchor) return anchor;
  if (!isRecurring(timing)) return undefined;
  return slotAt(timing, anchor, indexAt(timing, anchor, after) + 1);
}

function withinEnd(timing: Timing, slot: Date | undefined): Date | undefined {
  const end = endOf(timing);
  return slot === undefined || end === undefined || !isRecurring(timing) || slot <= end ? slot : undefined;
}

/** Which slot is the newest at a moment, which is not before the anchor. */
function indexAt(timing: Timing, anchor: Date, moment: Date): number {
  const period = periods[frequencyOf(timing)];
  if (period !== undefined) return Math.floor((moment.getTime() - anchor.getTime()) / period);
  const [first, last] = [wallClockOf(timing, anchor), wallClockOf(timing, moment)];
  const months = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
  return slotAt(timing, anchor, months) <= moment ? months : months - 1;
}

/**
 * Days and weeks have 24 and 168 hours: in UTC they have, and so does a wall clock that knows no daylight saving. Months
 * are those of that wall clock; a day that a month does not have is its last one (§1.5).
 */
function slotAt(timing: Timing, anchor: Date, index: number): Date {
  const period = periods[frequencyOf(timing)];
  if (period !== undefined) return new Date(anchor.getTime() + index * period);
  const first = wallClockOf(timing, anchor);
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + index];
  const daysOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(first.getUTCDate(), daysOfMonth));
  const timeOfDay = first.getTime() - Date.UTC(year, first.getUTCMonth(), first.getUTCDate());
  return new Date(midnight + timeOfDay - offsetMilliseconds(timing));
}
