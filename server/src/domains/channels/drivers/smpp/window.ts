/** At most so many at once; who waits is served in turn. */
interface Waiting {
  readonly owner: object;
  readonly enter: (entered: boolean) => void;
}

export class Window {
  #free: number;
  #waiting: Waiting[] = [];
  #first = 0;

  constructor(size: number) {
    this.#free = size;
  }

  /** Whether there is a place: false when the owner was dismissed while waiting. */
  enter(owner: object): Promise<boolean> {
    if (this.#free === 0) return new Promise<boolean>((enter) => this.#waiting.push({ owner, enter }));
    this.#free -= 1;
    return Promise.resolve(true);
  }

  leave(): void {
    const next = this.#waiting[this.#first];
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#first += 1;
    if (this.#first === this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    }
    next.enter(true);
  }

  dismiss(owner: object): void {
    const waiting = this.#waiting.slice(this.#first);
    this.#waiting = waiting.filter((each) => each.owner !== owner);
    this.#first = 0;
    for (const each of waiting) if (each.owner === owner) each.enter(false);
  }
}
