/** SQL over `endpoints`, `audience_users` and `endpoint_tombstones`: reading, locking, writing many rows a statement. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import { addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { type EndpointKey, keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';

/** Rows of `wanted` keys, to join with: nothing but primary keys is probed. */
const wantedKeys = (keys: readonly EndpointKey[]) => sql`
  unnest(${keys.map((key) => key.projectNumber)}::bigint[], ${keys.map((key) => key.bucket)}::int[],
         ${keys.map((key) => key.id)}::text[]) as wanted (project_number, bucket, id)`;

const endpointColumns = sql`
  endpoints.project_number as "projectNumber", endpoints.bucket, endpoints.id,
  coalesce(endpoints.shown_id, endpoints.id) as "shownId", endpoints.generation,
  endpoints.channel_type as "channelType", endpoints.address, endpoints.opt_out as "optOut", endpoints.status,
  endpoints.cohort, endpoints.user_id as "userId", endpoints.attributes, endpoints.metrics, endpoints.demographic,
  endpoints.location, endpoints.user_attributes as "userAttributes", endpoints.created_at as "createdAt",
  endpoints.effective_at as "effectiveAt", endpoints.request_id as "requestId"`;

/** In no particular order. */
export async function readEndpoints(query: Executor, keys: readonly EndpointKey[]): Promise<StoredEndpoint[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<StoredEndpoint>`
    select ${endpointColumns} from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id)`.execute(
    query,
  );
  return rows;
}

/** The same, locked until the end of the transaction; every writer locks in the order of the key. */
export async function lockEndpoints(tx: Transaction, keys: readonly EndpointKey[]): Promise<StoredEndpoint[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<StoredEndpoint>`
    select ${endpointColumns} from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id)
    order by endpoints.project_number, endpoints.bucket, endpoints.id
    for update of endpoints`.execute(tx);
  return rows;
}

/** A locked endpoint, and what was found of its user when the statement began. */
export interface LockedEndpoint extends WholeEndpoint {
  /** Whose attributes they are: another one's, or nobody's, when the user changed while this waited for the lock. */
  readonly sharedBy: string | null;
}

/** Endpoints as `findEndpoints` finds them, locked. */
export async function lockWholeEndpoints(tx: Transaction, keys: readonly EndpointKey[]): Promise<LockedEndpoint[]> {
  const { rows } = await sql<LockedEndpoint>`
    ${wholeEndpoint}, audience_users.user_id as "sharedBy" from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id) ${joinUser}
    order by endpoints.project_number, endpoints.bucket, endpoints.id
    for update of endpoints`.execute(tx);
  return rows;
}

/** An endpoint with what its user knows: all that an answer shows. */
export interface WholeEndpoint extends StoredEndpoint {
  /** Of the user; null for an endpoint without one. */
  readonly sharedAttributes: StoredUser['attributes'] | null;
}

const wholeEndpoint = sql`
  select ${endpointColumns}, audience_users.attributes as "sharedAttributes"`;
const joinUser = sql`
  left join audience_users
    on audience_users.project_number = endpoints.project_number and audience_users.bucket = endpoints.user_bucket
   and audience_users.user_id = endpoints.user_id`;

/**
 * In the order of the keys; undefined where there is none. Lateral with a limit, so that the planner has no choice but
 * to probe the primary key for each.
 */
export async function findEndpoints(
  query: Executor,
  keys: readonly EndpointKey[],
): Promise<(WholeEndpoint | undefined)[]> {
  const { rows } = await sql<WholeEndpoint>`
    ${wholeEndpoint}
    from ${wantedKeys(keys)}
    cross join lateral (
      select * from endpoints
      where endpoints.project_number = wanted.project_number and endpoints.bucket = wanted.bucket
        and endpoints.id = wanted.id
      limit 1) as endpoints
    left join lateral (
      select attributes from audience_users
      where audience_users.project_number = endpoints.project_number
        and audience_users.bucket = endpoints.user_bucket and audience_users.user_id = endpoints.user_id
      limit 1) as audience_users on true`.execute(query);
  const found = new Map(rows.map((row) => [keyText(row), row]));
  return keys.map((key) => found.get(keyText(key)));
}

/** Endpoints that hold an address, in any spelling that counts as the same, oldest first. */
export async function findByAddress(query: Executor, projectNumber: number, address: string): Promise<WholeEndpoint[]> {
  const { rows } = await sql<WholeEndpoint>`
    ${wholeEndpoint} from endpoints ${joinUser}
    where endpoints.project_number = ${projectNumber} and endpoints.address_key = ${addressKey(address)}::bigint
    order by endpoints.created_at, endpoints.id`.execute(query);
  return rows;
}

