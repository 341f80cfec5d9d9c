/** All SQL over `project_archives`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';

export interface ArchiveKey {
  readonly projectNumber: number;
  readonly id: string;
}

export interface StoredArchive extends ArchiveKey {
  readonly url: string;
  readonly state: 'CREATED' | 'PROCESSING' | 'COMPLETED' | 'FAILED';
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly bytes: number | null;
  readonly rows: number | null;
  readonly fault: string | null;
}

const columns = sql`
  project_number as "projectNumber", id, url, state, created_at as "createdAt", completed_at as "completedAt", bytes, rows,
  fault`;

export async function insertArchive(tx: Transaction, archive: ArchiveKey & { url: string; now: Date }): Promise<void> {
  await sql`
    insert into project_archives (project_number, id, url, state, created_at)
    values (${archive.projectNumber}, ${archive.id}, ${archive.url}, 'CREATED', ${archive.now})`.execute(tx);
}

export async function findArchive(query: Executor, { projectNumber, id }: ArchiveKey) {
  const { rows } = await sql<StoredArchive>`
    select ${columns} from project_archives where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listArchives(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<StoredArchive[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<StoredArchive>`
    select ${columns} from project_archives
    where project_number = ${projectNumber}
      and (${createdAt ?? null}::timestamptz is null or created_at < ${createdAt ?? null}::timestamptz
           or created_at = ${createdAt ?? null}::timestamptz and id > ${id ?? ''}::text)
    order by created_at desc, id limit ${limit}`.execute(query);
  return rows;
}

/** Where archives lie that were finished. */
export async function listArchiveUrls(query: Executor, projectNumber: number): Promise<string[]> {
  const { rows } = await sql<{ url: string }>`
    select url from project_archives where project_number = ${projectNumber} and state = 'COMPLETED'`.execute(query);
  return rows.map(({ url }) => url);
}

/** @param by only one that was asked for by then; any when null */
export async function isBeingArchived(query: Executor, projectNumber: number, by: Date | null): Promise<boolean> {
  const { rows } = await sql`
    select from project_archives
    where project_number = ${projectNumber} and completed_at is null
      and (${by}::timestamptz is null or created_at <= ${by}::timestamptz)`.execute(query);
  return rows.length > 0;
}

export interface ArchiveRun extends ArchiveKey {
  readonly epoch: number;
  readonly url: string;
  readonly accountId: string;
  readonly region: string;
  readonly projectId: string;
}

/** Ends whatever run there was before. @returns undefined when it is over, or the project is not there */
export async function beginRun(query: Executor, { projectNumber, id }: ArchiveKey): Promise<ArchiveRun | undefined> {
  const { rows } = await sql<ArchiveRun>`
    update project_archives as archive set state = 'PROCESSING', epoch = epoch + 1
    from projects
    where project_number = ${projectNumber} and archive.id = ${id} and completed_at is null
      and projects.number = project_number and projects.deleted_at is null
    returning project_number as "projectNumber", archive.id, epoch, url, account_id as "accountId", region,
              projects.id as "projectId"`.execute(query);
  return rows[0];
}

/** Says nothing when another run has taken over. */
export async function endRun(
  query: Executor,
  { projectNumber, id, epoch }: ArchiveRun,
  outcome: { readonly bytes: number; readonly rows: number } | { readonly fault: string },
  now: Date,
): Promise<void> {
  const written = 'fault' in outcome ? undefined : outcome;
  await sql`
    update project_archives set state = ${written === undefined ? 'FAILED' : 'COMPLETED'}, completed_at = ${now},
      bytes = ${written?.bytes ?? null}::bigint, rows = ${written?.rows ?? null}::bigint,
      fault = ${'fault' in outcome ? outcome.fault : null}
    where project_number = ${projectNumber} and id = ${id} and epoch = ${epoch} and completed_at is null`.execute(
    query,
  );
}
