/** A request for what is held on somebody, made by whoever may: our API, the command line, OpenDSR. */
import { createHmac } from 'node:crypto';
import type { Executor, Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Place } from '../../../object-store/index.ts';
import type { NamedIdentity } from '../identities/identity.ts';
import type { ErasureParts } from '../parts.ts';
import { sealIdentities } from '../requests/seal.ts';
import { newArchiveUrl } from './files.ts';
import { enqueueAccess } from './job-definition.ts';
import type { AccessOrigin, StoredAccess } from './request.ts';
import { findAccessByCallerId, insertAccess } from './store.ts';

export interface AskedAccess {
  readonly accountId: string;
  readonly projectNumber: number;
  readonly identities: readonly NamedIdentity[];
  readonly callerId: string | undefined;
  readonly hours: number | undefined;
  readonly origin: AccessOrigin;
  readonly now: Date;
}

export const defaultHours = 72;
const mostHours = 720;

/**
 * Part of a transaction. The same again is the same request.
 * @throws BadRequestException, ConflictException
 */
export async function createAccess(
  { audience, sealKey }: Pick<ErasureParts, 'audience' | 'sealKey'>,
  folder: Place,
  tx: Transaction,
  asked: AskedAccess,
): Promise<StoredAccess> {
  const { accountId, projectNumber, identities, origin, now, hours = defaultHours } = asked;
  if (asked.callerId?.trim() === '') throw badRequest('RequestId is empty');
  if (!Number.isInteger(hours) || hours < 1 || hours > mostHours) {
    throw badRequest(`ExpiresInHours must be from 1 to ${mostHours}`);
  }
  const key = { projectNumber, id: newId() };
  const hashes = identities.map((identity) => audience.identities.of(projectNumber, identity));
  const said = JSON.stringify([hours, ...hashes.map((hash) => hash.toString('hex')).sort()]);
  const requestHash = createHmac('sha256', sealKey).update(said).digest();
  const types: Record<string, number> = {};
  for (const { type } of identities) types[type] = (types[type] ?? 0) + 1;
  const callerId = asked.callerId ?? key.id;
  const isNew = await insertAccess(tx, {
    ...{ ...key, accountId, callerId, requestHash, origin, createdAt: now, hours },
    sealedIdentities: sealIdentities(sealKey, key, identities),
    ...{ identityHashes: hashes, identityTypes: types, url: newArchiveUrl(folder) },
  });
  if (isNew) await enqueueAccess(tx, key);
  const stored = await storedBy(tx, projectNumber, callerId);
  if (!stored.requestHash.equals(requestHash)) throw conflict('RequestId was used for another request');
  return stored;
}

async function storedBy(query: Executor, projectNumber: number, callerId: string): Promise<StoredAccess> {
  const stored = await findAccessByCallerId(query, projectNumber, callerId);
  if (stored === undefined) throw new Error('A request was stored and is not there.');
  return stored;
}
