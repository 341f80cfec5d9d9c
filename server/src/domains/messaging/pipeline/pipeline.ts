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
import type { Logger } from '../../../kernel/logger.ts';
import type { OpenProvider, Outcome, OutgoingMessage } from '../../channels/index.ts';
import { claimSends, type Verdict } from '../sends/claim.ts';
import { type AddressHashes, messageKey, type Run, type SendResult, type WantedSend } from '../sends/send.ts';
import { type SettledSend, settleSends } from '../sends/settle.ts';
import { Dispatcher } from './dispatcher.ts';
import { RateBudget } from './rate-budget.ts';

export interface PipelineOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hashes: AddressHashes;
  /** Makes message keys. */
  readonly keySecret: Buffer;
  /** Told of outcomes in the transaction that writes them: events, counters. */
  readonly recorded: (tx: Transaction, settled: readonly SettledSend[], now: Date) => Promise<void>;
  /** Told once they are written: dead and changed device tokens. */
  readonly learnt: (settled: readonly SettledSend[]) => Promise<void>;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #claims: Coalescer<WantedSend, Verdict>;
  readonly #settlements: Coalescer<SettledSend, 'settled'>;
  readonly #dispatchers = new Map<string, { readonly provider: OpenProvider; readonly dispatcher: Dispatcher }>();

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
      maximumBatch: 200,
      maximumInFlight: 2,
      maximumWaiting: 50_000,
    });
  }

  get figures() {
    return { claims: this.#claims.figures, settlements: this.#settlements.figures };
  }

  /** Claims and sends one message. Resolves once what became of it is written. */
  async send(provider: OpenProvider, send: WantedSend): Promise<SendResult> {
    const verdict = await this.#claims.submit(send);
    if (verdict !== 'CLAIMED') {
      const outcome = notSent(verdict);
      if (isTold(verdict)) await this.#settlements.submit({ send, outcome, attempts: 1, expectsReceipt: false });
      return outcome;
    }
    const outcome = await this.#dispatcherOf(provider).dispatch(this.#messageOf(send));
    await this.#settlements.submit({ send, outcome, attempts: 1, expectsReceipt: tellsReceipts(provider) });
    return toResult(outcome);
  }

  /** Before the first claim of a run: a transaction cannot make the partition that it lacks. */
  async prepare({ startedAt }: Pick<Run, 'startedAt'>): Promise<void> {
    await ensureTimePartitions(this.#options.database.query, 'sends', startedAt);
  }

  /** For runs, which claim a batch in the transaction that moves their cursor. Verdicts in the order of the sends. */
  claim(tx: Executor, sends: readonly WantedSend[]): Promise<readonly Verdict[]> {
    return claimSends(tx, this.#options.hashes, sends);
  }

  /**
   * Sends what a run has claimed, again after passing faults until its deadline, and settles it. A claim that is left
   * unsettled, by a crash or because the process stops, is delivered again by whoever goes on with the run: under the same
   * key, so that a provider that knows keys sends it once.
   * @param attempts that were begun before
   * @returns undefined when the process stops before there is an outcome
   */
  async deliver(
    { send, findProvider }: RoutedSend,
    { deadline, signal, attempts = 0 }: DeliverOptions,
  ): Promise<SendResult | undefined> {
    const { clock } = this.#options;
    for (let attempt = attempts + 1; ; attempt += 1) {
      let pauseFor: number | undefined;
      const answered = async (outcome: Outcome, expectsReceipt: boolean) => {
        pauseFor = pauseAfter(outcome, attempt - attempts, clock.now(), deadline);
        if (pauseFor !== undefined || (signal.aborted && isPassing(outcome))) return;
        await this.#settlements.submit({ send, outcome, attempts: attempt, expectsReceipt });
      };
      const outcome = await this.#attempt(send, await findProvider(), answered);
      if (signal.aborted && isPassing(outcome)) return undefined;
      if (pauseFor === undefined) return toResult(outcome);
      try {
        await pause(pauseFor, undefined, { signal });
      } catch {
        return undefined;
      }
    }
  }

  async #attempt(
    send: WantedSend,
    provider: OpenProvider | undefined,
    answered: (outcome: Outcome, expectsReceipt: boolean) => Promise<void>,
  ): Promise<Outcome> {
    if (provider !== undefined) {
      const expectsReceipt = tellsReceipts(provider);
      return this.#dispatcherOf(provider).dispatch(this.#messageOf(send), (outcome) =>
        answered(outcome, expectsReceipt),
      );
    }
    await answered(noProvider, false);
    return noProvider;
  }

  #messageOf(send: WantedSend): OutgoingMessage {
    const { channelType, address, endpoint, content } = send;
    const key = messageKey(this.#options.keySecret, send);
    return { key, channelType, address, content, ...(endpoint && { endpointId: endpoint.id }) };
  }

  /** Waits for what has been handed to providers, and writes its outcomes. */
  async stop(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map(({ dispatcher }) => dispatcher.stop()));
    await this.#settlements.drain();
  }

  async #settle(settled: readonly SettledSend[]): Promise<readonly 'settled'[]> {
    const { database, clock, recorded, learnt } = this.#options;
    const now = clock.now();
    await withTimePartition(database.query, 'provider_messages', [now], () =>
      database.keyedTransaction(async (tx) => {
        const there = await settleSends(tx, settled, now);
        await recorded(tx, there, now);
      }),
    );
    await learnt(settled);
    return settled.map(() => 'settled');
  }

  /** A provider that was configured anew has another driver: what waits for the former one ends with it. */
  #dispatcherOf(provider: OpenProvider): Dispatcher {
    const known = this.#dispatchers.get(provider.key);
    if (known !== undefined && known.provider.driver === provider.driver) return known.dispatcher;
    const { clock, logger, database } = this.#options;
    const { messagesPerSecond } = provider.driver.limits;
    const budget =
      messagesPerSecond === undefined ? undefined : new RateBudget(database.query, provider.key, messagesPerSecond);
    const dispatcher = new Dispatcher({ driver: provider.driver, clock, logger, budget });
    this.#dispatchers.set(provider.key, { provider, dispatcher });
    return dispatcher;
  }
}

