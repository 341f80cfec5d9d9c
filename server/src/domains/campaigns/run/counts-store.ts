/** SQL over `campaign_counts`, `campaign_addresses` and `campaign_recipients`. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  type Transaction,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import type { Counts } from './counters.ts';

export interface Count {
  readonly projectNumber: number;
  readonly activityId: string;
  readonly counter: string;
  readonly count: number;
}

/** Adds up what is counted at once, one row a counter. */
export class CountSheet {
  readonly #counts = new Map<string, { activityId: string; counter: string; count: number; projectNumber: number }>();

  add(projectNumber: number, activityId: string, counter: string, count = 1): void {
    if (count === 0) return;
    const key = `${activityId} ${counter} ${projectNumber}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { projectNumber, activityId, counter, count });
    else known.count += count;
  }

  /** In the order of the key: whoever writes the same rows does it in the same order. */
  get all(): readonly Count[] {
    return [...this.#counts.values()].toSorted((one, other) =>
      one.projectNumber === other.projectNumber
        ? byText(`${one.activityId} ${one.counter}`, `${other.activityId} ${other.counter}`)
        : one.projectNumber - other.projectNumber,
    );
  }
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** @param part first bucket of the range, or a number below zero: see the table */
export function addingToCounts(counts: readonly Count[], part: number): RawBuilder<unknown> {
  return sql`
    insert into campaign_counts as stored (project_number, activity_id, first_bucket, counter, count)
    select project_number, activity_id, ${part}::int, counter, count from unnest(
      ${bigintArray(counts.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${textArray(counts.map(({ activityId }) => activityId))}::text[],
      ${textArray(counts.map(({ counter }) => counter))}::text[],
      ${bigintArray(counts.map(({ count }) => count))}::bigint[]) as given (project_number, activity_id, counter, count)
    on conflict (project_number, activity_id, first_bucket, counter)
    do update set count = stored.count + excluded.count`;
}

/** By activity. */
export async function readCounts(
  query: Executor,
  projectNumber: number,
  activityIds: readonly string[],
): Promise<ReadonlyMap<string, Counts>> {
  const { rows } = await sql<{ activityId: string; counter: string; count: number }>`
    select activity_id as "activityId", counter, sum(count)::bigint as count from campaign_counts
    where project_number = ${projectNumber} and activity_id = any (${activityIds}::text[])
    group by activity_id, counter
    order by counter`.execute(query);
  const counts = new Map<string, Record<string, number>>(activityIds.map((id) => [id, {}]));
  for (const { activityId, counter, count } of rows)
    (counts.get(activityId) as Record<string, number>)[counter] = count;
  return counts;
}

/**
 * Takes addresses for a run.
 * @returns those that were not taken before, by anybody
 */
export async function takeAddresses(
  tx: Transaction,
  runNumber: number,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    insert into campaign_addresses (run_number, address_key)
    select ${runNumber}::bigint, key from unnest(${bigintArray(keys)}::bigint[]) as key
    order by key
    on conflict do nothing
    returning address_key::text as key`.execute(tx);
  return new Set(rows.map(({ key }) => key));
}

/** Of a run that has ended; so many at most. @returns whether some are left */
export async function dropAddresses(query: Executor, runNumber: number, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from campaign_addresses where (run_number, address_key) in (
      select run_number, address_key from campaign_addresses where run_number = ${runNumber} limit ${limit})`.execute(
    query,
  );
  return numAffectedRows === BigInt(limit);
}

export interface TargetedRecipient {
  readonly projectNumber: number;
  readonly bucket: number;
  readonly endpointId: string;
  /** Empty: all campaigns of the project. */
  readonly campaignId: string;
  /** 0 or 1 of `Limits.Total`. */
  readonly targeted: number;
  /** Null: it was targeted, and nothing left. */
  readonly sentAt: Date | null;
}

/** Keeps what caps are held against: the sends of the last day, and how often the campaign targeted each. */
export function notingRecipients(recipients: readonly TargetedRecipient[], since: Date): RawBuilder<unknown> {
  return sql`
    insert into campaign_recipients as stored (project_number, bucket, endpoint_id, campaign_id, targeted, sent_at)
    select project_number, bucket, endpoint_id, campaign_id, sum(targeted),
           coalesce(array_agg(sent_at) filter (where sent_at is not null), '{}')
    from unnest(
      ${bigintArray(recipients.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(recipients.map(({ bucket }) => bucket))}::int[],
      ${textArray(recipients.map(({ endpointId }) => endpointId))}::text[],
      ${textArray(recipients.map(({ campaignId }) => campaignId))}::text[],
      ${integerArray(recipients.map(({ targeted }) => targeted))}::int[],
      ${timestampArray(recipients.map(({ sentAt }) => sentAt))}::timestamptz[])
      as given (project_number, bucket, endpoint_id, campaign_id, targeted, sent_at)
    group by project_number, bucket, endpoint_id, campaign_id
    order by project_number, bucket, endpoint_id, campaign_id
    on conflict (project_number, bucket, endpoint_id, campaign_id) do update set
      targeted = stored.targeted + excluded.targeted,
      sent_at = (select coalesce(array_agg(at order by at), '{}') from unnest(stored.sent_at || excluded.sent_at) as at
                 where at > ${since})`;
}

/** How often the campaign targeted an endpoint, and what it had in the last day. */
export interface LockedReceived {
  readonly endpointId: string;
  /** Empty: all campaigns of the project. */
  readonly campaignId: string;
  readonly targeted: number;
  readonly lastDay: number;
}

/** What caps are held against, locked: nobody else counts for these endpoints until the transaction ends. */
export async function lockReceived(
  tx: Transaction,
  {
    projectNumber,
    campaignIds,
    since,
  }: { readonly projectNumber: number; readonly campaignIds: readonly string[]; readonly since: Date },
  endpoints: readonly { readonly bucket: number; readonly id: string }[],
): Promise<LockedReceived[]> {
  const { rows } = await sql<LockedReceived>`
    insert into campaign_recipients as stored (project_number, bucket, endpoint_id, campaign_id, targeted, sent_at)
    select distinct ${projectNumber}::bigint, bucket, endpoint_id, campaign_id, 0, '{}'::timestamptz[]
    from unnest(${integerArray(endpoints.map(({ bucket }) => bucket))}::int[],
                ${textArray(endpoints.map(({ id }) => id))}::text[]) as given (bucket, endpoint_id),
         unnest(${textArray(campaignIds)}::text[]) as campaign_id
    order by bucket, endpoint_id, campaign_id
    on conflict (project_number, bucket, endpoint_id, campaign_id) do update set targeted = stored.targeted
    returning endpoint_id as "endpointId", campaign_id as "campaignId", targeted,
              (select count(*) from unnest(sent_at) as at where at > ${since}) as "lastDay"`.execute(tx);
  return rows;
}

export interface FailedRecipient {
  readonly projectNumber: number;
  readonly bucket: number;
  readonly endpointId: string;
  readonly campaignId: string;
}

/**
 * Nothing arrived: the day's cap is for accepted messages. The last ones noted go, as many as failed; where no cap applies
 * there is none.
 */
export function takingBackSends(failed: readonly FailedRecipient[]): RawBuilder<unknown> {
  return sql`
    update campaign_recipients as stored
    set sent_at = stored.sent_at[1:greatest(cardinality(stored.sent_at) - given.failed, 0)]
    from (select project_number, bucket, endpoint_id, campaign_id, count(*)::int as failed
          from (select project_number, bucket, endpoint_id, unnest(array[campaign_id, '']) as campaign_id from unnest(
                  ${bigintArray(failed.map(({ projectNumber }) => projectNumber))}::bigint[],
                  ${integerArray(failed.map(({ bucket }) => bucket))}::int[],
                  ${textArray(failed.map(({ endpointId }) => endpointId))}::text[],
                  ${textArray(failed.map(({ campaignId }) => campaignId))}::text[])
                  as row (project_number, bucket, endpoint_id, campaign_id)) as each
          group by project_number, bucket, endpoint_id, campaign_id) as given
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.endpoint_id = given.endpoint_id and stored.campaign_id = given.campaign_id
      and cardinality(stored.sent_at) > 0`;
}
