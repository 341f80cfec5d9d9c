/** Claims of a run that was cancelled: no outcome will come any more. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { Run } from './send.ts';

export interface AbandonedClaim {
  readonly bucket: number;
  readonly recipient: string;
  /** Of the campaign's run. */
  readonly activityId: string | null;
}

/** A page of a range of buckets, in the order of the key; each is CANCELLED from now on. */
export async function abandonClaims(
  tx: Executor,
  run: Pick<Run, 'projectNumber' | 'id' | 'startedAt'>,
  {
    range,
    after = [-1, ''],
    limit,
  }: {
    readonly range: { readonly firstBucket: number; readonly endBucket: number };
    readonly after: readonly [bucket: number, recipient: string] | undefined;
    readonly limit: number;
  },
): Promise<AbandonedClaim[]> {
  const { rows } = await sql<AbandonedClaim>`
    with open as materialized (
      select project_number, bucket, recipient, run_id, started_at from sends
      where project_number = ${run.projectNumber} and bucket >= ${range.firstBucket} and bucket < ${range.endBucket}
        and (bucket, recipient) > (${after[0]}::int, ${after[1]}::text)
        and run_id = ${run.id} and started_at = ${run.startedAt} and status = 'CLAIMED'
      order by bucket, recipient
      limit ${limit}
      for update),
    abandoned as (
      update sends set status = 'CANCELLED', settled_at = clock_timestamp()
      from open
      where sends.project_number = open.project_number and sends.bucket = open.bucket
        and sends.recipient = open.recipient and sends.run_id = open.run_id and sends.started_at = open.started_at
        and sends.started_at = ${run.startedAt}
      returning sends.bucket, sends.recipient, sends.detail #>> '{origin,activityId}' as "activityId")
    select * from abandoned order by bucket, recipient`.execute(tx);
  return rows;
}
