/** All SQL over `event_streams`: what is configured, and how far each stream is. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Destination, Mark, StoredStream } from './stream.ts';

const columns = sql`
  project_number as "projectNumber", kind, settings, sealed_secret as "sealedSecret", revision,
  created_at as "createdAt", last_modified_at as "lastModifiedAt", last_modified_by as "lastModifiedBy",
  sent_records as "sentRecords", dropped_records as "droppedRecords", last_sent_at as "lastSentAt",
  failing_since as "failingSince", fault,
  mark_transaction::text as transaction, mark_sequence as sequence, fence_sequence as fence`;

export async function findStream(query: Executor, projectNumber: number): Promise<StoredStream | undefined> {
  const { rows } = await sql<StoredStream>`
    select ${columns} from event_streams where project_number = ${projectNumber}`.execute(query);
  return rows[0];
}

/** Of all projects, in no order. */
export async function listStreams(query: Executor): Promise<StoredStream[]> {
  const { rows } = await sql<StoredStream>`select ${columns} from event_streams`.execute(query);
  return rows;
}

export async function lockStream(tx: Transaction, projectNumber: number): Promise<StoredStream | undefined> {
  const { rows } = await sql<StoredStream>`
    select ${columns} from event_streams where project_number = ${projectNumber} for update`.execute(tx);
  return rows[0];
}

export async function streamedProjects(query: Executor): Promise<number[]> {
  const rows = await query.selectFrom('event_streams').select('project_number').execute();
  return rows.map(({ project_number }) => project_number);
}

export interface StreamChange {
  readonly projectNumber: number;
  readonly destination: Destination;
  readonly sealedSecret: Buffer | null;
  readonly now: Date;
  readonly by: string;
}

/** A new stream begins here; one that is there goes on from where it is, to its new destination. */
export async function putStream(
  tx: Transaction,
  { projectNumber, destination, sealedSecret, now, by }: StreamChange,
): Promise<StoredStream> {
  const { rows } = await sql<StoredStream>`
    insert into event_streams as stored
      (project_number, kind, settings, sealed_secret, created_at, last_modified_at, last_modified_by)
    values (${projectNumber}, ${destination.kind}, ${JSON.stringify(destination.settings)}::jsonb, ${sealedSecret},
            ${now}, ${now}, ${by})
    on conflict (project_number) do update set
      kind = excluded.kind, settings = excluded.settings, sealed_secret = excluded.sealed_secret,
      revision = stored.revision + 1, last_modified_at = excluded.last_modified_at,
      last_modified_by = excluded.last_modified_by, failing_since = null, fault = null
    returning ${columns}`.execute(tx);
  return rows[0] as StoredStream;
}

export async function deleteStream(tx: Transaction, projectNumber: number): Promise<void> {
  await tx.deleteFrom('event_streams').where('project_number', '=', projectNumber).execute();
}

export async function findMark(query: Executor, projectNumber: number): Promise<Mark | undefined> {
  const { rows } = await sql<Mark>`
    select mark_transaction::text as transaction, mark_sequence as sequence, fence_sequence as fence
    from event_streams where project_number = ${projectNumber}`.execute(query);
  return rows[0];
}

export interface ProgressOfStream {
  readonly mark: Pick<Mark, 'transaction' | 'sequence'>;
  readonly sent: number;
  readonly dropped: number;
  /** Null: the destination takes everything. Undefined: as before. */
  readonly fault: string | null | undefined;
  readonly now: Date;
}

export async function noteProgress(
  tx: Transaction,
  projectNumber: number,
  { mark, sent, dropped, fault, now }: ProgressOfStream,
): Promise<void> {
  const since = fault === null ? sql`null` : sql`coalesce(failing_since, ${now})`;
  const state = fault === undefined ? sql`` : sql`, failing_since = ${since}, fault = ${fault}`;
  await sql`
    update event_streams set
      mark_transaction = ${mark.transaction}::xid8, mark_sequence = ${mark.sequence},
      sent_records = sent_records + ${sent}, dropped_records = dropped_records + ${dropped},
      last_sent_at = case when ${sent}::bigint > 0 then ${now}::timestamptz else last_sent_at end ${state}
    where project_number = ${projectNumber}`.execute(tx);
}

/** The mark alone; for what is done to it otherwise than by sending. */
export async function setMark(tx: Transaction, projectNumber: number, mark: Mark): Promise<void> {
  await sql`
    update event_streams set mark_transaction = ${mark.transaction}::xid8, mark_sequence = ${mark.sequence},
                             fence_sequence = ${mark.fence}
    where project_number = ${projectNumber}`.execute(tx);
}
