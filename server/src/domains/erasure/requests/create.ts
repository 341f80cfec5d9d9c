/** A request about people, made by whoever may: our API, OpenDSR, the command line. */
import { createHmac } from 'node:crypto';
import type { Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { version } from '../../../kernel/version.ts';
import { enqueueErasure } from '../engine/job-definition.ts';
import type { NamedIdentity } from '../identities/identity.ts';
import type { ErasureParts } from '../parts.ts';
import { readSettings } from '../settings/store.ts';
import { type ErasureMode, type ErasureOrigin, erases, type StoredRequest } from './request.ts';
import { sealIdentities } from './seal.ts';
import { findByCallerId, insertRequest } from './store.ts';

const dayMilliseconds = 24 * 3600 * 1000;

export interface AskedErasure {
  readonly accountId: string;
  readonly projectNumber: number;
  readonly identities: readonly NamedIdentity[];
  readonly mode: ErasureMode;
  readonly origin: ErasureOrigin;
  readonly callerId: string | undefined;
  /** As the project is set when left out. */
  readonly waitingDays: number | undefined;
  readonly now: Date;
}

/**
 * Part of a transaction, with its job. The same again is the same request.
 * @throws BadRequestException, ConflictException
 */
export async function createRequest(
  { audience, sealKey }: Pick<ErasureParts, 'audience' | 'sealKey'>,
  tx: Transaction,
  { accountId, projectNumber, identities, mode, origin, now, ...asked }: AskedErasure,
): Promise<StoredRequest> {
  if (asked.callerId?.trim() === '') throw badRequest('RequestId is empty');
  const key = { projectNumber, id: newId() };
  const callerId = asked.callerId ?? key.id;
  const days = asked.waitingDays ?? (await readSettings(tx, projectNumber)).waitingDays;
  const hashes = identities.map((identity) => audience.identities.of(projectNumber, identity));
  const said = [mode, asked.waitingDays ?? null, ...hashes.map((hash) => hash.toString('hex')).sort()];
  const requestHash = createHmac('sha256', sealKey).update(JSON.stringify(said)).digest();
  const types: Record<string, number> = {};
  for (const { type } of identities) types[type] = (types[type] ?? 0) + 1;
  const isNew = await insertRequest(tx, {
    ...{ ...key, accountId, callerId, requestHash, origin, mode },
    // Whoever may ask for it stands for it that the person did.
    ...{ state: 'VERIFIED', createdAt: now },
    dueAt: erases(mode) ? new Date(now.getTime() + days * dayMilliseconds) : now,
    sealedIdentities: sealIdentities(sealKey, key, identities),
    ...{ identityHashes: hashes, identityTypes: types, endpoints: 0, users: 0, addresses: 0, version },
  });
  if (isNew) await enqueueErasure(tx, key);
  const stored = await findByCallerId(tx, projectNumber, callerId);
  if (stored === undefined) throw new Error('A request was stored and is not there.');
  if (!stored.requestHash.equals(requestHash)) throw conflict('RequestId was used for another request');
  return stored;
}
