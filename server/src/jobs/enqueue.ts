/** Puts a job into the queue within a transaction: it runs once that has committed, and never when it has not. */
import { sql } from 'kysely';
import type { Executor } from '../database/index.ts';
import type { JobDefinition, JobPayload } from './definition.ts';

export interface EnqueueOptions {
  /** Not before then, by the clock of the database. */
  readonly runAt?: Date;
  /** There is one waiting job a key; enqueuing it again replaces payload and time. */
  readonly key?: string;
  /** Jobs of one queue run one after the other. Few names, never one a resource. */
  readonly queue?: string;
  /** Lower runs first. @default 0 */
  readonly priority?: number;
  /** @default 25, over about three days */
  readonly attempts?: number;
}

export async function enqueue<Payload extends JobPayload>(
  tx: Executor,
  definition: JobDefinition<Payload>,
  payload: Payload,
  { runAt, key, queue, priority, attempts }: EnqueueOptions = {},
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      identifier := ${definition.name}::text,
      payload := ${JSON.stringify(definition.validate(payload))}::json,
      queue_name := ${queue ?? null}::text,
      run_at := ${runAt ?? null}::timestamptz,
      max_attempts := ${attempts ?? null}::int,
      job_key := ${key ?? null}::text,
      priority := ${priority ?? null}::int)`.execute(tx);
}
