/**
 * A map that tells which of its keys was not used for the longest. Getting the key that was used last moves nothing:
 * moving an entry of a small map costs a microsecond, and mostly one caller asks many times.
 */
export class RecentlyUsed<Value> {
  readonly #capacity: number;
  /** Insertion order is order of last use. */
  readonly #values = new Map<string, Value>();
  #last: string | undefined;

  /** @param capacity when there are more, the key not used for the longest leaves */
  constructor(capacity: number) {
    this.#capacity = capacity;
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
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#last = key;
    if (this.#values.size <= this.#capacity) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  entries(): Iterable<[string, Value]> {
    return this.#values.entries();
  }
}
