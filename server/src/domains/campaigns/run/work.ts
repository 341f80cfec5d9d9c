/**
 * The workers of a process: they begin runs that were made, take ranges of those under way, and end them. Woken by news and
 * by a timer; any number of nodes do the same at once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { claimableWork, claimRange, type Lease, LeaseLost } from '../../../database/index.ts';
import type { Service } from '../../../kernel/service.ts';
import { workRun } from '../../messaging/index.ts';
import { isTimeZone } from '../schedule/local-time.ts';
import { beginNextRun, beginSlices, findSegment, zoneFilterOf } from './begin.ts';
import { writeOffRange } from './cancelled.ts';
import { dropAddresses } from './counts-store.ts';
import { endingKind, readWorkId, runKind, runsTopic } from './create.ts';
import { finishRuns, type UnreconciledHandler } from './finish.ts';
import { type OpenRun, openRun } from './open-run.ts';
import type { RunParts } from './parts.ts';
import { SliceSource } from './source.ts';
import {
  beginDueSlices,
  findNextSlice,
  findRun,
  findRunStates,
  findSlices,
  type RunKey,
  type Slice,
  type StoredRun,
} from './store.ts';

const tickMilliseconds = 1_000;
/** More wait for nothing but the database, which has to serve callers as well. */
const rangesOfRun = 4;
const rangesAtOnce = 16;
const addressesAtOnce = 5_000;
const failedMilliseconds = 5_000;

export interface RunWorkerOptions extends RunParts {
  /** Of this process. */
  readonly nodeId: string;
  readonly unreconciled: UnreconciledHandler;
}

interface Working {
  readonly key: RunKey;
  readonly kind: string;
  readonly ending: AbortController;
  readonly ended: Promise<void>;
}

