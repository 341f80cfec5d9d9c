/**
 * Hands the messages of one provider to its driver: in batches, a bounded number at once, no faster than the provider
 * allows, and not at all while it is down.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Driver, Outcome, OutgoingMessage } from '../../channels/index.ts';
import { Breaker } from './breaker.ts';
import type { RateBudget } from './rate-budget.ts';

interface Waiting {
  readonly message: OutgoingMessage;
  /** Nobody waits for it any more: not given to the driver. */
  readonly signal: AbortSignal | undefined;
  /** Whom it is for was erased: not given to the driver either. */
  readonly isErased: (() => boolean) | undefined;
  settle(outcome: Outcome): void;
}

/** Writes an outcome down. */
export type Answered = (outcome: Outcome) => Promise<void>;

/**
 * Answers of the provider that may be waiting to be written down: after a kill no more messages than these, and those that
 * the provider had at that moment, are sent twice.
 */
const maximumUnsettled = 32;

export interface DispatchOptions {
  /** Of messages that would be sent again after a crash; awaited before the outcome is returned. */
  readonly answered?: Answered | undefined;
  /** Aborted while the message waits, it is answered with TEMPORARY_FAILURE. */
  readonly signal?: AbortSignal | undefined;
  /** Asked at the last moment whether the recipient was erased meanwhile. */
  readonly isErased?: (() => boolean) | undefined;
}

export interface DispatcherOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: as fast as the driver goes. */
  readonly budget: RateBudget | undefined;
  /** More waiting messages than that are refused as THROTTLED. @default 10,000 */
  readonly maximumWaiting?: number;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #breaker: Breaker;
  readonly #stopping = new AbortController();
  #queue: Waiting[] = [];
  #delivering = 0;
  /** Given to the driver, and not answered yet. */
  #inHand = 0;
  #unsettled = 0;
  #pumpPlanned = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options.clock);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** The provider is being left alone. */
  get isPaused(): boolean {
    return this.#breaker.pause > 0;
  }

  /** Nothing is lost with it. */
  get isIdle(): boolean {
    return this.#queue.length + this.#delivering + this.#unsettled === 0 && !this.isPaused;
  }

  /**
   * Whatever goes wrong with the provider is an outcome.
   * @throws whatever `answered` throws
   */
  async dispatch(message: OutgoingMessage, { answered, signal, isErased }: DispatchOptions = {}): Promise<Outcome> {
    const outcome = await this.#enqueue(message, { answered, signal, isErased });
    if (answered === undefined) return outcome;
    try {
      await answered(outcome);
    } finally {
      this.#unsettled -= 1;
      if (this.#queue.length > 0) this.#planPump();
    }
    return outcome;
  }

  #enqueue(message: OutgoingMessage, { answered, signal, isErased }: DispatchOptions): Promise<Outcome> {
    const refused = this.#refusal();
    if (refused !== undefined) {
      if (answered !== undefined) this.#unsettled += 1;
      return Promise.resolve(refused);
    }
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        if (answered !== undefined) this.#unsettled += 1;
        resolve(outcome);
      };
      this.#queue.push({ message, signal, isErased, settle });
      this.#planPump();
    });
  }

  #refusal(): Outcome | undefined {
    if (this.#stopping.signal.aborted) return stopped;
    const { pause } = this.#breaker;
    if (pause > 0) return { ...providerIsDown, retryAfterMilliseconds: pause };
    return this.#queue.length >= (this.#options.maximumWaiting ?? 10_000) ? tooManyWaiting : undefined;
  }

  /** What waits is answered with TEMPORARY_FAILURE; what the driver has is waited for. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { settle } of this.#queue.splice(0)) settle(stopped);
    if (this.#delivering > 0) await new Promise<void>((idle) => this.#whenIdle.push(idle));
  }

  /** At the end of this turn of the event loop, so that messages of one turn go together. */
  #planPump(): void {
    if (this.#pumpPlanned) return;
    this.#pumpPlanned = true;
    setImmediate(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { batch, concurrency, inFlight } = this.#options.driver.limits;
    const most = (inFlight ?? batch * concurrency) + maximumUnsettled;
    while (this.#queue.length > 0 && (inFlight !== undefined || this.#delivering < concurrency)) {
      const { pause } = this.#breaker;
      if (pause > 0) {
        for (const { settle } of this.#queue.splice(0)) settle({ ...providerIsDown, retryAfterMilliseconds: pause });
        return;
      }
      const together = Math.min(batch, this.#options.budget?.portion ?? batch);
      const room = Math.min(together, most - this.#inHand - this.#unsettled);
      if (room <= 0) return;
      const wanted = this.#queue.splice(0, room).filter(isWaitedFor);
      if (wanted.length > 0) void this.#deliver(wanted);
    }
  }

  async #deliver(batch: readonly Waiting[]): Promise<void> {
    this.#delivering += 1;
    this.#inHand += batch.length;
    let fault: Outcome = notReported;
    const open = new Map(batch.map((waiting) => [waiting.message, waiting]));
    const report = (message: OutgoingMessage, outcome: Outcome) => {
      const waiting = open.get(message);
      // A driver that reports twice is at fault; the first word counts.
      if (waiting === undefined) return;
      open.delete(message);
      this.#inHand -= 1;
      if (fault === notReported) this.#breaker.note(outcome);
      waiting.settle(outcome);
      if (this.#queue.length > 0) this.#planPump();
    };
    try {
      await this.#options.budget?.take(batch.length, this.#stopping.signal);
    } catch (error) {
      fault = this.#stopping.signal.aborted ? stopped : noBudget;
      if (fault === noBudget)
        this.#options.logger.error({ err: error }, 'the rate of a provider could not be asked for');
    }
    try {
      if (fault === notReported) {
        this.#breaker.begin();
        // At the last moment: whoever was erased while the message waited gets none.
        for (const { message, isErased } of batch) if (isErased?.()) report(message, erased);
        const messages = [...open.keys()];
        if (messages.length > 0) await this.#options.driver.deliver(messages, report, this.#stopping.signal);
      }
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a driver failed');
    }
    for (const message of open.keys()) report(message, fault);
    this.#delivering -= 1;
    if (this.#queue.length > 0) this.#planPump();
    if (this.#delivering === 0) for (const idle of this.#whenIdle.splice(0)) idle();
  }
}

function isWaitedFor({ signal, settle }: Waiting): boolean {
  if (signal?.aborted !== true) return true;
  settle(stopped);
  return false;
}

const erased: Outcome = {
  status: 'PERMANENT_FAILURE',
  statusCode: 404,
  statusMessage: 'The recipient was erased before the message left',
};
const stopped: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'The server is being stopped',
};
const providerIsDown: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'The provider does not answer at the moment',
};
const noBudget: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'How many messages may leave cannot be found out at the moment',
};
const tooManyWaiting: Outcome = {
  status: 'THROTTLED',
  statusCode: 429,
  statusMessage: 'Too many messages wait for the provider',
};
/** A driver that loses a message is at fault; the message may have left. */
const notReported: Outcome = {
  status: 'UNKNOWN_FAILURE',
  statusCode: 500,
  statusMessage: 'The provider gave no answer for this message',
};
