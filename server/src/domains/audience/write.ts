/**
 * The one path on which endpoints are written: API, batches, events and imports all come through here. In one
 * transaction a batch locks what it may touch (rules, users, addresses, endpoints: in that order, each sorted), works
 * out the result in memory, and writes it in a few statements.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Database, Transaction } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { ServiceError } from '../../kernel/errors.ts';
import { addressText, lockAddresses, type StoredAddress, writeAddresses } from './addresses-store.ts';
import type { Draft } from './draft.ts';
import { type EndpointKey, keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { facetsOf } from './facets.ts';
import { type Activity, type FacetsRow, touch, writeFacets } from './facets-store.ts';
import { insertNames, lockRules, type ProjectRules, type RulesCache } from './rules.ts';
import {
  deleteUsers,
  findTombstones,
  insertEndpoints,
  type Locked,
  lockEndpoints,
  lockUsers,
  readEndpoints,
  readUsers,
  updateEndpoints,
  userText,
  writeUsers,
} from './store.ts';
import type { Tombstones } from './tombstones.ts';
import { addressesNeeded, type EndpointWrite, namesIn, usersNeeded, Workspace } from './workspace.ts';

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
      const { outcomes, rules } = await database.transaction((tx) => writeUnits(tx, parts, units), { byKeys: true });
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
  const loaded = await load(tx, writes, rules);
  const { workspace } = loaded;
  const live = await leaveOutDeleted(tx, parts.tombstones, units, workspace);
  const outcomes = live.map((unit, index): UnitOutcome => {
    if (unit.length === 0 && (units[index] as WriteUnit).writes.length > 0) return 'deleted';
    return workspace.attempt(unit) ?? 'written';
  });
  await store(tx, loaded);
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

/** Everything a batch may touch, locked; and what locking made, to be written again only where it became otherwise. */
interface Loaded {
  readonly workspace: Workspace;
  readonly madeUsers: readonly StoredUser[];
  readonly madeAddresses: readonly StoredAddress[];
}

async function load(
  tx: Transaction,
  writes: readonly EndpointWrite[],
  rules: ReadonlyMap<number, ProjectRules>,
): Promise<Loaded> {
  const keys = distinct(
    writes.map(({ key }) => key),
    keyText,
  );
  const seen = byKey(await readEndpoints(tx, keys));
  const users = await lockUsers(tx, neededUsers(writes, seen));
  const addresses = await lockAddresses(tx, neededAddresses(writes, seen));
  const others = [...users.stored, ...addresses.stored].flatMap(({ projectNumber, endpointIds }) =>
    endpointIds.map((id) => ({ projectNumber, id, bucket: bucketOf(id) })),
  );
  const locked = await lockEndpoints(tx, distinct([...keys, ...others], keyText));
  checkNothingMissing(writes, byKey(locked), { users, addresses });
  const owners = locked.flatMap(({ projectNumber, userId }) => (userId === null ? [] : [{ projectNumber, userId }]));
  const known = new Set([...users.stored, ...users.made].map(userText));
  // Whoever changes a user's attributes locks all of its endpoints: those of locked endpoints stand still now.
  const read = await readUsers(
    tx,
    distinct(owners, userText).filter((name) => !known.has(userText(name))),
  );
  const workspace = new Workspace({
    endpoints: locked,
    users: [...users.stored, ...read, ...users.made.map((user) => ({ ...user, attributes: {}, endpointIds: [] }))],
    addresses: [...addresses.stored, ...addresses.made.map((address) => ({ ...address, endpointIds: [] }))],
    rules,
  });
  return { workspace, madeUsers: users.made, madeAddresses: addresses.made };
}

function neededUsers(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, StoredEndpoint>): StoredUser[] {
  return distinct(
    writes.flatMap((write) => usersNeeded(write, seen.get(keyText(write.key)))),
    userText,
  );
}

function neededAddresses(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, StoredEndpoint>): StoredAddress[] {
  return distinct(
    writes.flatMap((write) => addressesNeeded(write, seen.get(keyText(write.key)))),
    addressText,
  );
}

/**
 * @throws ReadTooEarly when an endpoint got another user or address between reading and locking it, or a row appeared
 *   between making and locking it
 */
function checkNothingMissing(
  writes: readonly EndpointWrite[],
  locked: ReadonlyMap<string, StoredEndpoint>,
  had: { readonly users: Locked<StoredUser>; readonly addresses: Locked<StoredAddress> },
): void {
  const users = new Set([...had.users.stored, ...had.users.made].map(userText));
  if (neededUsers(writes, locked).some((user) => !users.has(userText(user)))) throw new ReadTooEarly();
  const addresses = new Set([...had.addresses.stored, ...had.addresses.made].map(addressText));
  if (neededAddresses(writes, locked).some((address) => !addresses.has(addressText(address)))) throw new ReadTooEarly();
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

async function store(tx: Transaction, { workspace, madeUsers, madeAddresses }: Loaded): Promise<void> {
  const changed = workspace.endpoints.changed();
  const made = changed.filter(({ generation }) => generation === 0);
  if ((await insertEndpoints(tx, made)) !== made.length) throw new ReadTooEarly();
  await updateEndpoints(
    tx,
    changed.filter(({ generation }) => generation !== 0),
  );
  const users = unlikeGuesses(workspace.users, madeUsers, userText);
  await writeUsers(
    tx,
    users.filter(({ endpointIds }) => endpointIds.length > 0),
  );
  await deleteUsers(
    tx,
    users.filter(({ endpointIds }) => endpointIds.length === 0),
  );
  await writeAddresses(tx, unlikeGuesses(workspace.addresses, madeAddresses, addressText));
  const { dirty, touched } = sortFacets(workspace, changed);
  await writeFacets(tx, dirty);
  await touch(tx, touched);
  await insertNames(tx, workspace.names.changed());
}

/** What stands in the database otherwise than it became: changed rows, and made ones whose guess was wrong. */
function unlikeGuesses<Row>(draft: Draft<Row>, made: readonly Row[], textOf: (row: Row) => string): Row[] {
  const guesses = new Map(made.map((row) => [textOf(row), row]));
  const wrong = made
    .map((guess) => draft.get(textOf(guess)) as Row)
    .filter((row) => !isDeepStrictEqual(row, guesses.get(textOf(row))));
  return [...draft.changed().filter((row) => !guesses.has(textOf(row))), ...wrong];
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
