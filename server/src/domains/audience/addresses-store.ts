/** SQL over `endpoint_addresses`: who became active at an address. */
import { type RawBuilder, sql } from 'kysely';
import { bigintArray, integerArray, laidEndToEnd, type Transaction, textArray } from '../../database/index.ts';
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
const givenAddresses = (addresses: readonly StoredAddress[]) => {
  const ids = laidEndToEnd(addresses.map(({ endpointIds }) => endpointIds));
  return sql`
    (select project_number, bucket, address_key, (${textArray(ids.whole)}::text[])[first:last] as endpoint_ids
     from unnest(${bigintArray(addresses.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${integerArray(addresses.map(({ key }) => addressBucket(key)))}::int[],
                 ${bigintArray(addresses.map(({ key }) => key))}::bigint[],
                 ${ids.first}::int[], ${ids.last}::int[])
       as row (project_number, bucket, address_key, first, last)) as given`;
};

const wantedAddresses = (addresses: readonly StoredAddress[]) => sql`
  unnest(${bigintArray(addresses.map(({ projectNumber }) => projectNumber))}::bigint[],
         ${integerArray(addresses.map(({ key }) => addressBucket(key)))}::int[],
         ${bigintArray(addresses.map(({ key }) => key))}::bigint[]) as wanted (project_number, bucket, address_key)`;

/** What an insert tells of a row that it made. */
interface MadeAddress {
  readonly text: string;
}

/** Like `lockingUsers`: a row that is not there is made from the guess. */
export function lockingAddresses(
  guesses: readonly StoredAddress[],
): readonly [RawBuilder<MadeAddress> | undefined, RawBuilder<StoredAddress> | undefined] {
  if (guesses.length === 0) return [undefined, undefined];
  return [
    sql<MadeAddress>`
      insert into endpoint_addresses (project_number, bucket, address_key, endpoint_ids)
      select project_number, bucket, address_key, endpoint_ids from ${givenAddresses(guesses)}
      order by project_number, bucket, address_key
      on conflict do nothing
      returning project_number || ' ' || address_key as text`,
    sql<StoredAddress>`
      select endpoint_addresses.project_number as "projectNumber", endpoint_addresses.address_key::text as key,
             endpoint_addresses.endpoint_ids as "endpointIds"
      from ${wantedAddresses(guesses)} join endpoint_addresses using (project_number, bucket, address_key)
      where endpoint_addresses.xmin <> pg_current_xact_id()::xid
      order by endpoint_addresses.project_number, endpoint_addresses.bucket, endpoint_addresses.address_key
      for update of endpoint_addresses`,
  ];
}

export function lockedAddresses(
  guesses: readonly StoredAddress[],
  inserted: readonly MadeAddress[],
  stored: readonly StoredAddress[],
): Locked<StoredAddress> {
  const texts = new Set(inserted.map(({ text }) => text));
  return { stored, made: guesses.filter((guess) => texts.has(addressText(guess))) };
}

export async function lockAddresses(
  tx: Transaction,
  guesses: readonly StoredAddress[],
): Promise<Locked<StoredAddress>> {
  const [making, locking] = lockingAddresses(guesses);
  const inserted = (await making?.execute(tx))?.rows ?? [];
  return lockedAddresses(guesses, inserted, (await locking?.execute(tx))?.rows ?? []);
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
