/** Requests about people (ours): asked for, looked at, taken back while they wait. */
import { createHmac } from 'node:crypto';
import type { CreateErasureRequestRequest, ErasureRequestResponse } from '../../../contract/repoint-types.ts';
import { badRequest, conflict, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import { version } from '../../../kernel/version.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import { endRequest } from '../engine/end.ts';
import { enqueueErasure } from '../engine/job-definition.ts';
import { type NamedIdentity, readIdentities } from '../identities/identity.ts';
import type { ErasureParts } from '../parts.ts';
import { readSettings } from '../settings/store.ts';
import { beforeErasing, erases, type StoredRequest } from './request.ts';
import { toResponse } from './response.ts';
import { sealIdentities } from './seal.ts';
import { findByCallerId, findRequest, insertRequest, listCounts, listRequests, type NewRequest } from './store.ts';

type Operation =
  | 'CreateErasureRequest'
  | 'GetErasureRequests'
  | 'FindErasureRequests'
  | 'GetErasureRequest'
  | 'CancelErasureRequest';

/** What a call may name (E24). */
export const mostIdentities = 5_000;
const shownFound = 100;
const dayMilliseconds = 24 * 3600 * 1000;

export function requestOperations(parts: ErasureParts & { readonly pagingTokens: PagingTokens }): Handlers<Operation> {
  const { database, audience, pagingTokens } = parts;
  const show = async (request: StoredRequest, call: ProjectCall): Promise<ErasureRequestResponse> =>
    toResponse(request, await listCounts(database.query, request), call.project.id);
  const hashOf = (projectNumber: number) => (identity: NamedIdentity) =>
    audience.identities.of(projectNumber, identity);

  return {
    async CreateErasureRequest({ CreateErasureRequestRequest: asked }, call) {
      const identities = readIdentities(asked.Identities, mostIdentities);
      const request = await newRequest(parts, call, asked, identities);
      const isNew = await call.transaction(async (tx) => {
        call.audited(repointArn(call.project, `apps/${call.project.id}/erasure-requests/${request.id}`));
        if (!(await insertRequest(tx, request))) return false;
        await enqueueErasure(tx, request);
        return true;
      });
      const stored = isNew
        ? await findRequest(database.query, request)
        : await findByCallerId(database.query, call.project.number, request.callerId);
      if (stored === undefined) throw new Error('A request was stored and is not there.');
      if (!stored.requestHash.equals(request.requestHash)) throw conflict('RequestId was used for another request');
      return show(stored, call);
    },

    async GetErasureRequests(page, call) {
      const { project } = call;
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/erasure-requests`,
        page,
        (after, limit) => listRequests(database.query, project.number, undefined, after, limit),
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
      const found = await listRequests(database.query, number, hashes, undefined, shownFound);
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

async function knownRequest(
  { database }: Pick<ErasureParts, 'database'>,
  { project }: ProjectCall,
  id: string,
): Promise<StoredRequest> {
  const request = await findRequest(database.query, { projectNumber: project.number, id });
  if (request === undefined) throw notFound();
  return request;
}

async function newRequest(
  { database, audience, sealKey }: ErasureParts,
  { project, now }: ProjectCall,
  { RequestId, Mode = 'ERASE', WaitingDays }: CreateErasureRequestRequest,
  identities: readonly NamedIdentity[],
): Promise<NewRequest> {
  if (RequestId !== undefined && RequestId.trim() === '') throw badRequest('RequestId is empty');
  const id = newId();
  const days = WaitingDays ?? (await readSettings(database.query, project.number)).waitingDays;
  const key = { projectNumber: project.number, id };
  const hashes = identities.map((identity) => audience.identities.of(project.number, identity));
  const asked = [Mode, WaitingDays ?? null, ...hashes.map((hash) => hash.toString('hex')).sort()];
  const types: Record<string, number> = {};
  for (const { type } of identities) types[type] = (types[type] ?? 0) + 1;
  return {
    ...key,
    accountId: project.accountId,
    callerId: RequestId ?? id,
    requestHash: createHmac('sha256', sealKey).update(JSON.stringify(asked)).digest(),
    origin: 'API',
    mode: Mode,
    // Whoever may ask for it stands for it that the person did.
    state: 'VERIFIED',
    createdAt: now,
    dueAt: erases(Mode) ? new Date(now.getTime() + days * dayMilliseconds) : now,
    sealedIdentities: sealIdentities(sealKey, key, identities),
    identityHashes: hashes,
    identityTypes: types,
    ...{ endpoints: 0, users: 0, addresses: 0, version },
  };
}
