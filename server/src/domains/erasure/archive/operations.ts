/** CreateProjectArchive, GetProjectArchive, GetProjectArchives: a whole project as one file, before it is deleted perhaps. */
import type { ProjectArchive } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { enqueue } from '../../../jobs/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import { parsePlace } from '../../../object-store/index.ts';
import type { Handlers } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import { archiveAttempts, archiveJob } from './job.ts';
import { findArchive, insertArchive, listArchives, type StoredArchive } from './store.ts';

type Operation = 'CreateProjectArchive' | 'GetProjectArchive' | 'GetProjectArchives';

export function archiveOperations(parts: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}): Handlers<Operation> {
  const { database, pagingTokens } = parts;
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
