/** SQL over `audience_users`: reading, locking, writing many rows a statement. */
import { sql } from 'kysely';
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

const userColumns = sql`
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
 * Locks users until the end of the transaction, in the order of their key. One that is not there is made at once as it
 * will most likely be in the end, so that it can be locked too and need not be written twice.
 */
export async function lockUsers(tx: Transaction, guesses: readonly StoredUser[]): Promise<Locked<StoredUser>> {
  if (guesses.length === 0) return { stored: [], made: [] };
  const { rows } = await sql<UserName>`
    insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
    select project_number, bucket, user_id, attributes, endpoint_ids from ${givenUsers(guesses)}
    order by project_number, bucket, user_id
    on conflict do nothing
    returning project_number as "projectNumber", user_id as "userId"`.execute(tx);
  const inserted = new Set(rows.map(userText));
  const made = guesses.filter((guess) => inserted.has(userText(guess)));
  const known = guesses.filter((guess) => !inserted.has(userText(guess)));
  return { stored: await lockKnownUsers(tx, known), made };
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

export async function writeUsers(tx: Transaction, users: readonly StoredUser[]): Promise<void> {
  if (users.length === 0) return;
  await sql`
    update audience_users set attributes = given.attributes, endpoint_ids = given.endpoint_ids
    from ${givenUsers(users)}
    where audience_users.project_number = given.project_number and audience_users.bucket = given.bucket
      and audience_users.user_id = given.user_id`.execute(tx);
}

export async function deleteUsers(tx: Transaction, names: readonly UserName[]): Promise<void> {
  if (names.length === 0) return;
  await sql`
    delete from audience_users using ${wantedUsers(names)}
    where audience_users.project_number = wanted.project_number and audience_users.bucket = wanted.bucket
      and audience_users.user_id = wanted.user_id`.execute(tx);
}
