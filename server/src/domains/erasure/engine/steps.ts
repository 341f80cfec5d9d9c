/**
 * The places that may hold any number of rows of somebody, emptied in bounded transactions that each count what they took:
 * a kill between two of them loses nothing and counts nothing twice.
 */
import type { Location, Subject, Transaction } from '../../../database/index.ts';
import { retain } from '../holds/retain.ts';
import { type Hold, listHolds } from '../holds/store.ts';
import type { ErasureParts } from '../parts.ts';
import { noteTouched } from '../physical/touched.ts';
import type { ErasureMode } from '../requests/request.ts';
import { addCounts } from '../requests/store.ts';
import type { PieceOf } from './accept.ts';

const rowsPerStep = 1_000;
/** Most pieces have few rows anywhere: they are done in one transaction, of so many rows a place. */
const rowsTogether = 250;

export async function emptyInSteps(
  parts: ErasureParts,
  piece: PieceOf,
  subject: Subject,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const inSteps = parts.locations.rows.filter(({ goes }) => goes === 'in steps');
  const more = await parts.database.keyedTransaction(async (tx) => {
    const holds = await listHolds(tx, subject.projectNumber, parts.clock.now());
    const counts: Parameters<typeof addCounts>[2][number][] = [];
    const left: Location[] = [];
    for (const location of inSteps) {
      const step = await takeStep(parts, tx, piece, { location, subject, holds, limit: rowsTogether });
      counts.push({ location: location.name, ...step });
      if (step.erased >= rowsTogether) left.push(location);
    }
    await addCounts(tx, piece, counts);
    return left;
  });
  for (const location of more) await emptyLocation(parts, piece, { location, subject, signal });
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
      if (erased > 0) await noteTouched(tx);
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
