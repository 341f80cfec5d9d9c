/** From counts to a rate and an estimate of the end. Pure. */
import type { CampaignRunProgress } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { Totals } from '../run/counters.ts';
import type { RunState } from '../run/store.ts';

export interface ObservedRun {
  readonly id: string;
  readonly kind: 'SCHEDULED' | 'EVENT';
  readonly state: RunState;
  readonly scheduledStart: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly fault: string | null;
  /** With local time: when the last hour begins that has not begun yet. */
  readonly lastBegin: Date | null;
  readonly totals: Totals;
}

/** What was settled at a moment: messages, and whatever the run is done with. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly messages: number;
  readonly done: number;
}

export function isUnderWay(state: RunState): boolean {
  return state !== 'CANCELLED' && state !== 'COMPLETED';
}

export function sampleOf({ totals }: Pick<ObservedRun, 'totals'>, now: Date): Sample {
  const messages = totals.sent + totals.failed;
  return { at: now.getTime(), messages, done: messages + sumOf(totals.skipped) };
}

/**
 * @param before the oldest sample of the last seconds; undefined: the average since the start
 * @param expected endpoints of the segment, where that is known
 */
export function describeRun(
  run: ObservedRun,
  now: Date,
  { before, expected }: { readonly before: Sample | undefined; readonly expected: number | undefined },
): CampaignRunProgress {
  const { id, state, scheduledStart, startedAt, endedAt, fault, totals } = run;
  const last = sampleOf(run, endedAt ?? now);
  const first = endedAt === null && before !== undefined ? before : startSample(startedAt);
  const estimated = estimateEnd(run, now, { first, last, expected });
  return {
    ...{ RunId: id, State: state, ScheduledStart: toTimestamp(scheduledStart) },
    ...(startedAt !== null && { StartedAt: toTimestamp(startedAt) }),
    ...(endedAt !== null && { EndedAt: toTimestamp(endedAt) }),
    ...(expected !== undefined && { Expected: expected }),
    ...{ Produced: totals.targeted, Sent: totals.sent, Failed: totals.failed, Skipped: totals.skipped },
    ...{ InFlight: totals.open, MessagesPerSecond: rateOf('messages', first, last) },
    ...(estimated !== undefined && { EstimatedEnd: toTimestamp(estimated) }),
    ...(fault !== null && { Fault: fault }),
  };
}

function startSample(startedAt: Date | null): Sample | undefined {
  return startedAt === null ? undefined : { at: startedAt.getTime(), messages: 0, done: 0 };
}

function rateOf(what: 'messages' | 'done', first: Sample | undefined, last: Sample): number {
  if (first === undefined || last.at <= first.at) return 0;
  const rate = ((last[what] - first[what]) * 1000) / (last.at - first.at);
  return Math.max(0, Math.round(rate * 10) / 10);
}

/** Nobody knows when events come, nor when somebody lets a paused run go on. */
function estimateEnd(
  { state, kind, lastBegin }: ObservedRun,
  now: Date,
  {
    first,
    last,
    expected,
  }: { readonly first: Sample | undefined; readonly last: Sample; readonly expected: number | undefined },
): Date | undefined {
  if (state !== 'RUNNING' || kind === 'EVENT' || expected === undefined) return undefined;
  const left = Math.max(0, expected - last.done);
  const rate = rateOf('done', first, last);
  // Hours that have not begun hold whom is left as a rule: the last of them is then all that can be said.
  if (lastBegin !== null && lastBegin > now) return lastBegin;
  return rate === 0 ? undefined : new Date(now.getTime() + (left / rate) * 1000);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
