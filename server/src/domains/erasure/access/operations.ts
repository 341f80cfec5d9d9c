/** Archives of what is held on somebody (ours, E21): asked for, looked at, fetched by a link, taken away. */
import type { AccessRequestResponse } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { ObjectStore, Place } from '../../../object-store/index.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import { readIdentities } from '../identities/identity.ts';
import type { ErasureParts } from '../parts.ts';
import { createAccess } from './create.ts';
import { removeArchive } from './files.ts';
import type { ArchiveLinks } from './links.ts';
import type { StoredAccess } from './request.ts';
import { deleteAccess, findAccess, listAccess } from './store.ts';

type Operation = 'CreateAccessRequest' | 'GetAccessRequest' | 'GetAccessRequests' | 'DeleteAccessRequest';

export interface AccessOperationParts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly erasure: ErasureParts;
  readonly objectStore: ObjectStore;
  readonly archives: { readonly folder: Place; readonly links: ArchiveLinks };
}

/** One person, under all the names they have. */
const mostIdentities = 100;

export function accessOperations(parts: AccessOperationParts): Handlers<Operation> {
  const { database, pagingTokens, erasure, objectStore } = parts;
  const { folder, links } = parts.archives;
  return {
    async CreateAccessRequest({ CreateAccessRequestRequest: { Identities, RequestId, ExpiresInHours } }, call) {
      const { project, now } = call;
      const identities = readIdentities(Identities, mostIdentities);
      const stored = await call.transaction(async (tx) => {
        const made = await createAccess(erasure, folder, tx, {
          ...{ accountId: project.accountId, projectNumber: project.number, identities, origin: 'API', now },
          ...{ callerId: RequestId, hours: ExpiresInHours },
        });
        call.audited(repointArn(project, `apps/${project.id}/access-requests/${made.id}`));
        return made;
      });
      return toResponse(stored, project.id, undefined);
    },

    async GetAccessRequests(page, { project }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/access-requests`,
        page,
        (after, limit) => listAccess(database.query, project.number, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map((request) => toResponse(request, project.id, undefined)), NextToken };
    },

    async GetAccessRequest({ AccessRequestId }, call) {
      return toResponse(await known(database.query, call, AccessRequestId), call.project.id, links);
    },

    async DeleteAccessRequest({ AccessRequestId }, call) {
      const request = await known(database.query, call, AccessRequestId);
      await call.transaction((tx) => deleteAccess(tx, request));
      // Whatever stays is removed by the next look at archives that nobody knows of.
      await removeArchive(objectStore, request.url);
      return toResponse(request, call.project.id, undefined);
    },
  };
}

async function known(query: Executor, { project }: ProjectCall, id: string): Promise<StoredAccess> {
  const request = await findAccess(query, { projectNumber: project.number, id });
  if (request === undefined) throw notFound();
  return request;
}

/** @param links undefined: the link is not told */
function toResponse(
  request: StoredAccess,
  applicationId: string,
  links: ArchiveLinks | undefined,
): AccessRequestResponse {
  const { id, callerId, origin, state, createdAt, completedAt, expiresAt, bytes, places, fault } = request;
  return {
    ...{ Id: id, RequestId: callerId, ApplicationId: applicationId, Origin: origin, State: state },
    CreationDate: toTimestamp(createdAt),
    ...(completedAt !== null && { CompletedDate: toTimestamp(completedAt) }),
    ...(expiresAt !== null && { ExpirationDate: toTimestamp(expiresAt) }),
    Identities: request.identityTypes as Readonly<Record<string, number>>,
    Locations: places.map(({ name, rows }) => ({ Name: name, Found: rows })),
    ...(bytes !== null && { Bytes: bytes }),
    Downloads: request.downloads,
    ...(links && state === 'COMPLETED' && expiresAt !== null && { DownloadUrl: links.make(request, expiresAt) }),
    ...(fault !== null && { Fault: fault }),
  };
}
