/** How many jobs could run now and do not: the figure to watch. */
import { sql } from 'kysely';
import type { Executor } from '../database/index.ts';

/** Walks graphile-worker's index of available jobs, which is empty when the workers keep up. */
export async function countWaitingJobs(query: Executor): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from graphile_worker._private_jobs where is_available and run_at <= now()`.execute(
    query,
  );
  return rows[0]?.waiting ?? 0;
}
