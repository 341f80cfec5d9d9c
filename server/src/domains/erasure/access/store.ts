/** SQL over `access_requests`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';
import type { RequestKey } from '../requests/request.ts';
import type { ReadPlace, StoredAccess } from './request.ts';

const columns = sql`
  project_number as "projectNumber", id, account_id as "accountId", caller_id as "callerId",
  request_hash as "requestHash", origin, state, created_at as "createdAt", completed_at as "completedAt", hours,
  expires_at as "expiresAt", sealed_identities as "sealedIdentities", identity_hashes as "identityHashes",
  identity_types as "identityTypes", url, epoch, bytes, places, downloads, fault`;

export type NewAccess = Pick<
  StoredAccess,
  | 'projectNumber'
  | 'id'
  | 'accountId'
  | 'callerId'
  | 'requestHash'
  | 'origin'
  | 'createdAt'
  | 'hours'
  | 'sealedIdentities'
  | 'identityHashes'
  | 'identityTypes'
  | 'url'
>;

/** @returns false when the caller used this id before */
export async function insertAccess(tx: Transaction, request: NewAccess): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into access_requests (
      project_number, id, account_id, caller_id, request_hash, origin, state, created_at, hours, sealed_identities,
      identity_hashes, identity_types, url)
    values (${request.projectNumber}, ${request.id}, ${request.accountId}, ${request.callerId}, ${request.requestHash},
      ${request.origin}, 'RECEIVED', ${request.createdAt}, ${request.hours}, ${request.sealedIdentities},
      ${request.identityHashes}::bytea[], ${JSON.stringify(request.identityTypes)}::jsonb, ${request.url})
    on conflict (project_number, caller_id) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function findAccess(
  query: Executor,
  { projectNumber, id }: RequestKey,
): Promise<StoredAccess | undefined> {
  const { rows } = await sql<StoredAccess>`
    select ${columns} from access_requests where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

export async function findAccessByCallerId(
  query: Executor,
  projectNumber: number,
  callerId: string,
): Promise<StoredAccess | undefined> {
  const { rows } = await sql<StoredAccess>`
    select ${columns} from access_requests
    where project_number = ${projectNumber} and caller_id = ${callerId}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listAccess(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<StoredAccess[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<StoredAccess>`
    select ${columns} from access_requests
    where project_number = ${projectNumber}
      and (${createdAt ?? null}::timestamptz is null or created_at < ${createdAt ?? null}::timestamptz
           or created_at = ${createdAt ?? null}::timestamptz and id > ${id ?? ''}::text)
    order by created_at desc, id limit ${limit}`.execute(query);
  return rows;
}

/** Ends whatever run there was before. @returns undefined when it is over, or its project deleted */
export async function beginRun(query: Executor, { projectNumber, id }: RequestKey): Promise<StoredAccess | undefined> {
  const { rows } = await sql<StoredAccess>`
    update access_requests as request set state = 'READING', epoch = epoch + 1
    where project_number = ${projectNumber} and id = ${id} and state in ('RECEIVED', 'READING')
      and exists (select from projects where number = project_number and deleted_at is null)
    returning ${columns}`.execute(query);
  return rows[0];
}

type Run = Pick<StoredAccess, 'projectNumber' | 'id' | 'epoch'>;

/** Whom it stands for: whoever erases one of them finds it from now on. @returns false when it is not ours any more */
export async function noteFound(query: Executor, run: Run, hashes: readonly Buffer[]): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update access_requests set identity_hashes = array(
      select distinct hash from unnest(identity_hashes || ${hashes}::bytea[]) as given (hash))
    where project_number = ${run.projectNumber} and id = ${run.id} and epoch = ${run.epoch}`.execute(query);
  return numAffectedRows === 1n;
}

export interface Written {
  readonly bytes: number;
  readonly places: readonly ReadPlace[];
}

/** @returns false when it is not ours any more: another run took over, or whom it is about was erased */
export async function endRun(tx: Transaction, run: Run, written: Written, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update access_requests set state = 'COMPLETED', completed_at = ${now}, sealed_identities = null,
      expires_at = ${now}::timestamptz + hours * interval '1 hour', bytes = ${written.bytes},
      places = ${JSON.stringify(written.places)}::jsonb
    where project_number = ${run.projectNumber} and id = ${run.id} and epoch = ${run.epoch} and state = 'READING'`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

export async function failRun(tx: Transaction, run: Run, fault: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update access_requests set state = 'FAILED', completed_at = ${now}, sealed_identities = null, fault = ${fault}
    where project_number = ${run.projectNumber} and id = ${run.id} and epoch = ${run.epoch} and state = 'READING'`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

export async function deleteAccess(query: Executor, { projectNumber, id }: RequestKey): Promise<void> {
  await sql`delete from access_requests where project_number = ${projectNumber} and id = ${id}`.execute(query);
}

export async function noteDownload(query: Executor, { projectNumber, id }: RequestKey): Promise<void> {
  await sql`
    update access_requests set downloads = downloads + 1
    where project_number = ${projectNumber} and id = ${id}`.execute(query);
}

export async function hasAccess(query: Executor, projectNumber: number): Promise<boolean> {
  const { rows } = await sql`select from access_requests where project_number = ${projectNumber} limit 1`.execute(
    query,
  );
  return rows.length > 0;
}

/** Of people with one of these keyed hashes, asked for by then. */
export async function listAccessOf(
  query: Executor,
  projectNumber: number,
  hashes: readonly Buffer[],
  until: Date | undefined,
): Promise<StoredAccess[]> {
  if (hashes.length === 0) return [];
  const { rows } = await sql<StoredAccess>`
    select ${columns} from access_requests
    where project_number = ${projectNumber} and identity_hashes && ${hashes}::bytea[]
      and created_at <= coalesce(${until ?? null}::timestamptz, 'infinity')
    order by created_at, id`.execute(query);
  return rows;
}

export async function listExpired(query: Executor, now: Date, limit: number): Promise<StoredAccess[]> {
  const { rows } = await sql<StoredAccess>`
    select ${columns} from access_requests
    where state = 'COMPLETED' and expires_at <= ${now} order by expires_at limit ${limit}`.execute(query);
  return rows;
}

export async function noteExpired(query: Executor, { projectNumber, id }: RequestKey): Promise<void> {
  await sql`
    update access_requests set state = 'EXPIRED', bytes = null
    where project_number = ${projectNumber} and id = ${id} and state = 'COMPLETED'`.execute(query);
}

/** Which of these files belong to a request that is under way or completed. */
export async function findWanted(query: Executor, urls: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ url: string }>`
    select url from access_requests
    where url = any (${urls}::text[]) and state in ('RECEIVED', 'READING', 'COMPLETED')`.execute(query);
  return new Set(rows.map(({ url }) => url));
}
