/** SQL of counting: reads what was marked already, and writes marks, carriers and counts. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  floatArray,
  integerArray,
  laidEndToEnd,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import type { Carrier, Counter, Mark, Subject } from './tally.ts';

/** Positions (from 0) of the marks that have a moment which is not stored yet. */
export function findingNewMarks(marks: readonly Mark[]): RawBuilder<{ position: number }> {
  const moments = laidEndToEnd(marks.map(momentsOf));
  return sql<{ position: number }>`
    select (given.position - 1)::int as position
    from unnest(${markKeys(marks)}, ${moments.first}::int[], ${moments.last}::int[])
      with ordinality as given (project_number, bucket, subject, metric, scope, first, last, position)
    where not exists (
      select from analytics_marks as stored
      where stored.project_number = given.project_number and stored.bucket = given.bucket
        and stored.subject = given.subject and stored.metric = given.metric and stored.scope = given.scope
        and stored.moments @> (${integerArray(moments.whole)}::int[])[given.first:given.last])`;
}

function momentsOf({ moments }: Mark): number[] {
  return [...moments.keys()].toSorted((one, other) => one - other);
}

/** Positions (from 0) of the carriers that carry something new. */
export function findingNewCarriers(carriers: readonly Carrier[]): RawBuilder<{ position: number }> {
  return sql<{ position: number }>`
    select (given.position - 1)::int as position
    from unnest(
      ${bigintArray(carriers.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(carriers.map(({ bucket }) => bucket))}::int[],
      ${textArray(carriers.map(({ subject }) => subject))}::text[],
      ${textArray(carriers.map(({ userId }) => userId))}::text[],
      ${textArray(carriers.map(({ labels }) => arrayLiteral([...labels])))}::text[],
      ${textArray(carriers.map(({ demographics }) => (demographics ? arrayLiteral(demographics) : null)))}::text[]
    ) with ordinality as given (project_number, bucket, subject, user_id, labels, demographics, position)
    where not exists (
      select from analytics_carriers as stored
      where stored.project_number = given.project_number and stored.bucket = given.bucket
        and stored.subject = given.subject and stored.labels @> given.labels::text[]
        and (given.demographics is null
             or (stored.demographics = given.demographics::text[]
                 and stored.user_id is not distinct from given.user_id)))`;
}

/** An array as text: a slice of a long array of texts has to pass by all before it, and thousands of slices by millions. */
function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Of the key of a mark. */
interface MarkRow extends Pick<Mark, 'projectNumber' | 'subject' | 'metric' | 'scope'> {}

const markColumns = sql`project_number as "projectNumber", subject, metric, scope`;

/** With the moments that they have now. @param marks in the order of their keys @returns those that were not there */
function insertingMarks(marks: readonly Mark[]): RawBuilder<MarkRow> {
  const moments = laidEndToEnd(marks.map(momentsOf));
  return sql<MarkRow>`
    insert into analytics_marks (project_number, bucket, subject, metric, scope, moments)
    select project_number, bucket, subject, metric, scope,
           (${integerArray(moments.whole)}::int[])[given.first:given.last]
    from unnest(${markKeys(marks)}, ${moments.first}::int[], ${moments.last}::int[])
      with ordinality as given (project_number, bucket, subject, metric, scope, first, last, position)
    order by position
    on conflict do nothing
    returning ${markColumns}`;
}

/** How many were not there; and which, unless that was all of them. */
export type MadeMark = { readonly made: number } & { readonly [Member in keyof MarkRow]: MarkRow[Member] | null };

/** The same, for those that seldom are there: when all are new, nothing but their number comes back. */
export function insertingNewMarks(marks: readonly Mark[]): RawBuilder<MadeMark> {
  return sql<MadeMark>`
    with written as (${insertingMarks(marks)}), counted as (select count(*)::int as made from written)
    select counted.made, written.* from counted
    left join written on counted.made < ${marks.length}::int`;
}

/** @param marks in the order of their keys @returns what is stored of them, locked */
export function lockingMarks(marks: readonly Mark[]): RawBuilder<MarkRow & { moments: number[] }> {
  return sql<MarkRow & { moments: number[] }>`
    select stored.project_number as "projectNumber", stored.subject, stored.metric, stored.scope, stored.moments
    from unnest(${markKeys(marks)}) with ordinality as given (project_number, bucket, subject, metric, scope, position)
    join analytics_marks as stored using (project_number, bucket, subject, metric, scope)
    order by given.position
    for update of stored`;
}

/** Arrays of the columns of a mark's key, in its order. */
function markKeys(marks: readonly Mark[]): RawBuilder<unknown> {
  return sql`
      ${bigintArray(marks.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(marks.map(({ bucket }) => bucket))}::int[],
      ${textArray(marks.map(({ subject }) => subject))}::text[],
      ${textArray(marks.map(({ metric }) => metric))}::text[],
      ${textArray(marks.map(({ scope }) => scope))}::text[]`;
}

export function writingMarks(
  marks: readonly { readonly mark: Mark; readonly moments: readonly number[] }[],
): RawBuilder<unknown> {
  const moments = laidEndToEnd(marks.map((each) => each.moments));
  return sql`
    update analytics_marks as stored set moments = (${integerArray(moments.whole)}::int[])[given.first:given.last]
    from unnest(${markKeys(marks.map(({ mark }) => mark))}, ${moments.first}::int[], ${moments.last}::int[])
      as given (project_number, bucket, subject, metric, scope, first, last)
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.subject = given.subject and stored.metric = given.metric and stored.scope = given.scope`;
}

/** Of the key of a carrier. */
interface CarrierRow extends Pick<Subject, 'projectNumber' | 'subject'> {}

