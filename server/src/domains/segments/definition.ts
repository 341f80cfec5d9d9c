/** What a segment asks, as written by a caller and as worked with inside (dossier/audience §8.3, §8.4). */
import type {
  AttributeDimension,
  SegmentDimensions,
  SegmentGroup,
  SetDimension,
  WriteSegmentRequest,
} from '../../contract/pinpoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';
import type { AttributeKind } from '../audience/index.ts';
import { readInstant } from './instant.ts';

export type Quantifier = 'ALL' | 'ANY' | 'NONE';

export interface Definition {
  readonly groups: readonly Group[];
  /** Over the groups. */
  readonly include: Quantifier;
}

export interface Group {
  /** None: everybody. */
  readonly sources: readonly SourceReference[];
  /** Over the sources. */
  readonly sourceType: Quantifier;
  /** Each a list of tests that must all hold. None: no filter. */
  readonly dimensions: readonly (readonly Test[])[];
  /** Over the dimensions. */
  readonly type: Quantifier;
}

export interface SourceReference {
  readonly id: string;
  /** The latest when left out. */
  readonly version: number | undefined;
}

export type DateComparison = 'BEFORE' | 'AFTER' | 'ON' | 'BETWEEN';
export type MetricComparison = keyof typeof metricOperators;
export type SetMember = 'AppVersion' | 'Make' | 'Model' | 'Platform' | 'Channel' | 'DeviceType' | 'Country';

/** One question about one endpoint. */
export type Test =
  | {
      readonly kind: 'values' | 'contains';
      readonly of: AttributeKind;
      readonly name: string;
      readonly values: readonly string[];
      readonly excluded: boolean;
    }
  | {
      readonly kind: 'date';
      readonly of: AttributeKind;
      readonly name: string;
      readonly comparison: DateComparison;
      readonly instants: readonly number[];
    }
  | { readonly kind: 'metric'; readonly name: string; readonly comparison: MetricComparison; readonly value: number }
  | { readonly kind: 'set'; readonly of: SetMember; readonly values: readonly string[]; readonly excluded: boolean }
  | { readonly kind: 'distance'; readonly latitude: number; readonly longitude: number; readonly kilometres: number }
  | { readonly kind: 'recency'; readonly days: number; readonly active: boolean };

/** And their signs, the same in JavaScript and SQL but for equality. */
export const metricOperators = {
  GREATER_THAN: '>',
  LESS_THAN: '<',
  GREATER_THAN_OR_EQUAL: '>=',
  LESS_THAN_OR_EQUAL: '<=',
  EQUAL: '=',
} as const;

const recencyDays = { HR_24: 1, DAY_7: 7, DAY_14: 14, DAY_30: 30 } as const;

const limits = { dimensions: 100, values: 100, valueLength: 100 } as const;

/** @throws BadRequestException naming what is wrong */
export function readDefinition(request: Pick<WriteSegmentRequest, 'Dimensions' | 'SegmentGroups'>): Definition {
  const { Dimensions, SegmentGroups } = request;
  if (Dimensions !== undefined && SegmentGroups !== undefined) {
    throw badRequest('A segment has either Dimensions or SegmentGroups');
  }
  const groups =
    Dimensions === undefined ? (SegmentGroups?.Groups ?? []) : [{ Dimensions: [Dimensions], Type: 'ALL' as const }];
  const definition: Definition = { groups: groups.map(readGroup), include: SegmentGroups?.Include ?? 'ALL' };
  checkLimits(
    definition.groups.flatMap(({ dimensions }) => dimensions.flat()),
    'A segment',
  );
  return definition;
}

/** The dimensions of events that campaigns and journeys wait for. @throws BadRequestException naming what is wrong */
export function readEventDimensions(dimensions: Pick<SegmentDimensions, 'Attributes' | 'Metrics'>): Test[] {
  const tests = readDimensions(dimensions);
  checkLimits(tests, 'An event filter');
  return tests;
}

function readGroup({ SourceSegments, SourceType, Dimensions, Type }: SegmentGroup): Group {
  return {
    sources: (SourceSegments ?? []).map(({ Id, Version }) => ({ id: Id, version: Version })),
    sourceType: SourceType ?? 'ALL',
    dimensions: (Dimensions ?? []).map(readDimensions).filter((tests) => tests.length > 0),
    type: Type ?? 'ALL',
  };
}

