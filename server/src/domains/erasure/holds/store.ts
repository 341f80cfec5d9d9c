/** SQL over `erasure_holds` and `erasure_retained`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';

export interface Hold {
  readonly projectNumber: number;
  readonly id: string;
  /** `table.column` or `table.*` */
  readonly fields: readonly string[];
  /** Empty: about everybody. */
  readonly identityHashes: readonly Buffer[];
  readonly reason: string;
  readonly endsAt: Date;
  readonly createdAt: Date;
  readonly createdBy: string;
}

const columns = sql`
  project_number as "projectNumber", id, fields, identity_hashes as "identityHashes", reason, ends_at as "endsAt",
  created_at as "createdAt", created_by as "createdBy"`;

export async function insertHold(tx: Transaction, hold: Hold): Promise<void> {
  await sql`
    insert into erasure_holds (project_number, id, fields, identity_hashes, reason, ends_at, created_at, created_by)
    values (${hold.projectNumber}, ${hold.id}, ${hold.fields}::text[], ${hold.identityHashes}::bytea[], ${hold.reason},
            ${hold.endsAt}, ${hold.createdAt}, ${hold.createdBy})`.execute(tx);
}

/** Those that have not ended, oldest first. */
export async function listHolds(query: Executor, projectNumber: number, now: Date): Promise<Hold[]> {
  const { rows } = await sql<Hold>`
    select ${columns} from erasure_holds
    where project_number = ${projectNumber} and ends_at > ${now} order by created_at, id`.execute(query);
  return rows;
}

/** With what was kept under it. */
export async function deleteHold(tx: Transaction, projectNumber: number, id: string): Promise<Hold | undefined> {
  await sql`delete from erasure_retained where project_number = ${projectNumber} and hold_id = ${id}`.execute(tx);
  const { rows } = await sql<Hold>`
    delete from erasure_holds where project_number = ${projectNumber} and id = ${id} returning ${columns}`.execute(tx);
  return rows[0];
}

export async function countRetained(query: Executor, projectNumber: number, holdId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from erasure_retained
    where project_number = ${projectNumber} and hold_id = ${holdId}`.execute(query);
  return Number(rows[0]?.count ?? 0);
}

/** Of which part of which request. */
export interface RetainedPlace {
  readonly projectNumber: number;
  readonly id: string;
  readonly piece: number;
  readonly location: string;
}

export async function hasRetained(
  query: Executor,
  { projectNumber, id, piece, location }: RetainedPlace,
): Promise<boolean> {
  const { rows } = await sql`
    select from erasure_retained
    where project_number = ${projectNumber} and request_id = ${id} and piece = ${piece} and location = ${location}
    limit 1`.execute(query);
  return rows.length > 0;
}

export interface RetainedRow {
  readonly sealed: Buffer;
  /** Keyed hashes of whom the row is about. */
  readonly hashes: readonly Buffer[];
}

export async function insertRetained(
  tx: Transaction,
  { projectNumber, id, piece, location }: RetainedPlace,
  hold: Hold,
  rows: readonly RetainedRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const hashes = rows.map((row) => `{${row.hashes.map((hash) => `"\\\\x${hash.toString('hex')}"`).join(',')}}`);
  await sql`
    insert into erasure_retained (
      project_number, hold_id, request_id, piece, location, sealed_fields, identity_hashes, retained_at, ends_at)
    select ${projectNumber}, ${hold.id}, ${id}, ${piece}, ${location}, sealed, hashes::bytea[], ${now}, ${hold.endsAt}
    from unnest(${rows.map(({ sealed }) => sealed)}::bytea[], ${hashes}::text[]) as given (sealed, hashes)`.execute(tx);
}

/** What a hold kept until now, and the hold. */
export async function deleteEndedHolds(query: Executor, now: Date): Promise<void> {
  await sql`delete from erasure_retained where ends_at <= ${now}`.execute(query);
  await sql`delete from erasure_holds where ends_at <= ${now}`.execute(query);
}
