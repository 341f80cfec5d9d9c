/** SQL over `file_erasures`, their items, and what could not be done. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';

export type Action = 'DELETE' | 'REWRITE';
export type Scope = 'FILE' | 'JOB' | 'PREFIX' | 'PROJECT';
export type Status = 'RECEIVED' | 'FINDING' | 'ERASING' | 'COMPLETED' | 'PARTIALLY_COMPLETED' | 'FAILED';

export interface ErasureKey {
  readonly projectNumber: number;
  readonly id: string;
}

export interface NewErasure extends ErasureKey {
  readonly action: Action;
  readonly scope: Scope;
  readonly target: string | null;
  readonly dryRun: boolean;
  readonly sealedIdentities: Buffer | null;
  readonly now: Date;
}

export async function insertErasure(tx: Transaction, erasure: NewErasure): Promise<void> {
  await tx
    .insertInto('file_erasures')
    .values({
      project_number: erasure.projectNumber,
      id: erasure.id,
      action: erasure.action,
      scope: erasure.scope,
      target: erasure.target,
      dry_run: erasure.dryRun,
      sealed_identities: erasure.sealedIdentities,
      status: 'RECEIVED',
      created_at: erasure.now,
    })
    .execute();
}

/** An erasure as answers show it, its items added up. */
export interface ErasureState {
  readonly id: string;
  readonly action: Action;
  readonly scope: Scope;
  readonly target: string | null;
  readonly dryRun: boolean;
  readonly status: Status;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly fault: string | null;
  readonly files: number;
  readonly rowsFound: number;
  readonly rowsErased: number;
  readonly versionsFound: number;
  readonly versionsRemoved: number;
  readonly uploadsAbandoned: number;
  readonly bytesRemoved: number;
  readonly kept: number;
}

const state = sql`
  select erasure.id, action, scope, target, dry_run as "dryRun", status, created_at as "createdAt",
         completed_at as "completedAt", fault, sums.*, keeps.kept
  from file_erasures as erasure
  cross join lateral (
    select count(*) as files, coalesce(sum(rows_found), 0)::bigint as "rowsFound",
           coalesce(sum(rows_erased), 0)::bigint as "rowsErased",
           coalesce(sum(versions_found), 0)::bigint as "versionsFound",
           coalesce(sum(versions_removed), 0)::bigint as "versionsRemoved",
           coalesce(sum(uploads_abandoned), 0)::bigint as "uploadsAbandoned",
           coalesce(sum(bytes_removed), 0)::bigint as "bytesRemoved"
    from file_erasure_items as item
    where item.project_number = erasure.project_number and item.erasure_id = erasure.id) as sums
  cross join lateral (
    select count(*) as kept from file_erasure_kept as each
    where each.project_number = erasure.project_number and each.erasure_id = erasure.id) as keeps`;