/** Keys of endpoints of several projects that hold an address: one probe of `endpoints_by_address` a project. */
export async function findKeysByAddress(
  query: Executor,
  projectNumbers: readonly number[],
  address: string,
): Promise<EndpointKey[]> {
  const { rows } = await sql<EndpointKey>`
    select project_number as "projectNumber", bucket, id from endpoints
    where project_number = any (${projectNumbers}::bigint[]) and address_key = ${addressKey(address)}::bigint`.execute(
    query,
  );
  return rows;
}

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
  unnest(${names.map((name) => name.projectNumber)}::bigint[], ${names.map(({ userId }) => bucketOf(userId))}::int[],
         ${names.map((name) => name.userId)}::text[]) as wanted (project_number, bucket, user_id)`;

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

const givenUsers = (users: readonly StoredUser[]) => sql`
  json_to_recordset(${JSON.stringify(users.map(toUserRow))}::json)
    as given (project_number bigint, bucket int, user_id text, attributes jsonb, endpoint_ids text[])`;

function toUserRow({ projectNumber, userId, attributes, endpointIds }: StoredUser) {
  return {
    project_number: projectNumber,
    bucket: bucketOf(userId),
    user_id: userId,
    attributes,
    endpoint_ids: endpointIds,
  };
}

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

const givenEndpoints = (endpoints: readonly StoredEndpoint[]) => sql`
  json_to_recordset(${JSON.stringify(endpoints.map(toRow))}::json)
    as given (project_number bigint, bucket int, id text, shown_id text, channel_type text, address text,
              address_key bigint, opt_out text, status text, cohort int, user_id text, user_bucket int,
              attributes jsonb, metrics jsonb, demographic jsonb, location jsonb, user_attributes jsonb,
              created_at timestamptz, effective_at timestamptz, request_id text)`;

function toRow(endpoint: StoredEndpoint) {
  return {
    project_number: endpoint.projectNumber,
    bucket: endpoint.bucket,
    id: endpoint.id,
    shown_id: endpoint.shownId === endpoint.id ? null : endpoint.shownId,
    channel_type: endpoint.channelType,
    address: endpoint.address,
    address_key: endpoint.address === null ? null : addressKey(endpoint.address),
    opt_out: endpoint.optOut,
    status: endpoint.status,
    cohort: endpoint.cohort,
    user_id: endpoint.userId,
    user_bucket: endpoint.userId === null ? null : bucketOf(endpoint.userId),
    attributes: endpoint.attributes,
    metrics: endpoint.metrics,
    demographic: endpoint.demographic,
    location: endpoint.location,
    user_attributes: endpoint.userAttributes,
    created_at: endpoint.createdAt,
    effective_at: endpoint.effectiveAt,
    request_id: endpoint.requestId,
  };
}

/** @returns how many were inserted: fewer than given when somebody else made one of them meanwhile */
export async function insertEndpoints(tx: Transaction, endpoints: readonly StoredEndpoint[]): Promise<number> {
  if (endpoints.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into endpoints (project_number, bucket, id, shown_id, channel_type, address, address_key, opt_out, status,
                           cohort, user_id, user_bucket, attributes, metrics, demographic, location, user_attributes,
                           created_at, effective_at, request_id)
    select given.* from ${givenEndpoints(endpoints)}
    order by project_number, bucket, id
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows);
}

/**
 * Of endpoints that are locked. An upsert, though every row is there: it finds its partition and row directly, where an
 * update that joins goes through all partitions. Indexed columns that stay as they are keep the row on its page.
 */
export async function updateEndpoints(tx: Transaction, endpoints: readonly StoredEndpoint[]): Promise<void> {
  if (endpoints.length === 0) return;
  await sql`
    insert into endpoints (project_number, bucket, id, shown_id, channel_type, address, address_key, opt_out, status,
                           cohort, user_id, user_bucket, attributes, metrics, demographic, location, user_attributes,
                           created_at, effective_at, request_id)
    select given.* from ${givenEndpoints(endpoints)}
    on conflict (project_number, bucket, id) do update set
      channel_type = excluded.channel_type, address = excluded.address, address_key = excluded.address_key,
      opt_out = excluded.opt_out, status = excluded.status, user_id = excluded.user_id,
      user_bucket = excluded.user_bucket, attributes = excluded.attributes, metrics = excluded.metrics,
      demographic = excluded.demographic, location = excluded.location, user_attributes = excluded.user_attributes,
      effective_at = excluded.effective_at, request_id = excluded.request_id`.execute(tx);
}

/** With their facets. */
export async function deleteEndpoints(tx: Transaction, keys: readonly EndpointKey[]): Promise<void> {
  if (keys.length === 0) return;
  for (const table of ['endpoint_facets', 'endpoints']) {
    await sql`
      delete from ${sql.table(table)} using ${wantedKeys(keys)}
      where ${sql.table(table)}.project_number = wanted.project_number
        and ${sql.table(table)}.bucket = wanted.bucket and ${sql.table(table)}.id = wanted.id`.execute(tx);
  }
}

export interface Tombstone {
  readonly projectNumber: number;
  readonly bucket: number;
  readonly idHash: Buffer;
}

export async function insertTombstones(tx: Transaction, tombstones: readonly Tombstone[]): Promise<void> {
  if (tombstones.length === 0) return;
  await sql`
    insert into endpoint_tombstones (project_number, bucket, id_hash, deleted_at)
    select project_number, bucket, id_hash, clock_timestamp()
    from unnest(${tombstones.map((stone) => stone.projectNumber)}::bigint[],
                ${tombstones.map((stone) => stone.bucket)}::int[],
                ${tombstones.map((stone) => stone.idHash)}::bytea[]) as given (project_number, bucket, id_hash)
    on conflict (project_number, bucket, id_hash) do update set deleted_at = excluded.deleted_at`.execute(tx);
}

/** Which of these were deleted at or after a moment, by the clock of the database. */
export async function findTombstones(
  tx: Transaction,
  tombstones: readonly Tombstone[],
  since: Date,
): Promise<ReadonlySet<string>> {
  if (tombstones.length === 0) return new Set();
  const { rows } = await sql<{ idHash: Buffer }>`
    select id_hash as "idHash"
    from unnest(${tombstones.map((stone) => stone.projectNumber)}::bigint[],
                ${tombstones.map((stone) => stone.bucket)}::int[],
                ${tombstones.map((stone) => stone.idHash)}::bytea[]) as wanted (project_number, bucket, id_hash)
    join endpoint_tombstones using (project_number, bucket, id_hash)
    where deleted_at >= ${since}`.execute(tx);
  return new Set(rows.map(({ idHash }) => idHash.toString('hex')));
}

export async function deleteTombstonesBefore(query: Executor, before: Date): Promise<void> {
  await query.deleteFrom('endpoint_tombstones').where('deleted_at', '<', before).execute();
}
