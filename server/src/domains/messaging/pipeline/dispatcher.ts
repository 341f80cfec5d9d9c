/**
 * Hands the messages of one provider to its driver: in batches, a bounded number at once, no faster than the provider
 * allows, and not at all while it is down.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Driver, Outcome, OutgoingMessage } from '../../channels/index.ts';
import type { WantedSend } from '../sends/send.ts';
import type { StillWanted } from '../sends/still-wanted.ts';
import { Breaker } from './breaker.ts';
import type { RateBudget } from './rate-budget.ts';

interface Waiting {
  readonly message: OutgoingMessage;
  /** Nobody waits for it any more: not given to the driver. */
  readonly signal: AbortSignal | undefined;
  /** Whom it is for was erased: not given to the driver either. */
  readonly watch: Watch | undefined;
  settle(outcome: Outcome): void;
}

/** Whether a message may still leave, asked at the last moment. */
export interface Watch {
  readonly send: WantedSend;
  /** The recipient, as far as this process has heard. */
  isErased(): boolean;
  /** That may have happened unheard, or so much time has passed that they may have opted out. */
  isUnsure(): boolean;
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
  readonly watch?: Watch | undefined;
}

export interface DispatcherOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: as fast as the driver goes. */
  readonly budget: RateBudget | undefined;
  /** Asked about those that are unsure. */
  readonly findStillWanted?: (sends: readonly WantedSend[]) => Promise<readonly StillWanted[]>;
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
  async dispatch(message: OutgoingMessage, { answered, signal, watch }: DispatchOptions = {}): Promise<Outcome> {
    const outcome = await this.#enqueue(message, { answered, signal, watch });
    if (answered === undefined) return outcome;
    try {
      await answered(outcome);
    } finally {
      this.#unsettled -= 1;
      if (this.#queue.length > 0) this.#planPump();
    }
    return outcome;
  }

  #enqueue(message: OutgoingMessage, { answered, signal, watch }: DispatchOptions): Promise<Outcome> {
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
      this.#queue.push({ message, signal, watch, settle });
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

  /** Where it is not known here any more who may be written to, the database is asked; without an answer nothing leaves. */
  async #confirm(
    batch: readonly Waiting[],
    settle: (message: OutgoingMessage, outcome: Outcome) => void,
  ): Promise<void> {
    const { findStillWanted, logger } = this.#options;
    const unsure = batch.flatMap(({ message, watch }) => (watch?.isUnsure() === true ? [{ message, watch }] : []));
    if (unsure.length === 0 || findStillWanted === undefined) return;
    try {
      const answers = await findStillWanted(unsure.map(({ watch }) => watch.send));
      for (const [index, { message }] of unsure.entries()) {
        if (answers[index] === 'GONE') settle(message, erased);
        if (answers[index] === 'REFUSED') settle(message, refused);
      }
    } catch (error) {
      logger.warn({ err: error }, 'whether messages may still leave cannot be asked for');
      for (const { message } of unsure) settle(message, notConfirmed);
    }
  }

  async #deliver(batch: readonly Waiting[]): Promise<void> {
    this.#delivering += 1;
    this.#inHand += batch.length;
    let fault: Outcome = notReported;
    const open = new Map(batch.map((waiting) => [waiting.message, waiting]));
    const settle = (message: OutgoingMessage, outcome: Outcome) => {
      const waiting = open.get(message);
      // A driver that reports twice is at fault; the first word counts.
      if (waiting === undefined) return;
      open.delete(message);
      this.#inHand -= 1;
      waiting.settle(outcome);
      if (this.#queue.length > 0) this.#planPump();
    };
    const report = (message: OutgoingMessage, outcome: Outcome) => {
      if (fault === notReported && open.has(message)) this.#breaker.note(outcome);
      settle(message, outcome);
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
        await this.#confirm(batch, settle);
        // At the last moment: whoever was erased while the message waited gets none.
        for (const { message, watch } of batch) if (watch?.isErased() === true) settle(message, erased);
        const messages = [...open.keys()];
        if (messages.length > 0) {
          this.#breaker.begin();
          await this.#options.driver.deliver(messages, report, this.#stopping.signal);
        }
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
const refused: Outcome = {
  status: 'PERMANENT_FAILURE',
  statusCode: 400,
  statusMessage: 'The recipient has opted out, or may not be written to for another reason, since the message was made',
};
const notConfirmed: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Whether the message may still leave cannot be found out at the moment',
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
