/**
 * The one path on which endpoints are written: API, batches, events and imports all come through here. In one
 * transaction a batch locks what it may touch (rules, users, addresses, endpoints: in that order, each sorted), works
 * out the result in memory, and writes it in a few statements.
 */
import type { Database, Transaction } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { ServiceError } from '../../kernel/errors.ts';
import { type EndpointKey, keyText, type StoredEndpoint } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { type Activity, type FacetsRow, touch, writeFacets } from './facets-store.ts';
import { insertNames, lockRules, type ProjectRules, type RulesCache } from './rules.ts';
import {
  type AddressName,
  deleteUsers,
  findHolders,
  findTombstones,
  insertEndpoints,
  lockAddresses,
  lockEndpoints,
  lockUsers,
  readEndpoints,
  readUsers,
  type UserName,
  updateEndpoints,
  userText,
  writeUsers,
} from './store.ts';
import type { Tombstones } from './tombstones.ts';
import { addressNeeded, type EndpointWrite, namesIn, usersNeeded, Workspace } from './workspace.ts';

/** Writes that are applied together or not at all: those of one call. */
export interface WriteUnit {
  readonly writes: readonly EndpointWrite[];
  /**
   * Of a writer that took its time (an import, a queue): endpoints deleted since then are not written again. By the
   * clock of the database.
   */
  readonly begunAt?: Date;
}

/** `deleted`: every endpoint of the unit was deleted after its writer had begun. */
export type UnitOutcome = 'written' | 'deleted' | ServiceError;

export interface WriteParts {
  readonly rules: RulesCache;
  readonly tombstones: Tombstones;
}

/** What was read before anything was locked is no longer so: the batch begins again. */
class ReadTooEarly extends Error {}

const attempts = 10;

/** Writes a batch in a transaction of its own. Outcomes stand in the order of the units. */
export async function writeBatch(
  database: Database,
  parts: WriteParts,
  units: readonly WriteUnit[],
): Promise<readonly UnitOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { outcomes, rules } = await database.transaction((tx) => writeUnits(tx, parts, units));
      parts.rules.remember(rules);
      return outcomes;
    } catch (error) {
      if (!(error instanceof ReadTooEarly) || attempt >= attempts) throw error;
    }
  }
}

/** The same inside a transaction that does more, such as moving the cursor of an import. @throws ReadTooEarly */
export async function writeUnits(
  tx: Transaction,
  parts: WriteParts,
  units: readonly WriteUnit[],
): Promise<{ outcomes: readonly UnitOutcome[]; rules: ReadonlyMap<number, ProjectRules> }> {
  const writes = units.flatMap((unit) => unit.writes);
  const rules = await readRulesFor(tx, parts.rules, writes);
  const workspace = await loadWorkspace(tx, writes, rules);
  const live = await leaveOutDeleted(tx, parts.tombstones, units, workspace);
  const outcomes = live.map((unit, index): UnitOutcome => {
    if (unit.length === 0 && (units[index] as WriteUnit).writes.length > 0) return 'deleted';
    return workspace.attempt(unit) ?? 'written';
  });
  await store(tx, workspace);
  return { outcomes, rules };
}

/** When a write brings a name that its project does not have yet, the project's rules are locked first. */
async function readRulesFor(
  tx: Transaction,
  cache: RulesCache,
  writes: readonly EndpointWrite[],
): Promise<ReadonlyMap<number, ProjectRules>> {
  const projectNumbers = [...new Set(writes.map(({ key }) => key.projectNumber))];
  const rules = await cache.read(tx, projectNumbers);
  const growing = new Set<number>();
  for (const { key, change } of writes) {
    const known = rules.get(key.projectNumber);
    const brings = namesIn(key.projectNumber, change).some(
      ({ kind, name }) => !known?.names.has(`${kind} ${name}`) && !known?.isBlocked(kind, name),
    );
    if (brings) growing.add(key.projectNumber);
  }
  if (growing.size === 0) return rules;
  await lockRules(tx, [...growing]);
  return cache.read(tx, projectNumbers);
}

async function loadWorkspace(
  tx: Transaction,
  writes: readonly EndpointWrite[],
  rules: ReadonlyMap<number, ProjectRules>,
): Promise<Workspace> {
  const keys = distinct(
    writes.map(({ key }) => key),
    keyText,
  );
  const seen = byKey(await readEndpoints(tx, keys));
  const users = await lockUsers(tx, neededUsers(writes, seen));
  const addresses = neededAddresses(writes, seen);
  await lockAddresses(tx, addresses);
  const siblings = users.flatMap(({ projectNumber, endpointIds }) =>
    endpointIds.map((id) => siblingKey(projectNumber, id)),
  );
  const holders = await findHolders(tx, addresses);
  const locked = await lockEndpoints(tx, distinct([...keys, ...siblings, ...holders], keyText));
  checkNothingMissing(writes, byKey(locked), { users, addresses });
  const others = distinct(
    locked.flatMap(({ projectNumber, userId }) => (userId === null ? [] : [{ projectNumber, userId }])),
    userText,
  );
  const known = new Set(users.map(userText));
  // Whoever changes a user's attributes locks all of its endpoints: those of locked endpoints stand still now.
  const read = await readUsers(
    tx,
    others.filter((name) => !known.has(userText(name))),
  );
  return new Workspace({ endpoints: locked, users: [...users, ...read], rules });
}

function siblingKey(projectNumber: number, id: string): EndpointKey {
  return { projectNumber, id, bucket: bucketOf(id) };
}

function neededUsers(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, StoredEndpoint>): UserName[] {
  return distinct(
    writes.flatMap((write) => usersNeeded(write, seen.get(keyText(write.key)))),
    userText,
  );
}

