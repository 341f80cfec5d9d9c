/**
 * Several batches at once. Two that concern the same endpoint, user or address are kept in order: the later one waits.
 */
export class Lanes {
  readonly #width: number;
  readonly #underWay = new Map<Promise<void>, ReadonlySet<string>>();
  #fault: { readonly error: unknown } | undefined;

  constructor(width: number) {
    this.#width = width;
  }

  /** Resolves when the work has begun. @throws what work begun earlier has thrown; nothing is begun then */
  async begin(concerns: ReadonlySet<string>, work: () => Promise<void>): Promise<void> {
    while (this.#underWay.size >= this.#width || this.#meets(concerns)) await Promise.race(this.#underWay.keys());
    this.#throwFault();
    const running = work()
      .catch((error: unknown) => {
        this.#fault ??= { error };
      })
      .finally(() => this.#underWay.delete(running));
    this.#underWay.set(running, concerns);
  }

  /** Waits for all work, also when some of it failed. @throws what it has thrown */
  async end(): Promise<void> {
    await Promise.all(this.#underWay.keys());
    this.#throwFault();
  }

  #meets(concerns: ReadonlySet<string>): boolean {
    return this.#underWay.values().some((others) => !others.isDisjointFrom(concerns));
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }
}
