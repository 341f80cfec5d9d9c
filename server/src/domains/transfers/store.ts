/** SQL over `transfer_jobs` and `transfer_files`, and what imports and exports have in common in `transfer_pieces`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';

export type JobKind = 'IMPORT' | 'EXPORT';

export interface JobKey {
  readonly projectNumber: number;
  readonly id: string;
}

export interface NewJob extends JobKey {
  readonly kind: JobKind;
  readonly accountId: string;
  readonly definition: object;
  readonly segmentId: string | null;
  readonly updatesSegment?: boolean;
  readonly segmentVersion?: number | null;
  readonly membership: number | null;
  readonly now: Date;
}

/** One account's jobs of a kind are begun one after the other until the transaction ends. */
export async function countUnfinishedExclusively(tx: Transaction, accountId: string, kind: JobKind): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${kind} jobs of ${accountId}`}, 0))`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from transfer_jobs join projects on projects.number = project_number
    where transfer_jobs.account_id = ${accountId} and kind = ${kind} and completed_at is null
      and deleted_at is null`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertJob(tx: Transaction, job: NewJob): Promise<void> {
  await tx
    .insertInto('transfer_jobs')
    .values({
      project_number: job.projectNumber,
      id: job.id,
      kind: job.kind,
      account_id: job.accountId,
      status: 'CREATED',
      definition: JSON.stringify(job.definition),
      segment_id: job.segmentId,
      updates_segment: job.updatesSegment ?? false,
      segment_version: job.segmentVersion ?? null,
      membership: job.membership,
      created_at: job.now,
    })
    .execute();
}

/** A job as answers show it, its pieces added up. */
export interface JobState {
  readonly id: string;
  readonly status: string;
  readonly definition: unknown;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly fault: string | null;
  /** False until it was taken up for the first time. */
  readonly begun: boolean;
  readonly pieces: number;
  readonly completedPieces: number;
  readonly failedPieces: number;
  readonly processed: number;
  readonly failed: number;
  /** Of pieces, then of lines, in their order; a hundred at most. */
  readonly failures: readonly string[];
}

const jobState = sql`
  select job.id, job.status, job.definition, job.created_at as "createdAt", job.completed_at as "completedAt",
         job.fault, job.epoch > 0 as begun, sums.*, failures.*
  from transfer_jobs as job
  cross join lateral (
    select count(*) as pieces, count(*) filter (where finished_at is not null and fault is null) as "completedPieces",
           count(*) filter (where fault is not null) as "failedPieces",
           coalesce(sum(processed), 0)::bigint as processed, coalesce(sum(failed), 0)::bigint as failed
    from transfer_pieces as piece where piece.project_number = job.project_number and piece.job_id = job.id) as sums
  cross join lateral (
    select coalesce(array_agg(text order by line is not null, piece, line), '{}') as failures
    from (
      select piece, null::bigint as line, url || ': ' || fault as text from transfer_pieces as piece
      where piece.project_number = job.project_number and piece.job_id = job.id and fault is not null
      union all
      select piece, (failure ->> 0)::bigint, url || ' line ' || (failure ->> 0) || ': ' || (failure ->> 1)
      from transfer_pieces as piece, jsonb_array_elements(failures) as failure
      where piece.project_number = job.project_number and piece.job_id = job.id
      order by 2 nulls first, 1 limit 100) as each) as failures`;

export async function findJob(query: Executor, kind: JobKind, { projectNumber, id }: JobKey) {
  const { rows } = await sql<JobState>`
    ${jobState} where job.project_number = ${projectNumber} and job.id = ${id} and job.kind = ${kind}`.execute(query);
  return rows[0];
}

export interface Listing {
  readonly projectNumber: number;
  readonly kind: JobKind;
  /** Of one segment only. */
  readonly segmentId?: string;
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listJobs(
  query: Executor,
  { projectNumber, kind, segmentId }: Listing,
  after: Position | undefined,
  limit: number,
): Promise<JobState[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<JobState>`
    ${jobState}
    where job.project_number = ${projectNumber} and job.kind = ${kind}
      and ${segmentId === undefined ? sql`true` : sql`job.segment_id = ${segmentId}`}
      and (${createdAt ?? null}::timestamptz is null
           or job.created_at < ${createdAt ?? null}::timestamptz
           or (job.created_at = ${createdAt ?? null}::timestamptz and job.id > ${id ?? ''}::text))
    order by job.created_at desc, job.id
    limit ${limit}`.execute(query);
  return rows;
}

/** A job as its run sees it. */
export interface Run extends JobKey {
  readonly epoch: number;
  readonly accountId: string;
  /** The public id of the project. */
  readonly applicationId: string;
  readonly definition: unknown;
  readonly segmentId: string | null;
  readonly updatesSegment: boolean;
  readonly segmentVersion: number | null;
  readonly membership: number | null;
  readonly createdAt: Date;
  /** By the clock of the database. */
  readonly begunAt: Date;
}

/** Ends whatever run there was before. @returns undefined when the job is over, or its project deleted */
export async function beginRun(query: Executor, { projectNumber, id }: JobKey): Promise<Run | undefined> {
  const { rows } = await sql<Run>`
    update transfer_jobs as job set epoch = epoch + 1, status = 'PROCESSING'
    from projects
    where job.project_number = ${projectNumber} and job.id = ${id} and completed_at is null
      and projects.number = job.project_number and projects.deleted_at is null
    returning job.project_number as "projectNumber", job.id, epoch, job.account_id as "accountId",
              projects.id as "applicationId", definition, segment_id as "segmentId",
              updates_segment as "updatesSegment", segment_version as "segmentVersion", membership,
              job.created_at as "createdAt", begun_at as "begunAt"`.execute(query);
  return rows[0];
}

/** Another run took over, the job was ended, or its project deleted. Whoever sees this stops, and loses nothing by it. */
export class RunEnded extends Error {
  constructor() {
    super('The job is no longer ours to run.');
    this.name = 'RunEnded';
  }
}

/** True, as a condition of a statement, while the run may write. */
export function isCurrent({ projectNumber, id, epoch }: Run) {
  return sql<boolean>`exists (
    select from transfer_jobs as job join projects on projects.number = job.project_number
    where job.project_number = ${projectNumber} and job.id = ${id} and job.epoch = ${epoch}
      and job.completed_at is null and projects.deleted_at is null)`;
}

/** @throws RunEnded */
export async function setStatus(query: Executor, run: Run, status: 'COMPLETING' | 'FAILING'): Promise<void> {
  const { numAffectedRows } = await sql`
    update transfer_jobs set status = ${status}
    where project_number = ${run.projectNumber} and id = ${run.id} and ${isCurrent(run)}`.execute(query);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

/** @param fault why it failed as a whole. @throws RunEnded */
export async function endJob(
  tx: Transaction,
  run: Run,
  { status, fault = null, now }: { status: 'COMPLETED' | 'FAILED'; fault?: string | null; now: Date },
): Promise<void> {
  const { numAffectedRows } = await sql`
    update transfer_jobs set status = ${status}, fault = ${fault}, completed_at = ${now}
    where project_number = ${run.projectNumber} and id = ${run.id} and ${isCurrent(run)}`.execute(tx);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

export interface Piece {
  readonly piece: number;
  readonly url: string;
}

/** @param fault what keeps the piece from being completed. @throws RunEnded */
export async function finishPiece(query: Executor, run: Run, { piece }: Piece, fault: string | null): Promise<void> {
  const { numAffectedRows } = await sql`
    update transfer_pieces set finished_at = clock_timestamp(), fault = ${fault}
    where project_number = ${run.projectNumber} and job_id = ${run.id} and piece = ${piece}
      and ${isCurrent(run)}`.execute(query);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

export async function countFailedPieces(query: Executor, { projectNumber, id }: JobKey): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from transfer_pieces
    where project_number = ${projectNumber} and job_id = ${id} and fault is not null`.execute(query);
  return rows[0]?.count ?? 0;
}

