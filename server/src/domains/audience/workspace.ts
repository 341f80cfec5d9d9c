/**
 * Where a batch of writes is worked out in memory, once everything it may touch is locked: merges, users and their
 * attributes, the fifteen endpoints of a user, the same-address rule. Writes are applied in order; a unit of several is
 * applied as a whole or not at all.
 */

import { addressKey, normaliseAddress } from '../../kernel/address.ts';
import { badRequest, ServiceError } from '../../kernel/errors.ts';
import { addressText, type StoredAddress } from './addresses-store.ts';
import { type EndpointChange, limits } from './change.ts';
import { Draft } from './draft.ts';
import { type EndpointKey, keyText, type Lists, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import type { Activity } from './facets-store.ts';
import { checkMerged, type MergeContext, mergeEndpoint, mergeMembers, newEndpoint } from './merge.ts';
import { type AttributeName, bothBrought, namesBrought, nameText } from './names-in-use.ts';
import type { RecentActivity } from './recent-activity.ts';
import type { NameKind, ProjectRules } from './rules.ts';
import type { WholeEndpoint } from './store.ts';
import { userText } from './users-store.ts';

export interface EndpointWrite extends MergeContext {
  readonly key: EndpointKey;
  /** As the caller spells it. */
  readonly endpointId: string;
  readonly applicationId: string;
  readonly change: EndpointChange;
  /**
   * Nothing is said of the endpoint but that it was active: what is stored stays as it is, whatever `change` would make of
   * it. One that nobody knows is made, or with `known activity` left alone.
   */
  readonly only?: 'activity' | 'known activity';
}

const endpointsPerUser = 15;

/** Only an endpoint of these may take the place of another one of these (dossier/audience §2.8). */
const evictable: ReadonlySet<string | null> = new Set([
  'ADM',
  'GCM',
  'APNS',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'BAIDU',
]);

export class Workspace {
  readonly endpoints: Draft<StoredEndpoint>;
  readonly users: Draft<StoredUser>;
  readonly addresses: Draft<StoredAddress>;
  /** Names that become used, and those that get values. */
  readonly names = new Draft<AttributeName>([], nameText);
  /** Of endpoints of which nothing else was said. */
  readonly activities = new Draft<Activity>([], keyText);
  readonly #rules: ReadonlyMap<number, ProjectRules>;
  readonly #newNames: boolean;
  readonly #recent: RecentActivity | undefined;

  constructor(loaded: {
    readonly endpoints: readonly StoredEndpoint[];
    readonly users: readonly StoredUser[];
    readonly addresses: readonly StoredAddress[];
    readonly rules: ReadonlyMap<number, ProjectRules>;
    /** False when it is known that no write says a name or a value that its project does not know. */
    readonly newNames: boolean;
    readonly recent?: RecentActivity;
  }) {
    this.endpoints = new Draft(loaded.endpoints, keyText);
    this.users = new Draft(loaded.users, userText);
    this.addresses = new Draft(loaded.addresses, addressText);
    this.#rules = loaded.rules;
    this.#newNames = loaded.newNames;
    this.#recent = loaded.recent;
  }

  /** @returns why nothing of the unit was applied; undefined when all of it was */
  attempt(unit: readonly EndpointWrite[]): ServiceError | undefined {
    try {
      for (const write of unit) this.#apply(write);
      for (const draft of this.#drafts) draft.keep();
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      for (const draft of this.#drafts) draft.drop();
      return error;
    }
  }

  get #drafts() {
    return [this.endpoints, this.users, this.addresses, this.names, this.activities];
  }

  /** As it stands now. */
  find(key: EndpointKey): WholeEndpoint | undefined {
    const endpoint = this.endpoints.get(keyText(key));
    if (endpoint === undefined) return undefined;
    return { ...endpoint, sharedAttributes: endpoint.userId === null ? null : this.userAttributesOf(endpoint) };
  }

  /** What its user knows, or it itself. */
  userAttributesOf(endpoint: StoredEndpoint): Lists {
    if (endpoint.userId === null) return endpoint.userAttributes;
    return this.#user(endpoint.projectNumber, endpoint.userId).attributes;
  }

  #apply(write: EndpointWrite): void {
    const { key } = write;
    if (write.only !== undefined && this.#noteActivity(write)) return;
    const change = this.#withoutBlocked(key.projectNumber, write.change);
    if (this.#newNames) this.#useNames(key.projectNumber, change);
    const stored = this.endpoints.get(keyText(key)) ?? newEndpoint(key, write.endpointId, write.applicationId, write);
    const endpoint = this.#settleUser(mergeEndpoint(stored, change, write), change);
    checkMerged(endpoint, this.userAttributesOf(endpoint));
    this.endpoints.put(endpoint);
    this.#settleAddress(stored, endpoint);
  }

  /** @returns whether there is nothing more to do */
  #noteActivity({ key, only, now }: EndpointWrite): boolean {
    const isKnown = this.endpoints.has(keyText(key));
    if (isKnown && (this.#recent?.isNews(key, now) ?? true)) this.activities.put({ ...key, activeAt: now });
    return isKnown || only === 'known activity';
  }

  #withoutBlocked(projectNumber: number, change: EndpointChange): EndpointChange {
    const rules = this.#rules.get(projectNumber);
    if (rules === undefined || !rules.blocks) return change;
    const captured = <Value>(kind: NameKind, map: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(map).filter(([name]) => !rules.isBlocked(kind, name)));
    return {
      ...change,
      attributes: captured('attribute', change.attributes),
      metrics: captured('metric', change.metrics),
      userAttributes: captured('user attribute', change.userAttributes),
    };
  }

  #useNames(projectNumber: number, change: EndpointChange): void {
    const rules = this.#rules.get(projectNumber);
    const brought = namesBrought(projectNumber, change, rules);
    if (brought.length === 0) return;
    for (const name of brought) this.names.put(bothBrought(this.names.get(nameText(name)), name));
    if (!brought.some(({ isNew }) => isNew)) return;
    const added = this.names.changed().filter((name) => name.isNew && name.projectNumber === projectNumber).length;
    if ((rules?.nameCount ?? 0) + added > limits.namesPerProject) throw badRequest('Too many custom attributes');
  }

  /** Joins, leaves or stays; and what is said of the user reaches the user. */
  #settleUser(endpoint: StoredEndpoint, change: EndpointChange): StoredEndpoint {
    const { userId: wanted, userAttributes } = change;
    if (wanted === undefined || wanted === endpoint.userId) return this.#tellUser(endpoint, userAttributes);
    const local = endpoint.userId === null ? endpoint.userAttributes : {};
    if (wanted === '') {
      const known = this.userAttributesOf(endpoint);
      return { ...this.#leave(endpoint), userAttributes: mergeMembers(known, userAttributes) };
    }
    return this.#join(this.#leave(endpoint), wanted, { local, userAttributes });
  }

  #tellUser(endpoint: StoredEndpoint, userAttributes: Lists): StoredEndpoint {
    if (endpoint.userId === null) {
      return { ...endpoint, userAttributes: mergeMembers(endpoint.userAttributes, userAttributes) };
    }
    if (Object.keys(userAttributes).length === 0) return endpoint;
    const user = this.#user(endpoint.projectNumber, endpoint.userId);
    const attributes = mergeMembers(user.attributes, userAttributes);
    if (attributes !== user.attributes) this.users.put({ ...user, attributes });
    return endpoint;
  }

  #leave(endpoint: StoredEndpoint): StoredEndpoint {
    if (endpoint.userId === null) return endpoint;
    const user = this.#user(endpoint.projectNumber, endpoint.userId);
    this.users.put({ ...user, endpointIds: user.endpointIds.filter((id) => id !== endpoint.id) });
    return { ...endpoint, userId: null, userAttributes: {} };
  }

  /** The request's attributes win, then the user's; what only the endpoint knew is added (dossier/audience §3.2). */
  #join(
    endpoint: StoredEndpoint,
    userId: string,
    { local, userAttributes }: { local: Lists; userAttributes: Lists },
  ): StoredEndpoint {
    this.#makeRoom(endpoint, userId);
    const user = this.#user(endpoint.projectNumber, userId);
    const known = mergeMembers(user.attributes, { ...local, ...user.attributes });
    this.users.put({
      ...user,
      attributes: mergeMembers(known, userAttributes),
      endpointIds: [...user.endpointIds, endpoint.id],
    });
    return { ...endpoint, userId, userAttributes: {} };
  }

  #makeRoom({ projectNumber, channelType }: StoredEndpoint, userId: string): void {
    const user = this.#user(projectNumber, userId);
    if (user.endpointIds.length < endpointsPerUser) return;
    const victim = evictable.has(channelType)
      ? user.endpointIds
          .map((id) => this.endpoints.get(keyText({ projectNumber, id })))
          .filter((endpoint) => endpoint !== undefined && evictable.has(endpoint.channelType))
          .toSorted((one, other) => compareAge(one as StoredEndpoint, other as StoredEndpoint))[0]
      : undefined;
    if (victim === undefined) throw badRequest(`Exceeded maximum endpoint per user count: ${endpointsPerUser}`);
    this.endpoints.put({ ...this.#leave(victim), status: 'INACTIVE', userAttributes: user.attributes });
  }

  /** Of all endpoints with one address and channel, the last one written is the active one (dossier/audience §2.7). */
  #settleAddress(before: StoredEndpoint, endpoint: StoredEndpoint): void {
    const { projectNumber, id, address } = endpoint;
    if (before.address !== null && before.address !== address) this.#leaveAddress(before);
    const holders = address === null ? undefined : this.#address(projectNumber, address);
    if (address === null || endpoint.status !== 'ACTIVE') return;
    if (holders === undefined) {
      if (before.status === 'ACTIVE' && before.address === address) return;
      throw new Error('An endpoint became active at an address that had not been locked.');
    }
    const there = holders.endpointIds.filter((other) => other !== id && this.#retire(other, endpoint));
    this.#putHolders(holders, [...there, id]);
  }

  /** @returns whether the other endpoint stays at the address: it has another channel */
  #retire(otherId: string, { projectNumber, channelType, address }: StoredEndpoint): boolean {
    const other = this.endpoints.get(keyText({ projectNumber, id: otherId }));
    const same = normaliseAddress(other?.address ?? '') === normaliseAddress(address ?? '');
    if (other === undefined || other.status !== 'ACTIVE' || !same) return false;
    if (other.channelType !== channelType) return true;
    this.endpoints.put({ ...other, status: 'INACTIVE' });
    return false;
  }

  #leaveAddress({ projectNumber, id, address }: StoredEndpoint): void {
    const holders = this.#address(projectNumber, address as string);
    if (holders === undefined) return;
    this.#putHolders(
      holders,
      holders.endpointIds.filter((other) => other !== id),
    );
  }

  #putHolders(holders: StoredAddress, endpointIds: readonly string[]): void {
    if (endpointIds.join(' ') !== holders.endpointIds.join(' ')) this.addresses.put({ ...holders, endpointIds });
  }

  #address(projectNumber: number, address: string): StoredAddress | undefined {
    return this.addresses.get(addressText({ projectNumber, key: addressKey(address) }));
  }

  #user(projectNumber: number, userId: string): StoredUser {
    const user = this.users.get(userText({ projectNumber, userId }));
    if (user === undefined) throw new Error('A user was needed that had not been locked.');
    return user;
  }
}

