/**
 * Erases everything that belongs to a project or an account: table by table, in bounded transactions whose cursor is
 * written with them, so that a kill loses nothing and repeats nothing. Verified at the end: only when nothing is found and
 * nobody can still be writing is it completed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { type Place, readPlaces } from './places.ts';
import { factsOfScope } from './receipt.ts';
import {
  areOlderOver,
  beginErasing,
  beginVerifying,
  complete,
  findErasure,
  listProgress,
  lockPlace,
  noteStep,
  reopenPlaces,
  type ScopeErasure,
} from './store.ts';
import { type Cursor, countRows, eraseStep } from './walk.ts';

export interface EraseParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly inventory: readonly PersonalData[];
  readonly receipts: Receipts;
}

export interface Ending {
  /** In the transaction that completes it: what is left of the owner itself. */
  end(tx: Transaction, erasure: ScopeErasure, now: Date): Promise<void>;
}

/** Some 20 ms of work: others of the database get their turn in between. */
const rowsPerStep = 5_000;

/**
 * News of the deletion is everywhere within milliseconds, and a call that came before it is over within this time: what
 * it wrote is found by the verification.
 */
const quietMilliseconds = 2_000;

const lookMilliseconds = 200;

/** Somebody goes on writing: worth a look by an operator, and another try later. */
const mostRepetitions = 20;

/** Until it is completed, or `signal` says stop: then it throws, and goes on where it was when it is called again. */
export async function erase(parts: EraseParts, id: string, ending: Ending, signal: AbortSignal): Promise<void> {
  const { database } = parts;
  const erasure = await findErasure(database.query, id);
  if (erasure === undefined) return;
  const places = await readPlaces(database, erasure.owner.scope, parts.inventory);
  if (!(await database.transaction((tx) => beginErasing(tx, id, places)))) return;
  for (;;) {
    for (const place of places) await erasePlace(database, erasure, place, signal);
    await untilNobodyWrites(parts, erasure, signal);
    const left = await findLeft(database, erasure, places, signal);
    if (left.length === 0) break;
    const repeated = await database.transaction((tx) => reopenPlaces(tx, id, left));
    if (repeated > mostRepetitions) throw new Error(`Rows keep coming into ${left.join(', ')}.`);
  }
  await database.transaction(async (tx) => {
    const now = parts.clock.now();
    const ended = await findErasure(tx, id);
    if (ended === undefined) return;
    await ending.end(tx, ended, now);
    if (!(await complete(tx, id, now))) return;
    const facts = factsOfScope(ended, await listProgress(tx, id), now);
    await parts.receipts.issue(tx, ended.owner.accountId, facts, now);
  });
}

async function erasePlace(
  database: Database,
  { id, owner }: ScopeErasure,
  place: Place,
  signal: AbortSignal,
): Promise<void> {
  for (let finished = false; !finished; ) {
    signal.throwIfAborted();
    // A step that a crash takes back is done again, its cursor with it; what completes the erasure waits for the disk.
    finished = await database.keyedTransaction(
      async (tx) => {
        const found = await lockPlace(tx, id, place.table);
        if (found.finished) return true;
        const step = await eraseStep(tx, place, owner, found.cursor, rowsPerStep);
        await noteStep(tx, id, place, step);
        return step.next === null;
      },
      { durable: false },
    );
  }
}

async function untilNobodyWrites(
  { database, clock }: EraseParts,
  { id, receivedAt }: ScopeErasure,
  signal: AbortSignal,
): Promise<void> {
  await beginVerifying(database.query, id);
  // By the clock of this process: a clock that stands still or was moved must not keep it waiting for longer.
  const quietAt = performance.now() + quietMilliseconds - Math.max(0, clock.now().getTime() - receivedAt.getTime());
  for (;;) {
    signal.throwIfAborted();
    if (performance.now() >= quietAt && (await areOlderOver(database.query, id))) return;
    await pause(lookMilliseconds);
  }
}

/** Tables in which rows of the owner are found. */
async function findLeft(
  database: Database,
  { owner }: ScopeErasure,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<string[]> {
  const left: string[] = [];
  for (const place of places) {
    signal.throwIfAborted();
    if ((await countRows(database.keyedQuery, place, owner)) > 0) left.push(place.table);
  }
  return left;
}

/** What came after the completion: rows of calls that took longer than anybody thought. @returns how many there were */
export async function eraseLate(
  { database, inventory }: EraseParts,
  { owner }: ScopeErasure,
  signal: AbortSignal,
): Promise<number> {
  let late = 0;
  for (const place of await readPlaces(database, owner.scope, inventory)) {
    if ((await countRows(database.keyedQuery, place, owner)) === 0) continue;
    for (let cursor: Cursor | null = null; ; ) {
      signal.throwIfAborted();
      const step = await database.keyedTransaction((tx) => eraseStep(tx, place, owner, cursor, rowsPerStep));
      late += step.erased;
      if (step.next === null) break;
      cursor = step.next;
    }
  }
  return late;
}
