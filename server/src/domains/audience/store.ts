/** SQL over `endpoints` and `endpoint_tombstones`: reading, locking, writing many rows a statement. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  bytesArray,
  duplicateIn,
  type Executor,
  integerArray,
  jsonbArray,
  type Transaction,
  textArray,
  timestampArray,
} from '../../database/index.ts';
import { addressKey } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { type EndpointKey, keyText, type StoredEndpoint, type StoredUser } from './endpoint.ts';
import { userColumns } from './users-store.ts';

/** Rows of `wanted` keys, to join with: nothing but primary keys is probed. */
const wantedKeys = (keys: readonly EndpointKey[]) => sql`
  unnest(${bigintArray(keys.map((key) => key.projectNumber))}::bigint[],
         ${integerArray(keys.map((key) => key.bucket))}::int[],
         ${textArray(keys.map((key) => key.id))}::text[]) as wanted (project_number, bucket, id)`;

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
export function lockingEndpoints(keys: readonly EndpointKey[]): RawBuilder<StoredEndpoint> | undefined {
  if (keys.length === 0) return undefined;
  return sql<StoredEndpoint>`
    select ${endpointColumns} from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id)
    order by endpoints.project_number, endpoints.bucket, endpoints.id
    for update of endpoints`;
}

export async function lockEndpoints(tx: Transaction, keys: readonly EndpointKey[]): Promise<StoredEndpoint[]> {
  return (await lockingEndpoints(keys)?.execute(tx))?.rows ?? [];
}

/** The users of endpoints, one row an endpoint. */
export function readingUsersOf(keys: readonly EndpointKey[]): RawBuilder<StoredUser> | undefined {
  if (keys.length === 0) return undefined;
  return sql<StoredUser>`
    select ${userColumns} from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id)
    join audience_users
      on audience_users.project_number = endpoints.project_number and audience_users.bucket = endpoints.user_bucket
     and audience_users.user_id = endpoints.user_id`;
}

/** An endpoint with what its user knows: all that an answer shows. */
export interface WholeEndpoint extends StoredEndpoint {
  /** Of the user; null for an endpoint without one. */
  readonly sharedAttributes: StoredUser['attributes'] | null;
}

/**
 * The same for those who select people in statements of their own: columns of a `WholeEndpoint`, of rows called `e` and,
 * left joined, `u` (see `compileSegment`).
 */
export const wholeEndpointColumns = sql`
  e.project_number as "projectNumber", e.bucket, e.id, coalesce(e.shown_id, e.id) as "shownId", e.generation,
  e.channel_type as "channelType", e.address, e.opt_out as "optOut", e.status, e.cohort, e.user_id as "userId",
  e.attributes, e.metrics, e.demographic, e.location, e.user_attributes as "userAttributes",
  e.created_at as "createdAt", e.effective_at as "effectiveAt", e.request_id as "requestId",
  u.attributes as "sharedAttributes"`;

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

/** What decides which users and addresses a write of an endpoint may touch. */
export interface SeenEndpoint
  extends EndpointKey,
    Pick<WholeEndpoint, 'channelType' | 'address' | 'status' | 'userId' | 'sharedAttributes'> {}

