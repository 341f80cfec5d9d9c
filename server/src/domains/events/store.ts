/** All SQL over `events`. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  jsonbArray,
  textArray,
  timestampArray,
} from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';
import type { EventRecord } from './record.ts';

export interface EventRow {
  readonly projectNumber: number;
  readonly bucket: number;
  readonly arrivedAt: Date;
  readonly type: string;
  readonly occurredAt: Date;
  /** Folded. */
  readonly endpointId: string | null;
  readonly generation: number | null;
  /** Of the address that it is about. */
  readonly addressKey: string | null;
  /** JSON */
  readonly record: string;
}

export function insertingEvents(rows: readonly EventRow[]): RawBuilder<unknown> {
  return sql`
    insert into events (
      project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key, record)
    select * from unnest(
      ${bigintArray(rows.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(rows.map(({ bucket }) => bucket))}::int[],
      ${timestampArray(rows.map(({ arrivedAt }) => arrivedAt))}::timestamptz[],
      ${textArray(rows.map(({ type }) => type))}::text[],
      ${timestampArray(rows.map(({ occurredAt }) => occurredAt))}::timestamptz[],
      ${textArray(rows.map(({ endpointId }) => endpointId))}::text[],
      ${bigintArray(rows.map(({ generation }) => generation))}::bigint[],
      ${bigintArray(rows.map((row) => row.addressKey))}::bigint[],
      ${jsonbArray(rows.map(({ record }) => record))}::jsonb[])`;
}

export interface StoredEvent {
  readonly arrivedAt: Date;
  readonly sequence: number;
  readonly record: EventRecord;
}

/** Of one endpoint, newest first, behind `after` = [arrival, sequence]. */
export async function listEvents(
  query: Executor,
  { projectNumber, bucket, id }: { readonly projectNumber: number; readonly bucket: number; readonly id: string },
  after: Position | undefined,
  limit: number,
): Promise<StoredEvent[]> {
  // The second condition is the first one once more, in the form that leaves out later days.
  const behind =
    after === undefined
      ? sql``
      : sql`and (arrived_at, sequence) < (${after[0]}::timestamptz, ${after[1]}::bigint) and arrived_at <= ${after[0]}::timestamptz`;
  const { rows } = await sql<StoredEvent>`
    select arrived_at as "arrivedAt", sequence, record from events
    where project_number = ${projectNumber} and bucket = ${bucket} and endpoint_id = ${id} ${behind}
    order by arrived_at desc, sequence desc
    limit ${limit}`.execute(query);
  return rows;
}
