/**
 * Each test of a definition as a SQL condition: always true or false, never null, and never built from a caller's text.
 * `f` is a row of endpoint_facets, `e` of endpoints, `u` of audience_users. A test that only reads `f` is quick; where
 * an answer must be exact, hashed tokens are held against the endpoint itself.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type AttributeKind, foldCountry, nameToken, token, type ValuesInUse } from '../audience/index.ts';
import { containsPaths } from './contains-paths.ts';
import { type MetricComparison, metricOperators, type SetMember, type Test } from './definition.ts';

export type Condition = RawBuilder<SqlBool>;

/** What conditions are compiled for, and what they turn out to read. */
export interface Question {
  readonly projectNumber: number;
  readonly now: Date;
  /** Tokens alone decide (counts), or the endpoint itself as well (whoever sends, exports or lists). */
  readonly exact: boolean;
  /** Of attributes that are searched; for counts. Without it, or where it does not know, the values of each are read. */
  readonly valuesInUse?: ValuesInUse;
  readonly reads: { endpoint: boolean; user: boolean };
}

export const always: Condition = sql`true`;
export const never: Condition = sql`false`;

export function conditionOf(test: Test, question: Question): Condition {
  switch (test.kind) {
    case 'values':
      return negateIf(test.excluded, hasValue(test, question));
    case 'contains':
      return containsSome(test, question);
    case 'date':
      return someValue(test, question, dateCondition(test));
    case 'metric':
      return metricCondition(test.name, test.comparison, test.value);
    case 'set':
      return setCondition(test, question);
    case 'distance':
      return distanceCondition(test);
    case 'recency': {
      const since = new Date(question.now.getTime() - test.days * dayMilliseconds);
      return test.active ? sql`f.last_active_at >= ${since}` : sql`f.last_active_at < ${since}`;
    }
  }
}

function negateIf(negated: boolean, condition: Condition): Condition {
  return negated ? sql`not (${condition})` : condition;
}

function anyToken(tokens: readonly string[]): Condition {
  return sql`f.tokens && ${tokens}::bigint[]`;
}

type AttributeTest = Extract<Test, { of: AttributeKind; name: string }>;

/** The map of attributes an endpoint or its user has. */
function attributesOf(of: AttributeKind, { reads }: Question): RawBuilder<unknown> {
  reads.endpoint = true;
  if (of === 'attribute') return sql`e.attributes`;
  reads.user = true;
  return sql`coalesce(u.attributes, e.user_attributes)`;
}

function hasValue(test: Extract<Test, { kind: 'values' | 'contains' }>, question: Question): Condition {
  if (test.values.length === 0) return never;
  const narrow = anyToken(test.values.map((value) => token(question.projectNumber, test.of, test.name, value)));
  if (!question.exact) return narrow;
  const values = sql`${attributesOf(test.of, question)} -> ${test.name}::text`;
  return sql`(${narrow} and coalesce((${values}) ?| ${test.values}::text[], false))`;
}

/**
 * Some value of an attribute contains one of the texts. Where it is known which values there are, those that do are
 * looked for as a whole. Otherwise as a pattern, and not as a subquery about each value, since
 * PostgreSQL gives several processes no plan that asks a subquery row by row.
 */
function containsSome(test: Extract<Test, { kind: 'values' | 'contains' }>, question: Question): Condition {
  if (test.values.length === 0) return never;
  const inUse = question.exact ? undefined : question.valuesInUse?.of(test);
  if (inUse !== undefined) {
    const fitting = inUse.filter((value) => test.values.some((part) => value.includes(part)));
    return hasValue({ ...test, values: fitting }, question);
  }
  const there = hasName(test, question);
  const values = valuesOf(test, question);
  const found = containsPaths(test.values).map((path) => sql`jsonb_path_exists(${values}, ${path}::jsonpath)`);
  return sql`(${there} and (${sql.join(found, sql` or `)}))`;
}

function hasName({ of, name }: AttributeTest, { projectNumber }: Question): Condition {
  return anyToken([nameToken(projectNumber, of, name)]);
}

