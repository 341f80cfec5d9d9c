/** Pieces of requests, with whom they are about. */
import type { Subject } from '../../../database/index.ts';
import type { ErasureParts } from '../parts.ts';
import type { RequestKey, StoredRequest } from '../requests/request.ts';
import { openSubject } from '../requests/seal.ts';
import { listPieces, type StoredPiece } from '../requests/store.ts';

export async function piecesIn(
  { database }: Pick<ErasureParts, 'database'>,
  request: RequestKey,
  state: StoredPiece['state'],
): Promise<StoredPiece[]> {
  return (await listPieces(database.query, request)).filter((piece) => piece.state === state);
}

export function subjectOfPiece(
  { sealKey }: Pick<ErasureParts, 'sealKey'>,
  request: StoredRequest,
  piece: StoredPiece,
): Subject {
  if (piece.sealedSubject === null) throw new Error('Nobody knows any more whom a piece of an erasure is about.');
  const { throughGeneration: generation, throughAt: at } = piece;
  const through = generation === null || at === null ? undefined : { generation, at };
  return openSubject(sealKey, request, piece.sealedSubject, through);
}
