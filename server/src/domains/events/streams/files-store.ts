/** SQL over `event_stream_files`: which files a project's event stream wrote, for those who erase in them. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';

export interface StreamFile {
  readonly url: string;
  readonly recordedAt: Date;
  readonly bytes: number | null;
  readonly checksum: string | null;
  readonly removedAt: Date | null;
}

/** Before it is written, and again with what is known afterwards. @param now by the server's clock */
export async function noteStreamFile(
  query: Executor,
  projectNumber: number,
  file: { readonly url: string; readonly bytes?: number; readonly checksum?: string },
  now: Date,
): Promise<void> {
  await sql`
    insert into event_stream_files as file (project_number, url, recorded_at, bytes, checksum)
    values (${projectNumber}, ${file.url}, ${now}, ${file.bytes ?? null}::bigint, ${file.checksum ?? null}::text)
    on conflict (project_number, url) do update set
      bytes = excluded.bytes, checksum = excluded.checksum, removed_at = null`.execute(query);
}

const beginsWith = (prefix: string | undefined): RawBuilder<unknown> =>
  prefix === undefined ? sql`true` : sql`starts_with(url, ${prefix}) and url >= ${prefix}`;

/** In the order of the URL, behind `after`. */
export async function listStreamFiles(
  query: Executor,
  selection: { readonly projectNumber: number; readonly prefix?: string | undefined },
  after: string,
  limit: number,
): Promise<StreamFile[]> {
  const { rows } = await sql<StreamFile>`
    select url, recorded_at as "recordedAt", bytes, checksum, removed_at as "removedAt" from event_stream_files
    where project_number = ${selection.projectNumber} and ${beginsWith(selection.prefix)} and url > ${after}::text
    order by url limit ${limit}`.execute(query);
  return rows;
}

/** Whether the project's events go into files now. */
export async function isStreamedToFiles(query: Executor, projectNumber: number): Promise<boolean> {
  const { rows } = await sql`
    select from event_streams where project_number = ${projectNumber} and kind = 'FILES'`.execute(query);
  return rows.length > 0;
}

/** Whether another project's stream wrote a file whose URL begins so. */
export async function isStreamedByOthers(query: Executor, projectNumber: number, prefix: string): Promise<boolean> {
  const { rows } = await sql`
    select from event_stream_files
    where project_number <> ${projectNumber} and removed_at is null and ${beginsWith(prefix)}
      and url < ${prefix} || chr(1114111)
    limit 1`.execute(query);
  return rows.length > 0;
}

/** A file takes seconds to write; one that was not finished after minutes was left behind by a killed process. */
const longestWrite = '2 minutes';

/** Whether a file is being written that was begun by then: what was erased since may still be in it. */
export async function isStreaming(query: Executor, projectNumber: number, begunBy: Date, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select from event_stream_files
    where project_number = ${projectNumber} and bytes is null and recorded_at <= ${begunBy}::timestamptz
      and recorded_at > ${now}::timestamptz - ${longestWrite}::interval
    limit 1`.execute(query);
  return rows.length > 0;
}

/** @param now by the server's clock */
export async function noteStreamFilesRemoved(
  tx: Transaction,
  {
    projectNumber,
    urls,
    now,
  }: { readonly projectNumber: number; readonly urls: readonly string[]; readonly now: Date },
): Promise<void> {
  await sql`
    update event_stream_files set removed_at = ${now}
    where project_number = ${projectNumber} and url = any (${urls}::text[]) and removed_at is null`.execute(tx);
}

/** The same of all below a prefix. */
export async function noteStreamPrefixRemoved(
  tx: Transaction,
  { projectNumber, prefix, now }: { readonly projectNumber: number; readonly prefix: string; readonly now: Date },
): Promise<void> {
  await sql`
    update event_stream_files set removed_at = ${now}
    where project_number = ${projectNumber} and ${beginsWith(prefix)} and removed_at is null`.execute(tx);
}