/** The list of an attribute's values, empty for who does not have it. */
function valuesOf({ of, name }: AttributeTest, question: Question): RawBuilder<unknown> {
  return sql`coalesce(${attributesOf(of, question)} -> ${name}::text, '[]')`;
}

/** Some value of an attribute fits; `fits` is about `value`. No token knows, so the values themselves are read. */
function someValue(test: AttributeTest, question: Question, fits: Condition): Condition {
  return sql`(${hasName(test, question)} and exists (
    select from jsonb_array_elements_text(${valuesOf(test, question)}) as value where ${fits}))`;
}

const dayMilliseconds = 24 * 3600 * 1000;

function dateCondition({ comparison, instants }: Extract<Test, { kind: 'date' }>): Condition {
  const [first, second] = instants.map((instant) => new Date(instant));
  const instant = sql`instant_of(value)`;
  switch (comparison) {
    case 'BEFORE':
      return sql`${instant} < ${first}`;
    case 'AFTER':
      return sql`${instant} > ${first}`;
    case 'BETWEEN':
      return sql`${instant} between ${first} and ${second}`;
    case 'ON': {
      // Days since 1970, which need no form of a date: a zone can move one behind the year 9999.
      const days = instants.map((at) => Math.floor(at / dayMilliseconds));
      return sql`((${instant} at time zone 'UTC')::date - date '1970-01-01') = any (${days}::int[])`;
    }
  }
}

function metricCondition(name: string, comparison: MetricComparison, value: number): Condition {
  return sql`coalesce((f.metrics -> ${name}::text)::float8 ${sql.raw(metricOperators[comparison])} ${value}::float8, false)`;
}

/** `PUSH` stands for every push service (dossier/audience §8.3). */
export const pushChannels: readonly string[] = [
  'PUSH',
  'GCM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'ADM',
  'BAIDU',
];

function setCondition({ of, values, excluded }: Extract<Test, { kind: 'set' }>, question: Question): Condition {
  return negateIf(excluded, inSet(of, values, question));
}

function inSet(of: SetMember, values: readonly string[], question: Question): Condition {
  // Endpoints have no such member.
  if (of === 'DeviceType' || values.length === 0) return never;
  if (of === 'Channel') {
    const channels = values.map((value) => value.toUpperCase());
    const wanted = channels.flatMap((channel) => (channel === 'PUSH' ? pushChannels : [channel]));
    return sql`coalesce(f.channel_type = any (${wanted}::text[]), false)`;
  }
  if (of === 'Country') return inCountry(values.map(foldCountry), question);
  const narrow = anyToken(values.map((value) => token(question.projectNumber, of, '', value)));
  if (!question.exact) return narrow;
  question.reads.endpoint = true;
  return sql`(${narrow} and coalesce(e.demographic ->> ${of}::text = any (${values}::text[]), false))`;
}

function inCountry(countries: readonly string[], question: Question): Condition {
  const narrow = anyToken(countries.map((country) => token(question.projectNumber, 'country', '', country)));
  if (!question.exact) return narrow;
  question.reads.endpoint = true;
  // In collation C only the letters A to Z have another case, as in foldCountry.
  return sql`(${narrow} and coalesce(lower((e.location ->> 'Country') collate "C") = any (${countries}::text[]), false))`;
}

/** Great circle, on a sphere of the Earth's mean radius. */
const earthRadiusKilometres = 6371.0088;

function distanceCondition({ latitude, longitude, kilometres }: Extract<Test, { kind: 'distance' }>): Condition {
  // A degree of latitude is 111.2 km everywhere: a cheap look at it spares most rows the trigonometry.
  const degrees = kilometres / 111 + 0.1;
  return sql`coalesce(
    f.latitude between ${latitude - degrees}::float8 and ${latitude + degrees}::float8
    and ${2 * earthRadiusKilometres}::float8 * asin(least(1, sqrt(
      sin(radians(f.latitude - ${latitude}::float8) / 2) ^ 2
      + cos(radians(${latitude}::float8)) * cos(radians(f.latitude))
        * sin(radians(f.longitude - ${longitude}::float8) / 2) ^ 2))) <= ${kilometres}::float8, false)`;
}
