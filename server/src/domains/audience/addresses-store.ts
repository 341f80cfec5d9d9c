/** SQL over `endpoint_addresses`: who became active at an address. */
import { type RawBuilder, sql } from 'kysely';
import { bigintArray, integerArray, type Transaction, textLists } from '../../database/index.ts';
import { addressBucket } from '../../kernel/address.ts';
import type { Locked } from './users-store.ts';

export interface StoredAddress {
  readonly projectNumber: number;
  /** See `addressKey`. */
  readonly key: string;
  /** Folded; some may be inactive again or gone elsewhere. */
  readonly endpointIds: readonly string[];
}

export function addressText({ projectNumber, key }: Pick<StoredAddress, 'projectNumber' | 'key'>): string {
  return `${projectNumber} ${key}`;
}

/** Rows of `given`, with all columns of an address. */
const givenAddresses = (addresses: readonly StoredAddress[]) => sql`
    (select project_number, bucket, address_key, endpoint_ids::text[] as endpoint_ids
     from unnest(${bigintArray(addresses.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${integerArray(addresses.map(({ key }) => addressBucket(key)))}::int[],
                 ${bigintArray(addresses.map(({ key }) => key))}::bigint[],
                 ${textLists(addresses.map(({ endpointIds }) => endpointIds))}::text[])
       as row (project_number, bucket, address_key, endpoint_ids)) as given`;

const wantedAddresses = (addresses: readonly StoredAddress[]) => sql`
  unnest(${bigintArray(addresses.map(({ projectNumber }) => projectNumber))}::bigint[],
         ${integerArray(addresses.map(({ key }) => addressBucket(key)))}::int[],
         ${bigintArray(addresses.map(({ key }) => key))}::bigint[]) as wanted (project_number, bucket, address_key)`;

const lockingKnown = (addresses: readonly StoredAddress[]) => sql`
  select endpoint_addresses.* from ${wantedAddresses(addresses)}
  join endpoint_addresses using (project_number, bucket, address_key)
  order by endpoint_addresses.project_number, endpoint_addresses.bucket, endpoint_addresses.address_key
  for update of endpoint_addresses`;

const addressColumns = sql`project_number as "projectNumber", address_key::text as key, endpoint_ids as "endpointIds"`;

/** Like `lockingUsers`: a row that is not there is made from the guess. */
export function lockingAddresses(guesses: readonly StoredAddress[]): RawBuilder<StoredAddress> | undefined {
  if (guesses.length === 0) return undefined;
  return sql<StoredAddress>`
    with stored as materialized (${lockingKnown(guesses)}),
    made as (
      insert into endpoint_addresses (project_number, bucket, address_key, endpoint_ids)
      select project_number, bucket, address_key, endpoint_ids from ${givenAddresses(guesses)}
      where (project_number, bucket, address_key) not in (select project_number, bucket, address_key from stored)
      order by project_number, bucket, address_key)
    select ${addressColumns} from stored`;
}

export function lockedAddresses(
  guesses: readonly StoredAddress[],
  stored: readonly StoredAddress[],
): Locked<StoredAddress> {
  const texts = new Set(stored.map(addressText));
  return { stored, made: guesses.filter((guess) => !texts.has(addressText(guess))) };
}

/** For whoever does not begin again when somebody else makes one of the rows meanwhile: waits for that one. */
export async function lockAddresses(
  tx: Transaction,
  guesses: readonly StoredAddress[],
): Promise<readonly StoredAddress[]> {
  const { stored, made: missing } = lockedAddresses(guesses, await lockKnownAddresses(tx, guesses));
  if (missing.length === 0) return stored;
  await sql`
    insert into endpoint_addresses (project_number, bucket, address_key, endpoint_ids)
    select project_number, bucket, address_key, endpoint_ids from ${givenAddresses(missing)}
    order by project_number, bucket, address_key
    on conflict do nothing`.execute(tx);
  return [...stored, ...(await lockKnownAddresses(tx, missing))];
}

async function lockKnownAddresses(tx: Transaction, addresses: readonly StoredAddress[]): Promise<StoredAddress[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql<StoredAddress>`
    select ${addressColumns} from (${lockingKnown(addresses)}) as stored`.execute(tx);
  return rows;
}

/** Of rows that are locked; one without endpoints is removed. */
export function writingAddresses(
  addresses: readonly StoredAddress[],
): readonly [RawBuilder<unknown> | undefined, RawBuilder<unknown> | undefined] {
  const left = addresses.filter(({ endpointIds }) => endpointIds.length > 0);
  const deserted = addresses.filter(({ endpointIds }) => endpointIds.length === 0);
  return [
    left.length === 0
      ? undefined
      : sql`
          update endpoint_addresses set endpoint_ids = given.endpoint_ids
          from ${givenAddresses(left)}
          where endpoint_addresses.project_number = given.project_number and endpoint_addresses.bucket = given.bucket
            and endpoint_addresses.address_key = given.address_key`,
    deserted.length === 0
      ? undefined
      : sql`
          delete from endpoint_addresses using ${wantedAddresses(deserted)}
          where endpoint_addresses.project_number = wanted.project_number
            and endpoint_addresses.bucket = wanted.bucket and endpoint_addresses.address_key = wanted.address_key`,
  ];
}

export async function writeAddresses(tx: Transaction, addresses: readonly StoredAddress[]): Promise<void> {
  for (const statement of writingAddresses(addresses)) await statement?.execute(tx);
}
