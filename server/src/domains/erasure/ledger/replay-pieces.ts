/**
 * Entries whose request the database still has: a kill came between the ledger and the commit, or the restored database is
 * from the time of the request. The request itself goes on from where it stood, so that everything is counted where it was
 * asked for.
 */
import { acceptOnce } from '../engine/run.ts';
import type { StoredRequest } from '../requests/request.ts';
import { findRequest, listPieces, type StoredPiece } from '../requests/store.ts';
import { claim } from './claim.ts';
import type { LedgerEntry } from './entry.ts';
import type { ReplayParts } from './replay-parts.ts';

export interface StandingPiece {
  readonly request: StoredRequest;
  readonly piece: StoredPiece;
}

/** Each part in the order of the ledger. */
export async function splitByRequest(parts: ReplayParts, due: readonly LedgerEntry[]) {
  const ofRequests: { readonly entry: LedgerEntry; readonly piece: StandingPiece }[] = [];
  const others: LedgerEntry[] = [];
  for (const entry of due) {
    const piece = await findStanding(parts, entry);
    if (piece === undefined) others.push(entry);
    else ofRequests.push({ entry, piece });
  }
  return { ofRequests, others };
}

async function findStanding({ database }: ReplayParts, { body }: LedgerEntry): Promise<StandingPiece | undefined> {
  if (body.kind !== 'PEOPLE' || body.of === undefined) return undefined;
  const request = await findRequest(database.query, { projectNumber: body.projectNumber, id: body.of.requestId });
  if (request?.state !== 'ERASING') return undefined;
  const piece = (await listPieces(database.query, request)).find((each) => each.piece === body.of?.piece);
  return piece?.sealedSubject ? { request, piece } : undefined;
}

/** The entry counts as done afterwards: a kill in between finds the piece accepted. @returns whether it was not before */
export async function replayPiece(
  parts: ReplayParts,
  entry: LedgerEntry,
  { request, piece }: StandingPiece,
): Promise<boolean> {
  const accepted = await acceptOnce(parts, request, piece);
  await parts.database.transaction((tx) => claim(tx, entry, parts.clock.now()));
  return accepted;
}
