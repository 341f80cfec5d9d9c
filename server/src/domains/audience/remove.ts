/** Deleting endpoints: rows, facets, their place with their user; a tombstone stays (dossier/audience §5.3). */
import type { Transaction } from '../../database/index.ts';
import { addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { addressText, lockAddresses, type StoredAddress, writeAddresses } from './addresses-store.ts';
import type { EndpointKey } from './endpoint.ts';
import { deleteEndpoints, findEndpoints, insertTombstones, lockEndpoints, type WholeEndpoint } from './store.ts';
import type { Tombstones } from './tombstones.ts';
import { deleteUsers, lockKnownUsers, type UserName, userText, writeUsers } from './users-store.ts';

/**
 * A tombstone stays of each, whether it was there or not: a writer that began before may still be on its way.
 * @returns those that were there, as they were
 */
export async function removeEndpoints(
  tx: Transaction,
  tombstones: Tombstones,
  keys: readonly EndpointKey[],
): Promise<readonly WholeEndpoint[]> {
  const seen = await findEndpoints(tx, keys);
  const users = await lockKnownUsers(tx, ownersOf(seen));
  const addresses = await lockAddressesOf(tx, seen);
  await lockEndpoints(tx, keys);
  const whole = await findEndpoints(tx, keys);
  // One got another user or address between the look and the lock: look again, with those locked.
  const moved = whole.some(
    (endpoint, index) => endpoint?.userId !== seen[index]?.userId || endpoint?.address !== seen[index]?.address,
  );
  if (moved) return removeEndpoints(tx, tombstones, keys);
  const gone = new Set(keys.map(({ id }) => id));
  await deleteEndpoints(tx, keys);
  await forgetHolders(tx, addresses, gone);
  await insertTombstones(
    tx,
    keys.map((key) => tombstones.of(key)),
  );
  const left = users.map((user) => ({ ...user, endpointIds: user.endpointIds.filter((id) => !gone.has(id)) }));
  await deleteUsers(
    tx,
    left.filter(({ endpointIds }) => endpointIds.length === 0),
  );
  await writeUsers(
    tx,
    left.filter(({ endpointIds }) => endpointIds.length > 0),
  );
  return whole.filter((endpoint) => endpoint !== undefined);
}

/** All endpoints of users, and so the users. @returns them as they were; none when there is no such user */
export async function removeUsers(
  tx: Transaction,
  tombstones: Tombstones,
  names: readonly UserName[],
): Promise<readonly WholeEndpoint[]> {
  const users = await lockKnownUsers(tx, names);
  const keys = users.flatMap(({ projectNumber, endpointIds }) => userKeys(projectNumber, endpointIds));
  return removeEndpoints(tx, tombstones, keys);
}

export function ownersOf(endpoints: readonly (WholeEndpoint | undefined)[]): UserName[] {
  const owners = endpoints.flatMap((endpoint) =>
    endpoint === undefined || endpoint.userId === null
      ? []
      : [{ projectNumber: endpoint.projectNumber, userId: endpoint.userId }],
  );
  return [...new Map(owners.map((owner) => [userText(owner), owner])).values()];
}

async function lockAddressesOf(
  tx: Transaction,
  endpoints: readonly (WholeEndpoint | undefined)[],
): Promise<readonly StoredAddress[]> {
  const named = endpoints.flatMap((endpoint) =>
    endpoint === undefined || endpoint.address === null
      ? []
      : [{ projectNumber: endpoint.projectNumber, key: addressKey(endpoint.address), endpointIds: [] }],
  );
  const distinct = [...new Map(named.map((address) => [addressText(address), address])).values()];
  return lockAddresses(tx, distinct);
}

async function forgetHolders(
  tx: Transaction,
  addresses: readonly StoredAddress[],
  gone: ReadonlySet<string>,
): Promise<void> {
  const left = addresses.map((address) => ({
    ...address,
    endpointIds: address.endpointIds.filter((id) => !gone.has(id)),
  }));
  await writeAddresses(tx, left);
}

export function userKeys(projectNumber: number, endpointIds: readonly string[]): EndpointKey[] {
  return endpointIds.map((id) => ({ projectNumber, bucket: bucketOf(id), id }));
}

/** Oldest first (dossier/audience §3.3). */
export function inOrder(endpoints: readonly (WholeEndpoint | undefined)[]): WholeEndpoint[] {
  return endpoints
    .filter((endpoint) => endpoint !== undefined)
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1));
}
