/** Deleting endpoints: rows, facets, their place with their user; a tombstone stays (dossier/audience §5.3). */
import type { Transaction } from '../../database/index.ts';
import { addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { addressText, lockAddresses, type StoredAddress, writeAddresses } from './addresses-store.ts';
import type { EndpointKey } from './endpoint.ts';
import { deleteEndpoints, findEndpoints, insertTombstones, lockEndpoints, type WholeEndpoint } from './store.ts';
import type { Tombstones } from './tombstones.ts';
import { deleteUsers, lockKnownUsers, type UserName, writeUsers } from './users-store.ts';

/**
 * @returns the endpoint as it was; undefined when there is none
 */
export async function removeEndpoint(
  tx: Transaction,
  tombstones: Tombstones,
  key: EndpointKey,
): Promise<WholeEndpoint | undefined> {
  const [seen] = await findEndpoints(tx, [key]);
  if (seen === undefined) return undefined;
  const owner = seen.userId === null ? [] : [{ projectNumber: key.projectNumber, userId: seen.userId }];
  const [user] = await lockKnownUsers(tx, owner);
  const addresses = await lockAddressesOf(tx, [seen]);
  const [locked] = await lockEndpoints(tx, [key]);
  if (locked === undefined) return undefined;
  // It got another user or address between the look and the lock: look again, with those locked.
  if (locked.userId !== seen.userId || locked.address !== seen.address) return removeEndpoint(tx, tombstones, key);
  const [whole] = await findEndpoints(tx, [key]);
  await deleteEndpoints(tx, [key]);
  await forgetHolders(tx, addresses, [key.id]);
  await insertTombstones(tx, [tombstones.of(key)]);
  if (user !== undefined) {
    const endpointIds = user.endpointIds.filter((id) => id !== key.id);
    if (endpointIds.length === 0) await deleteUsers(tx, [user]);
    else await writeUsers(tx, [{ ...user, endpointIds }]);
  }
  return whole;
}

/** All endpoints of a user, and so the user. @returns them as they were, oldest first; none when there is no user */
export async function removeUser(
  tx: Transaction,
  tombstones: Tombstones,
  name: UserName,
): Promise<readonly WholeEndpoint[]> {
  const [user] = await lockKnownUsers(tx, [name]);
  const keys = userKeys(name.projectNumber, user?.endpointIds ?? []);
  const seen = await findEndpoints(tx, keys);
  const addresses = await lockAddressesOf(tx, seen);
  await lockEndpoints(tx, keys);
  const whole = await findEndpoints(tx, keys);
  if (whole.some((endpoint, index) => endpoint?.address !== seen[index]?.address))
    return removeUser(tx, tombstones, name);
  await deleteEndpoints(tx, keys);
  await forgetHolders(
    tx,
    addresses,
    keys.map(({ id }) => id),
  );
  await insertTombstones(
    tx,
    keys.map((key) => tombstones.of(key)),
  );
  await deleteUsers(tx, [name]);
  return inOrder(whole);
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
  const { stored, made } = await lockAddresses(tx, distinct);
  return [...stored, ...made];
}

async function forgetHolders(
  tx: Transaction,
  addresses: readonly StoredAddress[],
  gone: readonly string[],
): Promise<void> {
  const left = addresses.map((address) => ({
    ...address,
    endpointIds: address.endpointIds.filter((id) => !gone.includes(id)),
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
