/**
 * Gathers concurrent callers into one statement (DESIGN decision 4). While batches are under way, what arrives waits
 * and goes together in the next one: no timer, so a lone caller waits for nobody, and batches grow with the load.
 * Every caller gets its own result or its own error.
 */
import { tooManyRequests } from '../kernel/errors.ts';
import { mayBeOneRow } from './faults.ts';

export interface CoalescerOptions<Item, Result> {
  readonly name: string;
  /** Does a whole batch; results stand in the order of the items, an Error where one item failed. */
  run(items: readonly Item[]): Promise<readonly (Result | Error)[]>;
  readonly maximumBatch: number;
  /** Batches under way at once: connections used. */
  readonly maximumInFlight: number;
  /**
   * How many must be ready before another batch starts beside one that is under way; fewer wait until one ends. What
   * a batch costs whatever its size is paid by more of them then. A caller who meets nothing under way never waits.
   * @default 1
   */
  readonly worthwhileBeside?: number;
  /** Waiting callers beyond this are refused with 429 at once: back-pressure instead of memory. */
  readonly maximumWaiting: number;
  /** Items with equal keys never stand in one batch nor in two at once, and keep their order. */
  key?(item: Item): string;
  /**
   * Whether a failed batch is cut in halves to find the item at fault, so that the others succeed. Not for a lost
   * connection: there every item failed, and may have been done. Default: errors that one row may have caused.
   */
  blamesItem?(error: unknown): boolean;
}

interface Caller<Item, Result> {
  readonly item: Item;
  readonly key: string | undefined;
  settle(result: Result): void;
  fail(error: unknown): void;
}

/** `waiting` (callers) and `inFlight` (batches) are of this moment; the others count since the start. */
export interface CoalescerFigures {
  readonly waiting: number;
  readonly inFlight: number;
  readonly batches: number;
  readonly items: number;
  readonly refused: number;
}

/**
 * @example
 * const lookUp = new Coalescer({ name: 'look-up', run: findMany, maximumBatch: 200, maximumInFlight: 2, maximumWaiting: 10_000 });
 * const found = await lookUp.submit(id);
 */
export class Coalescer<Item, Result> {
  readonly #options: CoalescerOptions<Item, Result>;
  readonly #ready = new Queue<Caller<Item, Result>>();
  /** Keys that are ready or under way, and who waits behind them. */
  readonly #behind = new Map<string, Caller<Item, Result>[]>();
  #waiting = 0;
  #inFlight = 0;
  #batches = 0;
  #items = 0;
  #refused = 0;
  #dispatchPlanned = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: CoalescerOptions<Item, Result>) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get figures(): CoalescerFigures {
    return {
      waiting: this.#waiting,
      inFlight: this.#inFlight,
      batches: this.#batches,
      items: this.#items,
      refused: this.#refused,
    };
  }

  /** @throws whatever `run` had for this item; TooManyRequestsException when too many wait already */
  submit(item: Item): Promise<Result> {
    if (this.#waiting >= this.#options.maximumWaiting) {
      this.#refused += 1;
      return Promise.reject(tooManyRequests('The server is busy. Try again.'));
    }
    return new Promise((settle, fail) => {
      this.#waiting += 1;
      this.#enter({ item, key: this.#options.key?.(item), settle, fail });
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void> {
    if (this.#inFlight === 0 && this.#waiting === 0) return Promise.resolve();
    return new Promise((settle) => this.#whenIdle.push(settle));
  }

  #enter(caller: Caller<Item, Result>): void {
    if (caller.key !== undefined) {
      const behind = this.#behind.get(caller.key);
      if (behind !== undefined) {
        behind.push(caller);
        return;
      }
      this.#behind.set(caller.key, []);
    }
    this.#ready.push(caller);
    this.#planDispatch();
  }

  /** At the end of this turn of the event loop, so that requests read from many sockets together go together. */
  #planDispatch(): void {
    if (this.#dispatchPlanned || this.#inFlight >= this.#options.maximumInFlight) return;
    this.#dispatchPlanned = true;
    setImmediate(() => {
      this.#dispatchPlanned = false;
      while (this.#inFlight < this.#options.maximumInFlight && this.#isWorthwhile()) this.#dispatch();
    });
  }

  #isWorthwhile(): boolean {
    return this.#ready.length >= (this.#inFlight === 0 ? 1 : (this.#options.worthwhileBeside ?? 1));
  }

  #dispatch(): void {
    const batch = this.#ready.take(this.#options.maximumBatch);
    this.#waiting -= batch.length;
    this.#inFlight += 1;
    this.#batches += 1;
    this.#items += batch.length;
    void this.#runBatch(batch).then(() => this.#ended(batch));
  }

  /** Never rejects. */
  async #runBatch(batch: readonly Caller<Item, Result>[]): Promise<void> {
    try {
      this.#answer(batch, await this.#options.run(batch.map(({ item }) => item)));
    } catch (error) {
      const { blamesItem = mayBeOneRow } = this.#options;
      if (batch.length === 1 || !blamesItem(error)) {
        for (const caller of batch) caller.fail(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#runBatch(batch.slice(0, middle));
      await this.#runBatch(batch.slice(middle));
    }
  }

  #answer(batch: readonly Caller<Item, Result>[], results: readonly (Result | Error)[]): void {
    const mismatch = new Error(`${this.name}: ${results.length} results for ${batch.length} items`);
    for (const [index, caller] of batch.entries()) {
      const result = results.length === batch.length ? (results[index] as Result | Error) : mismatch;
      if (result instanceof Error) caller.fail(result);
      else caller.settle(result);
    }
  }

  #ended(batch: readonly Caller<Item, Result>[]): void {
    this.#inFlight -= 1;
    for (const { key } of batch) if (key !== undefined) this.#release(key);
    if (this.#ready.length > 0) this.#planDispatch();
    if (this.#inFlight > 0 || this.#waiting > 0) return;
    for (const settle of this.#whenIdle.splice(0)) settle();
  }

  /** The next of that key becomes ready. */
  #release(key: string): void {
    const next = this.#behind.get(key)?.shift();
    if (next === undefined) this.#behind.delete(key);
    else this.#ready.push(next);
  }
}

/** First in, first out, in constant time an item: an array's `shift` moves all that is left. */
class Queue<Item> {
  #items: Item[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  take(most: number): Item[] {
    const taken = this.#items.slice(this.#head, this.#head + most);
    this.#head += taken.length;
    if (this.#head > 1_000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}
