/** Events are kept a table a day (UTC): made ahead, made when one is missing, dropped when it is old. */
import {
  type Database,
  dropTimePartitions,
  ensureTimePartitions,
  requireTimePartitions,
  type TimePartitioning,
  type Transaction,
} from '../../database/index.ts';

const dayMilliseconds = 24 * 3600 * 1000;
const daysAhead = 7;

/** Appended once and never changed: pages are filled. */
const days: TimePartitioning = { interval: 'day', fillFactor: 100 };

/** Before events that arrived then are written. */
export async function requireDays(tx: Transaction, arrivals: readonly Date[]): Promise<void> {
  await requireTimePartitions(tx, 'events', arrivals, days);
}

/** Today and a week, so that whoever appends at midnight finds the day made. */
export async function makeDaysAhead(database: Database, now: Date): Promise<void> {
  await ensureTimePartitions(database.query, 'events', now, { ...days, ahead: daysAhead });
}

/** @param keptDays days that end within so many days before `now` stay */
export async function dropOldDays(database: Database, now: Date, keptDays: number): Promise<void> {
  await dropTimePartitions(database.query, 'events', new Date(now.getTime() - keptDays * dayMilliseconds), days);
}
