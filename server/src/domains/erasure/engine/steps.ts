/**
 * The places that may hold any number of rows of somebody, emptied in bounded transactions that each count what they took:
 * a kill between two of them loses nothing and counts nothing twice.
 */
import type { Location, Subject, Transaction } from '../../../database/index.ts';
import { retain } from '../holds/retain.ts';
import { type Hold, listHolds } from '../holds/store.ts';
import type { ErasureParts } from '../parts.ts';
import type { ErasureMode } from '../requests/request.ts';
import { addCounts } from '../requests/store.ts';
import type { PieceOf } from './accept.ts';

const rowsPerStep = 1_000;

export async function emptyInSteps(
  parts: ErasureParts,
  piece: PieceOf,
  subject: Subject,
  signal: AbortSignal,
): Promise<void> {
  for (const location of parts.locations.rows.filter(({ goes }) => goes === 'in steps')) {
    await emptyLocation(parts, piece, { location, subject, signal });
  }
}

/** @returns rows that went */
export async function emptyLocation(
  parts: ErasureParts,
  piece: PieceOf,
  { location, subject, signal }: { location: Location; subject: Subject; signal: AbortSignal },
): Promise<number> {
  let all = 0;
  for (let gone = rowsPerStep; gone >= rowsPerStep && (all === 0 || location.goes === 'in steps'); all += gone) {
    signal.throwIfAborted();
    gone = await parts.database.keyedTransaction(async (tx) => {
      const holds = await listHolds(tx, subject.projectNumber, parts.clock.now());
      const { erased, retained } = await takeStep(parts, tx, piece, { location, subject, holds, limit: rowsPerStep });
      await addCounts(tx, piece, [{ location: location.name, erased, retained }]);
      return erased;
    });
  }
  return all;
}

/** Whoever calls it writes down what went and what was kept. */
export async function takeStep(
  parts: ErasureParts,
  tx: Transaction,
  piece: PieceOf,
  step: {
    readonly location: Location;
    readonly subject: Subject;
    readonly holds: readonly Hold[];
    readonly limit: number;
  },
): Promise<{ readonly erased: number; readonly retained: number }> {
  const { location, subject, holds, limit } = step;
  const place = { ...piece, location: location.name };
  const retained = await retain(parts, tx, holds, { location, subject, place });
  return { erased: await takeOut(location, piece.mode, tx, subject, limit), retained };
}

function takeOut(
  location: Location,
  mode: ErasureMode,
  tx: Transaction,
  subject: Subject,
  limit: number,
): Promise<number> {
  return mode === 'ANONYMISE' && location.anonymise !== undefined
    ? location.anonymise(tx, subject, limit)
    : location.forget(tx, subject, limit);
}
