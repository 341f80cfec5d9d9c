/** Conditions over stored events, for what counters do not know: attributes, metrics, order. Pure. */
import { type RawBuilder, sql } from 'kysely';
import type { EventFilter } from '../../contract/repoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';
import { storableText } from '../../kernel/storable-text.ts';
import { dayMilliseconds } from './counting/tally.ts';
import type { Period } from './pages/period.ts';

type Condition = RawBuilder<boolean>;

/** When an event counts, as counters have it (`countedTime`). By hours: days would depend on the time zone of the session. */
export const countedAt = sql<Date>`greatest(least(e.occurred_at, e.arrived_at), e.arrived_at - interval '2160 hours')`;

const furthestBack = 90 * dayMilliseconds;

/**
 * That `countedAt` is in the period, by comparisons of columns: nothing counts after it came, nor more than 90 days
 * before. Days of arrival that cannot hold such events are not read.
 */
export function withinPeriod(projectNumber: number, { start, end }: Period): Condition {
  const [startThen, endThen] = [start, end].map((time) => new Date(time.getTime() + furthestBack));
  return sql<boolean>`e.project_number = ${projectNumber}
    and e.arrived_at >= ${start} and e.arrived_at < ${endThen}
    and (e.occurred_at >= ${start} or e.arrived_at >= ${startThen})
    and (e.occurred_at < ${end} or e.arrived_at < ${end})`;
}

const mostConditions = 20;
const mostValues = 100;

const comparisons = {
  EQUAL: sql`=`,
  GREATER_THAN: sql`>`,
  LESS_THAN: sql`<`,
  GREATER_THAN_OR_EQUAL: sql`>=`,
  LESS_THAN_OR_EQUAL: sql`<=`,
} as const;

/** @throws BadRequestException for one that asks too much */
export function filterCondition({ EventType, Attributes, Metrics, EndpointAttributes }: EventFilter): Condition {
  const attributes = Object.entries(Attributes ?? {});
  const metrics = Object.entries(Metrics ?? {});
  const endpointAttributes = Object.entries(EndpointAttributes ?? {});
  if (attributes.length + metrics.length + endpointAttributes.length > mostConditions) {
    throw badRequest(`A filter must have at most ${mostConditions} conditions`);
  }
  return allOf([
    ...(EventType === undefined ? [] : [sql<boolean>`e.type = ${storableText(EventType)}`]),
    ...attributes.map(
      ([name, { Values }]) =>
        sql<boolean>`e.attributes ->> ${storableText(name)} = any (${readValues(Values)}::text[])`,
    ),
    ...metrics.map(([name, { ComparisonOperator, Value }]) => {
      const stored = sql`e.metrics -> ${storableText(name)}`;
      return sql<boolean>`case when jsonb_typeof(${stored}) = 'number'
        then (${stored})::float8 ${comparisons[ComparisonOperator]} ${Value}::float8 else false end`;
    }),
    ...endpointAttributes.map(
      ([name, { Values }]) =>
        sql<boolean>`coalesce(${endpointDocument} -> 'Attributes' -> ${storableText(name)} ?| ${readValues(Values)}::text[], false)`,
    ),
  ]);
}

const endpointDocument = sql`e.endpoint::jsonb`;

/** IANA; null where the endpoint told none. */
export const timezoneOf = sql<string | null>`${endpointDocument} #>> '{Demographic,Timezone}'`;

/** Who did it: a user where there is one, by the record, and otherwise the endpoint. */
export const subjectOf = {
  ENDPOINT: sql`e.endpoint_id`,
  USER: sql`coalesce('user/' || nullif(${endpointDocument} #>> '{User,UserId}', ''), 'endpoint/' || e.endpoint_id)`,
} as const;

export function attributeOf(name: string): RawBuilder<string | null> {
  return sql<string | null>`e.attributes ->> ${storableText(name)}`;
}

/** A metric that is missing, or no number, stands for `otherwise`. */
export function metricOr(name: string, otherwise: number): RawBuilder<number> {
  const stored = sql`e.metrics -> ${sql.lit(name)}`;
  return sql<number>`case when jsonb_typeof(${stored}) = 'number' then (${stored})::float8 else ${sql.lit(otherwise)} end`;
}

function readValues(values: readonly string[]): string[] {
  if (values.length === 0 || values.length > mostValues) {
    throw badRequest(`A condition must have 1 to ${mostValues} Values`);
  }
  return values.map(storableText);
}

export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}
