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
import { recordText, type StoredRecord } from './stored-record.ts';

export interface EventRow extends StoredRecord {
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
}

/** What an endpoint was stands with each of its events, and travels once for all that are written together. */
export function insertingEvents(rows: readonly EventRow[]): RawBuilder<unknown> {
  const endpoints = numbered(rows.map(({ endpoint }) => endpoint));
  return sql`
    insert into events (
      project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key,
      envelope, attributes, metrics, endpoint)
    select project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key, envelope, attributes,
           metrics, (${textArray(endpoints.texts)}::text[])[endpoint]
    from unnest(
      ${bigintArray(rows.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(rows.map(({ bucket }) => bucket))}::int[],
      ${timestampArray(rows.map(({ arrivedAt }) => arrivedAt))}::timestamptz[],
      ${textArray(rows.map(({ type }) => type))}::text[],
      ${timestampArray(rows.map(({ occurredAt }) => occurredAt))}::timestamptz[],
      ${textArray(rows.map(({ endpointId }) => endpointId))}::text[],
      ${bigintArray(rows.map(({ generation }) => generation))}::bigint[],
      ${bigintArray(rows.map((row) => row.addressKey))}::bigint[],
      ${textArray(rows.map(({ envelope }) => envelope))}::text[],
      ${jsonbArray(rows.map(({ attributes }) => attributes))}::jsonb[],
      ${jsonbArray(rows.map(({ metrics }) => metrics))}::jsonb[],
      ${integerArray(endpoints.numbers)}::int[])
      as given (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key, envelope,
                attributes, metrics, endpoint)`;
}

/** Each text once, and for each value which of them it is, from 1. */
function numbered(values: readonly (string | null)[]) {
  const known = new Map<string, number>();
  const numbers = values.map((value) => {
    if (value === null) return null;
    const number = known.get(value) ?? known.size + 1;
    known.set(value, number);
    return number;
  });
  return { texts: [...known.keys()], numbers };
}

/** Of a `StoredRecord`, as texts. */
export const recordColumns = sql`envelope, attributes::text, metrics::text, endpoint`;

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
  const { rows } = await sql<StoredRecord & Omit<StoredEvent, 'record'>>`
    select arrived_at as "arrivedAt", sequence, ${recordColumns} from events
    where project_number = ${projectNumber} and bucket = ${bucket} and endpoint_id = ${id} ${behind}
    order by arrived_at desc, sequence desc
    limit ${limit}`.execute(query);
  return rows.map(({ arrivedAt, sequence, ...stored }) => ({
    ...{ arrivedAt, sequence },
    record: JSON.parse(recordText(stored)) as EventRecord,
  }));
}
