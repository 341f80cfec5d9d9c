/**
 * Works through a range of a run's recipients: claims a batch in the transaction that moves the cursor, and sends it once
 * that has committed, while the next batch is claimed. What a killed process left claimed and unsettled is sent first.
 * Campaigns and journeys bring a source that says who gets what; the rest is here.
 */
import { type Database, type Lease, type Transaction, workThrough } from '../../../database/index.ts';
import type { Verdict } from '../sends/claim.ts';
import type { Run } from '../sends/send.ts';
import { findUnsettled, type UnsettledSend } from '../sends/settle.ts';
import type { Pipeline, RoutedSend } from './pipeline.ts';

export interface RunSource {
  readonly run: Run;
  /** Until then passing faults are tried again. */
  readonly deadline: Date;
  /**
   * Outside of a transaction, before `next` is asked with this cursor: reads and composes. What takes its time is done
   * here.
   */
  prepare?(cursor: unknown): Promise<void>;
  /**
   * The next recipients of a range behind the cursor, in the order of their keys; none when the range is done. Sends may
   * also be none of a page where nothing is sent to anybody: then `goesOn`.
   */
  next(tx: Transaction, lease: Lease, cursor: unknown): Promise<NextRecipients>;
  /**
   * What the claims said, in the transaction that writes them: whoever counts a run counts here who was targeted, and who
   * was skipped for which reason.
   */
  judged(tx: Transaction, sends: readonly RoutedSend[], verdicts: readonly Verdict[]): Promise<void>;
  /** Before so many messages begin to leave: resolves when the run's own rate allows them. */
  admit?(messages: number, signal: AbortSignal): Promise<void>;
  /** The same recipients once more; left out: those to whom nothing is to be sent any more. */
  again(unsettled: readonly UnsettledSend[]): Promise<readonly (RoutedSend & { readonly attempts: number })[]>;
}

export interface NextRecipients {
  readonly sends: readonly RoutedSend[];
  readonly cursor: unknown;
  readonly goesOn?: boolean;
}

/** Claimed, and not settled yet: enough to keep providers busy. */
const maximumActive = 1_000;
/** With those that wait for another attempt: few enough for memory, so many that a provider that is down holds nobody up. */
const maximumUnderWay = 10_000;
const unsettledPage = 500;

/** @returns as `workThrough`; when it fails, what has not been handed to a provider yet does not leave any more */
export async function workRun(
  { database, pipeline }: { readonly database: Database; readonly pipeline: Pipeline },
  lease: Lease,
  source: RunSource,
  signal: AbortSignal,
): Promise<'finished' | 'work finished' | 'stopped'> {
  // The range is given back once all that left of it is settled: whoever takes it would send the rest again.
  const settled = new AbortController();
  const ending = new AbortController();
  const ended = AbortSignal.any([signal, ending.signal]);
  const underWay = new UnderWay(ended);
  const options = { deadline: source.deadline, expires: true, signal: ended };
  const deliver = (routed: RoutedSend, claimedAfter: number, attempts = 0) =>
    underWay.add((paused) => pipeline.deliver(routed, { ...options, attempts, paused, claimedAfter }));
  let resumed = false;
  const resume = async () => {
    // Who holds a range first finds nothing of it claimed, and need not look through what other runs sent to it.
    if (lease.epoch > 1) {
      await sendUnsettled(database, lease, source, ended, (routed) =>
        deliver(routed, Number.NEGATIVE_INFINITY, routed.attempts),
      );
    }
    await underWay.below(1);
    if (!ended.aborted) await source.prepare?.(lease.cursor);
    resumed = true;
  };
  const work = workThrough(
    database,
    lease,
    async (tx, cursor) => {
      if (signal.aborted)
        return { cursor, finished: false, afterCommit: () => underWay.all().finally(() => settled.abort()) };
      if (!resumed) return { cursor, finished: false, afterCommit: resume };
      const claimedAfter = performance.now();
      const batch = await source.next(tx, lease, cursor);
      if (batch.sends.length === 0) {
        if (batch.goesOn === true) {
          return { cursor: batch.cursor, finished: false, afterCommit: async () => source.prepare?.(batch.cursor) };
        }
        if (underWay.isDone) return { cursor: batch.cursor, finished: true };
        return { cursor: batch.cursor, finished: false, afterCommit: () => underWay.below(1) };
      }
      const {
        verdicts,
        toDeliver,
        settled: stored,
      } = await pipeline.claimBatch(tx, batch.sends, source.admit === undefined);
      await source.judged(tx, batch.sends, verdicts);
      return {
        cursor: batch.cursor,
        finished: false,
        async afterCommit() {
          if (stored.length > 0) await pipeline.learn(stored);
          if (!(await isAdmitted(source, toDeliver.length, ended))) return;
          for (const routed of toDeliver) void deliver(routed, claimedAfter);
          await underWay.below(maximumUnderWay, maximumActive);
          if (!signal.aborted) await source.prepare?.(batch.cursor);
        },
      };
    },
    {
      ...{ signal: settled.signal, lost: () => ending.abort(), keyed: true },
      // Whoever takes the range sends what is not settled, also what a provider has in hand at this moment.
      async ending() {
        ending.abort();
        await underWay.end();
      },
    },
  );
  try {
    return await work;
  } finally {
    ending.abort();
    await underWay.end();
  }
}

