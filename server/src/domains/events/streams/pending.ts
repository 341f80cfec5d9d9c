/**
 * What a stream has still to send. A transaction may commit after one that began later: only events of transactions below
 * the oldest that is still under way are read, since no other of these can appear any more; so the order is that of
 * (transaction_id, sequence), and nothing is skipped.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Database, Executor } from '../../../database/index.ts';
import { recordColumns } from '../store.ts';
import { recordText, type StoredRecord } from '../stored-record.ts';
import type { StreamRecord } from './destination.ts';
import type { Mark } from './stream.ts';

/** Stored size of what is read at once, so that large events do not fill the memory. */
const readBytes = 8 * 1024 * 1024;

export interface PendingRecord extends StreamRecord {
  readonly transaction: string;
  readonly sequence: number;
}

function behind(projectNumber: number, { transaction, sequence, fence }: Mark): RawBuilder<unknown> {
  return sql`project_number = ${projectNumber} and sequence > ${fence}
    and (transaction_id, sequence) > (${transaction}::xid8, ${sequence}::bigint)
    and transaction_id < pg_snapshot_xmin(pg_current_snapshot())`;
}

/** In their order. By the index of each partition, under a plan that is made once: there is one for every day. */
export async function readPending(
  { keyedQuery }: Database,
  projectNumber: number,
  mark: Mark,
  limit: number,
): Promise<PendingRecord[]> {
  const { rows } = await sql<StoredRecord & Omit<PendingRecord, 'body'>>`
    select transaction_id::text || '-' || sequence as id, transaction_id::text as transaction, sequence,
           arrived_at as "arrivedAt", envelope::json -> 'client' ->> 'client_id' as key, ${recordColumns}
    from (
      select *, sum(bytes) over (order by transaction_id, sequence) - bytes as before
      from (
        select transaction_id, sequence, arrived_at, envelope, attributes, metrics, endpoint,
               pg_column_size(envelope) + coalesce(pg_column_size(attributes), 0) + coalesce(pg_column_size(metrics), 0)
                 + coalesce(pg_column_size(endpoint), 0) as bytes
        from events
        where ${behind(projectNumber, mark)}
        order by transaction_id, sequence limit ${sql.lit(limit)}
      ) as next
    ) as measured
    where before < ${readBytes}::bigint
    order by transaction_id, sequence`.execute(keyedQuery);
  return rows.map(({ id, transaction, sequence, arrivedAt, key, ...stored }) => ({
    ...{ id, transaction, sequence, arrivedAt, key },
    body: recordText(stored),
  }));
}

export interface PendingPlace {
  readonly id: string;
  readonly transaction: string;
  readonly sequence: number;
}

/** Places of the first events that wait, up to the first that arrived at or after `before`. */
export async function findExpired(
  { keyedQuery }: Database,
  projectNumber: number,
  mark: Mark,
  before: Date,
): Promise<PendingPlace[]> {
  const { rows } = await sql<PendingPlace & { expired: boolean }>`
    select transaction_id::text || '-' || sequence as id, transaction_id::text as transaction, sequence,
           arrived_at < ${before} as expired
    from events where ${behind(projectNumber, mark)}
    order by transaction_id, sequence limit 10000`.execute(keyedQuery);
  const young = rows.findIndex(({ expired }) => !expired);
  return young < 0 ? rows : rows.slice(0, young);
}

const mostCounted = 100_000;

export interface Backlog {
  readonly projectNumber: number;
  /** At most 100,000. */
  readonly waiting: number;
  readonly oldestArrival: Date | null;
}

/** Of some streams, or of all; also what is not to be sent yet, since a transaction before it is under way. */
export async function findBacklogs(query: Executor, projectNumber?: number): Promise<Backlog[]> {
  const waiting = sql`
    events.project_number = streams.project_number and events.sequence > streams.fence_sequence
    and (events.transaction_id, events.sequence) > (streams.mark_transaction, streams.mark_sequence)`;
  const { rows } = await sql<Backlog>`
    select streams.project_number as "projectNumber",
           (select count(*) from (select from events where ${waiting} limit ${sql.lit(mostCounted)}) as counted) as waiting,
           (select arrived_at from events where ${waiting}
            order by events.transaction_id, events.sequence limit 1) as "oldestArrival"
    from event_streams as streams
    where ${projectNumber ?? null}::bigint is null or streams.project_number = ${projectNumber ?? null}
    order by 1`.execute(query);
  return rows;
}

/** Seconds since the oldest transaction with changes began: nothing behind it is sent before its end. */
export async function findOldestTransaction(query: Executor): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    select extract(epoch from clock_timestamp() - min(xact_start))::float8 as seconds from pg_stat_activity
    where backend_xid is not null`.execute(query);
  return rows[0]?.seconds ?? 0;
}
