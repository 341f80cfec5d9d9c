/**
 * A segment as the builder shows it: groups of criteria, each a list of filters that must all hold. To the API's words
 * (SegmentGroups) and back, without losing anything: a segment made elsewhere can be edited here.
 */
import type {
  AttributeDimension,
  SegmentDimensions,
  SegmentGroup,
  SegmentResponse,
  SetDimension,
  WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';

export type Quantifier = 'ALL' | 'ANY' | 'NONE';

export interface BuilderSegment {
  readonly name: string;
  readonly groups: readonly BuilderGroup[];
  /** Over the groups. */
  readonly include: Quantifier;
}

export interface BuilderGroup {
  readonly key: string;
  /** Segments it starts from; none: everybody. */
  readonly sources: readonly BuilderSource[];
  readonly sourceType: Quantifier;
  readonly criteria: readonly BuilderCriterion[];
  /** Over the criteria. */
  readonly type: Quantifier;
}

export interface BuilderSource {
  readonly id: string;
  readonly version?: number | undefined;
}

export interface BuilderCriterion {
  readonly key: string;
  readonly filters: readonly Filter[];
}

export type AttributeOperator = 'INCLUSIVE' | 'EXCLUSIVE' | 'CONTAINS' | 'BEFORE' | 'AFTER' | 'ON' | 'BETWEEN';
export type SetMember = 'Channel' | 'Platform' | 'Make' | 'Model' | 'AppVersion' | 'DeviceType' | 'Country';

export type FilterKind = Filter['kind'];
/** One question. Numbers are texts here: they are being typed. */
export type Filter = { readonly key: string } & (
  | {
      readonly kind: 'attribute' | 'userAttribute';
      readonly name: string;
      readonly operator: AttributeOperator;
      readonly values: readonly string[];
    }
  | { readonly kind: 'metric'; readonly name: string; readonly operator: string; readonly value: string }
  | {
      readonly kind: 'set';
      readonly member: SetMember;
      readonly operator: 'INCLUSIVE' | 'EXCLUSIVE';
      readonly values: readonly string[];
    }
  | { readonly kind: 'recency'; readonly duration: string; readonly recency: 'ACTIVE' | 'INACTIVE' }
  | { readonly kind: 'distance'; readonly latitude: string; readonly longitude: string; readonly kilometres: string }
);

export const setMembers: readonly SetMember[] = [
  ...(['Channel', 'Platform', 'Make', 'Model', 'AppVersion', 'DeviceType', 'Country'] as const),
];

let made = 0;
/** Keeps rows apart while they are edited; means nothing elsewhere. */
export function newKey(): string {
  made += 1;
  return `row-${made}`;
}

export function emptyGroup(): BuilderGroup {
  return { key: newKey(), sources: [], sourceType: 'ANY', criteria: [], type: 'ALL' };
}

export function emptySegment(): BuilderSegment {
  return { name: '', groups: [emptyGroup()], include: 'ALL' };
}

/** Whether all of it is filled in; what is not is left out of the estimate. */
export function isComplete(filter: Filter): boolean {
  switch (filter.kind) {
    case 'attribute':
    case 'userAttribute':
      return filter.name !== '' && filter.values.length >= (filter.operator === 'BETWEEN' ? 2 : 1);
    case 'metric':
      return filter.name !== '' && isNumber(filter.value);
    case 'set':
      return filter.values.length > 0;
    case 'recency':
      return true;
    case 'distance':
      return [filter.latitude, filter.longitude, filter.kilometres].every(isNumber);
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** Two filters of one criterion about the same thing have no place in the API's words: they need a criterion each. */
export function clashOf({ filters }: BuilderCriterion): string | undefined {
  const subjects = filters.map(subjectOf);
  return subjects.find((subject, index) => subjects.indexOf(subject) !== index);
}

function subjectOf(filter: Filter): string {
  if (filter.kind === 'set') return filter.member;
  if (filter.kind === 'recency') return 'activity';
  if (filter.kind === 'distance') return 'distance';
  return `${filter.kind === 'userAttribute' ? 'user attribute' : filter.kind} ${filter.name}`;
}

/** What is saved; of what is asked while somebody types, the filters that are not filled in yet are left out. */
export function toRequest({ name, groups, include }: BuilderSegment): WriteSegmentRequest {
  return { Name: name, SegmentGroups: { Include: include, Groups: groups.map(toGroup) } };
}

function toGroup({ sources, sourceType, criteria, type }: BuilderGroup): SegmentGroup {
  const dimensions = criteria
    .map(({ filters }) => filters.filter(isComplete))
    .filter((filters) => filters.length > 0)
    .map(toDimensions);
  return {
    Type: type,
    SourceType: sourceType,
    Dimensions: dimensions,
    SourceSegments: sources.map(({ id, version }) => ({ Id: id, ...(version !== undefined && { Version: version }) })),
  };
}

function toDimensions(filters: readonly Filter[]): SegmentDimensions {
  const dimensions: Record<string, Record<string, unknown>> = {};
  const put = (part: string, member: string, value: unknown) => {
    // Names are what people sent: as own properties they may be anything.
    const members = dimensions[part] ?? {};
    Object.defineProperty(members, member, { value, enumerable: true, configurable: true, writable: true });
    dimensions[part] = members;
  };
  for (const filter of filters) {
    switch (filter.kind) {
      case 'attribute':
        put('Attributes', filter.name, { AttributeType: filter.operator, Values: filter.values });
        break;
      case 'userAttribute':
        put('UserAttributes', filter.name, { AttributeType: filter.operator, Values: filter.values });
        break;
      case 'metric':
        put('Metrics', filter.name, { ComparisonOperator: filter.operator, Value: Number(filter.value) });
        break;
      case 'set':
        put(filter.member === 'Country' ? 'Location' : 'Demographic', filter.member, {
          ...{ DimensionType: filter.operator, Values: filter.values },
        });
        break;
      case 'recency':
        put('Behavior', 'Recency', { Duration: filter.duration, RecencyType: filter.recency });
        break;
      case 'distance':
        put('Location', 'GPSPoint', {
          Coordinates: { Latitude: Number(filter.latitude), Longitude: Number(filter.longitude) },
          RangeInKilometers: Number(filter.kilometres),
        });
        break;
    }
  }
  return dimensions as SegmentDimensions;
}

/** A stored segment, whichever of the API's two forms it has. */
export function fromSegment({ Name = '', Dimensions, SegmentGroups }: SegmentResponse): BuilderSegment {
  const groups: readonly SegmentGroup[] =
    SegmentGroups?.Groups ?? (Dimensions === undefined ? [] : [{ Dimensions: [Dimensions], Type: 'ALL' }]);
  return {
    name: Name,
    include: SegmentGroups?.Include ?? 'ALL',
    groups: groups.length === 0 ? [emptyGroup()] : groups.map(fromGroup),
  };
}

function fromGroup({ Dimensions = [], SourceSegments = [], SourceType, Type }: SegmentGroup): BuilderGroup {
  return {
    key: newKey(),
    sources: SourceSegments.map(({ Id = '', Version }) => ({ id: Id, version: Version })),
    sourceType: SourceType ?? 'ALL',
    criteria: Dimensions.map((dimensions) => ({ key: newKey(), filters: fromDimensions(dimensions) })).filter(
      ({ filters }) => filters.length > 0,
    ),
    type: Type ?? 'ALL',
  };
}

function fromDimensions(dimensions: SegmentDimensions): Filter[] {
  const { Attributes = {}, UserAttributes = {}, Metrics = {}, Demographic = {}, Location = {}, Behavior } = dimensions;
  const key = newKey;
  const sets = { ...Demographic, Country: Location.Country };
  const point = Location.GPSPoint;
  return [
    ...Object.entries(Attributes).map(([name, dimension]) => fromAttribute('attribute', name, dimension)),
    ...Object.entries(UserAttributes).map(([name, dimension]) => fromAttribute('userAttribute', name, dimension)),
    ...Object.entries(Metrics).map(([name, { ComparisonOperator = 'EQUAL', Value }]) => ({
      ...({ kind: 'metric', key: key(), name, operator: ComparisonOperator, value: String(Value ?? '') } as const),
    })),
    ...setMembers.flatMap((member) => fromSet(member, sets[member])),
    ...(Behavior?.Recency === undefined
      ? []
      : [
          {
            kind: 'recency' as const,
            key: key(),
            duration: Behavior.Recency.Duration ?? 'DAY_30',
            recency: Behavior.Recency.RecencyType ?? ('ACTIVE' as const),
          },
        ]),
    ...(point === undefined
      ? []
      : [
          {
            kind: 'distance' as const,
            key: key(),
            latitude: String(point.Coordinates?.Latitude ?? ''),
            longitude: String(point.Coordinates?.Longitude ?? ''),
            kilometres: String(point.RangeInKilometers ?? ''),
          },
        ]),
  ];
}

function fromAttribute(kind: 'attribute' | 'userAttribute', name: string, dimension: AttributeDimension): Filter {
  const { AttributeType = 'INCLUSIVE', Values = [] } = dimension;
  return { kind, key: newKey(), name, operator: AttributeType, values: Values };
}

function fromSet(member: SetMember, dimension: SetDimension | undefined): Filter[] {
  if (dimension === undefined) return [];
  const { DimensionType = 'INCLUSIVE', Values = [] } = dimension;
  return [{ kind: 'set', key: newKey(), member, operator: DimensionType, values: Values }];
}
