/**
 * What is due of a schedule and when: at creation, at a change, after a pause, and at each wake of the scheduler; and
 * what state that makes (dossier/messaging §1.3). Pure.
 */
import type { CampaignStatus } from '../../../contract/pinpoint-types.ts';
import type { LocalSlot } from './local-time.ts';
import { isLocalTime } from './local-time.ts';
import {
  closesAt,
  endOf,
  firstSlot,
  frequencyOf,
  isRecurring,
  isWindow,
  latestSlot,
  nextSlot,
  opensAt,
  type Timing,
  wallClockOf,
} from './slots.ts';

/** As `campaign_schedules` has it. */
export interface PlannedSchedule {
  /** `0`: of all treatments without a schedule of their own. */
  readonly treatmentId: string;
  readonly timing: Timing;
  readonly anchor: Date;
  readonly acceptedAt: Date;
  readonly nextSlot: Date | null;
  readonly nextRunAt: Date | null;
  readonly runs: number;
  readonly lastSlot: Date | null;
}

/** What a run needs to know of its slot. */
export interface DueSlot {
  readonly slot: Date;
  /** With local time: which of its recipients' zones are late, and which have it still before them. */
  readonly local?: LocalSlot;
}

export interface DuePlan {
  readonly run?: DueSlot;
  /** The window of events has ended. */
  readonly closes: boolean;
  /** Slots were left out because they are long past. */
  readonly missed: boolean;
  readonly schedule: PlannedSchedule;
}

const minute = 60_000;
const hour = 60 * minute;
/** StartTime may be so long past when a campaign is written (§1.5). */
const graceOfStart = 5 * minute;

/** @param previous of the version before, where there is one */
export function planSchedule(
  treatmentId: string,
  timing: Timing,
  previous: PlannedSchedule | undefined,
  now: Date,
): PlannedSchedule {
  if (previous !== undefined && isSame(timing, previous.timing)) return previous;
  const isSameKind = previous !== undefined && kindOf(previous.timing) === kindOf(timing);
  const common = { treatmentId, timing, acceptedAt: now };
  if (isSameKind && isWindow(timing) && isOpenWindow(previous)) {
    return { ...previous, ...common, nextSlot: null, nextRunAt: endOf(timing) ?? null };
  }
  // IMMEDIATE stays the moment at which it was said first.
  const isSameStart = isSameKind && previous.timing.StartTime === timing.StartTime;
  const start = isSameStart ? previous.anchor : firstSlot(timing, now);
  const anchor = isSameKind && isWindow(timing) && previous.runs > 0 ? latest(start, now) : start;
  const { runs, lastSlot } = isSameKind && !isWindow(timing) ? previous : { runs: 0, lastSlot: null };
  const isFirst =
    lastSlot === null && (!isSameStart || closesAt(timing, anchor).getTime() >= now.getTime() - graceOfStart);
  const slot = isFirst ? anchor : openSlot(timing, anchor, lastSlot, now);
  return { ...common, anchor, runs, lastSlot, ...due(timing, slot) };
}

/** After a pause: what was missed meanwhile is not run, also where it was missed in some zones only (§1.3). */
export function planAfterPause(schedule: PlannedSchedule, now: Date): PlannedSchedule {
  const { timing, anchor, lastSlot } = schedule;
  if (isWindow(timing)) return schedule;
  return { ...schedule, acceptedAt: now, ...due(timing, openSlot(timing, anchor, lastSlot, now)) };
}

/**
 * What is to be done now that `nextRunAt` has come. After an outage, recurring campaigns make up for the newest slot if it
 * is not too late for it, and leave out what is older; a campaign that runs once always runs.
 * @param maximumDuration of the campaign, in seconds: so long delivery may be attempted
 */
export function planDue(
  schedule: PlannedSchedule,
  now: Date,
  { isPaused, maximumDuration }: { readonly isPaused: boolean; readonly maximumDuration: number | undefined },
): DuePlan {
  const { timing, anchor, nextSlot: slot } = schedule;
  if (isWindow(timing)) return planWindow(schedule);
  if (slot === null) return { closes: false, missed: false, schedule: { ...schedule, nextRunAt: null } };
  if (isPaused) {
    const opened = latestSlot(timing, anchor, new Date(now.getTime() + leadOf(timing, slot))) ?? slot;
    const next = due(timing, nextSlot(timing, anchor, latest(slot, opened)));
    return { closes: false, missed: false, schedule: { ...schedule, ...next } };
  }
  const makesUp = makeUpMilliseconds(timing, maximumDuration);
  const wanted = wantedSlot(schedule, slot, now, makesUp);
  if (wanted === undefined) {
    const next = due(timing, nextSlot(timing, anchor, latest(slot, tooLate(timing, slot, now, makesUp))));
    return { closes: false, missed: true, schedule: { ...schedule, ...next } };
  }
  const following = nextSlot(timing, anchor, wanted);
  return {
    run: { slot: wanted, ...(isLocalTime(timing) && { local: localSlot(schedule, wanted, following, now, makesUp) }) },
    closes: false,
    missed: wanted > slot,
    schedule: { ...schedule, runs: schedule.runs + 1, lastSlot: wanted, ...due(timing, following) },
  };
}

