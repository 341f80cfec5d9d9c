/**
 * The short way for the common case: an endpoint that is there says again whose it is and where, and something of it
 * changes or nothing at all. Such a write touches its own row only, so nothing else is locked or read. Units that might
 * do more are left for the long way (`write.ts`).
 */
import type { Database, Transaction } from '../../database/index.ts';
import { keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { distinct } from './load.ts';
import type { ProjectRules } from './rules.ts';
import { asksOtherwise, settle } from './settle.ts';
import { type LockedEndpoint, lockWholeEndpoints } from './store.ts';
import { readUsers, userText } from './users-store.ts';
import { addressesNeeded, usersNeeded, Workspace } from './workspace.ts';
import { bringsNames, type UnitOutcome, type WriteParts, type WriteUnit, writeBatch } from './write.ts';

/** Writes of calls: the short way where it will do, the long way for the rest. Outcomes in the order of the units. */
export async function writeCalls(
  database: Database,
  parts: WriteParts,
  units: readonly WriteUnit[],
): Promise<readonly UnitOutcome[]> {
  const projectNumbers = units.flatMap(({ writes }) => writes.map(({ key }) => key.projectNumber));
  const rules = parts.rules.peek([...new Set(projectNumbers)]);
  if (rules === undefined) return writeBatch(database, parts, units);
  const quick = await database.keyedTransaction((tx) => writeQuick(tx, rules, units));
  const left = units.filter((_unit, index) => quick[index] === undefined);
  if (left.length === 0) return quick as readonly UnitOutcome[];
  const rest = (await writeBatch(database, parts, left)).values();
  return quick.map((outcome) => outcome ?? (rest.next().value as UnitOutcome));
}

/** @returns undefined for units that have to go the long way */
async function writeQuick(
  tx: Transaction,
  rules: ReadonlyMap<number, ProjectRules>,
  units: readonly WriteUnit[],
): Promise<readonly (UnitOutcome | undefined)[]> {
  const written = units.flatMap(({ writes }) => writes.map(({ key }) => key));
  const keys = distinct(written, keyText);
  const once = onlyOnce(written.map(keyText));
  const locked = await lockWholeEndpoints(tx, keys);
  const stored = new Map(locked.map((endpoint) => [keyText(endpoint), endpoint]));
  const isQuick = ({ writes }: WriteUnit) =>
    writes.every((write) => {
      const endpoint = stored.get(keyText(write.key));
      return (
        endpoint !== undefined &&
        once.has(keyText(write.key)) &&
        endpoint.userId === endpoint.sharedBy &&
        !bringsNames(write, rules) &&
        usersNeeded(write, endpoint, endpoint.sharedAttributes).length === 0 &&
        addressesNeeded(write, endpoint).length === 0
      );
    });
  const workspace = new Workspace({ endpoints: locked, users: usersOf(locked), addresses: [], rules });
  const outcomes = units.map((unit) => (isQuick(unit) ? (workspace.attempt(unit.writes) ?? 'written') : undefined));
  await reloadUsers(tx, workspace);
  await settle(tx, { workspace, madeUsers: [], madeAddresses: [] });
  return outcomes;
}

/** Several writes of one endpoint may pass through states that none of them shows alone. */
function onlyOnce(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const text of texts) (seen.has(text) ? again : seen).add(text);
  return new Set(texts.filter((text) => !again.has(text)));
}

function usersOf(endpoints: readonly LockedEndpoint[]): StoredUser[] {
  return endpoints.flatMap(({ projectNumber, userId, sharedBy, sharedAttributes }) =>
    userId === null || userId !== sharedBy || sharedAttributes === null
      ? []
      : [{ projectNumber, userId, attributes: sharedAttributes, endpointIds: [] }],
  );
}

/**
 * Facets hold what the user knows, and that may have changed while the endpoint was waited for. Now that it is locked it
 * stands still: who changes a user's attributes locks all endpoints of the user.
 */
async function reloadUsers(tx: Transaction, workspace: Workspace): Promise<void> {
  const owned = workspace.endpoints
    .changed()
    .filter((endpoint) => endpoint.userId !== null && asksOtherwise(originalOf(workspace, endpoint), endpoint))
    .map(({ projectNumber, userId }) => ({ projectNumber, userId: userId as string }));
  workspace.users.reload(await readUsers(tx, distinct(owned, userText)));
}

function originalOf(workspace: Workspace, endpoint: StoredEndpoint): StoredEndpoint {
  return workspace.endpoints.original(keyText(endpoint)) as StoredEndpoint;
}