/** A message of a run, and through whom it leaves: asked before each attempt, because that may change meanwhile. */
export interface RoutedSend {
  readonly send: WantedSend;
  findProvider(): Promise<OpenProvider | undefined>;
}

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

function toResult({ status, statusCode, statusMessage, messageId, updatedAddress }: Outcome): SendResult {
  return {
    ...{ status, statusCode, statusMessage },
    ...(messageId !== undefined && { messageId }),
    ...(updatedAddress !== undefined && { updatedAddress }),
  };
}

/** Refusals that Pinpoint's event stream tells of. */
function isTold(verdict: Verdict): boolean {
  return verdict === 'SUPPRESSED' || verdict === 'OPT_OUT';
}

/** Texts and codes of dossier/messaging §5.1 for what never left. */
export function notSent(verdict: Exclude<Verdict, 'CLAIMED'>): SendResult {
  switch (verdict) {
    case 'OPT_OUT':
      return { status: verdict, statusCode: 200, statusMessage: 'The recipient has opted out' };
    case 'SUPPRESSED':
      return { status: verdict, statusCode: 200, statusMessage: 'The address is on the suppression list' };
    case 'INACTIVE':
      return { status: verdict, statusCode: 400, statusMessage: 'The endpoint is inactive' };
    case 'ERASED':
      return { status: verdict, statusCode: 404, statusMessage: 'The endpoint does not exist any more' };
    case 'DUPLICATE':
      return { status: verdict, statusCode: 200, statusMessage: 'Another recipient of this call has the same address' };
  }
}
