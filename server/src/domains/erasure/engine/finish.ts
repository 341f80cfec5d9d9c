/**
 * The last steps of requests whose rows are gone: the files of their project, the search afterwards (E17), the end. Reading
 * files costs the same for one person as for thousands, so all requests of a project that wait go through them together.
 */
import type { Subject } from '../../../database/index.ts';
import { resolve, toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import type { RequestKey, Skipped, StoredRequest } from '../requests/request.ts';
import { openIdentities, sealSubject } from '../requests/seal.ts';
import {
  addErased,
  insertPieces,
  listFinishing,
  listPieces,
  movePiece,
  moveRequest,
  type StoredPiece,
  setLeftOver,
  setSkipped,
} from '../requests/store.ts';
import { endRequest } from './end.ts';
import { enqueueErasure } from './job-definition.ts';
import { readDatabaseTime, untilOlderHaveEnded } from './older-transactions.ts';
import { piecesIn, subjectOfPiece } from './pieces.ts';
import { verifyPiece } from './verify.ts';

/** Something could not be done and may be done later: the job is tried again. */
export class ErasureIncomplete extends Error {
  constructor() {
    super('An erasure is not complete yet.');
    this.name = 'ErasureIncomplete';
  }
}

export async function hasFiles({ locations }: ErasureParts, { projectNumber }: RequestKey): Promise<boolean> {
  for (const location of locations.files) if (await location.hasAny(projectNumber)) return true;
  return false;
}

/**
 * Of all requests of a project that wait for it.
 * @returns false when files are being written that may still get somebody: it is too early
 * @throws ErasureIncomplete
 */
export async function finishErasures(
  parts: ErasureParts,
  projectNumber: number,
  signal: AbortSignal,
): Promise<boolean> {
  const requests = await listFinishing(parts.database.query, projectNumber);
  if (requests.length === 0) return true;
  const waiting = await Promise.all(requests.map((request) => subjectsIn(parts, request, 'ACCEPTED')));
  const subjects = waiting.flatMap((each) => each.map(({ subject }) => subject));
  if (subjects.length > 0) {
    for (const location of parts.locations.files) if (await location.isBeingWritten(subjects)) return false;
  }
  await finish(parts, requests, signal);
  return true;
}

/** @throws ErasureIncomplete when any of them is not done; the others are */
export async function finish(
  parts: ErasureParts,
  requests: readonly StoredRequest[],
  signal: AbortSignal,
): Promise<void> {
  const skipped = await eraseInFiles(parts, requests, signal);
  if (skipped.length > 0) throw new ErasureIncomplete();
  // Once for all of them: whoever began to write before has ended by then.
  await untilOlderHaveEnded(parts.database, await readDatabaseTime(parts.database.query), signal);
  let isWhole = true;
  for (const request of requests) {
    signal.throwIfAborted();
    if (!(await verify(parts, request, signal))) isWhole = false;
  }
  if (!isWhole) throw new ErasureIncomplete();
}

/** @returns what could not be done: then none of them is complete */
async function eraseInFiles(
  parts: ErasureParts,
  requests: readonly StoredRequest[],
  signal: AbortSignal,
): Promise<Skipped[]> {
  const { database, clock, locations } = parts;
  const waiting = (
    await Promise.all(
      requests.map(async (request) => ({ request, pieces: await subjectsIn(parts, request, 'ACCEPTED') })),
    )
  ).filter(({ pieces }) => pieces.length > 0);
  if (waiting.length === 0) return [];
  const told = new Map<string, Skipped>();
  for (const location of locations.files) {
    const { skipped } = await location.forget(
      waiting.map(({ pieces }) => pieces.map(({ subject }) => subject)),
      signal,
      (index, rows) =>
        addErased(database.query, (waiting[index] as (typeof waiting)[number]).request, location.name, rows),
    );
    for (const each of skipped) told.set(JSON.stringify(each), each);
  }
  const skipped = [...told.values()];
  for (const { request, pieces } of waiting) {
    await database.transaction(async (tx) => {
      await setSkipped(tx, request, skipped);
      if (skipped.length === 0) for (const { piece } of pieces) await movePiece(tx, piece, 'ACCEPTED', 'ERASED');
      else await moveRequest(tx, request, { from: ['VERIFYING'], to: 'PARTIALLY_COMPLETED', now: clock.now() });
    });
  }
  return skipped;
}

/** @returns whether it is completed */
async function verify(parts: ErasureParts, request: StoredRequest, signal: AbortSignal): Promise<boolean> {
  const { database, clock } = parts;
  const from = ['PARTIALLY_COMPLETED', 'VERIFYING'] as const;
  if (!(await moveRequest(database.query, request, { from, to: 'VERIFYING', now: clock.now() }))) return true;
  const left = new Map<string, number>();
  for (const { piece, subject } of await subjectsIn(parts, request, 'ERASED')) {
    const found = await verifyPiece(parts, { ...piece, mode: request.mode }, subject, signal);
    for (const [location, count] of found) left.set(location, (left.get(location) ?? 0) + count);
    if ([...found.values()].every((count) => count === 0)) {
      await database.transaction((tx) => movePiece(tx, piece, 'ERASED', 'VERIFIED'));
    }
  }
  const counts = [
    ...parts.locations.rows.map(({ name }): [string, number] => [name, left.get(name) ?? 0]),
    // Going through files ends with a search that found nothing; whatever was skipped does not come here.
    ...parts.locations.files.map(({ name }): [string, number] => [name, 0]),
  ];
  await database.transaction((tx) => setLeftOver(tx, request, new Map(counts)));
  const isLeft = [...left.values()].some((count) => count > 0);
  if (!isLeft && !(await cameBack(parts, request))) {
    await database.transaction((tx) => endRequest(parts, tx, request, { from: ['VERIFYING'], to: 'COMPLETED' }));
    return true;
  }
  await database.transaction(async (tx) => {
    await moveRequest(tx, request, { from: ['VERIFYING'], to: 'ERASING', now: clock.now() });
    await enqueueErasure(tx, request);
  });
  return false;
}

async function subjectsIn(
  parts: ErasureParts,
  request: StoredRequest,
  state: StoredPiece['state'],
): Promise<{ readonly piece: StoredPiece; readonly subject: Subject }[]> {
  const pieces = await piecesIn(parts, request, state);
  return pieces.map((piece) => ({ piece, subject: subjectOfPiece(parts, request, piece) }));
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

/** Nobody can still be waiting for what could not be done in so long. */
const patienceDays = 3;

/** Those of a project that wait for longer than anybody should. */
export async function listOverdue(parts: ErasureParts, projectNumber: number): Promise<readonly StoredRequest[]> {
  const before = new Date(parts.clock.now().getTime() - patienceDays * 24 * 3_600_000);
  const requests = await listFinishing(parts.database.query, projectNumber);
  return requests.filter(({ acceptedAt }) => acceptedAt !== null && acceptedAt < before);
}
