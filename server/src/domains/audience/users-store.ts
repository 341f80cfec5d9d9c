/** SQL over `audience_users`: reading, locking, writing many rows a statement. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  jsonbArray,
  laidEndToEnd,
  type Transaction,
  textArray,
} from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { StoredUser } from './endpoint.ts';

export interface UserName {
  readonly projectNumber: number;
  readonly userId: string;
}

export function userText({ projectNumber, userId }: UserName): string {
  return `${projectNumber} ${userId}`;
}

export const userColumns = sql`
  audience_users.project_number as "projectNumber", audience_users.user_id as "userId", audience_users.attributes,
  audience_users.endpoint_ids as "endpointIds"`;
const wantedUsers = (names: readonly UserName[]) => sql`
  unnest(${bigintArray(names.map((name) => name.projectNumber))}::bigint[],
         ${integerArray(names.map(({ userId }) => bucketOf(userId)))}::int[],
         ${textArray(names.map((name) => name.userId))}::text[]) as wanted (project_number, bucket, user_id)`;

/** What locking found: rows that were there, and those that were made from what the caller guessed they become. */
export interface Locked<Row> {
  readonly stored: readonly Row[];
  readonly made: readonly Row[];
}

/**
 * Locks users until the end of the transaction, in two statements that belong together: those that are not there are
 * made at once as they will most likely be in the end, so that they can be locked too and need not be written twice; then
 * those that are there are locked, in the order of their key.
 */
export function lockingUsers(
  guesses: readonly StoredUser[],
): readonly [RawBuilder<UserName> | undefined, RawBuilder<StoredUser> | undefined] {
  if (guesses.length === 0) return [undefined, undefined];
  return [
    sql<UserName>`
      insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
      select project_number, bucket, user_id, attributes, endpoint_ids from ${givenUsers(guesses)}
      order by project_number, bucket, user_id
      on conflict do nothing
      returning project_number as "projectNumber", user_id as "userId"`,
    sql<StoredUser>`
      select ${userColumns} from ${wantedUsers(guesses)} join audience_users using (project_number, bucket, user_id)
      where audience_users.xmin <> pg_current_xact_id()::xid
      order by audience_users.project_number, audience_users.bucket, audience_users.user_id
      for update of audience_users`,
  ];
}

/** What the two statements of `lockingUsers` came to. */
export function lockedUsers(
  guesses: readonly StoredUser[],
  inserted: readonly UserName[],
  stored: readonly StoredUser[],
): Locked<StoredUser> {
  const names = new Set(inserted.map(userText));
  return { stored, made: guesses.filter((guess) => names.has(userText(guess))) };
}

/** Those of the users that are there. */
export async function lockKnownUsers(tx: Transaction, names: readonly UserName[]): Promise<StoredUser[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<StoredUser>`
    select ${userColumns} from ${wantedUsers(names)} join audience_users using (project_number, bucket, user_id)
    order by audience_users.project_number, audience_users.bucket, audience_users.user_id
    for update of audience_users`.execute(tx);
  return rows;
}

/** Rows of `given`, with all columns of a user. */
const givenUsers = (users: readonly StoredUser[]) => {
  const ids = laidEndToEnd(users.map(({ endpointIds }) => endpointIds));
  return sql`
    (select project_number, bucket, user_id, attributes, (${textArray(ids.whole)}::text[])[first:last] as endpoint_ids
     from unnest(${bigintArray(users.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${integerArray(users.map(({ userId }) => bucketOf(userId)))}::int[],
                 ${textArray(users.map(({ userId }) => userId))}::text[],
                 ${jsonbArray(users.map(({ attributes }) => JSON.stringify(attributes)))}::jsonb[],
                 ${ids.first}::int[], ${ids.last}::int[])
       as row (project_number, bucket, user_id, attributes, first, last)) as given`;
};

export async function readUsers(query: Executor, names: readonly UserName[]): Promise<StoredUser[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<StoredUser>`
    select ${userColumns} from ${wantedUsers(names)} join audience_users using (project_number, bucket, user_id)`.execute(
    query,
  );
  return rows;
}

export function updatingUsers(users: readonly StoredUser[]): RawBuilder<unknown> | undefined {
  if (users.length === 0) return undefined;
  return sql`
    update audience_users set attributes = given.attributes, endpoint_ids = given.endpoint_ids
    from ${givenUsers(users)}
    where audience_users.project_number = given.project_number and audience_users.bucket = given.bucket
      and audience_users.user_id = given.user_id`;
}

export function deletingUsers(names: readonly UserName[]): RawBuilder<unknown> | undefined {
  if (names.length === 0) return undefined;
  return sql`
    delete from audience_users using ${wantedUsers(names)}
    where audience_users.project_number = wanted.project_number and audience_users.bucket = wanted.bucket
      and audience_users.user_id = wanted.user_id`;
}

export async function writeUsers(tx: Transaction, users: readonly StoredUser[]): Promise<void> {
  await updatingUsers(users)?.execute(tx);
}

export async function deleteUsers(tx: Transaction, names: readonly UserName[]): Promise<void> {
  await deletingUsers(names)?.execute(tx);
}