function neededAddresses(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, StoredEndpoint>): AddressName[] {
  const names = writes.flatMap((write) => addressNeeded(write, seen.get(keyText(write.key))) ?? []);
  return distinct(names, ({ projectNumber, address }) => `${projectNumber} ${address}`);
}

/** @throws ReadTooEarly when an endpoint got another user or address between reading and locking it */
function checkNothingMissing(
  writes: readonly EndpointWrite[],
  locked: ReadonlyMap<string, StoredEndpoint>,
  had: { readonly users: readonly UserName[]; readonly addresses: readonly AddressName[] },
): void {
  const users = new Set(had.users.map(userText));
  if (neededUsers(writes, locked).some((name) => !users.has(userText(name)))) throw new ReadTooEarly();
  const addresses = new Set(had.addresses.map(({ projectNumber, address }) => `${projectNumber} ${address}`));
  const missing = neededAddresses(writes, locked).some(
    ({ projectNumber, address }) => !addresses.has(`${projectNumber} ${address}`),
  );
  if (missing) throw new ReadTooEarly();
}

/** What is left of each unit once endpoints are left out that were deleted after its writer began. */
async function leaveOutDeleted(
  tx: Transaction,
  tombstones: Tombstones,
  units: readonly WriteUnit[],
  workspace: Workspace,
): Promise<readonly (readonly EndpointWrite[])[]> {
  const left: (readonly EndpointWrite[])[] = [];
  const suspects = units.flatMap(({ begunAt, writes }) =>
    begunAt === undefined ? [] : writes.filter(({ key }) => !workspace.endpoints.has(keyText(key))),
  );
  const begun = units.flatMap(({ begunAt }) => begunAt ?? []);
  if (suspects.length === 0 || begun.length === 0) return units.map(({ writes }) => writes);
  const earliest = new Date(Math.min(...begun.map((date) => date.getTime())));
  const found = await findTombstones(
    tx,
    suspects.map(({ key }) => tombstones.of(key)),
    earliest,
  );
  for (const { begunAt, writes } of units) {
    left.push(
      begunAt === undefined || found.size === 0
        ? writes
        : writes.filter(({ key }) => workspace.endpoints.has(keyText(key)) || !found.has(tombstones.textOf(key))),
    );
  }
  return left;
}

async function store(tx: Transaction, workspace: Workspace): Promise<void> {
  const changed = workspace.endpoints.changed();
  const made = changed.filter(({ generation }) => generation === 0);
  if ((await insertEndpoints(tx, made)) !== made.length) throw new ReadTooEarly();
  await updateEndpoints(
    tx,
    changed.filter(({ generation }) => generation !== 0),
  );
  await storeUsers(tx, workspace);
  const { dirty, touched } = sortFacets(workspace, changed);
  await writeFacets(tx, dirty);
  await touch(tx, touched);
  await insertNames(tx, workspace.names.changed());
}

async function storeUsers(tx: Transaction, workspace: Workspace): Promise<void> {
  const deserted = [...workspace.users.values()].filter(({ endpointIds }) => endpointIds.length === 0);
  await writeUsers(
    tx,
    workspace.users.changed().filter(({ endpointIds }) => endpointIds.length > 0),
  );
  await deleteUsers(tx, deserted);
}

/** Which rows of facets have to be written, and of which only the last activity may have moved. */
function sortFacets(workspace: Workspace, changed: readonly StoredEndpoint[]) {
  const dirty = new Map<string, FacetsRow>();
  const touched: Activity[] = [];
  const mark = (endpoint: StoredEndpoint) => {
    const { projectNumber, bucket, id, effectiveAt } = endpoint;
    const facets = facetsOf(endpoint, workspace.userAttributesOf(endpoint));
    dirty.set(keyText(endpoint), { projectNumber, bucket, id, activeAt: effectiveAt, ...facets });
  };
  for (const endpoint of changed) {
    const before = workspace.endpoints.original(keyText(endpoint));
    if (before === undefined || asksOtherwise(before, endpoint)) mark(endpoint);
    else touched.push({ ...pickKey(endpoint), activeAt: endpoint.effectiveAt });
  }
  for (const user of workspace.users.changed()) {
    if (workspace.users.original(userText(user))?.attributes === user.attributes) continue;
    for (const id of user.endpointIds) {
      const sibling = workspace.endpoints.get(keyText({ projectNumber: user.projectNumber, id }));
      if (sibling !== undefined) mark(sibling);
    }
  }
  return { dirty: [...dirty.values()], touched: touched.filter((activity) => !dirty.has(keyText(activity))) };
}

function pickKey({ projectNumber, bucket, id }: EndpointKey): EndpointKey {
  return { projectNumber, bucket, id };
}

/** Whether a segment might answer otherwise; merges keep the object where nothing changed. */
function asksOtherwise(before: StoredEndpoint, after: StoredEndpoint): boolean {
  const members = ['attributes', 'metrics', 'demographic', 'location', 'userAttributes'] as const;
  return (
    members.some((member) => before[member] !== after[member]) ||
    (['channelType', 'status', 'optOut', 'userId'] as const).some((member) => before[member] !== after[member]) ||
    (before.address === null) !== (after.address === null)
  );
}

function byKey(endpoints: readonly StoredEndpoint[]): ReadonlyMap<string, StoredEndpoint> {
  return new Map(endpoints.map((endpoint) => [keyText(endpoint), endpoint]));
}

function distinct<Thing>(things: readonly Thing[], textOf: (thing: Thing) => string): Thing[] {
  return [...new Map(things.map((thing) => [textOf(thing), thing])).values()];
}