/** @param underWay whether one of its runs is */
export function stateOf(schedule: PlannedSchedule, isPaused: boolean, underWay: boolean): CampaignStatus {
  if (underWay && !isWindow(schedule.timing)) return 'EXECUTING';
  if (isPaused) return 'PAUSED';
  if (schedule.nextRunAt === null) return 'COMPLETED';
  if (schedule.runs === 0) return 'SCHEDULED';
  return isWindow(schedule.timing) ? 'EXECUTING' : 'PENDING_NEXT_RUN';
}

/** COMPLETED only when every treatment is (§1.3). */
export function stateOfAll(states: readonly CampaignStatus[]): CampaignStatus {
  for (const state of ['EXECUTING', 'PAUSED', 'PENDING_NEXT_RUN'] as const) if (states.includes(state)) return state;
  if (!states.includes('SCHEDULED')) return 'COMPLETED';
  return states.includes('COMPLETED') ? 'PENDING_NEXT_RUN' : 'SCHEDULED';
}

function planWindow(schedule: PlannedSchedule): DuePlan {
  const { timing, anchor, runs } = schedule;
  const stays = { closes: false, missed: false };
  if (runs > 0) return { ...stays, closes: true, schedule: { ...schedule, nextSlot: null, nextRunAt: null } };
  const opened = { runs: 1, lastSlot: anchor, nextSlot: null, nextRunAt: endOf(timing) ?? null };
  return { ...stays, run: { slot: anchor }, schedule: { ...schedule, ...opened } };
}

function isOpenWindow({ runs, nextRunAt }: PlannedSchedule): boolean {
  return runs > 0 && nextRunAt !== null;
}

/** Runs of one kind go on when a schedule changes; of another kind they begin anew. */
function kindOf(timing: Timing): string {
  return isWindow(timing) ? frequencyOf(timing) : 'runs';
}

function isSame(one: Timing, other: Timing): boolean {
  const members = ['StartTime', 'EndTime', 'Frequency', 'IsLocalTime', 'Timezone'] as const;
  return members.every((member) => one[member] === other[member]);
}

function due(timing: Timing, slot: Date | undefined): Pick<PlannedSchedule, 'nextSlot' | 'nextRunAt'> {
  return { nextSlot: slot ?? null, nextRunAt: slot === undefined ? null : opensAt(timing, slot) };
}

/** The first slot that was not run, and that somebody has still before them. */
function openSlot(timing: Timing, anchor: Date, lastSlot: Date | null, now: Date): Date | undefined {
  const past = new Date(now.getTime() - (closesAt(timing, anchor).getTime() - anchor.getTime()));
  // One that begins later than now was run by a clock that was ahead.
  const hasRun = lastSlot !== null && opensAt(timing, lastSlot) <= now;
  return nextSlot(timing, anchor, hasRun ? latest(lastSlot, past) : past);
}

/** Milliseconds between the first recipient's and the slot itself: the same for all slots. */
function leadOf(timing: Timing, slot: Date): number {
  return slot.getTime() - opensAt(timing, slot).getTime();
}

/** A marketer would not have yesterday's news today, nor a good morning at noon. */
function makeUpMilliseconds(timing: Timing, maximumDuration: number | undefined): number {
  if (maximumDuration !== undefined) return maximumDuration * 1_000;
  return frequencyOf(timing) === 'HOURLY' ? 15 * minute : hour;
}

/** The newest slot that is due and not too late; with local time the oldest, since its last zones may be hours away. */
function wantedSlot(schedule: PlannedSchedule, slot: Date, now: Date, makesUp: number): Date | undefined {
  const { timing, anchor } = schedule;
  if (!isRecurring(timing)) return slot;
  const isInTime = (wanted: Date) => closesAt(timing, wanted).getTime() + makesUp >= now.getTime();
  if (isInTime(slot) && isLocalTime(timing)) return slot;
  const opened = latestSlot(timing, anchor, new Date(now.getTime() + leadOf(timing, slot)));
  if (!isLocalTime(timing)) return opened !== undefined && opened >= slot && isInTime(opened) ? opened : undefined;
  const first = nextSlot(timing, anchor, tooLate(timing, slot, now, makesUp));
  return first !== undefined && opened !== undefined && first <= opened ? first : undefined;
}

/** Slots up to then are too late for everybody. */
function tooLate(timing: Timing, slot: Date, now: Date, makesUp: number): Date {
  const closing = closesAt(timing, slot).getTime() - slot.getTime();
  return new Date(now.getTime() - makesUp - closing - 1);
}

function localSlot(
  { timing, acceptedAt }: PlannedSchedule,
  slot: Date,
  following: Date | undefined,
  now: Date,
  makesUp: number,
): LocalSlot {
  return {
    wallClock: wallClockOf(timing, slot),
    // A campaign that runs once makes up for every zone that it has missed.
    from: isRecurring(timing) ? latest(acceptedAt, new Date(now.getTime() - makesUp)) : acceptedAt,
    madeAt: now,
    ...(following !== undefined && { next: wallClockOf(timing, following) }),
  };
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