export interface TransferredFile {
  readonly url: string;
  readonly direction: 'read' | 'written';
  readonly bytes?: number;
  readonly checksum?: string;
}

/** Noted before it is touched, and again with what is known afterwards. @param now by the server's clock */
export async function noteFile(query: Executor, run: Run, file: TransferredFile, now: Date): Promise<void> {
  await sql`
    insert into transfer_files as file (project_number, job_id, url, direction, bytes, checksum, recorded_at)
    select ${run.projectNumber}, ${run.id}, ${file.url}, ${file.direction}, ${file.bytes ?? null}::bigint,
           ${file.checksum ?? null}::text, ${now}
    where ${isCurrent(run)}
    on conflict (project_number, job_id, url) do update set
      bytes = coalesce(excluded.bytes, file.bytes), checksum = coalesce(excluded.checksum, file.checksum)`.execute(
    query,
  );
}

/** A project as a command names it: by its id alone. */
export async function findProjectById(query: Executor, id: string) {
  const { rows } = await sql<{ number: number; accountId: string; region: string }>`
    select number, account_id as "accountId", region from projects where id = ${id} and deleted_at is null`.execute(
    query,
  );
  return rows[0];
}

export async function listUnfinished(
  query: Executor,
  projectNumbers: readonly number[],
): Promise<(JobKey & { readonly kind: JobKind })[]> {
  const { rows } = await sql<JobKey & { kind: JobKind }>`
    select project_number as "projectNumber", id, kind from transfer_jobs
    where project_number = any (${projectNumbers}::bigint[]) and completed_at is null`.execute(query);
  return rows;
}
