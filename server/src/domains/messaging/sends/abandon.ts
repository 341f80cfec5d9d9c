/** Claims of a run that was cancelled, and of persons who are being deleted: no outcome will come any more. */
import { sql } from 'kysely';
import { type Executor, integerArray, type Transaction, textArray } from '../../../database/index.ts';
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

/** Claims of endpoints that are about to be deleted, of which nothing is known yet: by activity of a campaign. */
export async function countOpenClaims(
  tx: Transaction,
  projectNumber: number,
  endpoints: readonly { readonly bucket: number; readonly id: string }[],
): Promise<readonly { readonly activityId: string; readonly count: number }[]> {
  const { rows } = await sql<{ activityId: string; count: number }>`
    with open as materialized (
      select detail #>> '{origin,activityId}' as "activityId" from sends
      join unnest(${integerArray(endpoints.map(({ bucket }) => bucket))}::int[],
                  ${textArray(endpoints.map(({ id }) => id))}::text[]) as gone (bucket, id)
        on sends.bucket = gone.bucket and sends.recipient = gone.id
      where sends.project_number = ${projectNumber} and status = 'CLAIMED'
        and detail #>> '{origin,kind}' = 'campaign'
      for update of sends)
    select "activityId", count(*) as count from open group by 1 order by 1`.execute(tx);
  return rows;
}