export class RunWorkers implements Service {
  readonly name = 'campaign runs';
  readonly #options: RunWorkerOptions;
  readonly #working = new Set<Working>();
  /** By key as text: what several ranges share. */
  readonly #open = new Map<string, Promise<OpenRun | undefined>>();
  /** Runs that could not be begun, and when they are tried again. */
  readonly #failed = new Map<string, number>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #nextSlice: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(options: RunWorkerOptions) {
    this.#options = options;
    options.notifications.subscribe({
      topic: runsTopic,
      changed: () => this.#wake(),
      forgetAll: () => this.#wake(),
    });
    // A project that was deleted takes its runs with it.
    options.notifications.subscribe({ topic: 'projects', changed: () => this.#wake(), forgetAll: () => {} });
  }

  /** Ranges under way at this moment. */
  get ranges(): number {
    return this.#working.size;
  }

  async run(): Promise<void> {
    this.#timer = setInterval(() => this.#wake(), tickMilliseconds).unref();
    this.#wake();
  }

  async drain(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    clearTimeout(this.#nextSlice);
    for (const { ending } of this.#working) ending.abort();
    await this.#looking;
    await Promise.all([...this.#working].map(({ ended }) => ended));
  }

  async stop(): Promise<void> {
    await this.drain();
  }

  #wake(): void {
    if (this.#timer === undefined || this.#stopping.signal.aborted) return;
    this.#lookAgain = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  async #look(): Promise<void> {
    while (this.#lookAgain && !this.#stopping.signal.aborted) {
      this.#lookAgain = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'runs of campaigns could not be looked for');
        await pause(tickMilliseconds / 4, undefined, { ref: false });
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const { database, clock } = this.#options;
    await this.#endStopped();
    while (await this.#beginOne());
    const now = clock.now();
    await database.transaction(async (tx) => beginSlices(tx, await beginDueSlices(tx, now)));
    await this.#takeRanges();
    const finished = await finishRuns(this.#options, this.#options.unreconciled);
    for (const run of finished) void this.#forgetAddresses(run);
    await this.#waitForSlice(now);
  }

  /** One that cannot be begun must not hold up the others: it is tried again later. */
  async #beginOne(): Promise<boolean> {
    const now = performance.now();
    for (const [id, until] of this.#failed) if (until <= now) this.#failed.delete(id);
    let key: RunKey | undefined;
    try {
      return await beginNextRun(this.#options, [...this.#failed.keys()], (taken) => {
        key = taken;
      });
    } catch (error) {
      if (key === undefined) throw error;
      this.#failed.set(key.id, now + failedMilliseconds);
      this.#options.logger.error({ run: key.id, err: error }, 'a run could not be begun; it is tried again');
      return true;
    }
  }

  /** Runs that were paused, cancelled, or went with their project: what waits for a provider does not leave any more. */
  async #endStopped(): Promise<void> {
    const sending = [...this.#working].filter(({ kind }) => kind === runKind);
    const keys = new Map(sending.map(({ key }) => [textOf(key), key]));
    for (const text of this.#open.keys()) if (!keys.has(text)) this.#open.delete(text);
    if (keys.size === 0) return;
    const states = await findRunStates(this.#options.database.query, [...keys.values()]);
    for (const { key, ending } of sending) if (states.get(textOf(key)) !== 'RUNNING') ending.abort();
  }

  async #takeRanges(): Promise<void> {
    const { database, nodeId } = this.#options;
    for (const kind of [runKind, endingKind]) {
      const found = await claimableWork(database.query, kind);
      // One of each before the second of any: a large run does not keep the others waiting.
      for (let turn = 0; turn < rangesOfRun; turn += 1) {
        for (const workId of found) {
          const { key } = readWorkId(workId);
          const ofRun = [...this.#working].filter((each) => textOf(each.key) === textOf(key)).length;
          if (ofRun > turn || this.#working.size >= rangesAtOnce || this.#stopping.signal.aborted) continue;
          const lease = await claimRange(database.query, { kind, workId }, nodeId);
          if (lease !== undefined) this.#start(key, lease);
        }
      }
    }
  }

  #start(key: RunKey, lease: Lease): void {
    const ending = new AbortController();
    // It was claimed at this moment, and is given back.
    if (this.#stopping.signal.aborted) ending.abort();
    const working: Working = { key, kind: lease.kind, ending, ended: this.#work(key, lease, ending.signal) };
    this.#working.add(working);
    void working.ended.finally(() => {
      this.#working.delete(working);
      this.#wake();
    });
  }

  /** Never rejects. */
  async #work(key: RunKey, lease: Lease, signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    try {
      if (lease.kind === endingKind) await writeOffRange(this.#options, key, lease, signal);
      else await this.#workSlice(key, lease, signal);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      logger.error({ run: key.id, err: error }, 'a range of a run failed; it is taken up again');
      await pause(tickMilliseconds, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  async #workSlice(key: RunKey, lease: Lease, signal: AbortSignal): Promise<void> {
    const { database, messaging } = this.#options;
    const { slice: number } = readWorkId(lease.workId);
    const open = await this.#openOf(key);
    const slices = await findSlices(database.query, key);
    const slice = slices.find((each) => each.slice === number);
    const segment = open && (await findSegment(database.query, open.stored));
    // Deleted meanwhile: whoever deletes it cancels the run.
    if (open === undefined || slice === undefined || segment === undefined) throw new LeaseLost();
    const source = new SliceSource(
      this.#options,
      {
        ...{ open, segment, zones: zoneFilterOf(open.stored, slice), expiresAt: expiryOf(open.stored, slice) },
        zone: zoneOf(open.stored, slice),
      },
      lease,
      signal,
    );
    await workRun({ database, pipeline: messaging.pipeline }, lease, source, signal);
  }

  #openOf(key: RunKey): Promise<OpenRun | undefined> {
    const text = textOf(key);
    const known = this.#open.get(text) ?? this.#read(key);
    this.#open.set(text, known);
    known.catch(() => this.#open.delete(text));
    return known;
  }

  async #read(key: RunKey): Promise<OpenRun | undefined> {
    const { database, messaging } = this.#options;
    const stored = await findRun(database.query, key);
    if (stored === undefined) return undefined;
    await messaging.pipeline.prepare({ startedAt: stored.scheduledStart });
    return openRun(stored);
  }

  /** Little by little: nobody waits for it. */
  async #forgetAddresses({ number }: StoredRun): Promise<void> {
    const { database, logger } = this.#options;
    try {
      while (!this.#stopping.signal.aborted && (await dropAddresses(database.query, number, addressesAtOnce)));
    } catch (error) {
      logger.warn({ err: error }, 'addresses of a run that has ended are still there');
    }
  }

  async #waitForSlice(now: Date): Promise<void> {
    const next = await findNextSlice(this.#options.database.query);
    clearTimeout(this.#nextSlice);
    if (next === undefined || next <= now) return;
    const milliseconds = next.getTime() - now.getTime();
    if (milliseconds < tickMilliseconds) {
      this.#nextSlice = setTimeout(() => this.#wake(), milliseconds).unref();
    }
  }
}

function textOf({ projectNumber, id }: RunKey): string {
  return `${projectNumber}/${id}`;
}

function expiryOf({ deadline, scheduledStart, plan }: StoredRun, { beginsAt }: Slice): Date | undefined {
  if (deadline === null) return undefined;
  if (plan.local === undefined) return deadline;
  return new Date(beginsAt.getTime() + deadline.getTime() - scheduledStart.getTime());
}

/** Who is left for slice 0 with local time says no zone, or one whose moment had passed. */
function zoneOf({ plan }: StoredRun, { slice }: Slice) {
  if (plan.local === undefined || slice !== 0) return undefined;
  return (timeZone: string | undefined) =>
    timeZone !== undefined && isTimeZone(timeZone) ? 'ENDPOINT_TIMEZONE_MISMATCH' : 'ENDPOINT_MISSING_TIMEZONE';
}
