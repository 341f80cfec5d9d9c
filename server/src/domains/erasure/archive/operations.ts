/** Archives: a whole project as one file, asked for, looked at and fetched, before it is deleted perhaps. */
import type { ProjectArchive } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { enqueue } from '../../../jobs/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound, unavailable } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import {
  type ObjectStore,
  ObjectStoreError,
  type Place,
  parsePlace,
  type StoredObject,
} from '../../../object-store/index.ts';
import type { Handlers } from '../../../operations/call.ts';
import { FileDocument } from '../../../operations/file-document.ts';
import { repointArn } from '../../accounts/index.ts';
import { archiveAttempts, archiveJob } from './job.ts';
import { findArchive, insertArchive, listArchives, type StoredArchive } from './store.ts';

type Operation = 'CreateProjectArchive' | 'GetProjectArchive' | 'GetProjectArchives' | 'DownloadProjectArchive';

export function archiveOperations(parts: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly objectStore: ObjectStore;
}): Handlers<Operation> {
  const { database, pagingTokens, objectStore } = parts;
  return {
    async CreateProjectArchive({ CreateProjectArchiveRequest: { Url } }, call) {
      const { project } = call;
      const id = newId();
      const url = archiveUrl(Url, project.id, id);
      return call.transaction(async (tx) => {
        const key = { projectNumber: project.number, id };
        await insertArchive(tx, { ...key, url, now: call.now });
        await enqueue(tx, archiveJob, key, archiveAttempts);
        call.audited(repointArn(project, `apps/${project.id}/archives/${id}`));
        return toResponse((await findArchive(tx, key)) as StoredArchive);
      });
    },

    async GetProjectArchive({ ArchiveId }, { project }) {
      const archive = await findArchive(database.query, { projectNumber: project.number, id: ArchiveId });
      if (archive === undefined) throw notFound();
      return toResponse(archive);
    },

    async DownloadProjectArchive({ ArchiveId }, { project }) {
      const archive = await findArchive(database.query, { projectNumber: project.number, id: ArchiveId });
      const place = archive?.state === 'COMPLETED' ? parsePlace(archive.url) : undefined;
      const found = place === undefined ? undefined : await findFile(objectStore, place);
      if (place === undefined || found === undefined) throw notFound();
      const name = place.key.slice(place.key.lastIndexOf('/') + 1);
      return new FileDocument(name, found.bytes, (signal) => objectStore.read(found, signal));
    },

    async GetProjectArchives(page, { project }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/archives`,
        page,
        (after, limit) => listArchives(database.query, project.number, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map(toResponse), NextToken };
    },
  };
}

/** Undefined when somebody took it away. */
async function findFile(store: ObjectStore, place: Place): Promise<StoredObject | undefined> {
  try {
    return await store.find(place);
  } catch (error) {
    if (error instanceof ObjectStoreError && error.fault === 'missing') return undefined;
    throw error instanceof ObjectStoreError ? unavailable(error.message) : error;
  }
}

/** @throws BadRequestException */
function archiveUrl(folder: string, projectId: string, archiveId: string): string {
  const url = `${folder.replace(/\/$/, '')}/project-${projectId}-${archiveId}.tar.gz`;
  if (parsePlace(folder) === undefined || parsePlace(url) === undefined) {
    throw badRequest('Url must be s3://bucket/folder/');
  }
  return url;
}

function toResponse({ id, url, state, createdAt, completedAt, bytes, rows, fault }: StoredArchive): ProjectArchive {
  return {
    ...{ ArchiveId: id, Url: url, State: state, CreationDate: toTimestamp(createdAt) },
    ...(completedAt !== null && { CompletionDate: toTimestamp(completedAt) }),
    ...(bytes !== null && { Bytes: bytes }),
    ...(rows !== null && { Rows: rows }),
    ...(fault !== null && { Fault: fault }),
  };
}
