/**
 * Locks everything a batch of writes may touch and reads it: users, addresses, endpoints, in that order, each sorted.
 * Whom it may touch is seen by a first look without locks, and checked again once they are held.
 */
import { type Transaction, together } from '../../database/index.ts';
import { addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { addressText, lockedAddresses, lockingAddresses, type StoredAddress } from './addresses-store.ts';
import { type EndpointKey, keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { isSameLists } from './merge.ts';
import type { ProjectRules } from './rules.ts';
import { lockingEndpoints, lookAtEndpoints, readingUsersOf, type SeenEndpoint, type WholeEndpoint } from './store.ts';
import { type Locked, lockedUsers, lockingUsers, userText } from './users-store.ts';
import { addressesNeeded, type EndpointWrite, usersNeeded, Workspace } from './workspace.ts';

/** What was read before anything was locked is no longer so: the batch begins again. */
export class ReadTooEarly extends Error {}

/** Everything a batch may touch, locked; and what locking made, to be written again only where it became otherwise. */
export interface Loaded {
  readonly workspace: Workspace;
  readonly madeUsers: readonly StoredUser[];
  readonly madeAddresses: readonly StoredAddress[];
}

export async function load(
  tx: Transaction,
  writes: readonly EndpointWrite[],
  known: { readonly rules: ReadonlyMap<number, ProjectRules>; readonly newNames: boolean },
): Promise<Loaded> {
  const keys = distinct(
    writes.map(({ key }) => key),
    keyText,
  );
  const found = await lookAtEndpoints(tx, keys);
  const seen = byKey(found);
  const { users, addresses } = await lockGuesses(tx, neededUsers(writes, seen), neededAddresses(writes, seen));
  const others = [...users.stored, ...addresses.stored].flatMap(({ projectNumber, endpointIds }) =>
    endpointIds.map((id) => ({ projectNumber, id, bucket: bucketOf(id) })),
  );
  // One that was not seen is made; if somebody else makes it meanwhile, `settle` notices.
  const { locked, owners } = await lockWithUsers(tx, distinct<EndpointKey>([...found, ...others], keyText));
  const had = new Set([...users.stored, ...users.made].map(userText));
  const read = owners.filter((user) => !had.has(userText(user)));
  const now = withTheirUsers(locked, [...users.stored, ...read]);
  const moved = writes.filter(({ key }) => !isSameSight(seen.get(keyText(key)), now.get(keyText(key))));
  checkNothingMissing(moved, now, { users, addresses });
  const workspace = new Workspace({
    endpoints: locked,
    users: [...users.stored, ...read, ...users.made.map((user) => ({ ...user, attributes: {}, endpointIds: [] }))],
    addresses: [...addresses.stored, ...addresses.made.map((address) => ({ ...address, endpointIds: [] }))],
    ...known,
  });
  return { workspace, madeUsers: users.made, madeAddresses: addresses.made };
}

async function lockGuesses(
  tx: Transaction,
  users: readonly StoredUser[],
  addresses: readonly StoredAddress[],
): Promise<{ readonly users: Locked<StoredUser>; readonly addresses: Locked<StoredAddress> }> {
  const [storedUsers, storedAddresses] = await together(tx, [lockingUsers(users), lockingAddresses(addresses)]);
  return { users: lockedUsers(users, storedUsers), addresses: lockedAddresses(addresses, storedAddresses) };
}

/**
 * Locks endpoints, then reads their users. Whoever changes a user's attributes locks all of its endpoints: those of
 * locked endpoints stand still.
 */
export async function lockWithUsers(
  tx: Transaction,
  keys: readonly EndpointKey[],
): Promise<{ readonly locked: readonly StoredEndpoint[]; readonly owners: readonly StoredUser[] }> {
  const [locked, owners] = await together(tx, [lockingEndpoints(keys), readingUsersOf(keys)]);
  return { locked, owners: distinct(owners, userText) };
}

/** Several writes may name one user: what it becomes is guessed from all of them. */
function neededUsers(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, SeenEndpoint>): StoredUser[] {
  const needed = new Map<string, StoredUser>();
  for (const write of writes) {
    const stored = seen.get(keyText(write.key));
    for (const user of usersNeeded(write, stored, stored?.sharedAttributes)) {
      const earlier = needed.get(userText(user));
      needed.set(userText(user), earlier === undefined ? user : bothGuesses(earlier, user));
    }
  }
  return [...needed.values()];
}

function bothGuesses(one: StoredUser, other: StoredUser): StoredUser {
  return {
    ...one,
    attributes: { ...one.attributes, ...other.attributes },
    endpointIds: [...new Set([...one.endpointIds, ...other.endpointIds])],
  };
}

/** Endpoints with what their users know, by key. */
export function withTheirUsers(
  endpoints: readonly StoredEndpoint[],
  users: readonly StoredUser[],
): ReadonlyMap<string, WholeEndpoint> {
  const attributes = new Map(users.map((user) => [userText(user), user.attributes]));
  return byKey(
    endpoints.map((endpoint) => {
      const { projectNumber, userId } = endpoint;
      const shared = userId === null ? undefined : attributes.get(userText({ projectNumber, userId }));
      return { ...endpoint, sharedAttributes: shared ?? null };
    }),
  );
}

function neededAddresses(writes: readonly EndpointWrite[], seen: ReadonlyMap<string, SeenEndpoint>): StoredAddress[] {
  const texts = writes.map(({ key }) => keyText(key));
  const repeated = repeatedIn(texts);
  const needed = writes.flatMap((write, index) => {
    const text = texts[index] as string;
    const stored = seen.get(text);
    return [...addressesNeeded(write, stored), ...(repeated.has(text) ? addressesNamed(write, stored) : [])];
  });
  return distinct(needed, addressText);
}

export function repeatedIn(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const text of texts) (seen.has(text) ? repeated : seen).add(text);
  return repeated;
}

/** An endpoint that is written several times in a batch may be at any of these in between, and asleep or awake. */
function addressesNamed({ key, change }: EndpointWrite, stored: SeenEndpoint | undefined): StoredAddress[] {
  const named = [change.address, stored?.address ?? undefined].filter((address) => address !== undefined);
  return named.map((address) => ({ projectNumber: key.projectNumber, key: addressKey(address), endpointIds: [] }));
}

/** Whether a write asks for the same users and addresses whichever of the two is there. */
function isSameSight(one: SeenEndpoint | undefined, other: SeenEndpoint | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    (['channelType', 'address', 'status', 'userId'] as const).every((member) => one[member] === other[member]) &&
    isSameLists(one.sharedAttributes ?? {}, other.sharedAttributes ?? {})
  );
}

/**
 * @param writes of endpoints that became otherwise between reading and locking them
 * @throws ReadTooEarly when one of them got a user or address that is not locked
 */
function checkNothingMissing(
  writes: readonly EndpointWrite[],
  locked: ReadonlyMap<string, SeenEndpoint>,
  had: { readonly users: Locked<StoredUser>; readonly addresses: Locked<StoredAddress> },
): void {
  const users = new Set([...had.users.stored, ...had.users.made].map(userText));
  if (neededUsers(writes, locked).some((user) => !users.has(userText(user)))) throw new ReadTooEarly();
  const addresses = new Set([...had.addresses.stored, ...had.addresses.made].map(addressText));
  if (neededAddresses(writes, locked).some((address) => !addresses.has(addressText(address)))) throw new ReadTooEarly();
}

function byKey<Endpoint extends EndpointKey>(endpoints: readonly Endpoint[]): ReadonlyMap<string, Endpoint> {
  return new Map(endpoints.map((endpoint) => [keyText(endpoint), endpoint]));
}

export function distinct<Thing>(things: readonly Thing[], textOf: (thing: Thing) => string): Thing[] {
  return [...new Map(things.map((thing) => [textOf(thing), thing])).values()];
}
