/** A subject request becomes an erasure or an access request of ours, once; and is taken back while it is pending. */
import { createHmac } from 'node:crypto';
import type { Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { newRequestId } from '../../../kernel/ids.ts';
import type { Place } from '../../../object-store/index.ts';
import { type AuditTrail, repointArn } from '../../accounts/index.ts';
import { createAccess, defaultHours } from '../access/create.ts';
import type { ArchiveLinks } from '../access/links.ts';
import { deleteWaitingAccess } from '../access/store.ts';
import { endRequest } from '../engine/end.ts';
import type { ErasureParts } from '../parts.ts';
import { createRequest } from '../requests/create.ts';
import { beforeErasing } from '../requests/request.ts';
import { readBody, type SubjectRequest } from './body.ts';
import type { OpenDsrCall } from './call.ts';
import { tellStatus } from './status.ts';
import { findBySubjectRequestId, insertOpenDsr, type OpenDsrRequest } from './store.ts';

export interface SubjectRequestParts {
  readonly erasure: ErasureParts;
  readonly links: ArchiveLinks;
  readonly folder: Place;
  readonly audit: Pick<AuditTrail, 'recordChange'>;
}

const dayMilliseconds = 24 * 3600 * 1000;

/** §7.3. @throws BadRequestException, ConflictException */
export async function receiveSubjectRequest(parts: SubjectRequestParts, call: OpenDsrCall): Promise<object> {
  const { settings, project, request } = call;
  const asked = readBody(request.body, settings.domain, project.id);
  const hash = createHmac('sha256', parts.erasure.sealKey).update(request.body).digest();
  const stored = await parts.erasure.database.transaction(async (tx) => {
    const known = await findBySubjectRequestId(tx, project.number, asked.subjectRequestId);
    return known ?? receive(parts, tx, call, asked, hash);
  });
  if (!stored.requestHash.equals(hash)) throw badRequest('subject_request_id was used for another request');
  return {
    controller_id: settings.controllerId,
    expected_completion_time: toTimestamp(stored.expectedAt),
    received_time: toTimestamp(stored.receivedAt),
    encoded_request: request.body.toString('base64'),
    subject_request_id: stored.subjectRequestId,
  };
}

async function receive(
  parts: SubjectRequestParts,
  tx: Transaction,
  call: OpenDsrCall,
  { subjectRequestId, type, identities, callbackUrls }: SubjectRequest,
  requestHash: Buffer,
): Promise<OpenDsrRequest> {
  const { project, apiVersion } = call;
  const now = parts.erasure.clock.now();
  const asked = {
    accountId: project.accountId,
    projectNumber: project.number,
    identities,
    now,
    origin: 'OPENDSR' as const,
  };
  // Its own names are its own: those of our API cannot be in the way.
  const callerId = `opendsr ${subjectRequestId}`;
  const made =
    type === 'erasure'
      ? await createRequest(parts.erasure, tx, { ...asked, callerId, mode: 'ERASE', waitingDays: undefined })
      : await createAccess(parts.erasure, parts.folder, tx, { ...asked, callerId, hours: defaultHours });
  const due = 'dueAt' in made ? made.dueAt : now;
  await insertOpenDsr(tx, {
    ...{ projectNumber: project.number, subjectRequestId, type, status: 'pending', apiVersion, requestHash },
    ...{ requestId: made.id, receivedAt: now, callbackUrls },
    expectedAt: new Date(due.getTime() + dayMilliseconds),
  });
  const isErasure = type === 'erasure';
  const operation = isErasure ? 'CreateErasureRequest' : 'CreateAccessRequest';
  await record(parts, tx, call, {
    operation,
    resource: `${isErasure ? 'erasure' : 'access'}-requests/${made.id}`,
    now,
  });
  return (await findBySubjectRequestId(tx, project.number, subjectRequestId)) as OpenDsrRequest;
}

/** §9: only while it is pending. @throws BadRequestException */
export async function cancelSubjectRequest(
  parts: SubjectRequestParts,
  call: OpenDsrCall,
  { projectNumber, requestId: id, type, subjectRequestId, apiVersion }: OpenDsrRequest,
): Promise<object> {
  const now = parts.erasure.clock.now();
  await parts.erasure.database.transaction(async (tx) => {
    const key = { projectNumber, id };
    const isCancelled =
      type === 'erasure'
        ? await endRequest(parts.erasure, tx, key, { from: beforeErasing, to: 'CANCELLED' })
        : await deleteWaitingAccess(tx, key);
    if (!isCancelled) throw badRequest('The request is not pending any more: it cannot be cancelled');
    if (type !== 'erasure') await tellStatus(tx, key, 'cancelled', now);
    const operation = type === 'erasure' ? 'CancelErasureRequest' : 'DeleteAccessRequest';
    await record(parts, tx, call, {
      operation,
      resource: `${type === 'erasure' ? 'erasure' : 'access'}-requests/${id}`,
      now,
    });
  });
  return {
    controller_id: call.settings.controllerId,
    subject_request_id: subjectRequestId,
    received_time: toTimestamp(now),
    api_version: apiVersion,
  };
}

/** As the operation of ours that does the same. */
async function record(
  { audit }: SubjectRequestParts,
  tx: Transaction,
  { project, settings, request }: OpenDsrCall,
  { operation, resource, now }: { readonly operation: string; readonly resource: string; readonly now: Date },
): Promise<void> {
  const { accountId, region, id: projectId } = project;
  await audit.recordChange(tx, {
    ...{ requestId: newRequestId(), time: now, operation, region, projectId, status: 201, errorCode: undefined },
    caller: {
      ...{ accountId, userName: `OpenDSR (${settings.controllerId})`, arn: '', accessKeyId: '', kind: 'controller' },
      ...{ sourceAddress: request.sourceAddress, secureTransport: false },
    },
    resource: repointArn({ accountId, region }, `apps/${projectId}/${resource}`),
  });
}