export async function findErasure(query: Executor, { projectNumber, id }: ErasureKey) {
  const { rows } = await sql<ErasureState>`
    ${state} where erasure.project_number = ${projectNumber} and erasure.id = ${id}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listErasures(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<ErasureState[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<ErasureState>`
    ${state}
    where erasure.project_number = ${projectNumber}
      and (${createdAt ?? null}::timestamptz is null
           or erasure.created_at < ${createdAt ?? null}::timestamptz
           or (erasure.created_at = ${createdAt ?? null}::timestamptz and erasure.id > ${id ?? ''}::text))
    order by erasure.created_at desc, erasure.id
    limit ${limit}`.execute(query);
  return rows;
}

export interface Kept {
  readonly url: string;
  /** Empty where it is about the file as a whole. */
  readonly versionId: string;
  readonly reason: string;
}

export async function listKept(
  query: Executor,
  { projectNumber, id }: ErasureKey,
  after: Position | undefined,
  limit: number,
): Promise<Kept[]> {
  const [url, versionId] = after ?? ['', ''];
  const { rows } = await sql<Kept>`
    select url, version_id as "versionId", reason from file_erasure_kept
    where project_number = ${projectNumber} and erasure_id = ${id}
      and (url, version_id) > (${url ?? ''}::text, ${versionId ?? ''}::text)
    order by url, version_id limit ${limit}`.execute(query);
  return rows;
}

/** An erasure as its run sees it. */
export interface Run extends ErasureKey {
  readonly epoch: number;
  /** The public id of the project. */
  readonly applicationId: string;
  readonly accountId: string;
  readonly action: Action;
  readonly scope: Scope;
  readonly target: string | null;
  readonly dryRun: boolean;
  readonly sealedIdentities: Buffer | null;
  readonly createdAt: Date;
  readonly isListed: boolean;
}

/** Ends whatever run there was before. @returns undefined when it is over, or its project deleted */
export async function beginRun(query: Executor, { projectNumber, id }: ErasureKey): Promise<Run | undefined> {
  const { rows } = await sql<Run>`
    update file_erasures as erasure set epoch = epoch + 1, status = 'FINDING'
    from projects
    where project_number = ${projectNumber} and erasure.id = ${id} and completed_at is null
      and projects.number = project_number and projects.deleted_at is null
    returning project_number as "projectNumber", erasure.id, epoch, projects.id as "applicationId",
              projects.account_id as "accountId", action, scope, target,
              dry_run as "dryRun", sealed_identities as "sealedIdentities", erasure.created_at as "createdAt",
              listed_at is not null as "isListed"`.execute(query);
  return rows[0];
}

/** Another run took over, or it was ended. Whoever sees this stops, and loses nothing by it. */
export class RunEnded extends Error {
  constructor() {
    super('The erasure is no longer ours to run.');
    this.name = 'RunEnded';
  }
}

/** Holds the erasure until the transaction ends, so that no other run begins meanwhile. @throws RunEnded */
export async function holdRun(tx: Transaction, { projectNumber, id, epoch }: Run): Promise<void> {
  const { rows } = await sql`
    select from file_erasures
    where project_number = ${projectNumber} and id = ${id} and epoch = ${epoch} and completed_at is null
    for share`.execute(tx);
  if (rows.length === 0) throw new RunEnded();
}

export async function insertItems(tx: Transaction, run: Run, urls: readonly string[]): Promise<void> {
  await sql`
    insert into file_erasure_items (project_number, erasure_id, url)
    select ${run.projectNumber}, ${run.id}, url from unnest(${urls}::text[]) as given (url)
    on conflict do nothing`.execute(tx);
}

export async function noteListed(tx: Transaction, { projectNumber, id }: Run): Promise<void> {
  await sql`
    update file_erasures set listed_at = clock_timestamp()
    where project_number = ${projectNumber} and id = ${id}`.execute(tx);
}

/** @throws RunEnded */
export async function setStatus(query: Executor, { projectNumber, id, epoch }: Run, status: Status): Promise<void> {
  const { numAffectedRows } = await sql`
    update file_erasures set status = ${status}
    where project_number = ${projectNumber} and id = ${id} and epoch = ${epoch}
      and completed_at is null`.execute(query);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

export interface Item {
  readonly url: string;
  readonly rowsFound: number;
}

/** Items of which a step was not done yet. */
export async function itemsWithout(
  query: Executor,
  { projectNumber, id }: Run,
  step: 'searched_at' | 'finished_at',
): Promise<Item[]> {
  const { rows } = await sql<Item>`
    select url, rows_found as "rowsFound" from file_erasure_items
    where project_number = ${projectNumber} and erasure_id = ${id} and ${sql.ref(step)} is null
    order by url`.execute(query);
  return rows;
}

export interface Progress {
  readonly rowsFound?: number;
  readonly rowsErased?: number;
  readonly versionsFound?: number;
  readonly versionsRemoved?: number;
  readonly uploadsAbandoned?: number;
  readonly bytesRemoved?: number;
  readonly isSearched?: boolean;
  readonly isFinished?: boolean;
}

/** Adds to what an item has. */
export async function noteProgress(tx: Transaction, run: Run, url: string, progress: Progress): Promise<void> {
  await sql`
    update file_erasure_items set
      rows_found = rows_found + ${progress.rowsFound ?? 0}::bigint,
      rows_erased = rows_erased + ${progress.rowsErased ?? 0}::bigint,
      versions_found = versions_found + ${progress.versionsFound ?? 0}::bigint,
      versions_removed = versions_removed + ${progress.versionsRemoved ?? 0}::bigint,
      uploads_abandoned = uploads_abandoned + ${progress.uploadsAbandoned ?? 0}::bigint,
      bytes_removed = bytes_removed + ${progress.bytesRemoved ?? 0}::bigint,
      searched_at = case when ${progress.isSearched ?? false} then clock_timestamp() else searched_at end,
      finished_at = case when ${progress.isFinished ?? false} then clock_timestamp() else finished_at end
    where project_number = ${run.projectNumber} and erasure_id = ${run.id} and url = ${url}`.execute(tx);
}

export async function noteKept(tx: Transaction, run: Run, kept: readonly Kept[]): Promise<void> {
  await sql`
    insert into file_erasure_kept (project_number, erasure_id, url, version_id, reason)
    select distinct on (url, version_id) ${run.projectNumber}, ${run.id}, url, version_id, reason
    from unnest(${kept.map(({ url }) => url)}::text[], ${kept.map(({ versionId }) => versionId)}::text[],
                ${kept.map(({ reason }) => reason)}::text[]) as given (url, version_id, reason)
    on conflict (project_number, erasure_id, url, version_id) do update set reason = excluded.reason`.execute(tx);
}

export async function countKept(query: Executor, { projectNumber, id }: ErasureKey): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from file_erasure_kept
    where project_number = ${projectNumber} and erasure_id = ${id}`.execute(query);
  return rows[0]?.count ?? 0;
}

/** Whose rows they were is forgotten. @throws RunEnded */
export async function endRun(
  tx: Transaction,
  { projectNumber, id, epoch }: Run,
  { status, fault = null, now }: { readonly status: Status; readonly fault?: string | null; readonly now: Date },
): Promise<void> {
  const { numAffectedRows } = await sql`
    update file_erasures set status = ${status}, fault = ${fault}, completed_at = ${now}, sealed_identities = null
    where project_number = ${projectNumber} and id = ${id} and epoch = ${epoch}
      and completed_at is null`.execute(tx);
  if (numAffectedRows !== 1n) throw new RunEnded();
}
