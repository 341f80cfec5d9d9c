/**
 * Campaigns in recipients' local time (dossier/messaging §1.5): every zone has a slot when its own clocks show what the
 * campaign says. A wall clock is a date whose UTC members are what it shows. Pure.
 */
import type { IANAZone } from 'luxon';
import type { Schedule } from '../../../contract/pinpoint-types.ts';
import { remembering } from '../../../kernel/remembering.ts';
import { findTimeZone } from '../../../kernel/time-zone.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The offsets that `Schedule.Timezone` can be, in minutes (§1.5). There are no others: not even `UTC-01`. */
export const utcOffsets: ReadonlyMap<string, number> = new Map([
  ['UTC', 0],
  ...[1, 2, 3, 3.5, 4, 4.5, 5, 5.5, 5.75, 6, 6.5, 7, 8, 9, 9.5, 10, 10.5, 11, 12, 13].map(namedOffset),
  ...[-2, -3, -4, -5, -6, -7, -8, -9, -10, -11].map(namedOffset),
]);

function namedOffset(hours: number): readonly [string, number] {
  const whole = Math.trunc(hours);
  const minutes = Math.abs(hours - whole) * 60;
  const sign = hours < 0 ? '-' : '+';
  const name = `UTC${sign}${String(Math.abs(whole)).padStart(2, '0')}${minutes === 0 ? '' : `:${minutes}`}`;
  return [name, hours * 60];
}

/**
 * Whether recipients have it by their own clocks. `IMMEDIATE` is now for everybody, and windows of events are tested in
 * UTC (§1.5): IsLocalTime says nothing there.
 */
export function isLocalTime({
  IsLocalTime,
  StartTime,
  Frequency,
}: Omit<Schedule, 'QuietTime' | 'EventFilter'>): boolean {
  return IsLocalTime === true && StartTime !== 'IMMEDIATE' && Frequency !== 'EVENT' && Frequency !== 'IN_APP_EVENT';
}

/** Of the clock that StartTime is meant by. Without local time there is UTC only, whatever `Timezone` says. */
export function offsetMilliseconds(schedule: Omit<Schedule, 'QuietTime' | 'EventFilter'>): number {
  return isLocalTime(schedule) ? (utcOffsets.get(schedule.Timezone ?? 'UTC') ?? 0) * minute : 0;
}

/** Clocks are between these offsets, everywhere. */
const earliestOffset = 14 * hour;
const latestOffset = -12 * hour;

/** Where the day begins. */
export function firstInstantOf(wallClock: Date): Date {
  return new Date(wallClock.getTime() - earliestOffset);
}

/** Where the day ends. */
export function lastInstantOf(wallClock: Date): Date {
  return new Date(wallClock.getTime() - latestOffset);
}

/**
 * When the clocks of a zone show it. What they show twice counts the first time; what they leave out is as much behind
 * the gap as it is behind its beginning: 02:30 is 03:30.
 */
export function instantIn(zone: IANAZone, wallClock: Date): Date {
  const shown = wallClock.getTime();
  const before = zone.offset(shown - earliestOffset - hour) * minute;
  const after = zone.offset(shown - latestOffset + hour) * minute;
  const candidates = [shown - before, shown - after].sort((one, other) => one - other);
  const found = candidates.find((at) => at + zone.offset(at) * minute === shown);
  return new Date(found ?? shown - before);
}

/** Zones that have a slot at the same instant. */
export interface ZoneSlice {
  readonly at: Date;
  /** As they were given. */
  readonly zones: readonly string[];
}

export interface ZonesOfSlot {
  /** In the order of time. */
  readonly slices: readonly ZoneSlice[];
  /** They have the slot no more (`ENDPOINT_TIMEZONE_MISMATCH`). */
  readonly past: readonly string[];
  /** Not in the tz database (`ENDPOINT_MISSING_TIMEZONE`). */
  readonly unknown: readonly string[];
}

export interface LocalSlot {
  readonly wallClock: Date;
  /** Zones whose clocks showed it before are past. */
  readonly from: Date;
  /** When the run was made. */
  readonly madeAt: Date;
  /**
   * Of the slot behind this one. A zone that has the next one as early as this one has just the next one: its clocks leave
   * this one out (an hour of daylight saving, the day that Samoa never had), or both were missed.
   */
  readonly next?: Date | undefined;
}

/** When each of the zones that recipients say has a slot. */
export function sliceZones(zones: Iterable<string>, { wallClock, from, madeAt, next }: LocalSlot): ZonesOfSlot {
  const slices = new Map<number, string[]>();
  const past: string[] = [];
  const unknown: string[] = [];
  for (const name of zones) {
    const { zone } = zoneOf(name);
    if (zone === undefined) {
      unknown.push(name);
      continue;
    }
    const at = instantIn(zone, wallClock);
    const earliest = Math.max(at.getTime(), madeAt.getTime());
    const hasNextAlready = next !== undefined && instantIn(zone, next).getTime() <= earliest;
    if (at < from || hasNextAlready) past.push(name);
    else slices.set(at.getTime(), [...(slices.get(at.getTime()) ?? []), name]);
  }
  const inOrder = [...slices].sort(([one], [other]) => one - other);
  return { slices: inOrder.map(([at, names]) => ({ at: new Date(at), zones: names })), past, unknown };
}

/** Whether the tz database knows it: what an endpoint says may be anything. */
export function isTimeZone(name: string): boolean {
  return zoneOf(name).zone !== undefined;
}

interface KnownZone {
  readonly zone: IANAZone | undefined;
  /** Of the last question: runs ask a million times in the same minute, and an offset takes microseconds. */
  minute: number;
  minuteOfDay: number;
}

const zoneOf = remembering<KnownZone>(2_000, (name) => ({ zone: findTimeZone(name), minute: -1, minuteOfDay: -1 }));

const minutesOfDay = 24 * 60;

/** Minutes since midnight that the clocks of a zone show; undefined for what is no zone. */
export function minuteOfDayIn(name: string, now: Date): number | undefined {
  const known = zoneOf(name);
  if (known.zone === undefined) return undefined;
  const at = Math.floor(now.getTime() / minute);
  if (known.minute !== at) {
    known.minute = at;
    known.minuteOfDay =
      (((at + Math.floor(known.zone.offset(at * minute))) % minutesOfDay) + minutesOfDay) % minutesOfDay;
  }
  return known.minuteOfDay;
}
