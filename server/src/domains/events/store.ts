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

export function insertingEvents(rows: readonly EventRow[]): RawBuilder<unknown> {
  const endpoints = endpointColumn(rows.map(({ endpoint }) => endpoint));
  return sql`
    insert into events (
      project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key,
      envelope, attributes, metrics, endpoint)
    select project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key, envelope, attributes,
           metrics, ${endpoints.value}
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
      ${endpoints.array})
      as given (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, address_key, envelope,
                attributes, metrics, endpoint)`;
}

/** PostgreSQL finds an element of an array by going through those before it. */
const fewTexts = 20;

/**
 * What an endpoint was stands with each of its events. Where few endpoints have many, each text travels once.
 * @returns the column of `given` as an array, and what it comes to
 */
function endpointColumn(values: readonly (string | null)[]): {
  readonly array: RawBuilder<unknown>;
  readonly value: RawBuilder<unknown>;
} {
  const known = new Map<string, number>();
  const numbers: (number | null)[] = [];
  for (const value of values) {
    const number = value === null ? null : (known.get(value) ?? known.size + 1);
    if (value !== null && number !== null) known.set(value, number);
    if (known.size > fewTexts) return { array: sql`${textArray(values)}::text[]`, value: sql`endpoint` };
    numbers.push(number);
  }
  const texts = sql`(${textArray([...known.keys()])}::text[])`;
  return { array: sql`${integerArray(numbers)}::int[]`, value: sql`${texts}[endpoint]` };
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
