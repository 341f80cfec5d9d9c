/**
 * A request from its first step to its last. Every step is written down before the next one begins, and may be done again
 * after a kill: a search replaces what an earlier one found, a piece is accepted once, steps count what they took in the
 * transaction that takes it.
 */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import { liftSuppression, suppressIdentities } from '../../audience/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { countAddresses, resolve, toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import { beforeErasing, erases, type RequestKey, type StoredRequest } from '../requests/request.ts';
import { openIdentities, sealSubject } from '../requests/seal.ts';
import {
  findRequest,
  movePiece,
  moveRequest,
  replacePieces,
  replaceSubject,
  type StoredPiece,
  setAccepted,
  setFound,
} from '../requests/store.ts';
import { stillInactive } from '../retention/inactive.ts';
import { acceptPiece } from './accept.ts';
import { endRequest } from './end.ts';
import { find } from './find.ts';
import { finish, hasFiles } from './finish.ts';
import { enqueueErasure, enqueueFinish } from './job-definition.ts';
import { piecesIn, subjectOfPiece } from './pieces.ts';
import { emptyInSteps } from './steps.ts';

export async function runErasure(parts: ErasureParts, key: RequestKey, signal: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  const request = await findRequest(database.query, key);
  if (request === undefined || request.endedAt !== null) return;
  if (!erases(request.mode)) return changeSuppression(parts, request);
  if (beforeErasing.includes(request.state) && !(await prepare(parts, request, signal))) return;
  await eraseRows(parts, request, signal);
  const goesThroughFiles = await hasFiles(parts, request);
  await database.transaction(async (tx) => {
    await moveRequest(tx, request, { from: ['ERASING'], to: 'VERIFYING', now: clock.now() });
    // Where others wait for the same, and keep nobody's place.
    if (goesThroughFiles) await enqueueFinish(tx, request.projectNumber);
  });
  if (!goesThroughFiles) await finish(parts, [request], signal);
}

/** @returns whether it is time to erase */
async function prepare(parts: ErasureParts, request: StoredRequest, signal: AbortSignal): Promise<boolean> {
  const { database, clock, sealKey } = parts;
  const isDue = () => clock.now() >= request.dueAt;
  if (request.state === 'WAITING' && !isDue()) return false;
  if (!(await moveRequest(database.query, request, { from: beforeErasing, to: 'FINDING', now: clock.now() })))
    return false;
  if (request.sealedIdentities === null) throw new Error('Nobody knows any more whom an erasure is about.');
  const identities = openIdentities(sealKey, request, request.sealedIdentities);
  const found = await find(parts, request, identities, { signal });
  return database.transaction(async (tx) => {
    const { people, userIds, addresses } = found.resolved;
    const counted = sql`endpoints = ${people.length}, users = ${userIds.length}, addresses = ${countAddresses(addresses)}`;
    const to = isDue() ? 'ERASING' : 'WAITING';
    const change = { from: ['FINDING'] as const, to, now: clock.now(), also: counted } as const;
    if (!(await moveRequest(tx, request, change))) return false;
    await replacePieces(
      tx,
      request,
      found.subjects.map((subject) => sealSubject(sealKey, request, subject)),
    );
    await setFound(tx, request, found.counts);
    if (to === 'WAITING') await enqueueErasure(tx, request, request.dueAt);
    return to === 'ERASING';
  });
}

async function eraseRows(parts: ErasureParts, request: StoredRequest, signal: AbortSignal): Promise<void> {
  if (request.mode === 'ERASE_AND_SUPPRESS' && request.acceptedAt === null) await suppressNamed(parts, request);
  // All are gone from the API before the first of them is gone everywhere.
  for (const piece of await piecesIn(parts, request, 'FOUND')) {
    signal.throwIfAborted();
    await acceptOnce(parts, request, piece);
  }
  await setAccepted(parts.database.query, request, parts.clock.now());
  for (const piece of await piecesIn(parts, request, 'ACCEPTED')) {
    await emptyInSteps(parts, { ...piece, mode: request.mode }, subjectOfPiece(parts, request, piece), signal);
  }
}

/** Also who was named by a hash that nobody has yet: they are in no piece. */
async function suppressNamed(parts: ErasureParts, request: StoredRequest) {
  const { database, audience, sealKey, clock } = parts;
  const { projectNumber, sealedIdentities } = request;
  if (sealedIdentities === null) throw new Error('Nobody knows any more whom a request is about.');
  const named = openIdentities(sealKey, request, sealedIdentities);
  const hashes = named.map((identity) => audience.identities.of(projectNumber, identity));
  await database.transaction(async (tx) => {
    await suppressIdentities(tx, projectNumber, hashes, clock.now());
    await tellSuppression(parts, tx, request, 'SUPPRESS', hashes);
  });
  audience.forgetRules(projectNumber);
}

/** @returns false when somebody else has done so */
export function acceptOnce(parts: ErasureParts, request: StoredRequest, piece: StoredPiece): Promise<boolean> {
  const found = subjectOfPiece(parts, request, piece);
  return parts.database.transaction(async (tx) => {
    if (!(await movePiece(tx, piece, 'FOUND', 'ACCEPTED'))) return false;
    const subject = request.origin === 'RETENTION' ? await stillInactive(tx, request, found) : found;
    if (subject !== found) await replaceSubject(tx, piece, sealSubject(parts.sealKey, request, subject));
    const through = await acceptPiece(parts, tx, { ...piece, mode: request.mode }, subject);
    return movePiece(tx, piece, 'ACCEPTED', 'ACCEPTED', through);
  });
}

type Change = 'SUPPRESS' | 'UNSUPPRESS';

async function tellSuppression(
  { hooks }: Pick<ErasureParts, 'hooks'>,
  tx: Transaction,
  { projectNumber, id, accountId }: StoredRequest,
  change: Change,
  identities: readonly Buffer[],
): Promise<void> {
  for (const hook of hooks) await hook.suppressing?.(tx, { projectNumber, id, accountId, change, identities });
}

/** Without any erasure: who may be stored from now on. */
async function changeSuppression(parts: ErasureParts, request: StoredRequest): Promise<void> {
  const { database, sealKey, audience, clock } = parts;
  if (request.sealedIdentities === null) throw new Error('Nobody knows any more whom a request is about.');
  const { projectNumber } = request;
  const identities = openIdentities(sealKey, request, request.sealedIdentities);
  const resolved = await resolve(database.keyedQuery, projectNumber, identities);
  const linked = toSubjects(request, resolved).flatMap((subject) => hashesOfSubject(audience.identities, subject));
  const hashes = [...identities.map((identity) => audience.identities.of(projectNumber, identity)), ...linked];
  await database.transaction(async (tx) => {
    if (request.mode === 'SUPPRESS') await suppressIdentities(tx, projectNumber, hashes, clock.now());
    else await liftSuppression(tx, projectNumber, hashes);
    await tellSuppression(parts, tx, request, request.mode as Change, hashes);
    await endRequest(parts, tx, request, { from: [request.state], to: 'COMPLETED' });
  });
  audience.forgetRules(projectNumber);
}
