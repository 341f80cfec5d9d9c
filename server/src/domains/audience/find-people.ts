/** Finds endpoints by any identity, raw or hashed, for requests about people (DESIGN section 5). Every way is an index's. */
import { sql } from 'kysely';
import { type Database, type Executor, readInKeyOrder } from '../../database/index.ts';
import { addressSha256, keyOfSha256 } from '../../kernel/address.ts';
import { bucketCount, bucketOf } from '../../kernel/bucket.ts';

export interface Person {
  readonly bucket: number;
  readonly id: string;
  readonly address: string | null;
  readonly userId: string | null;
}

const columns = sql`bucket, id, address, user_id as "userId"`;
const portion = 500;

/** Folded ids. */
export function findPeopleById(query: Executor, projectNumber: number, ids: readonly string[]): Promise<Person[]> {
  return inPortions(ids, async (some) => {
    const { rows } = await sql<Person>`
      select found.* from unnest(${some.map(bucketOf)}::int[], ${some}::text[]) as wanted (bucket, id)
      cross join lateral (
        select ${columns} from endpoints
        where project_number = ${projectNumber} and endpoints.bucket = wanted.bucket and endpoints.id = wanted.id
        limit 1) as found`.execute(query);
    return rows;
  });
}

/** Whoever has an address of one of these SHA-256. */
export function findPeopleByAddress(
  query: Executor,
  projectNumber: number,
  hashes: readonly Buffer[],
): Promise<Person[]> {
  return inPortions(hashes, async (some) => {
    const wanted = new Set(some.map((each) => each.toString('hex')));
    const { rows } = await sql<Person>`
      select ${columns} from endpoints
      where project_number = ${projectNumber} and address_key = any (${some.map(keyOfSha256)}::bigint[])`.execute(
      query,
    );
    return rows.filter(({ address }) => address !== null && wanted.has(addressSha256(address).toString('hex')));
  });
}

/** Of an id nobody tells: its bucket is known from the hash, and a thousandth of the project is looked through. */
export function findPeopleByIdHash(
  query: Executor,
  projectNumber: number,
  hashes: readonly Buffer[],
): Promise<Person[]> {
  return inPortions(hashes, async (some) => {
    const { rows } = await sql<Person>`
      select ${columns} from endpoints
      where project_number = ${projectNumber} and bucket = any (${some.map(bucketOfHash)}::int[])
        and sha256(convert_to(id, 'UTF8')) = any (${some}::bytea[])`.execute(query);
    return rows;
  });
}

/** Ids of users, by the same way. */
export function findUsersByHash(query: Executor, projectNumber: number, hashes: readonly Buffer[]): Promise<string[]> {
  return inPortions(hashes, async (some) => {
    const { rows } = await sql<{ userId: string }>`
      select user_id as "userId" from audience_users
      where project_number = ${projectNumber} and bucket = any (${some.map(bucketOfHash)}::int[])
        and sha256(convert_to(user_id, 'UTF8')) = any (${some}::bytea[])`.execute(query);
    return rows.map(({ userId }) => userId);
  });
}

export async function findPeopleOfUsers(
  query: Executor,
  projectNumber: number,
  userIds: readonly string[],
): Promise<Person[]> {
  const ids = await inPortions(userIds, async (some) => {
    const { rows } = await sql<{ endpointIds: string[] }>`
      select found.endpoint_ids as "endpointIds"
      from unnest(${some.map(bucketOf)}::int[], ${some}::text[]) as wanted (bucket, user_id)
      cross join lateral (
        select endpoint_ids from audience_users
        where project_number = ${projectNumber} and audience_users.bucket = wanted.bucket
          and audience_users.user_id = wanted.user_id
        limit 1) as found`.execute(query);
    return rows.flatMap(({ endpointIds }) => endpointIds);
  });
  return findPeopleById(query, projectNumber, ids);
}

/** Who was not active since then, in the order of the key, behind `after`. Each of a million is looked at once a night. */
export async function findInactivePeople(
  database: Database,
  projectNumber: number,
  before: Date,
  after: Pick<Person, 'bucket' | 'id'> | undefined,
  limit: number,
): Promise<Person[]> {
  const page = sql<Person>`
    select facets.bucket, facets.id, found.address, found.user_id as "userId"
    from endpoint_facets as facets
    cross join lateral (
      select address, user_id from endpoints
      where endpoints.project_number = facets.project_number and endpoints.bucket = facets.bucket
        and endpoints.id = facets.id
      limit 1) as found
    where facets.project_number = ${projectNumber} and facets.last_active_at < ${before}
      and (facets.bucket, facets.id) > (${after?.bucket ?? -1}::int, ${after?.id ?? ''}::text)
    order by facets.bucket, facets.id limit ${limit}`;
  const { rows } = await readInKeyOrder(database, (tx) => page.execute(tx));
  return rows;
}

/** Which of these endpoints were active since then. */
export async function findActiveSince(
  query: Executor,
  projectNumber: number,
  endpoints: readonly Pick<Person, 'bucket' | 'id'>[],
  since: Date,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select wanted.id
    from unnest(${endpoints.map(({ bucket }) => bucket)}::int[], ${endpoints.map(({ id }) => id)}::text[])
      as wanted (bucket, id)
    cross join lateral (
      select last_active_at from endpoint_facets as facets
      where facets.project_number = ${projectNumber} and facets.bucket = wanted.bucket and facets.id = wanted.id
      limit 1) as found
    where found.last_active_at >= ${since}`.execute(query);
  return new Set(rows.map(({ id }) => id));
}

/** Which of these endpoints are there again, of a generation that came later. */
export async function findLaterGenerations(
  query: Executor,
  projectNumber: number,
  endpoints: readonly { readonly bucket: number; readonly id: string }[],
  generation: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select wanted.id
    from unnest(${endpoints.map(({ bucket }) => bucket)}::int[], ${endpoints.map(({ id }) => id)}::text[])
      as wanted (bucket, id)
    cross join lateral (
      select generation from endpoints
      where project_number = ${projectNumber} and endpoints.bucket = wanted.bucket and endpoints.id = wanted.id
      limit 1) as found
    where found.generation > ${generation}::bigint`.execute(query);
  return new Set(rows.map(({ id }) => id));
}

/** As `bucketOf`, of what was hashed already. */
function bucketOfHash(sha256: Buffer): number {
  return sha256.readUInt32BE(0) % bucketCount;
}

async function inPortions<Wanted, Found>(
  wanted: readonly Wanted[],
  find: (some: readonly Wanted[]) => Promise<Found[]>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let from = 0; from < wanted.length; from += portion)
    found.push(...(await find(wanted.slice(from, from + portion))));
  return found;
}
