/** SQL of reports: sums of counters by day or label, and distinct counts by day. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { Period } from './period.ts';

interface SumRow {
  readonly metric: string;
  readonly key: string;
  readonly value: number;
}

/** Sums by metric, and by key within it. */
export class Sums {
  readonly #values = new Map<string, Map<string, number>>();

  constructor(rows: readonly SumRow[]) {
    for (const { metric, key, value } of rows) {
      const values = this.#values.get(metric) ?? new Map<string, number>();
      values.set(key, (values.get(key) ?? 0) + value);
      this.#values.set(metric, values);
    }
  }

  of(metric: string, key: string): number {
    return this.#values.get(metric)?.get(key) ?? 0;
  }

  has(metric: string, key: string): boolean {
    return this.#values.get(metric)?.has(key) ?? false;
  }

  keys(metric: string): string[] {
    return [...(this.#values.get(metric)?.keys() ?? [])];
  }
}

export interface Asked {
  readonly projectNumber: number;
  readonly period: Period;
}

/** By the days of the reader's time zone. @param label only counters with it */
export async function sumByDay(
  query: Executor,
  { projectNumber, period }: Asked,
  metrics: readonly string[],
  label?: string,
  campaignId?: string,
): Promise<Sums> {
  const { rows } = await sql<SumRow>`
    select metric, to_char(slot at time zone ${period.zone}, 'YYYY-MM-DD') as key, sum(value) as value
    from analytics_counters
    where project_number = ${projectNumber} and metric = any (${metrics}::text[])
      and slot >= ${period.start} and slot < ${period.end}
      ${label === undefined ? sql`` : sql`and label = ${label}`}
      ${campaignId === undefined ? sql`` : sql`and source_id = ${campaignId}`}
    group by 1, 2`.execute(query);
  return new Sums(rows);
}

/** By their labels. */
export async function sumByLabel(
  query: Executor,
  { projectNumber, period }: Asked,
  metrics: readonly string[],
): Promise<Sums> {
  const { rows } = await sql<SumRow>`
    select metric, label as key, sum(value) as value from analytics_counters
    where project_number = ${projectNumber} and metric = any (${metrics}::text[])
      and slot >= ${period.start} and slot < ${period.end}
    group by 1, 2`.execute(query);
  return new Sums(rows);
}

const sources = { campaign: sql`source_id`, run: sql`activity_id`, treatment: sql`treatment_id` } as const;

/** By who sent. @param campaignId of one */
export async function sumBySource(
  query: Executor,
  { projectNumber, period }: Asked,
  metrics: readonly string[],
  by: keyof typeof sources,
  campaignId?: string,
): Promise<Sums> {
  const { rows } = await sql<SumRow>`
    select metric, ${sources[by]} as key, sum(value) as value from analytics_counters
    where project_number = ${projectNumber} and metric = any (${metrics}::text[])
      and slot >= ${period.start} and slot < ${period.end}
      ${campaignId === undefined ? sql`` : sql`and source_id = ${campaignId}`}
    group by 1, 2`.execute(query);
  return new Sums(rows);
}

export interface LabelOfDay {
  readonly day: string;
  readonly label: string;
  readonly value: number;
}

/** Of events, say: each type by day. @param labels only these */
export async function sumByDayAndLabel(
  query: Executor,
  { projectNumber, period }: Asked,
  metric: string,
  labels?: readonly string[],
): Promise<LabelOfDay[]> {
  const { rows } = await sql<LabelOfDay>`
    select to_char(slot at time zone ${period.zone}, 'YYYY-MM-DD') as day, label, sum(value) as value
    from analytics_counters
    where project_number = ${projectNumber} and metric = ${metric}
      and slot >= ${period.start} and slot < ${period.end}
      ${labels === undefined ? sql`` : sql`and label = any (${labels}::text[])`}
    group by 1, 2`.execute(query);
  return rows;
}

export interface UniqueRow {
  readonly metric: string;
  readonly day: number;
  readonly previous: number;
  readonly count: number;
}

/** Those of days `first` to `last`, by the day before of theirs. */
export async function readUniques(
  query: Executor,
  projectNumber: number,
  metrics: readonly string[],
  first: number,
  last: number,
  scope = '',
): Promise<UniqueRow[]> {
  const { rows } = await sql<UniqueRow>`
    select metric, day, previous, sum(count)::bigint as count from analytics_uniques
    where project_number = ${projectNumber} and metric = any (${metrics}::text[]) and scope = ${scope}
      and day between ${first} and ${last}
    group by 1, 2, 3 having sum(count) <> 0`.execute(query);
  return rows;
}

export interface DemographicsCount {
  readonly dimension: string;
  readonly value: string;
  readonly endpoints: number;
}

export async function readDemographics(
  query: Executor,
  projectNumber: number,
  dimensions: readonly string[],
  channelType: string | undefined,
): Promise<DemographicsCount[]> {
  const { rows } = await sql<DemographicsCount>`
    select metric as dimension, label as value, sum(value)::bigint as endpoints from analytics_counters
    where project_number = ${projectNumber} and metric = any (${dimensions}::text[]) and slot = to_timestamp(0)
      ${channelType === undefined ? sql`` : sql`and source_id = ${channelType}`}
    group by 1, 2 having sum(value) > 0
    order by array_position(${dimensions}::text[], metric), 3 desc, 2`.execute(query);
  return rows;
}
