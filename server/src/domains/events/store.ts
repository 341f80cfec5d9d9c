/** All SQL over `events`. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  jsonbArray,
  type Transaction,
  textArray,
  timestampArray,
} from '../../database/index.ts';
import { addressBucket, addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { Position } from '../../kernel/paging.ts';
import { toE164 } from '../channels/index.ts';
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

/** Takes events of endpoints that were deleted out of the log, and of messages to their addresses that went to no endpoint. */
export async function forgetEvents(
  tx: Transaction,
  projectNumber: number,
  { endpointIds, addresses }: { readonly endpointIds: readonly string[]; readonly addresses: readonly string[] },
): Promise<void> {
  await forgetAddresses(tx, projectNumber, addresses);
  if (endpointIds.length === 0) return;
  // By lists, not by a join: the planner then goes by the index in each of the days, whatever it knows of them.
  await sql`
    delete from events
    where project_number = ${projectNumber} and bucket = any (${endpointIds.map(bucketOf)}::integer[])
      and endpoint_id = any (${endpointIds}::text[])`.execute(tx);
}

async function forgetAddresses(tx: Transaction, projectNumber: number, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  // Events of numbers have them in E.164; endpoints may spell them otherwise.
  const spellings = addresses.flatMap((address) => [address, toE164(address) ?? address]);
  const keys = [...new Set(spellings.map((address) => addressKey(address)))];
  await sql`
    delete from events
    where project_number = ${projectNumber} and bucket = any (${keys.map(addressBucket)}::integer[])
      and address_key = any (${keys}::bigint[]) and endpoint_id is null`.execute(tx);
}
