/** Reading jobs: one, or a page of them. */
import type { Executor } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { notFound } from '../../kernel/errors.ts';
import { type PageRequest, type PagingTokens, readPage } from '../../kernel/paging.ts';
import type { Project, ProjectCall } from '../../operations/call.ts';
import { formatArn } from '../projects/index.ts';
import { findVersion } from '../segments/index.ts';
import { findJob, type JobKey, type JobKind, type JobState, type Listing, listJobs } from './store.ts';

export function jobArn({ accountId, region, id }: Project, kind: 'import' | 'export', jobId: string): string {
  return formatArn({ accountId, region, resource: `apps/${id}/jobs/${kind}/${jobId}` });
}

/** @throws NotFoundException */
export async function requireJob(query: Executor, kind: JobKind, key: JobKey): Promise<JobState> {
  const job = await findJob(query, kind, key);
  if (job === undefined) throw notFound();
  return job;
}

/** @throws NotFoundException */
export async function requireSegment(query: Executor, projectNumber: number, segmentId: string): Promise<void> {
  if ((await findVersion(query, projectNumber, segmentId)) === undefined) throw notFound();
}

export function pageOfJobs(
  { query, pagingTokens }: { query: Executor; pagingTokens: PagingTokens },
  { project }: ProjectCall,
  listing: Listing,
  page: PageRequest,
): Promise<{ items: JobState[]; NextToken?: string }> {
  const { accountId, region, id } = project;
  const path = [...(listing.segmentId === undefined ? [] : ['segments', listing.segmentId]), 'jobs', listing.kind];
  return readPage(
    pagingTokens,
    [accountId, region, id, ...path].join('/'),
    page,
    (after, limit) => listJobs(query, listing, after, limit),
    (last) => [toTimestamp(last.createdAt), last.id],
  );
}