export async function lookAtEndpoints(query: Executor, keys: readonly EndpointKey[]): Promise<SeenEndpoint[]> {
  const { rows } = await sql<SeenEndpoint>`
    select endpoints.project_number as "projectNumber", endpoints.bucket, endpoints.id,
           endpoints.channel_type as "channelType", endpoints.address, endpoints.status, endpoints.user_id as "userId",
           audience_users.attributes as "sharedAttributes"
    from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id) ${joinUser}`.execute(query);
  return rows;
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

/** Rows of `given`, in the order of the columns below. */
const givenEndpoints = (endpoints: readonly StoredEndpoint[]) => {
  const texts = (pick: (endpoint: StoredEndpoint) => string | null) => textArray(endpoints.map(pick));
  const jsons = (pick: (endpoint: StoredEndpoint) => object) =>
    jsonbArray(endpoints.map((endpoint) => JSON.stringify(pick(endpoint))));
  return sql`
    unnest(${bigintArray(endpoints.map(({ projectNumber }) => projectNumber))}::bigint[],
           ${integerArray(endpoints.map(({ bucket }) => bucket))}::int[], ${texts(({ id }) => id)}::text[],
           ${texts(({ id, shownId }) => (shownId === id ? null : shownId))}::text[],
           ${texts(({ channelType }) => channelType)}::text[], ${texts(({ address }) => address)}::text[],
           ${bigintArray(endpoints.map(({ address }) => (address === null ? null : addressKey(address))))}::bigint[],
           ${texts(({ optOut }) => optOut)}::text[], ${texts(({ status }) => status)}::text[],
           ${integerArray(endpoints.map(({ cohort }) => cohort))}::int[], ${texts(({ userId }) => userId)}::text[],
           ${integerArray(endpoints.map(({ userId }) => (userId === null ? null : bucketOf(userId))))}::int[],
           ${jsons(({ attributes }) => attributes)}::jsonb[], ${jsons(({ metrics }) => metrics)}::jsonb[],
           ${jsons(({ demographic }) => demographic)}::jsonb[], ${jsons(({ location }) => location)}::jsonb[],
           ${jsons(({ userAttributes }) => userAttributes)}::jsonb[],
           ${timestampArray(endpoints.map(({ createdAt }) => createdAt))}::timestamptz[],
           ${timestampArray(endpoints.map(({ effectiveAt }) => effectiveAt))}::timestamptz[],
           ${texts(({ requestId }) => requestId)}::text[])
      as given (${endpointRow})`;
};

const endpointRow = sql`
  project_number, bucket, id, shown_id, channel_type, address, address_key, opt_out, status, cohort, user_id,
  user_bucket, attributes, metrics, demographic, location, user_attributes, created_at, effective_at, request_id`;

/** Fails when somebody else made one of them meanwhile. */
export function insertingEndpoints(endpoints: readonly StoredEndpoint[]): RawBuilder<unknown> | undefined {
  if (endpoints.length === 0) return undefined;
  return sql`
    insert into endpoints (${endpointRow})
    select given.* from ${givenEndpoints(endpoints)}
    order by project_number, bucket, id`;
}

/** An endpoint, a user or an address was made by somebody else between the look and the insert. */
export function isMadeMeanwhile(error: unknown): boolean {
  return /^(endpoints|audience_users|endpoint_addresses)_\d+$/.test(duplicateIn(error) ?? '');
}

/** An endpoint that is locked, as it was and as it becomes. */
export interface ChangedEndpoint {
  readonly before: StoredEndpoint;
  readonly after: StoredEndpoint;
}

/** Parts of an endpoint that are only sent where they became otherwise. */
type Part = 'attributes' | 'metrics' | 'demographic' | 'location' | 'userAttributes';

/** Indexed columns that stay as they are keep the row on its page. */
export function updatingEndpoints(changes: readonly ChangedEndpoint[]): RawBuilder<unknown> | undefined {
  if (changes.length === 0) return undefined;
  const endpoints = changes.map(({ after }) => after);
  const texts = (pick: (endpoint: StoredEndpoint) => string | null) => textArray(endpoints.map(pick));
  const parts = (part: Part) =>
    jsonbArray(changes.map(({ before, after }) => (before[part] === after[part] ? null : JSON.stringify(after[part]))));
  return sql`
    update endpoints set
      channel_type = given.channel_type, address = given.address, address_key = given.address_key,
      opt_out = given.opt_out, status = given.status, user_id = given.user_id, user_bucket = given.user_bucket,
      attributes = coalesce(given.attributes, endpoints.attributes),
      metrics = coalesce(given.metrics, endpoints.metrics),
      demographic = coalesce(given.demographic, endpoints.demographic),
      location = coalesce(given.location, endpoints.location),
      user_attributes = coalesce(given.user_attributes, endpoints.user_attributes),
      effective_at = given.effective_at, request_id = given.request_id
    from unnest(
      ${bigintArray(endpoints.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(endpoints.map(({ bucket }) => bucket))}::int[], ${texts(({ id }) => id)}::text[],
      ${texts(({ channelType }) => channelType)}::text[], ${texts(({ address }) => address)}::text[],
      ${bigintArray(endpoints.map(({ address }) => (address === null ? null : addressKey(address))))}::bigint[],
      ${texts(({ optOut }) => optOut)}::text[], ${texts(({ status }) => status)}::text[],
      ${texts(({ userId }) => userId)}::text[],
      ${integerArray(endpoints.map(({ userId }) => (userId === null ? null : bucketOf(userId))))}::int[],
      ${parts('attributes')}::jsonb[], ${parts('metrics')}::jsonb[], ${parts('demographic')}::jsonb[],
      ${parts('location')}::jsonb[], ${parts('userAttributes')}::jsonb[],
      ${timestampArray(endpoints.map(({ effectiveAt }) => effectiveAt))}::timestamptz[],
      ${texts(({ requestId }) => requestId)}::text[])
      as given (project_number, bucket, id, channel_type, address, address_key, opt_out, status, user_id, user_bucket,
                attributes, metrics, demographic, location, user_attributes, effective_at, request_id)
    where endpoints.project_number = given.project_number and endpoints.bucket = given.bucket
      and endpoints.id = given.id`;
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

const givenTombstones = (tombstones: readonly Tombstone[]) => sql`
  unnest(${bigintArray(tombstones.map(({ projectNumber }) => projectNumber))}::bigint[],
         ${integerArray(tombstones.map(({ bucket }) => bucket))}::int[],
         ${bytesArray(tombstones.map(({ idHash }) => idHash))}::bytea[]) as given (project_number, bucket, id_hash)`;

export async function insertTombstones(tx: Transaction, tombstones: readonly Tombstone[]): Promise<void> {
  if (tombstones.length === 0) return;
  await sql`
    insert into endpoint_tombstones (project_number, bucket, id_hash, deleted_at)
    select project_number, bucket, id_hash, clock_timestamp() from ${givenTombstones(tombstones)}
    on conflict (project_number, bucket, id_hash) do update set deleted_at = excluded.deleted_at`.execute(tx);
}

/** When endpoints were deleted, by the clock of the database and by the hash as text. */
export async function findTombstones(
  tx: Transaction,
  tombstones: readonly Tombstone[],
): Promise<ReadonlyMap<string, Date>> {
  if (tombstones.length === 0) return new Map();
  const { rows } = await sql<{ idHash: Buffer; deletedAt: Date }>`
    select id_hash as "idHash", deleted_at as "deletedAt"
    from ${givenTombstones(tombstones)} join endpoint_tombstones using (project_number, bucket, id_hash)`.execute(tx);
  return new Map(rows.map(({ idHash, deletedAt }) => [idHash.toString('hex'), deletedAt]));
}

/** The clock of the database, and when an endpoint of any project was last deleted: see `endpoint_tombstones_by_time`. */
export async function readLastDeletion(tx: Transaction): Promise<{ readonly now: Date; readonly last: Date | null }> {
  const { rows } = await sql<{ now: Date; last: Date | null }>`
    select clock_timestamp() as now, (select max(deleted_at) from endpoint_tombstones) as last`.execute(tx);
  return rows[0] as { now: Date; last: Date | null };
}

/** Of endpoints that this transaction may just have made, by `keyText`. */
export async function readGenerations(
  tx: Transaction,
  keys: readonly EndpointKey[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<EndpointKey & { readonly generation: number }>`
    select project_number as "projectNumber", id, generation
    from ${wantedKeys(keys)} join endpoints using (project_number, bucket, id)`.execute(tx);
  return new Map(rows.map((row) => [keyText(row), row.generation]));
}

export async function deleteTombstonesBefore(query: Executor, before: Date): Promise<void> {
  await query.deleteFrom('endpoint_tombstones').where('deleted_at', '<', before).execute();
}
