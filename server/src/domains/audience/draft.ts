/** Things by key, as they were loaded and as they become: changes are tried, then kept or dropped. */
export class Draft<Thing> {
  readonly #keyOf: (thing: Thing) => string;
  readonly #loaded: Map<string, Thing>;
  readonly #kept = new Map<string, Thing>();
  readonly #tried = new Map<string, Thing>();

  constructor(loaded: readonly Thing[], keyOf: (thing: Thing) => string) {
    this.#keyOf = keyOf;
    this.#loaded = new Map(loaded.map((thing) => [keyOf(thing), thing]));
  }

  get(key: string): Thing | undefined {
    // Mostly nothing has been put yet: not even asking is quicker.
    const tried = this.#tried.size === 0 ? undefined : this.#tried.get(key);
    return tried ?? (this.#kept.size === 0 ? undefined : this.#kept.get(key)) ?? this.#loaded.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The same thing again changes nothing. */
  put(thing: Thing): void {
    const key = this.#keyOf(thing);
    if (this.get(key) !== thing) this.#tried.set(key, thing);
  }

  /** Puts newer versions in the place of what was loaded. For things that were not changed. */
  reload(things: readonly Thing[]): void {
    for (const thing of things) this.#loaded.set(this.#keyOf(thing), thing);
  }

  /** As it was before anything was put. */
  original(key: string): Thing | undefined {
    return this.#loaded.get(key);
  }

  keep(): void {
    for (const [key, thing] of this.#tried) this.#kept.set(key, thing);
    this.#tried.clear();
  }

  drop(): void {
    this.#tried.clear();
  }

  /** All there are, as they stand now. */
  *values(): Generator<Thing> {
    const keys = new Set([...this.#loaded.keys(), ...this.#kept.keys(), ...this.#tried.keys()]);
    for (const key of keys) yield this.get(key) as Thing;
  }

  /** Those that were put, kept or still being tried, as they stand now. */
  changed(): Thing[] {
    return [...new Map([...this.#kept, ...this.#tried]).values()];
  }
}
