/** SQL over `audience_users`: reading, locking, writing many rows a statement. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  jsonbArray,
  type Transaction,
  textArray,
  textLists,
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
 * Locks users until the end of the transaction, those that are there in the order of their key. The others are made at
 * once as they will most likely be in the end, so that they are locked too and need not be written twice. Answers with
 * those that were there; fails when somebody else makes one of the others meanwhile: see `isMadeMeanwhile`.
 *
 * One probe of the primary key for each, and one more for what is made: an insert that looks for conflicts itself would
 * probe twice, and write twice. A list (`not in`) is hashed, whatever joins the connection allows.
 */
export function lockingUsers(guesses: readonly StoredUser[]): RawBuilder<StoredUser> | undefined {
  if (guesses.length === 0) return undefined;
  return sql<StoredUser>`
    with stored as materialized (
      select audience_users.* from ${wantedUsers(guesses)} join audience_users using (project_number, bucket, user_id)
      order by audience_users.project_number, audience_users.bucket, audience_users.user_id
      for update of audience_users),
    made as (
      insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
      select project_number, bucket, user_id, attributes, endpoint_ids from ${givenUsers(guesses)}
      where (project_number, bucket, user_id) not in (select project_number, bucket, user_id from stored)
      order by project_number, bucket, user_id)
    select ${userColumns} from stored as audience_users`;
}

/** What `lockingUsers` came to. */
export function lockedUsers(guesses: readonly StoredUser[], stored: readonly StoredUser[]): Locked<StoredUser> {
  const names = new Set(stored.map(userText));
  return { stored, made: guesses.filter((guess) => !names.has(userText(guess))) };
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
const givenUsers = (users: readonly StoredUser[]) => sql`
    (select project_number, bucket, user_id, attributes, endpoint_ids::text[] as endpoint_ids
     from unnest(${bigintArray(users.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${integerArray(users.map(({ userId }) => bucketOf(userId)))}::int[],
                 ${textArray(users.map(({ userId }) => userId))}::text[],
                 ${jsonbArray(users.map(({ attributes }) => JSON.stringify(attributes)))}::jsonb[],
                 ${textLists(users.map(({ endpointIds }) => endpointIds))}::text[])
       as row (project_number, bucket, user_id, attributes, endpoint_ids)) as given`;

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
