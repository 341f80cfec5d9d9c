/** A coalescer for hot single-row reads, in which callers that ask for the same row share one look-up. */
import { Coalescer, type CoalescerFigures } from './coalescer.ts';

export interface CoalescedReadOptions<Key, Value> {
  readonly name: string;
  /** Reads many rows in one statement; answers stand in the order of the keys. */
  read(keys: readonly Key[]): Promise<readonly Value[]>;
  /** Equal for keys that mean the same row. */
  identify(key: Key): string;
  readonly maximumBatch?: number;
  readonly maximumInFlight?: number;
  readonly maximumWaiting?: number;
  /** See `CoalescerOptions`. */
  readonly worthwhileBeside?: number;
}

interface Group<Key> {
  readonly key: Key;
  /** Set when the read begins: later callers may have seen a write that this read does not. */
  begun: boolean;
}

/**
 * Every caller sees what was committed before it asked: only a look-up that has not begun yet is shared, never one
 * under way.
 */
export class CoalescedRead<Key, Value> {
  readonly #options: CoalescedReadOptions<Key, Value>;
  readonly #coalescer: Coalescer<Group<Key>, Value>;
  readonly #waiting = new Map<string, { group: Group<Key>; value: Promise<Value> }>();

  constructor(options: CoalescedReadOptions<Key, Value>) {
    this.#options = options;
    this.#coalescer = new Coalescer({
      name: options.name,
      maximumBatch: options.maximumBatch ?? 200,
      maximumInFlight: options.maximumInFlight ?? 2,
      maximumWaiting: options.maximumWaiting ?? 20_000,
      worthwhileBeside: options.worthwhileBeside ?? 1,
      run: (groups) => this.#read(groups),
    });
  }

  get figures(): CoalescerFigures {
    return this.#coalescer.figures;
  }

  find(key: Key): Promise<Value> {
    const identity = this.#options.identify(key);
    const shared = this.#waiting.get(identity);
    if (shared !== undefined && !shared.group.begun) return shared.value;
    const group: Group<Key> = { key, begun: false };
    const value = this.#coalescer.submit(group);
    this.#waiting.set(identity, { group, value });
    const forget = () => {
      if (this.#waiting.get(identity)?.group === group) this.#waiting.delete(identity);
    };
    value.then(forget, forget);
    return value;
  }

  drain(): Promise<void> {
    return this.#coalescer.drain();
  }

  #read(groups: readonly Group<Key>[]): Promise<readonly Value[]> {
    for (const group of groups) group.begun = true;
    return this.#options.read(groups.map(({ key }) => key));
  }
}
