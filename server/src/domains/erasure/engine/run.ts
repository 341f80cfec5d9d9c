/**
 * A request from its first step to its last. Every step is written down before the next one begins, and may be done again
 * after a kill: a search replaces what an earlier one found, a piece is accepted once, steps count what they took in the
 * transaction that takes it.
 */
import { sql } from 'kysely';
import { liftSuppression, suppressIdentities } from '../../audience/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { countAddresses, resolve, toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import { beforeErasing, erases, type RequestKey, type Skipped, type StoredRequest } from '../requests/request.ts';
import { openIdentities, openSubject, sealSubject } from '../requests/seal.ts';
import {
  findRequest,
  insertPieces,
  listPieces,
  movePiece,
  moveRequest,
  replacePieces,
  type StoredPiece,
  setFound,
  setLeftOver,
  setSkipped,
} from '../requests/store.ts';
import { acceptPiece } from './accept.ts';
import { endRequest } from './end.ts';
import { find } from './find.ts';
import { enqueueErasure } from './job-definition.ts';
import { emptyInSteps } from './steps.ts';
import { verifyPiece } from './verify.ts';

/** Something could not be done and may be done later: the job is tried again. */
export class ErasureIncomplete extends Error {
  constructor() {
    super('An erasure is not complete yet.');
    this.name = 'ErasureIncomplete';
  }
}

