/**
 * A map that tells which of its keys was not used for the longest. Getting the key that was used last moves nothing:
 * moving an entry of a small map costs a microsecond, and mostly one caller asks many times.
 */
export class RecentlyUsed<Value> {
  readonly #capacity: number;
  readonly #weigh: (value: Value) => number;
  /** Insertion order is order of last use. */
  readonly #values = new Map<string, Value>();
  #last: string | undefined;
  #weight = 0;

  /**
   * @param capacity when there is more, the keys not used for the longest leave
   * @param weigh what a value, which must not change, takes of it; 1 when left out
   */
  constructor(capacity: number, weigh: (value: Value) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  /** Of all values. */
  get weight(): number {
    return this.#weight;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined || key === this.#last) return value;
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#last = key;
    return value;
  }

  set(key: string, value: Value): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#weight += this.#weigh(value);
    this.#last = key;
    if (this.#weight <= this.#capacity) return;
    for (const oldest of this.#values.keys()) {
      this.delete(oldest);
      if (this.#weight <= this.#capacity) return;
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#weight -= this.#weigh(value);
  }

  clear(): void {
    this.#values.clear();
    this.#weight = 0;
  }

  entries(): Iterable<[string, Value]> {
    return this.#values.entries();
  }
}
