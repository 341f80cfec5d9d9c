/** Imported lists of members as SQL: who is on one, and which endpoints that makes. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import type { Condition, Question } from './conditions.ts';

/** A list that was filled; nobody is added to it any more. */
export interface MemberList {
  readonly membership: number;
  /** Whether it names users, each of whom stands for all of their endpoints, and more than a page can look up. */
  readonly users: 'none' | 'few' | 'many';
}

const fewUsers = 5_000;

export async function describeList(query: Executor, membership: number): Promise<MemberList> {
  const { rows } = await sql<{ users: number }>`
    select count(*) as users
    from (select from segment_users where membership = ${membership} limit ${fewUsers + 1}) as named`.execute(query);
  const users = rows[0]?.users ?? 0;
  if (users === 0) return { membership, users: 'none' };
  return { membership, users: users <= fewUsers ? 'few' : 'many' };
}

/** Endpoints of `firstBucket` to `endBucket` (exclusive) behind `after`, in the order of bucket and id. */
export interface KeyRange {
  readonly firstBucket: number;
  readonly endBucket: number;
  readonly after: readonly [bucket: number, id: string] | null;
}

/** How rows are found. `keys`: each by its key, which the caller adds. `whole`: all of them, in no order. Or a page. */
export type Reading = 'keys' | 'whole' | KeyRange;

/** Of the columns that hold the key of an endpoint. */
export function withinRange({ firstBucket, endBucket, after }: KeyRange, bucket: string, id: string): Condition {
  const [from, last] = after ?? [firstBucket, ''];
  const [bucketColumn, idColumn] = [sql.ref(bucket), sql.ref(id)];
  return sql<boolean>`${bucketColumn} >= ${from}::int and ${bucketColumn} < ${endBucket}::int
    and (${bucketColumn}, ${idColumn}) > (${from}::int, ${last}::text)`;
}

/**
 * Whether the endpoint `f` is on the list, by itself or by its user. Where all endpoints are asked about, each list is
 * read once; otherwise it is looked at by key.
 */
export function listCondition({ membership, users }: MemberList, question: Question, reading: Reading): Condition {
  const isWhole = reading === 'whole';
  const byId = isWhole
    ? sql<boolean>`(f.bucket, f.id) in (
        select listed.bucket, listed.endpoint_id from segment_endpoints as listed where listed.membership = ${membership})`
    : sql<boolean>`exists (
        select from segment_endpoints as listed
        where listed.membership = ${membership} and listed.bucket = f.bucket and listed.endpoint_id = f.id)`;
  if (users === 'none') return byId;
  question.reads.endpoint = true;
  const byUser = isWhole
    ? sql<boolean>`coalesce((e.user_bucket, e.user_id) in (
        select listed.bucket, listed.user_id from segment_users as listed where listed.membership = ${membership}), false)`
    : sql<boolean>`exists (
        select from segment_users as listed
        where listed.membership = ${membership} and listed.bucket = e.user_bucket and listed.user_id = e.user_id)`;
  return sql<boolean>`(${byId} or ${byUser})`;
}

/**
 * `bucket` and `id` of the endpoints that a list names, each once; some may not be there any more. In their order, when a
 * page is asked for and no users are named, without reading the rest of the list.
 */
export function listedKeys({ membership, users }: MemberList, projectNumber: number, reading: Reading) {
  const within = (bucket: string, id: string) =>
    typeof reading === 'string' ? sql`true` : withinRange(reading, bucket, id);
  const byId = sql`
    select listed.bucket, listed.endpoint_id as id from segment_endpoints as listed
    where listed.membership = ${membership} and ${within('listed.bucket', 'listed.endpoint_id')}`;
  if (users === 'none') return byId;
  return sql`${byId}
    union
    select placed.bucket, owned.id from segment_users as listed
    join audience_users as owner on owner.project_number = ${projectNumber} and owner.bucket = listed.bucket
                                and owner.user_id = listed.user_id
    cross join lateral unnest(owner.endpoint_ids) as owned (id)
    cross join lateral (select bucket_of(owned.id) as bucket) as placed
    where listed.membership = ${membership} and ${within('placed.bucket', 'owned.id')}` as RawBuilder<unknown>;
}