export async function runErasure(parts: ErasureParts, key: RequestKey, signal: AbortSignal): Promise<void> {
  const request = await findRequest(parts.database.query, key);
  if (request === undefined || request.endedAt !== null) return;
  if (!erases(request.mode)) return changeSuppression(parts, request);
  if (beforeErasing.includes(request.state) && !(await prepare(parts, request, signal))) return;
  await erase(parts, request, signal);
  await verify(parts, request, signal);
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
  const found = await find(parts, request, identities, signal);
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

async function erase(parts: ErasureParts, request: StoredRequest, signal: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  // All are gone from the API before the first of them is gone everywhere.
  for (const piece of await piecesIn(parts, request, 'FOUND')) {
    signal.throwIfAborted();
    await acceptOnce(parts, request, piece);
  }
  await sql`
    update erasure_requests set accepted_at = coalesce(accepted_at, ${clock.now()})
    where project_number = ${request.projectNumber} and id = ${request.id}`.execute(database.query);
  /** By what is said: a file may hold people of several pieces. */
  const told = new Map<string, Skipped>();
  for (const piece of await piecesIn(parts, request, 'ACCEPTED')) {
    const subject = subjectOfPiece(parts, request, piece);
    await emptyInSteps(parts, { ...piece, mode: request.mode }, subject, signal);
    const inFiles: Skipped[] = [];
    for (const location of parts.locations.files) {
      const forgotten = await location.forget(subject, signal);
      inFiles.push(...forgotten.skipped);
      await countFiles(parts, request, location.name, forgotten.erased);
    }
    for (const each of inFiles) told.set(JSON.stringify(each), each);
    if (inFiles.length === 0) await database.transaction((tx) => movePiece(tx, piece, 'ACCEPTED', 'ERASED'));
  }
  await setSkipped(database.query, request, [...told.values()]);
  if (told.size === 0) return;
  await moveRequest(database.query, request, { from: ['ERASING'], to: 'PARTIALLY_COMPLETED', now: clock.now() });
  throw new ErasureIncomplete();
}

async function acceptOnce(parts: ErasureParts, request: StoredRequest, piece: StoredPiece): Promise<void> {
  const subject = subjectOfPiece(parts, request, piece);
  await parts.database.transaction(async (tx) => {
    if (!(await movePiece(tx, piece, 'FOUND', 'ACCEPTED'))) return;
    const through = await acceptPiece(parts, tx, { ...piece, mode: request.mode }, subject);
    await movePiece(tx, piece, 'ACCEPTED', 'ACCEPTED', through);
  });
}

async function countFiles(parts: ErasureParts, request: RequestKey, location: string, erased: number): Promise<void> {
  if (erased === 0) return;
  await sql`
    insert into erasure_counts as stored (project_number, request_id, location, erased)
    values (${request.projectNumber}, ${request.id}, ${location}, ${erased})
    on conflict (project_number, request_id, location) do update set erased = stored.erased + excluded.erased`.execute(
    parts.database.query,
  );
}

async function verify(parts: ErasureParts, request: StoredRequest, signal: AbortSignal): Promise<void> {
  const { database, clock } = parts;
  const from = ['ERASING', 'PARTIALLY_COMPLETED', 'VERIFYING'] as const;
  if (!(await moveRequest(database.query, request, { from, to: 'VERIFYING', now: clock.now() }))) return;
  const left = new Map<string, number>();
  const pieces = (await listPieces(database.query, request)).filter(({ state }) => state !== 'VERIFIED');
  for (const piece of pieces) {
    const subject = subjectOfPiece(parts, request, piece);
    const found = await verifyPiece(parts, { ...piece, mode: request.mode }, subject, signal);
    for (const [location, count] of found) left.set(location, (left.get(location) ?? 0) + count);
    if ([...found.values()].every((count) => count === 0)) {
      await database.transaction((tx) => movePiece(tx, piece, 'ERASED', 'VERIFIED'));
    }
  }
  await database.transaction((tx) =>
    setLeftOver(tx, request, new Map(parts.locations.rows.map(({ name }) => [name, left.get(name) ?? 0]))),
  );
  const isLeft = [...left.values()].some((count) => count > 0);
  if (isLeft || (await cameBack(parts, request))) {
    await moveRequest(database.query, request, { from: ['VERIFYING'], to: 'ERASING', now: clock.now() });
    throw new ErasureIncomplete();
  }
  await database.transaction((tx) => endRequest(parts, tx, request, { from: ['VERIFYING'], to: 'COMPLETED' }));
}

/**
 * Whoever is suppressed may have been stored by a writer that began before: they are erased like the others.
 * @returns whether there was anybody
 */
async function cameBack(parts: ErasureParts, request: StoredRequest): Promise<boolean> {
  if (request.mode !== 'ERASE_AND_SUPPRESS' || request.sealedIdentities === null) return false;
  const { database, sealKey } = parts;
  const identities = openIdentities(sealKey, request, request.sealedIdentities);
  const resolved = await resolve(database.keyedQuery, request.projectNumber, identities);
  if (resolved.people.length === 0) return false;
  const sealed = toSubjects(request, resolved).map((subject) => sealSubject(sealKey, request, subject));
  const pieces = await listPieces(database.query, request);
  await database.transaction((tx) => insertPieces(tx, request, sealed, pieces.length));
  return true;
}

type Change = 'SUPPRESS' | 'UNSUPPRESS';

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
    for (const hook of parts.hooks) {
      const { id, accountId, mode: change } = request;
      await hook.suppressing?.(tx, { projectNumber, id, accountId, change: change as Change, identities: hashes });
    }
    await endRequest(parts, tx, request, { from: [request.state], to: 'COMPLETED' });
  });
  audience.forgetRules(projectNumber);
}

async function piecesIn(
  { database }: ErasureParts,
  request: RequestKey,
  state: StoredPiece['state'],
): Promise<StoredPiece[]> {
  return (await listPieces(database.query, request)).filter((piece) => piece.state === state);
}

function subjectOfPiece({ sealKey }: ErasureParts, request: StoredRequest, piece: StoredPiece) {
  if (piece.sealedSubject === null) throw new Error('Nobody knows any more whom a piece of an erasure is about.');
  const { throughGeneration: generation, throughAt: at } = piece;
  const through = generation === null || at === null ? undefined : { generation, at };
  return openSubject(sealKey, request, piece.sealedSubject, through);
}
