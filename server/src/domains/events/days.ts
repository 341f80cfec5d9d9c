/** Events are kept a table a day (UTC): made ahead, made when one is missing, dropped when it is old. */
import type { Database, Transaction } from '../../database/index.ts';
import { daysOfEvents, dropDay, makeDay } from './store.ts';

const dayMilliseconds = 24 * 3600 * 1000;
const daysAhead = 7;

/** `2026-11-26` */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/**
 * Days that were seen to be there, by database. A day that a transaction of ours made is not: it may be rolled back.
 * What stands for a database is the adapter, which all of its transactions share.
 */
const known = new WeakMap<object, Set<string>>();

export async function requireDays(tx: Transaction, days: ReadonlySet<string>): Promise<void> {
  const { adapter } = tx.getExecutor();
  const seen = known.get(adapter) ?? new Set();
  known.set(adapter, seen);
  for (const day of [...days].toSorted()) {
    if (!seen.has(day) && (await makeDay(tx, day))) seen.add(day);
  }
}

/** Today and a week, so that whoever appends at midnight finds the day made. */
export async function makeDaysAhead(database: Database, now: Date): Promise<void> {
  for (let ahead = 0; ahead <= daysAhead; ahead += 1) {
    await makeDay(database.query, dayOf(new Date(now.getTime() + ahead * dayMilliseconds)));
  }
}

/** @param keptDays days that end within so many days before `now` stay */
export async function dropOldDays(database: Database, now: Date, keptDays: number): Promise<void> {
  const oldest = dayOf(new Date(now.getTime() - keptDays * dayMilliseconds));
  for (const day of await daysOfEvents(database.query)) if (day < oldest) await dropDay(database, day);
}
