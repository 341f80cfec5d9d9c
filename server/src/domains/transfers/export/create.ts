/** Begins an export: what is asked is checked first, then the job is made in one transaction. */
import type { ExportJobRequest } from '../../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import { badRequest, tooManyRequests } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ObjectStore } from '../../../object-store/index.ts';
import type { ProjectOfJob } from '../import/create.ts';
import { asRefusal } from '../import/find-files.ts';
import { enqueueExport } from '../jobs.ts';
import { countUnfinishedExclusively, insertJob, type JobKey } from '../store.ts';
import { mostJobs } from '../transfer-parts.ts';
import { findExported, partPlace } from './definition.ts';

export interface PreparedExport {
  readonly project: ProjectOfJob;
  readonly id: string;
  readonly definition: ExportJobRequest;
  readonly segment: { readonly id: string; readonly version: number } | undefined;
}

/** @throws ServiceError saying what cannot be exported */
export async function prepareExport(
  { query, objectStore }: { query: Executor; objectStore: ObjectStore },
  project: ProjectOfJob,
  request: ExportJobRequest,
): Promise<PreparedExport> {
  const id = newId();
  if (request.RoleArn === '') throw badRequest('RoleArn is required');
  const segment = await findExported(query, project.number, request);
  // Whether the store can be reached and has such names shows before the job begins.
  await objectStore.find(partPlace(request.S3UrlPrefix, id, 0)).catch((error: unknown) => {
    throw asRefusal(error);
  });
  return { project, id, definition: request, segment };
}

/** @throws ServiceError when the account has too many under way */
export async function createExport(tx: Transaction, prepared: PreparedExport, now: Date): Promise<JobKey> {
  const { id, definition, segment } = prepared;
  const { number: projectNumber, accountId } = prepared.project;
  if ((await countUnfinishedExclusively(tx, accountId, 'EXPORT')) >= mostJobs) {
    throw tooManyRequests(`An account can have at most ${mostJobs} export jobs under way`);
  }
  await insertJob(tx, {
    ...{ projectNumber, id, kind: 'EXPORT', accountId, definition, now, membership: null },
    segmentId: segment?.id ?? null,
    segmentVersion: segment?.version ?? null,
  });
  await enqueueExport(tx, { projectNumber, id });
  return { projectNumber, id };
}
