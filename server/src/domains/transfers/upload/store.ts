/** SQL over uploads: transfers that are over as soon as they began, and their files. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { JobKey } from '../store.ts';

export interface NewUpload extends JobKey {
  readonly accountId: string;
  readonly definition: object;
  readonly now: Date;
}

export async function beginUpload(tx: Transaction, upload: NewUpload): Promise<void> {
  const { projectNumber, id, accountId, definition, now } = upload;
  await sql`
    insert into transfer_jobs (project_number, id, kind, account_id, status, definition, updates_segment, created_at,
                               completed_at)
    values (${projectNumber}, ${id}, 'UPLOAD', ${accountId}, 'COMPLETED', ${JSON.stringify(definition)}::jsonb, false,
            ${now}, ${now})`.execute(tx);
}

/** Its parts are written one after the other until the transaction ends. @returns false when there is none */
export async function holdUpload(tx: Transaction, { projectNumber, id }: JobKey): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_jobs
    where project_number = ${projectNumber} and id = ${id} and kind = 'UPLOAD' for update`.execute(tx);
  return rows.length > 0;
}

/** Of all parts but the one that is about to be written, perhaps again. */
export async function sizeOfUpload(query: Executor, { projectNumber, id }: JobKey, besides: string): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(bytes), 0)::bigint as bytes from transfer_files
    where project_number = ${projectNumber} and job_id = ${id} and url <> ${besides} and removed_at is null`.execute(
    query,
  );
  return rows[0]?.bytes ?? 0;
}

export interface UploadedPart {
  readonly url: string;
  readonly bytes: number;
  /** Null until it is written. */
  readonly checksum: string | null;
  readonly now: Date;
}

/** Noted before it is written, and again with its checksum afterwards. */
export async function noteUploaded(query: Executor, { projectNumber, id }: JobKey, part: UploadedPart): Promise<void> {
  await sql`
    insert into transfer_files (project_number, job_id, url, direction, bytes, checksum, recorded_at)
    values (${projectNumber}, ${id}, ${part.url}, 'read', ${part.bytes}, ${part.checksum}, ${part.now})
    on conflict (project_number, job_id, url) do update set
      bytes = excluded.bytes, checksum = excluded.checksum, removed_at = null`.execute(query);
}

/** Whether a job of the project read or wrote exactly this file. */
export async function isFileOfProject(query: Executor, projectNumber: number, url: string): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_files
    where project_number = ${projectNumber} and url = ${url} and removed_at is null limit 1`.execute(query);
  return rows.length > 0;
}
