/**
 * An independent reading of segment definitions, endpoint by endpoint, in plain TypeScript and from the request itself:
 * what the compiled SQL is tested against.
 */
import type { AttributeDimension, SegmentDimensions, WriteSegmentRequest } from '../../src/contract/pinpoint-types.ts';

export interface OracleEndpoint {
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly userAttributes: Readonly<Record<string, readonly string[]>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly demographic: Readonly<Record<string, string | undefined>>;
  readonly country: string | undefined;
  readonly coordinates: readonly [latitude: number, longitude: number] | undefined;
  readonly channelType: string | undefined;
  readonly lastActive: number;
}

export type SegmentsById = ReadonlyMap<string, WriteSegmentRequest>;

export function contains(
  request: WriteSegmentRequest,
  endpoint: OracleEndpoint,
  now: number,
  segments: SegmentsById,
): boolean {
  if (request.Dimensions) return matches(request.Dimensions, endpoint, now);
  const groups = request.SegmentGroups?.Groups ?? [];
  const results = groups.map((group) => {
    const sources = (group.SourceSegments ?? []).map(({ Id }) =>
      contains(segments.get(Id) as WriteSegmentRequest, endpoint, now, segments),
    );
    const filters = (group.Dimensions ?? [])
      .filter((dimensions) => Object.values(dimensions).some((part) => Object.keys(part ?? {}).length > 0))
      .map((dimensions) => matches(dimensions, endpoint, now));
    return combine(group.SourceType, sources) && combine(group.Type, filters);
  });
  return combine(request.SegmentGroups?.Include, results);
}

function combine(quantifier: 'ALL' | 'ANY' | 'NONE' | undefined, results: readonly boolean[]): boolean {
  if (results.length === 0) return true;
  if (quantifier === 'ANY') return results.includes(true);
  if (quantifier === 'NONE') return !results.includes(true);
  return !results.includes(false);
}

function matches(dimensions: SegmentDimensions, endpoint: OracleEndpoint, now: number): boolean {
  const { Attributes = {}, UserAttributes = {}, Metrics = {}, Demographic = {}, Location = {}, Behavior } = dimensions;
  for (const [name, dimension] of Object.entries(Attributes)) {
    if (!matchesValues(dimension, own(endpoint.attributes, name) ?? [])) return false;
  }
  for (const [name, dimension] of Object.entries(UserAttributes)) {
    if (!matchesValues(dimension, own(endpoint.userAttributes, name) ?? [])) return false;
  }
  for (const [name, { ComparisonOperator, Value }] of Object.entries(Metrics)) {
    const metric = own(endpoint.metrics, name);
    if (metric === undefined || !compare(metric, ComparisonOperator, Value)) return false;
  }
  for (const member of ['AppVersion', 'Make', 'Model', 'Platform'] as const) {
    const dimension = Demographic[member];
    if (
      dimension &&
      dimension.Values.includes(endpoint.demographic[member] ?? '\0') === (dimension.DimensionType === 'EXCLUSIVE')
    ) {
      return false;
    }
  }
  const { Channel, DeviceType } = Demographic;
  if (Channel && isChannel(Channel.Values, endpoint.channelType) === (Channel.DimensionType === 'EXCLUSIVE'))
    return false;
  if (DeviceType && DeviceType.DimensionType !== 'EXCLUSIVE') return false;
  const { Country, GPSPoint } = Location;
  if (Country) {
    const there = Country.Values.some((value) => value.toLowerCase() === endpoint.country?.toLowerCase());
    if (there === (Country.DimensionType === 'EXCLUSIVE')) return false;
  }
  if (GPSPoint) {
    const { Latitude, Longitude } = GPSPoint.Coordinates;
    if (endpoint.coordinates === undefined) return false;
    if (kilometres(endpoint.coordinates, [Latitude, Longitude]) > (GPSPoint.RangeInKilometers ?? 0)) return false;
  }
  if (Behavior?.Recency) {
    const days = { HR_24: 1, DAY_7: 7, DAY_14: 14, DAY_30: 30 }[Behavior.Recency.Duration];
    const active = endpoint.lastActive >= now - days * 86_400_000;
    if (active !== (Behavior.Recency.RecencyType === 'ACTIVE')) return false;
  }
  return true;
}

function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function matchesValues(
  { AttributeType = 'INCLUSIVE', Values }: AttributeDimension,
  stored: readonly string[],
): boolean {
  const instants = stored.map(parseDate).filter((at) => !Number.isNaN(at));
  const wanted = Values.map((value) => Date.parse(value));
  switch (AttributeType) {
    case 'INCLUSIVE':
      return stored.some((value) => Values.includes(value));
    case 'EXCLUSIVE':
      return !stored.some((value) => Values.includes(value));
    case 'CONTAINS':
      return stored.some((value) => Values.some((part) => value.includes(part)));
    case 'BEFORE':
      return instants.some((at) => at < (wanted[0] as number));
    case 'AFTER':
      return instants.some((at) => at > (wanted[0] as number));
    case 'ON':
      return instants.some((at) => wanted.some((day) => Math.floor(at / 86_400_000) === Math.floor(day / 86_400_000)));
    case 'BETWEEN':
      return instants.some((at) => at >= (wanted[0] as number) && at <= (wanted[1] as number));
  }
}

function compare(metric: number, operator: string, value: number): boolean {
  switch (operator) {
    case 'GREATER_THAN':
      return metric > value;
    case 'LESS_THAN':
      return metric < value;
    case 'GREATER_THAN_OR_EQUAL':
      return metric >= value;
    case 'LESS_THAN_OR_EQUAL':
      return metric <= value;
    default:
      return metric === value;
  }
}

function isChannel(values: readonly string[], channel: string | undefined): boolean {
  const push = ['PUSH', 'GCM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'ADM', 'BAIDU'];
  return values.some((value) =>
    value.toUpperCase() === 'PUSH' ? push.includes(channel ?? '') : value.toUpperCase() === channel,
  );
}

function kilometres(
  [fromLatitude, fromLongitude]: readonly [number, number],
  [toLatitude, toLongitude]: readonly [number, number],
): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [from, to] = [radians(fromLatitude), radians(toLatitude)];
  const turn =
    Math.cos(from) * Math.cos(to) * Math.cos(radians(fromLongitude - toLongitude)) + Math.sin(from) * Math.sin(to);
  return 6371.0088 * Math.acos(Math.min(1, Math.max(-1, turn)));
}

/** JavaScript reads the thirtieth of February as a day in March; a date that is none is no date. */
function parseDate(value: string): number {
  const day = value.slice(0, 10);
  const exists = new Date(`${day}T00:00:00Z`).getTime();
  if (Number.isNaN(exists) || new Date(exists).toISOString().slice(0, 10) !== day) return Number.NaN;
  return Date.parse(value.length === 10 ? `${value}T00:00:00Z` : value);
}
