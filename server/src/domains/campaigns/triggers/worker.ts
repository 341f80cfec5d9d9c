/**
 * Sends what events made campaigns want, on nodes with the role worker; any number of them share the triggers. A trigger
 * is leased, and leaves when its message is settled: a worker that dies holds it up for seconds. What is under way is
 * bounded, of all and of each window, so that a provider that is down holds up nobody else.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Notifications } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import { membersAmong } from '../../segments/index.ts';
import { findSegment } from '../run/begin.ts';
import { writeOffTrigger } from '../run/cancelled.ts';
import { runsTopic } from '../run/create.ts';
import { findRunStates, type RunKey, type RunState, type StoredRun } from '../run/store.ts';
import { deleteTriggers, leaseTriggers, releaseTriggers, type TakenTrigger, takeTriggers } from './store.ts';
import { lifetimeMilliseconds, type Trigger, type WindowKey } from './trigger.ts';
import { triggersTopic } from './watch.ts';
import { findWindowRun } from './window.ts';

/**
 * Judges, claims and sends, each as its own run: id and start of the claim are the trigger's. Resolves when all is settled,
 * or when `signal` says so: what is not settled then is sent again by whoever takes it next.
 */
export type SendTriggered = (run: StoredRun, triggers: readonly TakenTrigger[], signal: AbortSignal) => Promise<void>;

export interface TriggerWorkerParts {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this process. */
  readonly nodeId: string;
  readonly send: SendTriggered;
}

const page = 500;
const maximumUnderWay = 5_000;
const maximumOfWindow = 1_000;
const leaseMilliseconds = 15_000;
const renewMilliseconds = 5_000;
/** How soon those are ended whose run was stopped, also where nothing is heard of it. */
const lookMilliseconds = 1_000;
/** News get lost. */
const restMilliseconds = 500;
/** Its run has not begun, or is paused. */
const waitMilliseconds = 250;
/** Something failed that may pass. */
const failedMilliseconds = 1_000;

/** Triggers of one window. */
interface Batch {
  readonly triggers: readonly TakenTrigger[];
  readonly ending: AbortController;
  /** That its messages are of, once they are being sent. */
  run?: RunKey;
}

