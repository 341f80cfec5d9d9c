/** Distinct counts of days and of ranges of days, out of who was preceded by which day. Pure. */
import type { UniqueRow } from './store.ts';

export class Distinct {
  readonly #byDay = new Map<string, UniqueRow[]>();

  constructor(rows: readonly UniqueRow[]) {
    for (const row of rows) {
      const key = `${row.metric} ${row.day}`;
      this.#byDay.set(key, [...(this.#byDay.get(key) ?? []), row]);
    }
  }

  /** How many were there on a day. */
  on(metric: string, day: number): number {
    return this.#sum(metric, day, () => true);
  }

  /** How many were there for the first time of all. */
  firstOn(metric: string, day: number): number {
    return this.#sum(metric, day, ({ previous }) => previous < 0);
  }

  /** How many were there on any of the days, each counted on the first of them. */
  within(metric: string, first: number, last: number): number {
    let count = 0;
    for (let day = first; day <= last; day += 1) {
      count += this.#sum(metric, day, ({ previous }) => previous < first);
    }
    return count;
  }

  /** Of those of a day, how many were there again until `last`. */
  returned(metric: string, day: number, last: number): number {
    let count = 0;
    for (let later = day + 1; later <= last; later += 1) {
      count += this.#sum(metric, later, ({ previous }) => previous === day);
    }
    return count;
  }

  #sum(metric: string, day: number, counts: (row: UniqueRow) => boolean): number {
    return (this.#byDay.get(`${metric} ${day}`) ?? []).reduce((sum, row) => (counts(row) ? sum + row.count : sum), 0);
  }
}
