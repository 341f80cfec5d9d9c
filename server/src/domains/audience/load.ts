/**
 * Locks everything a batch of writes may touch and reads it: users, addresses, endpoints, in that order, each sorted.
 * Whom it may touch is seen by a first look without locks, and checked again once they are held.
 */
import type { Transaction } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { addressText, lockAddresses, type StoredAddress } from './addresses-store.ts';
import { keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { addressKey } from './identity.ts';
import type { ProjectRules } from './rules.ts';
import { lockEndpoints, readEndpoints } from './store.ts';
import { type Locked, lockUsers, readUsers, userText } from './users-store.ts';
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
  const counts = new Map<string, number>();
  for (const { key } of writes) counts.set(keyText(key), (counts.get(keyText(key)) ?? 0) + 1);
  return distinct(
    writes.flatMap((write) => {
      const stored = seen.get(keyText(write.key));
      const several = (counts.get(keyText(write.key)) ?? 0) > 1;
      return [...addressesNeeded(write, stored), ...(several ? addressesNamed(write, stored) : [])];
    }),
    addressText,
  );
}

/** An endpoint that is written several times in a batch may be at any of these in between, and asleep or awake. */
function addressesNamed({ key, change }: EndpointWrite, stored: StoredEndpoint | undefined): StoredAddress[] {
  const named = [change.address, stored?.address ?? undefined].filter((address) => address !== undefined);
  return named.map((address) => ({ projectNumber: key.projectNumber, key: addressKey(address), endpointIds: [] }));
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

function byKey(endpoints: readonly StoredEndpoint[]): ReadonlyMap<string, StoredEndpoint> {
  return new Map(endpoints.map((endpoint) => [keyText(endpoint), endpoint]));
}

export function distinct<Thing>(things: readonly Thing[], textOf: (thing: Thing) => string): Thing[] {
  return [...new Map(things.map((thing) => [textOf(thing), thing])).values()];
}