/** False when the range ended first: what was claimed leaves when somebody goes on with it. */
async function isAdmitted(source: RunSource, messages: number, ended: AbortSignal): Promise<boolean> {
  if (messages === 0 || source.admit === undefined) return true;
  try {
    await source.admit(messages, ended);
  } catch (error) {
    if (!ended.aborted) throw error;
  }
  return !ended.aborted;
}

/** Page by page, each behind the last: those to whom nothing is sent any more stay on the list. */
async function sendUnsettled(
  database: Database,
  lease: Lease,
  source: RunSource,
  ended: AbortSignal,
  deliver: (routed: RoutedSend & { readonly attempts: number }) => Promise<unknown>,
): Promise<void> {
  for (let last: UnsettledSend | undefined; ; ) {
    const unsettled: UnsettledSend[] = await findUnsettled(database.query, source.run, lease, last, unsettledPage);
    const again = await source.again(unsettled);
    if (!(await isAdmitted(source, again.length, ended))) return;
    await Promise.all(again.map(deliver));
    last = unsettled.at(-1);
    if (unsettled.length < unsettledPage) return;
  }
}

/** Deliveries that have begun. The first that fails ends the range: it is worked through again from its cursor. */
class UnderWay {
  #count = 0;
  #pausing = 0;
  #fault: unknown;
  #waiting: (() => void)[] = [];
  readonly #ended: AbortSignal;

  /** @param ended nothing more is to be begun */
  constructor(ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener('abort', () => this.#changed(), { once: true });
  }

  /** Nothing is under way, and all of it was settled. */
  get isDone(): boolean {
    return this.#count === 0 && this.#fault === undefined;
  }

  async add(deliver: (paused: (begins: boolean) => void) => Promise<unknown>): Promise<void> {
    this.#count += 1;
    try {
      await deliver((begins) => {
        this.#pausing += begins ? 1 : -1;
        this.#changed();
      });
    } catch (error) {
      this.#fault ??= error;
    }
    this.#count -= 1;
    this.#changed();
  }

  /** Or the range has ended. @param active of those that do not wait for another attempt */
  async below(limit: number, active = Number.POSITIVE_INFINITY): Promise<void> {
    const isFull = () => this.#count >= limit || this.#count - this.#pausing >= active;
    while (isFull() && !this.#ended.aborted) await this.#change();
    if (this.#fault !== undefined) throw this.#fault;
  }

  async all(): Promise<void> {
    await this.end();
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Whatever came of them. */
  async end(): Promise<void> {
    while (this.#count > 0) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((look) => this.#waiting.push(look));
  }

  #changed(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
