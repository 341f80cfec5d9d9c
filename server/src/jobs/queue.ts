/** The queue as people look at it: what runs, waits and failed, why, and trying it again. Payloads are not shown. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../database/index.ts';
import type { Position } from '../kernel/paging.ts';

export const jobStates = ['RUNNING', 'WAITING', 'SCHEDULED', 'RETRYING', 'FAILED'] as const;
/** `RETRYING` failed before and will be tried again; `FAILED` was tried as often as it may be. */
export type JobState = (typeof jobStates)[number];

export interface QueuedJob {
  readonly id: number;
  readonly name: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly maxAttempts: number;
  /** The kind of the last failure and its code (`JobFailed`). */
  readonly reason: string | null;
  readonly queue: string | null;
  readonly createdAt: Date;
  readonly runAt: Date;
  /** Of one that runs. */
  readonly startedAt: Date | null;
}

export interface QueueFilter {
  readonly state: JobState | undefined;
  readonly name: string | undefined;
}

const state = sql<JobState>`
  case when jobs.locked_at is not null then 'RUNNING'
       when jobs.attempts >= jobs.max_attempts then 'FAILED'
       when jobs.attempts > 0 then 'RETRYING'
       when jobs.run_at > now() then 'SCHEDULED'
       else 'WAITING' end`;

async function selectJobs(query: Executor, conditions: readonly RawBuilder<boolean>[], limit: number) {
  const { rows } = await sql<QueuedJob>`
    select jobs.id, tasks.identifier as name, ${state} as state, jobs.attempts, jobs.max_attempts as "maxAttempts",
           jobs.last_error as reason, queues.queue_name as queue, jobs.created_at as "createdAt", jobs.run_at as "runAt",
           jobs.locked_at as "startedAt"
    from graphile_worker._private_jobs jobs
    join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id
    left join graphile_worker._private_job_queues queues on queues.id = jobs.job_queue_id
    where ${sql.join([sql<boolean>`true`, ...conditions], sql` and `)}
    order by jobs.id desc limit ${limit}`.execute(query);
  return rows;
}

/** Newest first, behind `after` = [id]. What is done is not in the queue any more. */
export async function listJobs(
  query: Executor,
  filter: QueueFilter,
  after: Position | undefined,
  limit: number,
): Promise<QueuedJob[]> {
  const conditions = [
    ...(filter.state === undefined ? [] : [sql<boolean>`${state} = ${filter.state}`]),
    ...(filter.name === undefined ? [] : [sql<boolean>`tasks.identifier = ${filter.name}`]),
    ...(after === undefined ? [] : [sql<boolean>`jobs.id < ${after[0]}::bigint`]),
  ];
  return selectJobs(query, conditions, limit);
}

export async function findJob(query: Executor, id: number): Promise<QueuedJob | undefined> {
  return (await selectJobs(query, [sql<boolean>`jobs.id = ${id}::bigint`], 1))[0];
}

export interface JobCounts {
  readonly states: Readonly<Record<JobState, number>>;
  /** Since when the first of those that wait could run. */
  readonly oldestWaiting: Date | undefined;
}

export async function countJobs(query: Executor): Promise<JobCounts> {
  const { rows } = await sql<{ state: JobState; count: number; oldest: Date }>`
    select ${state} as state, count(*) as count, min(run_at) as oldest
    from graphile_worker._private_jobs jobs group by 1`.execute(query);
  const count = (of: JobState) => rows.find((row) => row.state === of)?.count ?? 0;
  return {
    states: {
      ...{ RUNNING: count('RUNNING'), WAITING: count('WAITING'), SCHEDULED: count('SCHEDULED') },
      ...{ RETRYING: count('RETRYING'), FAILED: count('FAILED') },
    },
    oldestWaiting: rows.find((row) => row.state === 'WAITING')?.oldest,
  };
}

/** At once, and with as many attempts before it as a new one has. @returns false when it runs, or is gone */
export async function retryJob(tx: Executor, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from graphile_worker.reschedule_jobs(array[${id}::bigint], run_at := now(), attempts := 0)`.execute(tx);
  return rows.length > 0;
}

export interface KnownSchedule {
  readonly name: string;
  readonly knownSince: Date;
  /** The time it was enqueued for last. */
  readonly lastAt: Date | null;
}

export async function listSchedules(query: Executor): Promise<KnownSchedule[]> {
  const { rows } = await sql<KnownSchedule>`
    select identifier as name, known_since as "knownSince", last_execution as "lastAt"
    from graphile_worker._private_known_crontabs order by identifier`.execute(query);
  return rows;
}
