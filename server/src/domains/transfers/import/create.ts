/** Begins an import: what is asked is checked and the files are found first, then the job is made in one transaction. */
import type { ImportJobRequest } from '../../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import { tooManyRequests } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { formatPlace, type ObjectStore, type StoredObject } from '../../../object-store/index.ts';
import type { Project } from '../../../operations/call.ts';
import { newMembership } from '../../segments/index.ts';
import { enqueueImport } from '../jobs.ts';
import { countUnfinishedExclusively, insertJob, type JobKey } from '../store.ts';
import { mostJobs } from '../transfer-parts.ts';
import { completeDefinition, type ImportDefinition, readPlace } from './definition.ts';
import { findFiles } from './find-files.ts';
import { insertPieces } from './store.ts';

export type ProjectOfJob = Pick<Project, 'number' | 'accountId'>;

export interface PreparedImport {
  readonly project: ProjectOfJob;
  readonly definition: ImportDefinition;
  readonly updatesSegment: boolean;
  readonly files: readonly StoredObject[];
}

/** @throws ServiceError saying what cannot be imported */
export async function prepareImport(
  { query, objectStore }: { query: Executor; objectStore: ObjectStore },
  project: ProjectOfJob,
  request: ImportJobRequest,
): Promise<PreparedImport> {
  const definition = await completeDefinition(query, request, project);
  const files = await findFiles(objectStore, readPlace(request.S3Url), request.Format);
  return { project, definition, updatesSegment: request.SegmentId !== undefined, files };
}

/** @throws ServiceError when the account has too many under way */
export async function createImport(tx: Transaction, prepared: PreparedImport, now: Date): Promise<JobKey> {
  const { definition, updatesSegment, files } = prepared;
  const { number: projectNumber, accountId } = prepared.project;
  const key = { projectNumber, id: newId() };
  if ((await countUnfinishedExclusively(tx, accountId, 'IMPORT')) >= mostJobs) {
    throw tooManyRequests(`An account can have at most ${mostJobs} import jobs under way`);
  }
  await insertJob(tx, {
    ...{ ...key, kind: 'IMPORT', accountId, definition, updatesSegment, now },
    segmentId: definition.SegmentId ?? null,
    membership: definition.DefineSegment ? await newMembership(tx) : null,
  });
  const pieces = files.map((file) => ({ url: formatPlace(file), bytes: file.bytes, version: file.version }));
  await insertPieces(tx, key, pieces);
  await enqueueImport(tx, key);
  return key;
}
