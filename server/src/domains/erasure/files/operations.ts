/** Files of a project, and erasing in them: GetFiles, CreateFileErasure, GetFileErasure(s), GetFileErasureKept. */
import type { FileErasure, ProjectFile as FileResponse } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { formatArn } from '../../projects/index.ts';
import { enqueueFileErasure } from './jobs.ts';
import { type FilePosition, listProjectFiles, type ProjectFile, positionOf } from './noted-files.ts';
import { readIdentities, readTarget } from './request.ts';
import { sealContext } from './run.ts';
import { type ErasureState, findErasure, insertErasure, listErasures, listKept } from './store.ts';

type Operation = 'GetFiles' | 'CreateFileErasure' | 'GetFileErasures' | 'GetFileErasure' | 'GetFileErasureKept';

export interface FileOperationParts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
}

export function fileOperations(parts: FileOperationParts): Handlers<Operation> {
  const { query } = parts.database;
  return { ...readOperations(parts), CreateFileErasure: createErasure(query, parts.masterKey) };
}

function createErasure(query: Executor, masterKey: MasterKey): Handlers<'CreateFileErasure'>['CreateFileErasure'] {
  return async ({ CreateFileErasureRequest: request }, call) => {
    const { number: projectNumber } = call.project;
    const identities = readIdentities(request);
    const target = await readTarget(query, projectNumber, request);
    const key = { projectNumber, id: newId() };
    const { accountId, region, id: applicationId } = call.project;
    call.audited(formatArn({ accountId, region, resource: `apps/${applicationId}/file-erasures/${key.id}` }));
    return call.transaction(async (tx) => {
      await insertErasure(tx, {
        ...{ ...key, ...target, action: request.Action, dryRun: request.DryRun ?? false, now: call.now },
        sealedIdentities:
          identities === undefined ? null : masterKey.seal(sealContext(key), JSON.stringify(identities)),
      });
      await enqueueFileErasure(tx, key);
      return toFileErasure(await requireErasure(tx, call, key.id));
    });
  };
}

function readOperations({
  database: { query },
  pagingTokens,
}: FileOperationParts): Handlers<Exclude<Operation, 'CreateFileErasure'>> {
  const listing = ({ project }: ProjectCall, name: string) =>
    `${project.accountId}/${project.region}/${project.id}/${name}`;
  return {
    async GetFiles({ JobId, Prefix, ...page }, call) {
      const selection = { projectNumber: call.project.number, jobId: JobId, prefix: Prefix };
      if (JobId !== undefined && Prefix !== undefined) throw badRequest('Only one of job-id and prefix can be given');
      const { items, NextToken } = await readPage(
        pagingTokens,
        listing(call, `files/${JobId ?? ''}/${Prefix ?? ''}`),
        page,
        (after, limit) => listProjectFiles(query, selection, after as FilePosition | undefined, limit),
        positionOf,
      );
      return { Item: items.map(toFile), NextToken };
    },

    async GetFileErasures(page, call) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        listing(call, 'file-erasures'),
        page,
        (after, limit) => listErasures(query, call.project.number, after, limit),
        ({ createdAt, id }) => [toTimestamp(createdAt), id],
      );
      return { Item: items.map(toFileErasure), NextToken };
    },

    async GetFileErasure({ FileErasureId }, call) {
      return toFileErasure(await requireErasure(query, call, FileErasureId));
    },

    async GetFileErasureKept({ FileErasureId, ...page }, call) {
      const { id } = await requireErasure(query, call, FileErasureId);
      const { items, NextToken } = await readPage(
        pagingTokens,
        listing(call, `file-erasures/${id}/kept`),
        page,
        (after, limit) => listKept(query, { projectNumber: call.project.number, id }, after, limit),
        ({ url, versionId }) => [url, versionId],
      );
      const Item = items.map(({ url, versionId, reason }) => ({
        ...{ Url: url, Reason: reason },
        ...(versionId !== '' && { VersionId: versionId }),
      }));
      return { Item, NextToken };
    },
  };
}

/** @throws NotFoundException */
async function requireErasure(query: Executor, { project }: ProjectCall, id: string): Promise<ErasureState> {
  const found = await findErasure(query, { projectNumber: project.number, id });
  if (found === undefined) throw notFound();
  return found;
}

function toFile(file: ProjectFile): FileResponse {
  const { url, jobId, direction, bytes, checksum, recordedAt, removedAt } = file;
  const written = jobId === undefined ? 'EVENT_STREAM' : 'EXPORT';
  return {
    ...{ Url: url, Source: direction === 'read' ? 'IMPORT' : written, RecordedDate: toTimestamp(recordedAt) },
    ...(jobId !== undefined && { JobId: jobId }),
    ...(bytes !== null && { Bytes: bytes }),
    ...(checksum !== null && { Sha256: checksum }),
    ...(removedAt !== null && { DeletionDate: toTimestamp(removedAt) }),
  };
}

const members = { FILE: 'Url', JOB: 'JobId', PREFIX: 'Prefix' } as const;

function toFileErasure(state: ErasureState): FileErasure {
  const { scope, target, completedAt, fault } = state;
  return {
    ...{ Id: state.id, Action: state.action, Status: state.status, DryRun: state.dryRun },
    ...(scope !== 'PROJECT' && { [members[scope]]: target ?? '' }),
    CreationDate: toTimestamp(state.createdAt),
    ...(completedAt !== null && { CompletionDate: toTimestamp(completedAt) }),
    ...(fault !== null && { Fault: fault }),
    ...{ Files: state.files, RowsFound: state.rowsFound, RowsErased: state.rowsErased },
    ...{ VersionsFound: state.versionsFound, VersionsRemoved: state.versionsRemoved },
    ...{ UploadsAbandoned: state.uploadsAbandoned, BytesRemoved: state.bytesRemoved, Kept: state.kept },
  };
}
