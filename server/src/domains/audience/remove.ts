/** Deleting endpoints: rows, facets, their place with their user; a tombstone stays (dossier/audience §5.3). */
import type { Transaction } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { EndpointKey } from './endpoint.ts';
import {
  deleteEndpoints,
  deleteUsers,
  findEndpoints,
  insertTombstones,
  lockEndpoints,
  lockUsers,
  type UserName,
  type WholeEndpoint,
  writeUsers,
} from './store.ts';
import type { Tombstones } from './tombstones.ts';

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
  const [user] = await lockUsers(tx, owner);
  const [locked] = await lockEndpoints(tx, [key]);
  if (locked === undefined) return undefined;
  // It went to another user between the look and the lock: look again, with that one locked.
  if (locked.userId !== seen.userId) return removeEndpoint(tx, tombstones, key);
  const [whole] = await findEndpoints(tx, [key]);
  await deleteEndpoints(tx, [key]);
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
  const [user] = await lockUsers(tx, [name]);
  const keys = userKeys(name.projectNumber, user?.endpointIds ?? []);
  await lockEndpoints(tx, keys);
  const whole = await findEndpoints(tx, keys);
  await deleteEndpoints(tx, keys);
  await insertTombstones(
    tx,
    keys.map((key) => tombstones.of(key)),
  );
  await deleteUsers(tx, [name]);
  return inOrder(whole);
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
