/** SQL of counting: reads what was marked already, and writes marks, carriers and counts. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  booleanArray,
  floatArray,
  integerArray,
  laidEndToEnd,
  type Transaction,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import type { Carrier, Counter, Mark, Subject } from './tally.ts';

/** Those that have something which is not stored yet, looked up in one round trip. */
export async function findNew(
  tx: Transaction,
  marks: readonly Mark[],
  carriers: readonly Carrier[],
): Promise<{ marks: Mark[]; carriers: Carrier[] }> {
  if (marks.length + carriers.length === 0) return { marks: [], carriers: [] };
  const { rows } = await sql<{ of: 'mark' | 'carrier'; position: number }>`
    ${findingNewMarks(marks)} union all ${findingNewCarriers(carriers)}`.execute(tx);
  const positions = (kind: 'mark' | 'carrier') => rows.filter(({ of }) => of === kind).map(({ position }) => position);
  return {
    marks: positions('mark').map((position) => marks[position] as Mark),
    carriers: positions('carrier').map((position) => carriers[position] as Carrier),
  };
}

/** Positions from 0. */
function findingNewMarks(marks: readonly Mark[]): RawBuilder<unknown> {
  const moments = laidEndToEnd(marks.map((mark) => [...mark.moments.keys()]));
  return sql`
    select 'mark' as of, (given.position - 1)::int as position
    from unnest(
      ${bigintArray(marks.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(marks.map(({ bucket }) => bucket))}::int[],
      ${textArray(marks.map(({ subject }) => subject))}::text[],
      ${textArray(marks.map(({ metric }) => metric))}::text[],
      ${textArray(marks.map(({ scope }) => scope))}::text[],
      ${booleanArray(marks.map(({ kind }) => kind === 'ever'))}::boolean[],
      ${moments.first}::int[], ${moments.last}::int[]
    ) with ordinality as given (project_number, bucket, subject, metric, scope, ever, first, last, position)
    where not exists (
      select from analytics_marks as stored
      where stored.project_number = given.project_number and stored.bucket = given.bucket
        and stored.subject = given.subject and stored.metric = given.metric and stored.scope = given.scope
        and (given.ever or stored.moments @> (${integerArray(moments.whole)}::int[])[given.first:given.last]))`;
}

/** Positions from 0. */
function findingNewCarriers(carriers: readonly Carrier[]): RawBuilder<unknown> {
  return sql`
    select 'carrier' as of, (given.position - 1)::int as position
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

/** @param marks in the order of their keys @returns what is stored of each, locked */
export async function lockMarks(tx: Transaction, marks: readonly Mark[]): Promise<number[][]> {
  const given = sql`unnest(
      ${bigintArray(marks.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(marks.map(({ bucket }) => bucket))}::int[],
      ${textArray(marks.map(({ subject }) => subject))}::text[],
      ${textArray(marks.map(({ metric }) => metric))}::text[],
      ${textArray(marks.map(({ scope }) => scope))}::text[]
    ) with ordinality as given (project_number, bucket, subject, metric, scope, position)`;
  await sql`
    insert into analytics_marks (project_number, bucket, subject, metric, scope, moments)
    select project_number, bucket, subject, metric, scope, '{}' from ${given} order by position
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ position: number; moments: number[] }>`
    select (given.position - 1)::int as position, stored.moments
    from ${given} join analytics_marks as stored using (project_number, bucket, subject, metric, scope)
    order by given.position
    for update of stored`.execute(tx);
  return inPlace(rows, marks.length).map((row) => row?.moments ?? []);
}

/** Rows by the position that they tell. */
function inPlace<Row extends { readonly position: number }>(rows: readonly Row[], length: number): (Row | undefined)[] {
  const placed: (Row | undefined)[] = new Array(length).fill(undefined);
  for (const row of rows) placed[row.position] = row;
  return placed;
}

export function writingMarks(
  marks: readonly { readonly mark: Mark; readonly moments: readonly number[] }[],
): RawBuilder<unknown> {
  const moments = laidEndToEnd(marks.map((each) => each.moments));
  return sql`
    update analytics_marks as stored set moments = (${integerArray(moments.whole)}::int[])[given.first:given.last]
    from unnest(
      ${bigintArray(marks.map(({ mark }) => mark.projectNumber))}::bigint[],
      ${integerArray(marks.map(({ mark }) => mark.bucket))}::int[],
      ${textArray(marks.map(({ mark }) => mark.subject))}::text[],
      ${textArray(marks.map(({ mark }) => mark.metric))}::text[],
      ${textArray(marks.map(({ mark }) => mark.scope))}::text[],
      ${moments.first}::int[], ${moments.last}::int[]
    ) as given (project_number, bucket, subject, metric, scope, first, last)
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.subject = given.subject and stored.metric = given.metric and stored.scope = given.scope`;
}

export interface StoredCarrier {
  readonly userId: string | null;
  readonly labels: readonly string[];
  readonly demographics: readonly string[];
}

/** @param carriers in the order of their keys @returns what is stored of each, locked */
export async function lockCarriers(tx: Transaction, carriers: readonly Subject[]): Promise<StoredCarrier[]> {
  const given = sql`unnest(
      ${bigintArray(carriers.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(carriers.map(({ bucket }) => bucket))}::int[],
      ${textArray(carriers.map(({ subject }) => subject))}::text[]
    ) with ordinality as given (project_number, bucket, subject, position)`;
  await sql`
    insert into analytics_carriers (project_number, bucket, subject, labels, demographics)
    select project_number, bucket, subject, '{}', '{}' from ${given} order by position
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<StoredCarrier & { position: number }>`
    select (given.position - 1)::int as position, stored.user_id as "userId", stored.labels, stored.demographics
    from ${given} join analytics_carriers as stored using (project_number, bucket, subject)
    order by given.position
    for update of stored`.execute(tx);
  return inPlace(rows, carriers.length).map((row) => row ?? { userId: null, labels: [], demographics: [] });
}

export function writingCarriers(carriers: readonly (Subject & StoredCarrier)[]): RawBuilder<unknown> {
  return sql`
    update analytics_carriers as stored set
      user_id = given.user_id, labels = given.labels::text[], demographics = given.demographics::text[]
    from unnest(
      ${bigintArray(carriers.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(carriers.map(({ bucket }) => bucket))}::int[],
      ${textArray(carriers.map(({ subject }) => subject))}::text[],
      ${textArray(carriers.map(({ userId }) => userId))}::text[],
      ${textArray(carriers.map(({ labels }) => arrayLiteral(labels)))}::text[],
      ${textArray(carriers.map(({ demographics }) => arrayLiteral(demographics)))}::text[]
    ) as given (project_number, bucket, subject, user_id, labels, demographics)
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.subject = given.subject`;
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