export class TriggerWorker implements Service {
  readonly name = 'messages of event campaigns';
  readonly #parts: TriggerWorkerParts;
  readonly #ending = new AbortController();
  readonly #underWay = new Set<Batch>();
  readonly #sending = new Set<Promise<void>>();
  #renewing: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  #sleep = new AbortController();
  #news = false;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: TriggerWorkerParts) {
    this.#parts = parts;
    const wake = () => this.#wake();
    parts.notifications.subscribe({ topic: triggersTopic, changed: wake, forgetAll: wake });
    const look = () => void this.#endStopped();
    parts.notifications.subscribe({ topic: runsTopic, changed: look, forgetAll: look });
  }

  /** Triggers that messages are under way of. */
  get underWay(): number {
    return [...this.#underWay].reduce((sum, { triggers }) => sum + triggers.length, 0);
  }

  /** Also frees what this process held in its former life. */
  async run(): Promise<void> {
    await releaseTriggers(this.#parts.database.query, this.#parts.nodeId);
    this.#renewing = setInterval(() => this.#renew(), renewMilliseconds).unref();
    this.#looking = setInterval(() => void this.#endStopped(), lookMilliseconds).unref();
    this.#working = this.#work();
  }

  async drain(): Promise<void> {
    this.#ending.abort();
    this.#wake();
    await this.#working;
    await Promise.all(this.#sending);
    clearInterval(this.#renewing);
    clearInterval(this.#looking);
  }

  async stop(): Promise<void> {
    await this.drain();
  }

  #wake(): void {
    this.#news = true;
    this.#sleep.abort();
  }

  async #work(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      this.#news = false;
      let isMore = false;
      try {
        isMore = await this.#take();
      } catch (error) {
        this.#parts.logger.warn({ err: error }, 'messages of event campaigns cannot be sent at the moment');
      }
      if (!isMore) await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    this.#sleep = new AbortController();
    if (this.#news) return;
    // Cut short by news.
    await pause(restMilliseconds, undefined, { signal: this.#sleep.signal }).catch(() => undefined);
  }

  /** @returns whether there may be more that can be taken at once */
  async #take(): Promise<boolean> {
    const { database, nodeId } = this.#parts;
    const limit = Math.min(page, maximumUnderWay - this.underWay);
    if (limit <= 0) return false;
    const except = this.#fullWindows();
    const taken = await takeTriggers(database.query, nodeId, { limit, except, milliseconds: leaseMilliseconds });
    for (const triggers of Map.groupBy(taken, windowText).values()) {
      const sending = this.#send({ triggers, ending: new AbortController() }).finally(() =>
        this.#sending.delete(sending),
      );
      this.#sending.add(sending);
    }
    return taken.length === limit;
  }

  /** Never rejects. */
  async #send(batch: Batch): Promise<void> {
    const { database, nodeId, logger } = this.#parts;
    const { query } = database;
    const { triggers, ending } = batch;
    this.#underWay.add(batch);
    const [{ campaignId }] = triggers as readonly [TakenTrigger];
    try {
      const waiting = await this.#sendToMembers(batch);
      if (this.#ending.signal.aborted) await leaseTriggers(query, nodeId, triggers, 0);
      // Whoever takes them finds which of them have been sent, and what became of their run.
      else if (ending.signal.aborted) await leaseTriggers(query, nodeId, triggers, waitMilliseconds);
      else {
        await leaseTriggers(query, nodeId, waiting, waitMilliseconds);
        await deleteTriggers(
          query,
          triggers.filter((trigger) => !waiting.includes(trigger)),
        );
      }
    } catch (error) {
      logger.error({ campaign: campaignId, err: error }, 'messages of an event campaign failed; they are tried again');
      // When even that fails the lease runs out by itself.
      await leaseTriggers(query, nodeId, triggers, failedMilliseconds).catch(() => undefined);
    } finally {
      this.#underWay.delete(batch);
      this.#wake();
    }
  }

  /** @returns those that have to wait for their run, which they do not longer than they live */
  async #sendToMembers(batch: Batch): Promise<readonly Trigger[]> {
    const { database, clock, send } = this.#parts;
    const { triggers, ending } = batch;
    const [first] = triggers as readonly [TakenTrigger];
    const window = await findWindowRun(database.query, windowOf(first));
    const waiting = window === 'WAITS' ? triggers.filter((trigger) => isAlive(trigger, clock.now())) : [];
    const segment = typeof window === 'string' ? undefined : await findSegment(database.query, window);
    if (typeof window === 'string' || segment === undefined) {
      await this.#drop(triggers.filter((trigger) => !waiting.includes(trigger)));
      return waiting;
    }
    const members = await membersAmong(
      database.keyedQuery,
      segment,
      { projectNumber: window.projectNumber, now: clock.now() },
      triggers.map(({ bucket, endpointId }) => ({ bucket, id: endpointId })),
    );
    const [ofMembers, ofOthers] = [true, false].map((wanted) =>
      triggers.filter(({ endpointId }) => members.has(endpointId) === wanted),
    ) as [TakenTrigger[], TakenTrigger[]];
    await this.#drop(ofOthers);
    batch.run = window;
    if (ofMembers.length > 0) await send(window, ofMembers, AbortSignal.any([this.#ending.signal, ending.signal]));
    return [];
  }

  /** Nothing is sent because of them any more: what somebody had claimed before is written off. */
  async #drop(triggers: readonly TakenTrigger[]): Promise<void> {
    for (const trigger of triggers) if (trigger.wasTaken) await writeOffTrigger(this.#parts.database, trigger);
  }

  /** Of runs that were paused or cancelled, or went with their project: what waits for a provider does not leave any more. */
  async #endStopped(): Promise<void> {
    const sending = [...this.#underWay].filter(({ run, ending }) => run !== undefined && !ending.signal.aborted);
    const keys = new Map(sending.map(({ run }) => [textOf(run as RunKey), run as RunKey]));
    if (keys.size === 0) return;
    try {
      const states = await findRunStates(this.#parts.database.query, [...keys.values()]);
      for (const { run, ending } of sending) if (isStopped(states.get(textOf(run as RunKey)))) ending.abort();
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'whether event campaigns were stopped cannot be found out');
    }
  }

  #fullWindows(): string[] {
    const counts = new Map<string, number>();
    for (const { triggers } of this.#underWay) {
      const window = windowText(triggers[0] as Trigger);
      counts.set(window, (counts.get(window) ?? 0) + triggers.length);
    }
    return [...counts].filter(([, count]) => count >= maximumOfWindow).map(([window]) => window);
  }

  #renew(): void {
    const { database, nodeId, logger } = this.#parts;
    const held = [...this.#underWay].flatMap(({ triggers }) => triggers);
    if (held.length === 0) return;
    leaseTriggers(database.query, nodeId, held, leaseMilliseconds).catch((error: unknown) => {
      logger.warn({ err: error }, 'events that campaigns waited for could not be held');
    });
  }
}

/** Of a run that has ended with its window, or begins anew, messages go on. Without a state it went with its project. */
function isStopped(state: RunState | undefined): boolean {
  return state === undefined || state === 'PAUSED' || state === 'CANCELLED';
}

function textOf({ projectNumber, id }: RunKey): string {
  return `${projectNumber}/${id}`;
}

function isAlive({ arrivedAt }: Trigger, now: Date): boolean {
  return now.getTime() - arrivedAt.getTime() < lifetimeMilliseconds;
}

function windowOf({ projectNumber, campaignId, treatmentId }: Trigger): WindowKey {
  return { projectNumber, id: campaignId, treatmentId };
}

/** As `takeTriggers` has it. */
function windowText({ projectNumber, campaignId, treatmentId }: Trigger): string {
  return `${projectNumber}/${campaignId}/${treatmentId}`;
}
