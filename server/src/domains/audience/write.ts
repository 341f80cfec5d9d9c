/**
 * The one path on which endpoints are written: API, batches, events and imports all come through here. In one
 * transaction a batch locks what it may touch (rules, users, addresses, endpoints: in that order, each sorted), works
 * out the result in memory, and writes it in a few statements.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { RawBuilder } from 'kysely';
import { type Database, sendLast, type Transaction, together } from '../../database/index.ts';
import { type ServiceError, tooManyRequests } from '../../kernel/errors.ts';
import { type EndpointKey, keyText } from './endpoint.ts';
import { type IdentityHashes, leaveOutSuppressed } from './identities.ts';
import { load, ReadTooEarly } from './load.ts';
import { bringsNames } from './names-in-use.ts';
import { lockRules, type RulesCache, type RulesRead } from './rules.ts';
import { settle } from './settle.ts';
import { findTombstones, isMadeMeanwhile, readLastDeletion, type WholeEndpoint } from './store.ts';
import type { Tombstones } from './tombstones.ts';
import type { EndpointWrite, Workspace } from './workspace.ts';

/** Writes that are applied together or not at all: those of one call. */
export interface WriteUnit {
  readonly writes: readonly EndpointWrite[];
  /**
   * Of a writer that took its time (an import, a queue): endpoints deleted since then are not written again. By the
   * clock of the database.
   */
  readonly begunAt?: Date;
  /** The same by the clock of this process, for a call that waits for its turn: `performance.now()` when it came. */
  readonly waitingSince?: number;
}

/**
 * `deleted`: every endpoint of the unit was deleted after its writer had begun. `suppressed`: everybody in it was erased,
 * and may not be stored again.
 */
export type UnitOutcome = 'written' | 'deleted' | 'suppressed' | ServiceError;

export interface WriteParts {
  readonly rules: RulesCache;
  readonly tombstones: Tombstones;
  readonly identities: IdentityHashes;
}

/**
 * Done in the transaction of a batch, after its writes, such as moving the cursor of an import; may run again.
 * @param outcomes in the order of `units`
 */
export type AlsoWritten<Unit extends WriteUnit = WriteUnit> = (
  tx: Transaction,
  outcomes: readonly UnitOutcome[],
  written: {
    readonly units: readonly Unit[];
    /** As it became; of generation 0 when it was made just now. */
    find(key: EndpointKey): WholeEndpoint | undefined;
  },
) => Promise<void>;

/** Others who write the same people get ahead now and then, hardly ever so often. */
const attempts = 20;

/** Writes a batch in a transaction of its own. Outcomes stand in the order of the units. */
export async function writeBatch<Unit extends WriteUnit>(
  database: Database,
  parts: WriteParts,
  units: readonly Unit[],
  also?: AlsoWritten<Unit>,
): Promise<readonly UnitOutcome[]> {
  const work = async (tx: Transaction) => {
    const { outcomes, rules, workspace, statements } = await workOut(tx, parts, units);
    if (also === undefined) await sendLast(tx, statements);
    else {
      await together(tx, statements);
      await also(tx, outcomes, { units, find: (key) => workspace.find(key) });
    }
    return { outcomes, rules };
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { outcomes, rules } = await database.keyedTransaction(work);
      parts.rules.remember(rules);
      return outcomes;
    } catch (error) {
      if (!(error instanceof ReadTooEarly || isMadeMeanwhile(error))) throw error;
      if (attempt >= attempts) throw tooManyRequests('Too many writes to the same endpoints at once. Try again.');
      await pause(Math.random() * 2 ** Math.min(attempt, 6));
    }
  }
}

/** Locks and reads, and works out what is to be written. @throws ReadTooEarly */
async function workOut(
  tx: Transaction,
  parts: WriteParts,
  units: readonly WriteUnit[],
): Promise<{
  readonly outcomes: readonly UnitOutcome[];
  readonly rules: RulesRead;
  readonly workspace: Workspace;
  readonly statements: readonly RawBuilder<unknown>[];
}> {
  const writes = units.flatMap((unit) => unit.writes);
  const { rules, newNames } = await readRulesFor(tx, parts.rules, writes);
  const allowed = await leaveOutSuppressed(tx, parts.identities, units, rules.byProject);
  const loaded = await load(tx, allowed.flat(), { rules: rules.byProject, newNames });
  const { workspace } = loaded;
  const left = units.map((unit, index) => ({ ...unit, writes: allowed[index] as readonly EndpointWrite[] }));
  const live = await leaveOutDeleted(tx, parts.tombstones, left, workspace);
  const outcomes = live.map((unit, index): UnitOutcome => {
    if (unit.length === 0 && (units[index] as WriteUnit).writes.length > 0) {
      return allowed[index]?.length === 0 ? 'suppressed' : 'deleted';
    }
    return workspace.attempt(unit) ?? 'written';
  });
  return { outcomes, rules, workspace, statements: settle(loaded) };
}

/** When a write brings a name or a value that its project does not have yet, the project's rules are locked first. */
async function readRulesFor(
  tx: Transaction,
  cache: RulesCache,
  writes: readonly EndpointWrite[],
): Promise<{ readonly rules: RulesRead; readonly newNames: boolean }> {
  const projectNumbers = [...new Set(writes.map(({ key }) => key.projectNumber))];
  const rules = await cache.read(tx, projectNumbers);
  const growing = writes.filter((write) => bringsNames(write, rules.byProject)).map(({ key }) => key.projectNumber);
  if (growing.length === 0) return { rules, newNames: false };
  await lockRules(tx, [...new Set(growing)]);
  for (const number of growing) cache.forget(number);
  return { rules: await cache.read(tx, projectNumbers), newNames: true };
}

/** What is left of each unit once endpoints are left out that were deleted after its writer began. */
async function leaveOutDeleted(
  tx: Transaction,
  tombstones: Tombstones,
  units: readonly WriteUnit[],
  workspace: Workspace,
): Promise<readonly (readonly EndpointWrite[])[]> {
  if (units.every((unit) => suspectsOf(unit, workspace).length === 0)) return units.map(({ writes }) => writes);
  const { now: clock, last } = await readLastDeletion(tx);
  const now = performance.now();
  const begun = units.map(({ begunAt, waitingSince }) => {
    if (begunAt !== undefined || waitingSince === undefined) return begunAt;
    return new Date(clock.getTime() - (now - waitingSince));
  });
  // Mostly nobody was deleted since then: nothing has to be hashed and looked up.
  const isEarly = (moment: Date | undefined) => moment !== undefined && last !== null && moment <= last;
  const suspects = units.flatMap((unit, index) => (isEarly(begun[index]) ? suspectsOf(unit, workspace) : []));
  const deleted = await findTombstones(
    tx,
    suspects.map(({ key }) => tombstones.of(key)),
  );
  if (deleted.size === 0) return units.map(({ writes }) => writes);
  return units.map(({ writes }, index) =>
    writes.filter(({ key }) => {
      const deletedAt = workspace.endpoints.has(keyText(key)) ? undefined : deleted.get(tombstones.textOf(key));
      const moment = begun[index];
      return deletedAt === undefined || moment === undefined || deletedAt < moment;
    }),
  );
}

/** Writes of endpoints that are not there, of a writer that may have begun before they were deleted. */
function suspectsOf({ begunAt, waitingSince, writes }: WriteUnit, workspace: Workspace): readonly EndpointWrite[] {
  if (begunAt === undefined && waitingSince === undefined) return [];
  return writes.filter(({ key }) => !workspace.endpoints.has(keyText(key)));
}
