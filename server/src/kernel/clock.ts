/** Time as a dependency (DESIGN decision 9): domain code asks a Clock and never `Date.now()`. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that a test or a rehearsal moves by hand. */
export class ManualClock implements Clock {
  #milliseconds: number;

  constructor(start: Date | string) {
    this.#milliseconds = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#milliseconds);
  }

  advance(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }
}

/** Timestamps on the wire: ISO 8601, UTC, milliseconds, `Z` (dossier/audience §1.1). */
export function toTimestamp(date: Date): string {
  return date.toISOString();
}
