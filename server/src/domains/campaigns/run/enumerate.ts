/** The endpoints of a segment, page by page in the order of their keys, with all that a run asks of them in one row. */
import { sql } from 'kysely';
import { type Executor, integerArray, type Transaction, textArray } from '../../../database/index.ts';
import { type WholeEndpoint, wholeEndpointColumns } from '../../audience/index.ts';
import { compileSegment, type Source } from '../../segments/index.ts';
import { nothingReceived, type Received } from './judge.ts';
import type { RunLimits } from './plan.ts';

export interface ProducedEndpoint extends WholeEndpoint {
  readonly received: Received;
}

/** Where a page begins: behind this endpoint. */
export type Place = readonly [bucket: number, id: string];

export interface PageWanted {
  readonly projectNumber: number;
  readonly campaignId: string;
  readonly limits: RunLimits;
  /** Of the slice; null: all. */
  readonly zones: ZoneFilter | null;
  readonly range: { readonly firstBucket: number; readonly endBucket: number };
  readonly after: Place | null;
  readonly limit: number;
  readonly now: Date;
}

/** `others`: those whose zone is none of these, or who have none. */
export interface ZoneFilter {
  readonly zones: readonly string[];
  readonly others: boolean;
}

type Row = WholeEndpoint & { readonly [Member in keyof Received]: number };

/** For `readInKeyOrder`. */
export async function readPage(tx: Transaction, segment: Source, wanted: PageWanted): Promise<ProducedEndpoint[]> {
  const { projectNumber, range, now } = wanted;
  const reads = { endpoint: true, user: true };
  const { firstBucket, endBucket } = range;
  const page = { firstBucket, endBucket, after: wanted.after };
  const { condition, from, key } = compileSegment(segment, { projectNumber, now, exact: true, reads }, page);
  const { rows } = await sql<Row>`
    select ${wholeEndpointColumns} ${receivedColumns(wanted)}
    from ${from} ${receivedTables(wanted)}
    where ${condition} ${zoneCondition(wanted.zones)}
    order by ${sql.ref(key)}.bucket, ${sql.ref(key)}.id
    limit ${wanted.limit}`.execute(tx);
  return rows.map(({ targeted = 0, lastDay = 0, lastDayOfAll = 0, ...endpoint }) => ({
    ...endpoint,
    received: { targeted, lastDay, lastDayOfAll },
  }));
}

const dayMilliseconds = 24 * 3600 * 1000;

/** Looked up only where a cap applies. */
function receivedColumns({ limits, now }: Pick<PageWanted, 'limits' | 'now'>) {
  const since = new Date(now.getTime() - dayMilliseconds);
  const lastDay = (table: string) => sql`
    coalesce((select count(*) from unnest(${sql.ref(`${table}.sent_at`)}) as at where at > ${since}), 0)`;
  return sql.join(
    [
      ...(needsOwn(limits)
        ? [sql`, coalesce(own.targeted, 0) as targeted`, sql`, ${lastDay('own')} as "lastDay"`]
        : []),
      ...(limits.dailyOfAll === undefined ? [] : [sql`, ${lastDay('overall')} as "lastDayOfAll"`]),
    ],
    sql``,
  );
}

function receivedTables({ limits, campaignId }: Pick<PageWanted, 'limits' | 'campaignId'>) {
  const table = (name: string, campaign: string) => sql`
    left join campaign_recipients as ${sql.ref(name)}
      on ${sql.ref(`${name}.project_number`)} = f.project_number and ${sql.ref(`${name}.bucket`)} = f.bucket
     and ${sql.ref(`${name}.endpoint_id`)} = f.id and ${sql.ref(`${name}.campaign_id`)} = ${campaign}`;
  return sql.join(
    [
      ...(needsOwn(limits) ? [table('own', campaignId)] : []),
      ...(limits.dailyOfAll === undefined ? [] : [table('overall', ofAllCampaigns)]),
    ],
    sql``,
  );
}

/** The row of all campaigns of a project together. */
export const ofAllCampaigns = '';

export function needsOwn({ daily, total }: RunLimits): boolean {
  return daily !== undefined || total !== undefined;
}

function zoneCondition(filter: ZoneFilter | null) {
  if (filter === null) return sql``;
  const zone = sql`e.demographic->>'Timezone'`;
  const { zones, others } = filter;
  return others ? sql`and coalesce(${zone}, '') <> all (${zones}::text[])` : sql`and ${zone} = any (${zones}::text[])`;
}

/** What these endpoints had of campaigns before, in their order. */
export async function readReceived(
  query: Executor,
  wanted: Pick<PageWanted, 'projectNumber' | 'campaignId' | 'limits' | 'now'>,
  endpoints: readonly Pick<WholeEndpoint, 'bucket' | 'id'>[],
): Promise<Received[]> {
  const { limits } = wanted;
  if (!needsOwn(limits) && limits.dailyOfAll === undefined) return endpoints.map(() => nothingReceived);
  const { rows } = await sql<{ ordinal: number } & { readonly [Member in keyof Received]?: number }>`
    select f.ordinal ${receivedColumns(wanted)}
    from (select ${wanted.projectNumber}::bigint as project_number, bucket, id, ordinal
          from unnest(${integerArray(endpoints.map(({ bucket }) => bucket))}::int[],
                      ${textArray(endpoints.map(({ id }) => id))}::text[]) with ordinality as given (bucket, id, ordinal)) as f
    ${receivedTables(wanted)}
    order by f.ordinal`.execute(query);
  return rows.map(({ targeted = 0, lastDay = 0, lastDayOfAll = 0 }) => ({ targeted, lastDay, lastDayOfAll }));
}

/** Time zones that endpoints of a segment say, whatever they say. */
export async function findZones(query: Executor, segment: Source, projectNumber: number, now: Date): Promise<string[]> {
  const reads = { endpoint: true, user: false };
  const { condition, from } = compileSegment(segment, { projectNumber, now, exact: true, reads }, 'whole');
  const { rows } = await sql<{ zone: string }>`
    select distinct e.demographic->>'Timezone' as zone from ${from}
    where ${condition} and e.demographic->>'Timezone' is not null`.execute(query);
  return rows.map(({ zone }) => zone);
}