/** Oldest date first; then the one that was made first; then by id (dossier/audience §2.8). */
function compareAge(one: StoredEndpoint, other: StoredEndpoint): number {
  return (
    one.effectiveAt.getTime() - other.effectiveAt.getTime() ||
    one.createdAt.getTime() - other.createdAt.getTime() ||
    (one.id < other.id ? -1 : 1)
  );
}

/**
 * Users that a write may change, as they become if nobody knew them: they are locked before its endpoint is.
 * @param known what the endpoint's user knows, where that was read: saying it again changes nothing
 */
export function usersNeeded(
  { key, change }: EndpointWrite,
  stored: Pick<StoredEndpoint, 'userId'> | undefined,
  known?: Lists | null,
): StoredUser[] {
  const { projectNumber } = key;
  const current = stored?.userId ?? null;
  const users: StoredUser[] = [];
  const repeats = known != null && mergeMembers(known, change.userAttributes) === known;
  const says = Object.keys(change.userAttributes).length > 0 && !repeats;
  const moves = change.userId !== undefined && change.userId !== (current ?? '');
  const { userId: wanted, userAttributes: attributes } = change;
  if (wanted !== undefined && wanted !== '' && (moves || says)) {
    users.push({ projectNumber, userId: wanted, attributes, endpointIds: [key.id] });
  }
  if (current !== null && current !== wanted && (moves || says)) {
    users.push({ projectNumber, userId: current, attributes: {}, endpointIds: [] });
  }
  return users;
}

/** The same for addresses: the one where a write may retire others, and the one it may leave. */
export function addressesNeeded(
  { key, change }: EndpointWrite,
  stored: Pick<StoredEndpoint, 'address' | 'status' | 'channelType'> | undefined,
): StoredAddress[] {
  const { projectNumber, id } = key;
  const before = stored?.address ?? null;
  const after = change.address ?? before;
  const addresses: StoredAddress[] = [];
  const settles =
    stored === undefined ||
    stored.status !== 'ACTIVE' ||
    (change.channelType ?? stored.channelType) !== stored.channelType;
  // A new address counts even when this write makes the endpoint inactive: the next one of the batch may wake it there.
  if (after !== null && (before !== after || (settles && change.status !== 'INACTIVE'))) {
    addresses.push({ projectNumber, key: addressKey(after), endpointIds: change.status === 'INACTIVE' ? [] : [id] });
  }
  if (before !== null && before !== after) {
    addresses.push({ projectNumber, key: addressKey(before), endpointIds: [] });
  }
  return addresses;
}
