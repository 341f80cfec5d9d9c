/** SQL over `transfer_files`: which files a project's jobs read and wrote, for those who erase in them. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';

/** A file of a job, by its URL. */
export interface NotedFile {
  readonly url: string;
  readonly jobId: string;
  readonly direction: 'read' | 'written';
  readonly bytes: number | null;
  readonly checksum: string | null;
  readonly recordedAt: Date;
  readonly removedAt: Date | null;
}

export interface FileSelection {
  readonly projectNumber: number;
  readonly jobId?: string | undefined;
  /** URLs that begin with it. */
  readonly prefix?: string | undefined;
  /** Of jobs that began by then. */
  readonly begunBy?: Date | undefined;
}

/** In the order of URL and job, behind `after`. */
export async function listTransferFiles(
  query: Executor,
  selection: FileSelection,
  after: readonly [url: string, jobId: string],
  limit: number,
): Promise<NotedFile[]> {
  const { rows } = await sql<NotedFile>`
    select url, job_id as "jobId", direction, bytes, checksum, recorded_at as "recordedAt", removed_at as "removedAt"
    from transfer_files as file
    where ${selected(selection)} and (url, job_id) > (${after[0]}::text, ${after[1]}::text)
    order by url, job_id limit ${limit}`.execute(query);
  return rows;
}

function selected({ projectNumber, jobId, prefix, begunBy }: FileSelection): RawBuilder<unknown> {
  return sql`project_number = ${projectNumber}
    and ${jobId === undefined ? sql`true` : sql`job_id = ${jobId}`}
    and ${prefix === undefined ? sql`true` : sql`starts_with(url, ${prefix}) and url >= ${prefix}`}
    and ${
      begunBy === undefined
        ? sql`true`
        : sql`exists (select from transfer_jobs as job where job.project_number = file.project_number
                      and job.id = file.job_id and job.begun_at <= ${begunBy}::timestamptz)`
    }`;
}

export async function hasJob(query: Executor, projectNumber: number, jobId: string): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_jobs where project_number = ${projectNumber} and id = ${jobId}`.execute(query);
  return rows.length > 0;
}

/** Whether another project read or wrote a file whose URL begins so. */
export async function isOfOthers(query: Executor, projectNumber: number, prefix: string): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_files
    where project_number <> ${projectNumber} and removed_at is null and starts_with(url, ${prefix})
      and url >= ${prefix} and url < ${prefix} || chr(1114111)
    limit 1`.execute(query);
  return rows.length > 0;
}

/** Whether an import has still to read the file to its end. */
export async function isToBeRead(query: Executor, url: string): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_pieces as piece
    join transfer_jobs as job on job.project_number = piece.project_number and job.id = piece.job_id
    join projects on projects.number = job.project_number
    where piece.url = ${url} and piece.finished_at is null and job.kind = 'IMPORT' and job.completed_at is null
      and projects.deleted_at is null
    limit 1`.execute(query);
  return rows.length > 0;
}

/** Whether an export is writing a file that it began to write by then: who was deleted since may still be in it. */
export async function isExporting(query: Executor, projectNumber: number, begunBy: Date): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_files as file
    join transfer_jobs as job on job.project_number = file.project_number and job.id = file.job_id
    where file.project_number = ${projectNumber} and direction = 'written' and checksum is null
      and recorded_at <= ${begunBy}::timestamptz and job.completed_at is null
    limit 1`.execute(query);
  return rows.length > 0;
}

/** Of all jobs of the project that know the file. @param now by the server's clock */
export async function noteTransferFilesRemoved(
  tx: Transaction,
  {
    projectNumber,
    urls,
    now,
  }: { readonly projectNumber: number; readonly urls: readonly string[]; readonly now: Date },
): Promise<void> {
  await sql`
    update transfer_files set removed_at = ${now}
    where project_number = ${projectNumber} and url = any (${urls}::text[]) and removed_at is null`.execute(tx);
}

/** The same of all below a prefix. */
export async function noteTransferPrefixRemoved(
  tx: Transaction,
  { projectNumber, prefix, now }: { readonly projectNumber: number; readonly prefix: string; readonly now: Date },
): Promise<void> {
  await sql`
    update transfer_files set removed_at = ${now}
    where project_number = ${projectNumber} and starts_with(url, ${prefix}) and url >= ${prefix}
      and removed_at is null`.execute(tx);
}
