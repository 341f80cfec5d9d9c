/**
 * The one way on which messages leave (DESIGN decision 6): claim → deliver → settle. Whoever calls decides who gets what;
 * nobody else talks to a provider. Claims and outcomes of concurrent callers are written together.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Coalescer,
  type Database,
  type Executor,
  ensureTimePartitions,
  type Transaction,
  withTimePartition,
} from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { ServiceError } from '../../../kernel/errors.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { RecentlyErased } from '../../audience/index.ts';
import type { MessageContent, OpenProvider, Outcome, OutgoingMessage } from '../../channels/index.ts';
import { claimSends, type Verdict } from '../sends/claim.ts';
import { type AddressHashes, messageKey, type Run, type SendResult, type WantedSend } from '../sends/send.ts';
import { type SettledSend, settleSends } from '../sends/settle.ts';
import { findStillWanted } from '../sends/still-wanted.ts';
import { type ClaimedBatch, claimBatch } from './claim-batch.ts';
import { Dispatcher, type DispatchOptions, type Watch } from './dispatcher.ts';
import { RateBudget } from './rate-budget.ts';
import { isTold, notSent, toResult } from './results.ts';
import { StoredSends } from './stored-sends.ts';

export interface PipelineOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hashes: AddressHashes;
  /** Who was erased while a message waited for its provider; where nobody ever is, it is left out. */
  readonly erased?: RecentlyErased;
  /** Makes message keys. */
  readonly keySecret: Buffer;
  /** Told of outcomes in the keyed transaction that writes them: events, counters. */
  readonly recorded: (tx: Transaction, settled: readonly SettledSend[], now: Date) => Promise<void>;
  /** Told once they are written: dead and changed device tokens. */
  readonly learnt: (settled: readonly SettledSend[]) => Promise<void>;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #claims: Coalescer<WantedSend, Verdict>;
  #bytesUnderWay = 0;
  readonly #settlements: Coalescer<SettledSend, 'settled'>;
  readonly #stored: StoredSends;
  readonly #dispatchers = new Map<string, { readonly provider: OpenProvider; readonly dispatcher: Dispatcher }>();
  /** With messages of drivers that were replaced. */
  readonly #replaced = new Set<Dispatcher>();
  #ending = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { database } = options;
    this.#claims = new Coalescer({
      name: 'claims',
      run: (sends) => {
        const moments = sends.map(({ run }) => run.startedAt);
        return withTimePartition(database.query, 'sends', moments, () => this.claim(database.keyedQuery, sends));
      },
      maximumBatch: 200,
      maximumInFlight: 2,
      maximumWaiting: 20_000,
      key: ({ run, recipient }) => `${run.projectNumber} ${run.id} ${recipient.text}`,
    });
    this.#settlements = new Coalescer({
      name: 'outcomes',
      run: (settled) => this.#settle(settled),
      maximumBatch: 500,
      maximumInFlight: 2,
      maximumWaiting: 50_000,
    });
    this.#stored = new StoredSends(options);
  }

  get figures() {
    const dispatchers = [...this.#dispatchers.values()].map(({ dispatcher }) => dispatcher);
    return {
      claims: this.#claims.figures,
      settlements: this.#settlements.figures,
      stored: this.#stored.figures,
      providers: dispatchers.length,
      waitingForProviders: [...dispatchers, ...this.#replaced].reduce((sum, { waiting }) => sum + waiting, 0),
      providersDown: dispatchers.filter(({ isPaused }) => isPaused).length,
    };
  }

  /**
   * Claims and sends one message. Resolves once what became of it is written. What is under way is bounded by its size as
   * well: a few callers with long messages could otherwise fill the memory that many with short ones do not.
   */
  async send(provider: OpenProvider, send: WantedSend): Promise<SendResult> {
    const bytes = sizeOf(send.content);
    if (this.#bytesUnderWay + bytes > maximumBytesUnderWay) return tooMuchUnderWay;
    this.#bytesUnderWay += bytes;
    try {
      return await this.#sendOne(provider, send);
    } finally {
      this.#bytesUnderWay -= bytes;
    }
  }

  async #sendOne(provider: OpenProvider, send: WantedSend): Promise<SendResult> {
    const watch = this.#watch(send, performance.now());
    const { storage } = provider.driver;
    if (storage !== undefined) {
      return this.#stored.send(storage, { send, message: this.#messageOf(send), isErased: watch?.isErased });
    }
    const verdict = await this.#claims.submit(send);
    if (verdict !== 'CLAIMED') {
      const outcome = notSent(verdict, send.channelType);
      if (isTold(verdict)) await this.#settlements.submit({ send, outcome, attempts: 1, expectsReceipt: false });
      return outcome;
    }
    const outcome = await this.#dispatcherOf(provider).dispatch(this.#messageOf(send), { watch });
    try {
      await this.#settlements.submit({ send, outcome, attempts: 1, expectsReceipt: tellsReceipts(provider) });
    } catch (error) {
      // It has left: a caller who is told of a fault would send it again.
      this.#options.logger.error({ run: send.run.id, err: error }, 'the outcome of a message could not be written');
    }
    return toResult(outcome);
  }

  /** Before the first claim of a run: a transaction cannot make the partition that it lacks. */
  async prepare({ startedAt }: Pick<Run, 'startedAt'>): Promise<void> {
    await ensureTimePartitions(this.#options.database.query, 'sends', startedAt);
  }

  /** Verdicts in the order of the sends. */
  claim(tx: Executor, sends: readonly WantedSend[]): Promise<readonly Verdict[]> {
    return claimSends(tx, this.#options.hashes, sends);
  }

  /**
   * For runs, which claim a batch in the transaction that moves their cursor.
   * @param leavesAtOnce what is stored in our own database leaves with that transaction
   */
  claimBatch(tx: Transaction, routed: readonly RoutedSend[], leavesAtOnce: boolean): Promise<ClaimedBatch> {
    const parts = { ...this.#options, leavesAtOnce, messageOf: (send: WantedSend) => this.#messageOf(send) };
    return claimBatch(tx, parts, routed);
  }

  /** Once outcomes are committed. */
  async learn(settled: readonly SettledSend[]): Promise<void> {
    const { learnt, logger } = this.#options;
    try {
      await learnt(settled);
    } catch (error) {
      // The outcomes are written, and the next message to the address teaches the same.
      logger.error({ err: error }, 'what providers told of addresses could not be kept');
    }
  }

  /**
   * Sends what a run has claimed, again after passing faults until its deadline, and settles it. A claim that is left
   * unsettled, by a crash or because the process stops, is delivered again by whoever goes on with the run: under the same
   * key, so that a provider that knows keys sends it once.
   * @param attempts that were begun before
   * @returns undefined when no attempt was made, or the process stops before there is an outcome
   */
  async deliver(
    { send, findProvider, outcome, heldBack }: RoutedSend,
    { deadline, signal, attempts = 0, paused = () => {}, expires = false, ...options }: DeliverOptions,
  ): Promise<SendResult | undefined> {
    const { clock } = this.#options;
    const known = outcome ?? (expires && clock.now() >= deadline ? expired : undefined);
    if (known !== undefined) {
      await this.#settlements.submit({ send, outcome: known, attempts, expectsReceipt: false });
      return undefined;
    }
    const watch = this.#watch(send, options.claimedAfter ?? performance.now());
    for (let attempt = attempts + 1; ; attempt += 1) {
      const held = heldBack?.(clock.now());
      if (held !== undefined) {
        await this.#settleAtLast({ send, outcome: held, attempts: attempt - 1, expectsReceipt: false });
        return undefined;
      }
      let pauseFor: number | undefined;
      const answered = async (answer: Outcome, expectsReceipt: boolean) => {
        pauseFor = pauseAfter(answer, attempt - attempts, clock.now(), deadline);
        if (pauseFor !== undefined || (signal.aborted && isPassing(answer))) return;
        await this.#settleAtLast({ send, outcome: answer, attempts: attempt, expectsReceipt });
      };
      const answer = await this.#attempt(send, await findProvider(), answered, {
        signal,
        // Since the last attempt they may have opted out.
        watch: watch && (attempt === attempts + 1 ? watch : { ...watch, isUnsure: () => true }),
      });
      if (signal.aborted && isPassing(answer)) return undefined;
      if (pauseFor === undefined) return toResult(answer);
      paused(true);
      try {
        await pause(pauseFor, undefined, { signal });
      } catch {
        return undefined;
      } finally {
        paused(false);
      }
    }
  }

  /**
   * Over faults of the database that pass: what the provider said is known here alone, and whoever finds the claim without
   * it sends the message once more.
   */
  async #settleAtLast(settled: SettledSend): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#settlements.submit(settled);
        return;
      } catch (error) {
        if (attempt === settleAttempts || !isDatabaseAway(error)) throw error;
        await pause(Math.min(1_000, 50 * 2 ** attempt));
      }
    }
  }

  async #attempt(
    send: WantedSend,
    provider: OpenProvider | undefined,
    answered: (outcome: Outcome, expectsReceipt: boolean) => Promise<void>,
    { signal, watch }: Pick<DispatchOptions, 'signal' | 'watch'>,
  ): Promise<Outcome> {
    if (provider !== undefined) {
      const expectsReceipt = tellsReceipts(provider);
      const dispatcher = this.#dispatcherOf(provider);
      return dispatcher.dispatch(this.#messageOf(send), {
        answered: (outcome) => answered(outcome, expectsReceipt),
        ...{ signal, watch },
      });
    }
    await answered(noProvider, false);
    return noProvider;
  }

  /** @param begunAt `performance.now()`: from then on the recipient may be erased unseen by the claim */
  #watch(send: WantedSend, begunAt: number): Watch | undefined {
    const { erased } = this.#options;
    if (erased === undefined) return undefined;
    const { run, endpoint, recipient } = send;
    const { projectNumber } = run;
    return {
      send,
      isErased: () =>
        endpoint === undefined
          ? erased.hasRecipient(recipient.text, begunAt)
          : erased.hasEndpoint({ projectNumber, ...endpoint }, endpoint.generation),
      isUnsure: () => erased.mayHaveMissed(begunAt),
    };
  }

  #messageOf(send: WantedSend): OutgoingMessage {
    const { channelType, address, endpoint, content } = send;
    const key = messageKey(this.#options.keySecret, send);
    return { key, channelType, address, content, ...(endpoint && { endpointId: endpoint.id }) };
  }

  /**
   * Nothing more is handed to providers: what waits is given back at once, and what they have is given up by their drivers
   * some seconds later. Whoever sends stops at the same moment; a slow provider would hold all of them up otherwise.
   */
  end(): void {
    this.#ending = true;
    for (const dispatcher of this.#allDispatchers()) void dispatcher.stop();
  }

  /** Waits for what has been handed to providers, and writes its outcomes. */
  async stop(): Promise<void> {
    this.end();
    await Promise.all(this.#allDispatchers().map((dispatcher) => dispatcher.stop()));
    await Promise.all([this.#settlements.drain(), this.#stored.drain()]);
  }

  async #settle(settled: readonly SettledSend[]): Promise<readonly 'settled'[]> {
    const { database, clock, recorded } = this.#options;
    const now = clock.now();
    const there = await withTimePartition(database.query, 'provider_messages', [now], () =>
      database.keyedTransaction(async (tx) => {
        const written = await settleSends(tx, settled, now);
        await recorded(tx, written, now);
        return written;
      }),
    );
    await this.learn(there);
    return settled.map(() => 'settled');
  }

  /** A provider that was configured anew has another driver: what waits for the former one ends with it. */
  #dispatcherOf(provider: OpenProvider): Dispatcher {
    const known = this.#dispatchers.get(provider.key);
    if (known !== undefined && known.provider.driver === provider.driver) return known.dispatcher;
    const { clock, logger, database, hashes } = this.#options;
    const { messagesPerSecond } = provider.driver.limits;
    const budget =
      messagesPerSecond === undefined ? undefined : new RateBudget(database.query, provider.key, messagesPerSecond);
    const dispatcher = new Dispatcher({
      ...{ driver: provider.driver, clock, logger, budget },
      findStillWanted: (sends) => findStillWanted(database.query, hashes, sends),
    });
    if (this.#ending) void dispatcher.stop();
    if (known !== undefined) this.#replaced.add(known.dispatcher);
    this.#dispatchers.set(provider.key, { provider, dispatcher });
    this.#forgetIdle();
    return dispatcher;
  }

  #allDispatchers(): Dispatcher[] {
    return [...[...this.#dispatchers.values()].map(({ dispatcher }) => dispatcher), ...this.#replaced];
  }

  /** Now and then: providers come and go, one outbox for each project. */
  #forgetIdle(): void {
    for (const dispatcher of this.#replaced) if (dispatcher.isIdle) this.#replaced.delete(dispatcher);
    if (this.#dispatchers.size % lookForIdleEvery !== 0) return;
    for (const [key, { dispatcher }] of this.#dispatchers) if (dispatcher.isIdle) this.#dispatchers.delete(key);
  }
}

const lookForIdleEvery = 1_000;

/** A quarter of a minute: a database that is started again is there by then. */
const settleAttempts = 20;

function isDatabaseAway(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'ServiceUnavailableException';
}

/**
 * A message of a run, and through whom it leaves: asked before each attempt, because that may change meanwhile. Messages
 * that leave through the same provider share the function.
 */
export interface RoutedSend {
  readonly send: WantedSend;
  /** Of one whose claim is settled without an attempt: nothing is sent to it any more. */
  readonly outcome?: SettledSend['outcome'];
  readonly findProvider: () => Promise<OpenProvider | undefined>;
  /** Asked before each attempt: as what it is settled when it may not leave at this moment. */
  readonly heldBack?: (now: Date) => SettledSend['outcome'] | undefined;
}

const expired = {
  status: 'EXPIRED',
  statusCode: 408,
  statusMessage: 'The time in which it might be sent was over',
} as const;

const noProvider: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Nobody delivers messages of this channel at the moment',
};

export interface DeliverOptions {
  /** After it a passing fault is final. */
  readonly deadline: Date;
  readonly signal: AbortSignal;
  readonly attempts?: number;
  /** `performance.now()` before it was claimed; what was claimed by somebody before is looked up. @default now */
  readonly claimedAfter?: number;
  /** After the deadline no first attempt is made either: the message is settled as EXPIRED. */
  readonly expires?: boolean;
  /** Told when the message begins and ends to wait for another attempt. */
  paused?(begins: boolean): void;
}

/** Of direct messages, in each process: 256 MiB, about. */
const maximumBytesUnderWay = 256 * 1024 ** 2;

const tooMuchUnderWay: SendResult = {
  status: 'THROTTLED',
  statusCode: 429,
  statusMessage: 'Too many messages are under way',
};

/** In memory, about: two bytes a character. */
function sizeOf(content: MessageContent): number {
  switch (content.kind) {
    case 'email':
      return 2 * ((content.html?.length ?? 0) + (content.text?.length ?? 0) + content.subject.length) + 500;
    case 'raw email':
      return content.mime.length + 500;
    case 'push':
      return 2 * content.payload.length + 500;
    case 'custom':
      return 2 * content.data.length + 2_000;
    default:
      return 2 * content.body.length + 500;
  }
}

function tellsReceipts({ driver }: OpenProvider): boolean {
  return driver.tellsReceipts ?? false;
}

/** Nothing was accepted, and another attempt may succeed. */
function isPassing({ status }: Outcome): boolean {
  return status === 'TEMPORARY_FAILURE' || status === 'THROTTLED';
}

const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 60_000;

/** Milliseconds until the next attempt, with jitter; undefined when there is none. */
function pauseAfter(outcome: Outcome, attempts: number, now: Date, deadline: Date): number | undefined {
  if (!isPassing(outcome)) return undefined;
  const growing = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempts - 1));
  const milliseconds = Math.max(outcome.retryAfterMilliseconds ?? 0, growing * (0.5 + Math.random() / 2));
  return now.getTime() + milliseconds < deadline.getTime() ? milliseconds : undefined;
}
