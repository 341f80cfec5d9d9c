/** SQL of KPIs: sums of counters, and distinct counts of a range of days. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import { dayNumber, slotOf } from '../counting/tally.ts';
import type { DateRange } from './date-range.ts';
import type { Grouping } from './definitions.ts';

export interface Sum {
  readonly group: string;
  readonly metric: string;
  readonly value: number;
}

const groups = {
  none: sql`''`,
  Date: sql`to_char(slot at time zone 'UTC', 'YYYY-MM-DD')`,
  CampaignId: sql`source_id`,
  CampaignActivityId: sql`activity_id`,
  Country: sql`label`,
  ErrorCode: sql`label`,
} as const;

export interface KpiQuestion extends DateRange {
  readonly projectNumber: number;
  readonly grouping: Grouping | 'none';
  /** Of one campaign. */
  readonly campaignId: string | undefined;
}

/** Both ends belong to the range, so that the half hour of the last instant does. */
export async function sumCounters(
  query: Executor,
  { projectNumber, grouping, campaignId, start, end }: KpiQuestion,
  metrics: readonly string[],
): Promise<Sum[]> {
  const { rows } = await sql<Sum>`
    select ${groups[grouping]} as "group", metric, sum(value) as value
    from analytics_counters
    where project_number = ${projectNumber} and metric = any (${metrics}::text[])
      and slot between ${new Date(slotOf(start.getTime()))} and ${new Date(slotOf(end.getTime()))}
      ${campaignId === undefined ? sql`` : sql`and source_id = ${campaignId}`}
    group by 1, 2`.execute(query);
  return rows;
}

export interface Unique {
  readonly group: string;
  readonly count: number;
}

/**
 * In a range of days everybody is counted on the first one of theirs: the one that the day before of theirs lies before
 * the range. By date, every day is a range.
 */
export async function countUniques(
  query: Executor,
  { projectNumber, grouping, campaignId, start, end }: KpiQuestion,
  metric: string,
): Promise<Unique[]> {
  const first = dayNumber(start.getTime());
  const scope =
    campaignId === undefined
      ? sql``
      : grouping === 'CampaignActivityId'
        ? sql`and starts_with(scope, ${`${campaignId}/`})`
        : sql`and scope = ${campaignId}`;
  const groupBy =
    grouping === 'Date'
      ? sql`to_char(date '1970-01-01' + day, 'YYYY-MM-DD')`
      : grouping === 'CampaignId'
        ? sql`scope`
        : grouping === 'CampaignActivityId'
          ? sql`substr(scope, strpos(scope, '/') + 1)`
          : sql`''`;
  const { rows } = await sql<Unique>`
    select ${groupBy} as "group", sum(count)::bigint as count
    from analytics_uniques
    where project_number = ${projectNumber} and metric = ${metric} ${scope}
      and day between ${first} and ${dayNumber(end.getTime())}
      ${grouping === 'Date' ? sql`` : sql`and previous < ${first}`}
    group by 1 having sum(count) <> 0`.execute(query);
  return rows;
}
