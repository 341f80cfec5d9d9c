/**
 * The merge law (dossier/audience §2.3): a write changes what it names and leaves the rest. What concerns other
 * endpoints (users, addresses) is not here but in `workspace.ts`.
 */
import type { EndpointDemographic, EndpointLocation } from '../../contract/pinpoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';
import { type EndpointChange, limits } from './change.ts';
import { cohortOf, type EndpointKey, type Lists, type Numbers, type StoredEndpoint } from './endpoint.ts';

export interface MergeContext {
  readonly now: Date;
  /** Of the request that writes; stored unless the caller names one. */
  readonly requestId: string;
}

export function newEndpoint(
  key: EndpointKey,
  endpointId: string,
  applicationId: string,
  { now, requestId }: MergeContext,
): StoredEndpoint {
  return {
    ...key,
    shownId: endpointId,
    generation: 0,
    channelType: null,
    address: null,
    optOut: 'NONE',
    status: 'ACTIVE',
    cohort: cohortOf(applicationId, key.id),
    userId: null,
    attributes: {},
    metrics: {},
    demographic: {},
    location: {},
    userAttributes: {},
    createdAt: now,
    effectiveAt: now,
    requestId,
  };
}

/** Everything but the user: an absent status means ACTIVE, an absent date means now. */
export function mergeEndpoint(
  stored: StoredEndpoint,
  change: EndpointChange,
  { now, requestId }: MergeContext,
): StoredEndpoint {
  return {
    ...stored,
    channelType: change.channelType ?? stored.channelType,
    address: change.address ?? stored.address,
    optOut: change.optOut ?? stored.optOut,
    status: change.status ?? 'ACTIVE',
    attributes: mergeMembers(stored.attributes, change.attributes),
    metrics: mergeMembers(stored.metrics, change.metrics),
    demographic: mergeMembers(stored.demographic, change.demographic),
    location: mergeMembers(stored.location, change.location),
    effectiveAt: change.effectiveAt ?? now,
    requestId: change.requestId ?? requestId,
  };
}

/** The same object when nothing is added, so that "did this change?" is a comparison of references. */
export function mergeMembers<Members extends object>(stored: Members, added: Members): Members {
  const changes = Object.entries(added).some(([name, value]) => {
    if (!Object.hasOwn(stored, name)) return true;
    const known = stored[name as keyof Members] as unknown;
    return Array.isArray(value) ? !sameTexts(known as string[], value) : known !== value;
  });
  return changes ? { ...stored, ...added } : stored;
}

/** The same names with the same values, whichever name comes first. */
export function isSameLists(one: Lists, other: Lists): boolean {
  if (one === other) return true;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameTexts(one[name] ?? [], other[name] ?? []))
  );
}

export function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/**
 * What must hold of the endpoint as it will be stored.
 * @param userAttributes of its user, or its own
 * @throws BadRequestException
 */
export function checkMerged(endpoint: StoredEndpoint, userAttributes: Lists): void {
  const { address, channelType } = endpoint;
  if (address !== null && channelType === null) throw badRequest('Missing ChannelType');
  if (address === null && channelType !== null && channelType !== 'IN_APP') throw badRequest('Missing Address');
  const names = [endpoint.attributes, endpoint.metrics, userAttributes].reduce(
    (count, map) => count + Object.keys(map).length,
    0,
  );
  if (names > limits.namesPerEndpoint) throw badRequest('Too many custom attributes');
  if (
    mostBytesOf(endpoint, userAttributes) > limits.endpointBytes &&
    sizeOf(endpoint, userAttributes) > limits.endpointBytes
  ) {
    throw badRequest(`An endpoint can have at most ${limits.endpointBytes} bytes`);
  }
}

/** Of a UTF-16 unit in JSON: `\\u001f`. */
const mostBytesPerUnit = 6;
/** More than the JSON of `sizeOf` has around what is counted: names of members, a number or a date. */
const mostBytesOfFrame = 300;
const mostBytesOfNumber = 30;

/** Never less than `sizeOf`, and much quicker: few endpoints are so large that it takes the exact size to tell. */
function mostBytesOf(endpoint: StoredEndpoint, userAttributes: Lists): number {
  const { shownId, address, channelType, userId, attributes, metrics, demographic, location, requestId } = endpoint;
  let units = mostBytesOfFrame + unitsOf(demographic) + unitsOf(location) + unitsOf(metrics);
  for (const text of [shownId, address, channelType, userId, requestId]) units += text?.length ?? 0;
  for (const lists of [attributes, userAttributes]) {
    for (const name in lists) {
      units += name.length + 2;
      for (const value of lists[name] as readonly string[]) units += value.length + 1;
    }
  }
  return units * mostBytesPerUnit;
}

/** Of names and values, with what stands between them: less than six units each. */
function unitsOf(members: EndpointDemographic | EndpointLocation | Numbers): number {
  let units = 0;
  for (const [name, value] of Object.entries(members)) {
    units += name.length + 1 + (typeof value === 'string' ? value.length : mostBytesOfNumber);
  }
  return units;
}

/** UTF-8 bytes of its JSON. */
function sizeOf(endpoint: StoredEndpoint, userAttributes: Lists): number {
  const { shownId, address, channelType, userId, attributes, metrics, demographic, location, requestId } = endpoint;
  const content = {
    ...{ shownId, address, channelType, userId, attributes, metrics, demographic, location, requestId },
    userAttributes,
  };
  return Buffer.byteLength(JSON.stringify(content));
}
