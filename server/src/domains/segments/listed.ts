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

/** Whether the endpoint `f` is on the list, by itself or by its user: looked at by key, for one endpoint or a page. */
export function isListed({ membership, users }: MemberList, question: Question): Condition {
  const byId = sql<boolean>`exists (
    select from segment_endpoints as listed
    where listed.membership = ${membership} and listed.bucket = f.bucket and listed.endpoint_id = f.id)`;
  if (users === 'none') return byId;
  question.reads.endpoint = true;
  return sql<boolean>`(${byId} or exists (
    select from segment_users as listed
    where listed.membership = ${membership} and listed.bucket = e.user_bucket and listed.user_id = e.user_id))`;
}

/** The same where all endpoints are asked about: the list is joined, of whatever size it is, and read once. */
export interface JoinedList {
  readonly condition: Condition;
  /** Behind that of `f`. */
  readonly join: RawBuilder<unknown>;
}

/**
 * Endpoints of the users are looked up apart, and by what the users say: `endpoints` is four times as large, and beside `e`
 * the planner expects a thousandth of its rows, and would look at the list for each of a million.
 * @param name of the list within its statement
 */
export function joinList({ membership, users }: MemberList, projectNumber: number, name: string): JoinedList {
  const [byId, byUser] = [sql.ref(`${name}_endpoints`), sql.ref(`${name}_users`)];
  const joinIds = sql`left join segment_endpoints as ${byId}
    on ${byId}.membership = ${membership} and ${byId}.bucket = f.bucket and ${byId}.endpoint_id = f.id`;
  if (users === 'none') return { condition: sql<boolean>`${byId}.membership is not null`, join: joinIds };
  return {
    condition: sql<boolean>`(${byId}.membership is not null or ${byUser}.id is not null)`,
    join: sql`${joinIds}
      left join (
        select unnest(owner.endpoint_ids) as id from segment_users as listed
        join audience_users as owner on owner.project_number = ${projectNumber} and owner.bucket = listed.bucket
                                    and owner.user_id = listed.user_id
        where listed.membership = ${membership}) as ${byUser} on ${byUser}.id = f.id`,
  };
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
