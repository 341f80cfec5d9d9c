/**
 * What a caller asks to change of an endpoint: an EndpointRequest, checked and brought into one form before anything is
 * read from the database. Limits: dossier/audience §2.5.
 */
import type { EndpointDemographic, EndpointLocation, EndpointRequest } from '../../contract/pinpoint-types.ts';
import { foldEndpointId } from '../../kernel/bucket.ts';
import { badRequest } from '../../kernel/errors.ts';
import { parseIsoDate } from '../../kernel/iso-date.ts';
import type { Lists, Numbers } from './endpoint.ts';

export const limits = {
  nameLength: 50,
  valueLength: 100,
  valuesPerAttribute: 50,
  namesPerEndpoint: 250,
  namesPerProject: 250,
  endpointBytes: 15 * 1024,
  /** Of ids of endpoints and users, which are keys: an entry of an index takes 2,704 bytes, with all that is beside them. */
  idBytes: 2_000,
  /** Of what RemoveAttributes names, also a key: far beyond a name, with a wildcard between any two letters of it. */
  patternLength: 200,
} as const;

/** Every member that is undefined leaves what is stored as it is. */
export interface EndpointChange {
  readonly channelType: string | undefined;
  readonly address: string | undefined;
  readonly optOut: 'ALL' | 'NONE' | undefined;
  readonly status: 'ACTIVE' | 'INACTIVE' | undefined;
  readonly effectiveAt: Date | undefined;
  readonly requestId: string | undefined;
  readonly attributes: Lists;
  readonly metrics: Numbers;
  readonly demographic: EndpointDemographic;
  readonly location: EndpointLocation;
  /** Empty unlinks the endpoint from its user. */
  readonly userId: string | undefined;
  readonly userAttributes: Lists;
}

/** @throws BadRequestException naming the member; never quoting a value */
export function readChange(request: EndpointRequest): EndpointChange {
  const { Attributes = none, Metrics = none, Demographic = none, User } = request;
  const userAttributes = User?.UserAttributes ?? none;
  checkNames('Metrics', Object.keys(Metrics));
  return {
    channelType: request.ChannelType,
    address: request.Address === '' ? undefined : request.Address,
    optOut: oneOf('OptOut', request.OptOut, ['ALL', 'NONE']),
    status: oneOf('EndpointStatus', request.EndpointStatus, ['ACTIVE', 'INACTIVE']),
    effectiveAt: readDate(request.EffectiveDate),
    requestId: request.RequestId,
    attributes: checkLists('Attributes', Attributes),
    metrics: Metrics,
    demographic: Demographic,
    location: readLocation(request.Location),
    userId: User?.UserId === undefined ? undefined : checkUserId(User.UserId),
    userAttributes: checkLists('User.UserAttributes', userAttributes),
  };
}

const none = Object.freeze({});

/**
 * @throws BadRequestException for an empty id or a character that message templates would take for a variable
 */
export function checkEndpointId(id: string | undefined): string {
  if (id === undefined || id === '') throw badRequest('Id is required');
  if (/[${}]/.test(id)) throw badRequest('An endpoint id must not contain $, { or }');
  // The folded form is the key, and may be longer.
  if (isTooLong(foldEndpointId(id))) throw badRequest(`An endpoint id can have at most ${limits.idBytes} bytes`);
  return id;
}

/** @throws BadRequestException for one that cannot be a key */
export function checkUserId(userId: string): string {
  if (isTooLong(userId)) throw badRequest(`A UserId can have at most ${limits.idBytes} bytes`);
  return userId;
}

function isTooLong(id: string): boolean {
  return id.length > limits.idBytes / 3 && Buffer.byteLength(id) > limits.idBytes;
}

function checkLists(member: string, lists: Readonly<Record<string, readonly string[] | string | number>>): Lists {
  const names = Object.keys(lists);
  if (names.length === 0) return none;
  checkNames(member, names);
  const inForm = areLists(lists) ? lists : inListForm(lists);
  for (const name of names) checkValues(member, inForm[name] as readonly string[]);
  return inForm;
}

function areLists(lists: Readonly<Record<string, readonly string[] | string | number>>): lists is Lists {
  return Object.values(lists).every((given) => typeof given === 'object');
}

/** Guides and apps send a lone value where the model says list (dossier/audience §2.3). */
function inListForm(lists: Readonly<Record<string, readonly string[] | string | number>>): Lists {
  return Object.fromEntries(
    Object.entries(lists).map(([name, given]) => [name, typeof given === 'object' ? given : [String(given)]]),
  );
}

function checkValues(member: string, values: readonly string[]): void {
  if (values.length > limits.valuesPerAttribute) {
    throw badRequest(`${member}: an attribute can have at most ${limits.valuesPerAttribute} values`);
  }
  if (values.some((value) => value.length > limits.valueLength)) {
    throw badRequest(`${member}: a value can have at most ${limits.valueLength} characters`);
  }
}

function checkNames(member: string, names: readonly string[]): void {
  if (names.some((name) => name.length > limits.nameLength)) {
    throw badRequest(`${member}: a name can have at most ${limits.nameLength} characters`);
  }
  if (names.length > limits.namesPerEndpoint) throw badRequest('Too many custom attributes');
}

function oneOf<Value extends string>(
  member: string,
  value: string | undefined,
  allowed: readonly Value[],
): Value | undefined {
  if (value === undefined) return undefined;
  const known = allowed.find((candidate) => candidate === value);
  if (known === undefined) throw badRequest(`${member} must be one of ${allowed.join(', ')}`);
  return known;
}

function readDate(text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const date = parseIsoDate(text);
  if (date === undefined) throw badRequest('EffectiveDate must be an ISO 8601 date');
  return date;
}

function readLocation(location: EndpointLocation | undefined): EndpointLocation {
  if (location === undefined) return none;
  const { Latitude, Longitude } = location;
  if (Latitude !== undefined && Math.abs(Latitude) > 90) throw badRequest('Location.Latitude must be from -90 to 90');
  if (Longitude !== undefined && Math.abs(Longitude) > 180) {
    throw badRequest('Location.Longitude must be from -180 to 180');
  }
  return {
    ...location,
    ...(Latitude !== undefined && { Latitude: roundToTenth(Latitude) }),
    ...(Longitude !== undefined && { Longitude: roundToTenth(Longitude) }),
  };
}

/** Half away from zero: coordinates are kept to about eleven kilometres, as Pinpoint keeps them. */
function roundToTenth(degrees: number): number {
  return (Math.sign(degrees) * Math.round(Math.abs(degrees) * 10)) / 10;
}
