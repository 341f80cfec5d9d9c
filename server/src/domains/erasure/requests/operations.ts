/** Requests about people (ours): asked for, looked at, taken back while they wait. */
import type { ErasureRequestResponse } from '../../../contract/repoint-types.ts';
import { badRequest, conflict, notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import { endRequest } from '../engine/end.ts';
import { type NamedIdentity, readIdentities } from '../identities/identity.ts';
import type { ErasureParts } from '../parts.ts';
import { createRequest } from './create.ts';
import { beforeErasing, type ErasureState, erasureStates, type StoredRequest } from './request.ts';
import { toResponse } from './response.ts';
import { findRequest, listCounts, listRequests } from './store.ts';

type Operation =
  | 'CreateErasureRequest'
  | 'GetErasureRequests'
  | 'FindErasureRequests'
  | 'GetErasureRequest'
  | 'CancelErasureRequest';

/** What a call may name (E24). */
export const mostIdentities = 5_000;
const shownFound = 100;

export function requestOperations(parts: ErasureParts & { readonly pagingTokens: PagingTokens }): Handlers<Operation> {
  const { database, audience, pagingTokens } = parts;
  const show = async (request: StoredRequest, call: ProjectCall): Promise<ErasureRequestResponse> =>
    toResponse(request, await listCounts(database.query, request), call.project.id);
  const hashOf = (projectNumber: number) => (identity: NamedIdentity) =>
    audience.identities.of(projectNumber, identity);

  return {
    async CreateErasureRequest({ CreateErasureRequestRequest: asked }, call) {
      const identities = readIdentities(asked.Identities, mostIdentities);
      const { project, now } = call;
      const stored = await call.transaction(async (tx) => {
        const made = await createRequest(parts, tx, {
          ...{ accountId: project.accountId, projectNumber: project.number, identities, origin: 'API', now },
          ...{ mode: asked.Mode ?? 'ERASE', callerId: asked.RequestId, waitingDays: asked.WaitingDays },
        });
        call.audited(repointArn(project, `apps/${project.id}/erasure-requests/${made.id}`));
        return made;
      });
      return show(stored, call);
    },

    async GetErasureRequests({ State, ...page }, call) {
      const { project } = call;
      const selection = { projectNumber: project.number, state: readState(State) };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/erasure-requests/${State ?? ''}`,
        page,
        (after, limit) => listRequests(database.query, selection, after, limit),
        (last) => [last.createdAt.toISOString(), last.id],
      );
      return {
        Item: await Promise.all(items.map((request) => show(request, call))),
        ...(NextToken !== undefined && { NextToken }),
      };
    },

    async FindErasureRequests({ ErasureIdentities: { Identities } }, call) {
      const { number } = call.project;
      const hashes = readIdentities(Identities, shownFound).map(hashOf(number));
      const found = await listRequests(database.query, { projectNumber: number, hashes }, undefined, shownFound);
      return { Item: await Promise.all(found.map((request) => show(request, call))) };
    },

    async GetErasureRequest({ ErasureRequestId }, call) {
      return show(await knownRequest(parts, call, ErasureRequestId), call);
    },

    async CancelErasureRequest({ ErasureRequestId }, call) {
      const request = await knownRequest(parts, call, ErasureRequestId);
      await call.transaction(async (tx) => {
        if (await endRequest(parts, tx, request, { from: beforeErasing, to: 'CANCELLED' })) return;
        throw conflict('The request has begun, or has ended: it cannot be taken back');
      });
      return show(await knownRequest(parts, call, ErasureRequestId), call);
    },
  };
}

/** @throws BadRequestException */
function readState(text: string | undefined): ErasureState | undefined {
  const known = erasureStates.find((state) => state === text);
  if (text !== undefined && known === undefined) throw badRequest(`state must be one of ${erasureStates.join(', ')}`);
  return known;
}

async function knownRequest(
  { database }: Pick<ErasureParts, 'database'>,
  { project }: ProjectCall,
  id: string,
): Promise<StoredRequest> {
  const request = await findRequest(database.query, { projectNumber: project.number, id });
  if (request === undefined) throw notFound();
  return request;
}
