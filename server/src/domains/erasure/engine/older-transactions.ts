/**
 * Waits for transactions that began before: whoever looked at somebody while they were still there may write of them until
 * it commits. Verification looks afterwards.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database, Executor } from '../../../database/index.ts';

const lookMilliseconds = 20;
/** One that has read for so long and has written nothing is an export, a report or a backup. */
const writesWithinMilliseconds = 2_000;
const longestWaitMilliseconds = 30_000;

export async function readDatabaseTime(query: Executor): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(query);
  return (rows[0] as { now: Date }).now;
}

/** @throws Error when a writer goes on for half a minute: whoever waits tries again later */
export async function untilOlderHaveEnded({ query }: Database, moment: Date, signal: AbortSignal): Promise<void> {
  for (let waited = 0; ; waited += lookMilliseconds) {
    signal.throwIfAborted();
    const { rows } = await sql<{ left: number }>`
      select count(*)::int as left from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and xact_start <= ${moment}
        and (backend_xid is not null
             or xact_start > clock_timestamp() - ${writesWithinMilliseconds}::int * interval '1 millisecond')`.execute(
      query,
    );
    if (rows[0]?.left === 0) return;
    if (waited >= longestWaitMilliseconds) throw new Error('Transactions that began before an erasure have not ended.');
    await pause(lookMilliseconds);
  }
}
