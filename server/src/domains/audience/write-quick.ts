/**
 * The short way for the common case: an endpoint that is there says again whose it is and where, and something of it
 * changes or nothing at all. Such a write touches its own row only, so nothing else is locked or read. Units that might
 * do more are left for the long way (`write.ts`).
 */
import { type Database, sendLast, type Transaction } from '../../database/index.ts';
import { keyText } from './endpoint.ts';
import { distinct, lockWithUsers, repeatedIn, withTheirUsers } from './load.ts';
import { bringsNames } from './names-in-use.ts';
import type { RecentActivity } from './recent-activity.ts';
import type { ProjectRules } from './rules.ts';
import { settle } from './settle.ts';
import { addressesNeeded, usersNeeded, Workspace } from './workspace.ts';
import { type AlsoWritten, type UnitOutcome, type WriteParts, type WriteUnit, writeBatch } from './write.ts';

/**
 * Whether the short way is worth a try. A stream of new endpoints would take it in vain: it is left aside then, but for
 * every eighth batch, which looks whether times have changed.
 */
export class ShortWay {
  /** Which part of the units it was the way for, of late. */
  #use = 1;
  #left = 0;

  isPromising(): boolean {
    if (this.#use >= 0.25) return true;
    this.#left += 1;
    return this.#left % 8 === 0;
  }

  note(use: number): void {
    this.#use += (use - this.#use) / 3;
  }
}

/** Writes of calls: the short way where it will do, the long way for the rest. Outcomes in the order of the units. */
export async function writeCalls(
  database: Database,
  parts: WriteParts,
  units: readonly WriteUnit[],
  shortWay: ShortWay,
): Promise<readonly UnitOutcome[]> {
  const quick = await tryShortWay(database, parts, units, { shortWay });
  const left = units.filter((_unit, index) => quick[index] === undefined);
  if (left.length === 0) return quick as readonly UnitOutcome[];
  const rest = (await writeBatch(database, parts, left)).values();
  return quick.map((outcome) => outcome ?? (rest.next().value as UnitOutcome));
}

interface Way<Unit extends WriteUnit> {
  readonly shortWay: ShortWay;
  /** Done in the same transaction, with the units that went the short way. */
  readonly also?: AlsoWritten<Unit>;
  /** Of a writer that says again and again that endpoints are active. */
  readonly recent?: RecentActivity;
}

/**
 * @returns undefined for units that have to go the long way: all of them when the short one is not worth a try
 */
export async function tryShortWay<Unit extends WriteUnit>(
  database: Database,
  parts: WriteParts,
  units: readonly Unit[],
  way: Way<Unit>,
): Promise<readonly (UnitOutcome | undefined)[]> {
  const projectNumbers = units.flatMap(({ writes }) => writes.map(({ key }) => key.projectNumber));
  const rules = parts.rules.peek([...new Set(projectNumbers)]);
  if (rules === undefined || !way.shortWay.isPromising()) return units.map(() => undefined);
  const quick = await database.keyedTransaction((tx) => writeQuick(tx, rules, units, way));
  way.shortWay.note(quick.filter((outcome) => outcome !== undefined).length / units.length);
  if (way.recent !== undefined) {
    for (const [index, { writes }] of units.entries()) {
      if (quick[index] !== 'written') continue;
      for (const { key, only, now } of writes) if (only !== undefined) way.recent.note(key, now);
    }
  }
  return quick;
}

async function writeQuick<Unit extends WriteUnit>(
  tx: Transaction,
  rules: ReadonlyMap<number, ProjectRules>,
  units: readonly Unit[],
  { also, recent }: Way<Unit>,
): Promise<readonly (UnitOutcome | undefined)[]> {
  const written = units.flatMap(({ writes }) => writes);
  const keys = distinct(
    written.map(({ key }) => key),
    keyText,
  );
  // Several writes of one endpoint may pass through states that none of them shows alone.
  const repeated = repeatedIn(written.filter(({ only }) => only === undefined).map(({ key }) => keyText(key)));
  const { locked, owners } = await lockWithUsers(tx, keys);
  const stored = withTheirUsers(locked, owners);
  const isQuick = ({ writes }: WriteUnit) =>
    writes.every((write) => {
      const endpoint = stored.get(keyText(write.key));
      return (
        endpoint !== undefined &&
        !rules.get(write.key.projectNumber)?.suppresses &&
        (write.only !== undefined || !repeated.has(keyText(write.key))) &&
        !bringsNames(write, rules) &&
        usersNeeded(write, endpoint, endpoint.sharedAttributes).length === 0 &&
        addressesNeeded(write, endpoint).length === 0
      );
    });
  const workspace = new Workspace({
    ...{ endpoints: locked, users: owners, addresses: [], rules, newNames: false },
    ...(recent !== undefined && { recent }),
  });
  const outcomes = units.map((unit) => (isQuick(unit) ? (workspace.attempt(unit.writes) ?? 'written') : undefined));
  await sendLast(tx, settle({ workspace, madeUsers: [], madeAddresses: [] }));
  const done = units.filter((_unit, index) => outcomes[index] !== undefined);
  if (also !== undefined && done.length > 0) {
    const known = outcomes.filter((outcome) => outcome !== undefined);
    await also(tx, known, { units: done, find: (key) => workspace.find(key) });
  }
  return outcomes;
}