function readDimensions(dimensions: SegmentDimensions): Test[] {
  const { Attributes = {}, UserAttributes = {}, Metrics = {}, Demographic = {}, Location = {}, Behavior } = dimensions;
  const tests: Test[] = [];
  for (const [name, dimension] of Object.entries(Attributes)) tests.push(readAttribute('attribute', name, dimension));
  for (const [name, dimension] of Object.entries(UserAttributes)) {
    tests.push(readAttribute('user attribute', name, dimension));
  }
  for (const [name, { ComparisonOperator, Value }] of Object.entries(Metrics)) {
    tests.push({ kind: 'metric', name, comparison: readOperator(ComparisonOperator), value: Value });
  }
  for (const member of ['AppVersion', 'Channel', 'DeviceType', 'Make', 'Model', 'Platform'] as const) {
    const dimension = Demographic[member];
    if (dimension !== undefined) tests.push(readSet(member, dimension));
  }
  if (Location.Country !== undefined) tests.push(readSet('Country', Location.Country));
  if (Location.GPSPoint !== undefined) tests.push(readDistance(Location.GPSPoint));
  if (Behavior?.Recency !== undefined) {
    const { Duration, RecencyType } = Behavior.Recency;
    tests.push({ kind: 'recency', days: recencyDays[Duration], active: RecencyType === 'ACTIVE' });
  }
  return tests;
}

function readAttribute(of: AttributeKind, name: string, { AttributeType, Values }: AttributeDimension): Test {
  switch (AttributeType) {
    case undefined:
    case 'INCLUSIVE':
      return { kind: 'values', of, name, values: Values, excluded: false };
    case 'EXCLUSIVE':
      return { kind: 'values', of, name, values: Values, excluded: true };
    case 'CONTAINS':
      return { kind: 'contains', of, name, values: Values, excluded: false };
    default:
      return { kind: 'date', of, name, comparison: AttributeType, instants: readInstants(AttributeType, Values) };
  }
}

function readInstants(comparison: DateComparison, values: readonly string[]): number[] {
  const wanted = comparison === 'BETWEEN' ? 2 : 1;
  if (values.length < wanted || (comparison === 'BETWEEN' && values.length > 2)) {
    throw badRequest(`${comparison} needs ${wanted === 2 ? 'exactly two dates' : 'a date'}`);
  }
  const used = comparison === 'ON' ? values : values.slice(0, wanted);
  return used.map((value) => {
    const instant = readInstant(value);
    if (instant === undefined) throw badRequest(`${comparison} needs ISO 8601 dates`);
    return instant;
  });
}

function readOperator(operator: string): MetricComparison {
  if (!Object.hasOwn(metricOperators, operator)) {
    throw badRequest(`ComparisonOperator must be one of ${Object.keys(metricOperators).join(', ')}`);
  }
  return operator as MetricComparison;
}

function readSet(of: SetMember, { DimensionType, Values }: SetDimension): Test {
  return { kind: 'set', of, values: Values, excluded: DimensionType === 'EXCLUSIVE' };
}

function readDistance(point: NonNullable<NonNullable<SegmentDimensions['Location']>['GPSPoint']>): Test {
  const { Latitude: latitude, Longitude: longitude } = point.Coordinates;
  const kilometres = point.RangeInKilometers;
  if (kilometres === undefined || kilometres < 0) throw badRequest('GPSPoint needs a RangeInKilometers of 0 or more');
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest('GPSPoint.Coordinates are not on Earth');
  return { kind: 'distance', latitude, longitude, kilometres };
}

function checkLimits(tests: readonly Test[], whose: string): void {
  if (tests.length > limits.dimensions) throw badRequest(`${whose} can have at most ${limits.dimensions} dimensions`);
  const values = tests.flatMap((test) => ('values' in test ? test.values : []));
  if (values.length > limits.values) throw badRequest(`${whose} can have at most ${limits.values} values in total`);
  if (values.some((value) => value.length > limits.valueLength)) {
    throw badRequest(`A value of a dimension can have at most ${limits.valueLength} characters`);
  }
}