export interface StoredCarrier {
  readonly userId: string | null;
  readonly labels: readonly string[];
  readonly demographics: readonly string[];
}

/** @param carriers in the order of their keys @returns those that were not there */
export function insertingCarriers(carriers: readonly (Subject & StoredCarrier)[]): RawBuilder<CarrierRow> {
  return sql<CarrierRow>`
    insert into analytics_carriers (project_number, bucket, subject, user_id, labels, demographics)
    select project_number, bucket, subject, user_id, labels, demographics
    from ${givenCarriers(carriers)}
    order by position
    on conflict do nothing
    returning project_number as "projectNumber", subject`;
}

/** @param carriers in the order of their keys @returns what is stored of them, locked */
export function lockingCarriers(carriers: readonly Subject[]): RawBuilder<CarrierRow & StoredCarrier> {
  return sql<CarrierRow & StoredCarrier>`
    select stored.project_number as "projectNumber", stored.subject, stored.user_id as "userId", stored.labels,
           stored.demographics
    from unnest(
      ${bigintArray(carriers.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(carriers.map(({ bucket }) => bucket))}::int[],
      ${textArray(carriers.map(({ subject }) => subject))}::text[]
    ) with ordinality as given (project_number, bucket, subject, position)
    join analytics_carriers as stored using (project_number, bucket, subject)
    order by given.position
    for update of stored`;
}

export function writingCarriers(carriers: readonly (Subject & StoredCarrier)[]): RawBuilder<unknown> {
  return sql`
    update analytics_carriers as stored set
      user_id = given.user_id, labels = given.labels, demographics = given.demographics
    from ${givenCarriers(carriers)}
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.subject = given.subject`;
}

function givenCarriers(carriers: readonly (Subject & StoredCarrier)[]): RawBuilder<unknown> {
  return sql`
    (select project_number, bucket, subject, user_id, position, labels::text[] as labels,
            demographics::text[] as demographics
     from unnest(
       ${bigintArray(carriers.map(({ projectNumber }) => projectNumber))}::bigint[],
       ${integerArray(carriers.map(({ bucket }) => bucket))}::int[],
       ${textArray(carriers.map(({ subject }) => subject))}::text[],
       ${textArray(carriers.map(({ userId }) => userId))}::text[],
       ${textArray(carriers.map(({ labels }) => arrayLiteral(labels)))}::text[],
       ${textArray(carriers.map(({ demographics }) => arrayLiteral(demographics)))}::text[]
     ) with ordinality as row (project_number, bucket, subject, user_id, labels, demographics, position)) as given`;
}

/** Shards are the transaction's own, so that it waits for nobody, whatever the order of the rows. */
export function addingToCounters(counters: readonly Counter[]): RawBuilder<unknown> {
  return sql`
    insert into analytics_counters as stored
      (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard, value)
    select project_number, metric, slot, source_id, activity_id, treatment_id, label, (select analytics_shard()), value
    from unnest(
      ${bigintArray(counters.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${textArray(counters.map(({ metric }) => metric))}::text[],
      ${timestampArray(counters.map(({ slot }) => new Date(slot)))}::timestamptz[],
      ${textArray(counters.map(({ sourceId }) => sourceId))}::text[],
      ${textArray(counters.map(({ activityId }) => activityId))}::text[],
      ${textArray(counters.map(({ treatmentId }) => treatmentId))}::text[],
      ${textArray(counters.map((counter) => counter.label))}::text[],
      ${floatArray(counters.map(({ value }) => value))}::float8[]
    ) as given (project_number, metric, slot, source_id, activity_id, treatment_id, label, value)
    order by project_number, metric collate "C", slot, source_id collate "C", activity_id collate "C",
             treatment_id collate "C", label collate "C"
    on conflict (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard)
    do update set value = stored.value + excluded.value`;
}

export interface UniqueCount {
  readonly projectNumber: number;
  readonly metric: string;
  readonly scope: string;
  readonly day: number;
  readonly previous: number;
  readonly count: number;
}

export function addingToUniques(uniques: readonly UniqueCount[]): RawBuilder<unknown> {
  return sql`
    insert into analytics_uniques as stored (project_number, metric, scope, day, previous, shard, count)
    select project_number, metric, scope, day, previous, (select analytics_shard()), count
    from unnest(
      ${bigintArray(uniques.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${textArray(uniques.map(({ metric }) => metric))}::text[],
      ${textArray(uniques.map(({ scope }) => scope))}::text[],
      ${integerArray(uniques.map(({ day }) => day))}::int[],
      ${integerArray(uniques.map(({ previous }) => previous))}::int[],
      ${bigintArray(uniques.map(({ count }) => count))}::bigint[]
    ) as given (project_number, metric, scope, day, previous, count)
    order by project_number, metric collate "C", scope collate "C", day, previous
    on conflict (project_number, metric, scope, day, previous, shard)
    do update set count = stored.count + excluded.count`;
}

export interface LabelCount {
  readonly projectNumber: number;
  readonly label: string;
  readonly carriers: number;
}

export function addingToLabels(labels: readonly LabelCount[]): RawBuilder<unknown> {
  return sql`
    insert into analytics_labels as stored (project_number, label, shard, carriers)
    select project_number, label, (select analytics_shard()), carriers
    from unnest(
      ${bigintArray(labels.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${textArray(labels.map((each) => each.label))}::text[],
      ${bigintArray(labels.map(({ carriers }) => carriers))}::bigint[]
    ) as given (project_number, label, carriers)
    order by project_number, label collate "C"
    on conflict (project_number, label, shard) do update set carriers = stored.carriers + excluded.carriers`;
}
