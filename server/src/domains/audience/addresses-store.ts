/** SQL over `endpoint_addresses`: who became active at an address. */
import { sql } from 'kysely';
import { bigintArray, integerArray, laidEndToEnd, type Transaction, textArray } from '../../database/index.ts';
import { addressBucket } from './identity.ts';
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

/** Like `lockUsers`: a row that is not there is made from the guess. */
export async function lockAddresses(
  tx: Transaction,
  guesses: readonly StoredAddress[],
): Promise<Locked<StoredAddress>> {
  if (guesses.length === 0) return { stored: [], made: [] };
  const { rows } = await sql<{ text: string }>`
    insert into endpoint_addresses (project_number, bucket, address_key, endpoint_ids)
    select project_number, bucket, address_key, endpoint_ids from ${givenAddresses(guesses)}
    order by project_number, bucket, address_key
    on conflict do nothing
    returning project_number || ' ' || address_key as text`.execute(tx);
  const inserted = new Set(rows.map(({ text }) => text));
  const made = guesses.filter((guess) => inserted.has(addressText(guess)));
  const known = guesses.filter((guess) => !inserted.has(addressText(guess)));
  if (known.length === 0) return { stored: [], made };
  const { rows: stored } = await sql<StoredAddress>`
    select endpoint_addresses.project_number as "projectNumber", endpoint_addresses.address_key::text as key,
           endpoint_addresses.endpoint_ids as "endpointIds"
    from ${givenAddresses(known)} join endpoint_addresses using (project_number, bucket, address_key)
    order by endpoint_addresses.project_number, endpoint_addresses.bucket, endpoint_addresses.address_key
    for update of endpoint_addresses`.execute(tx);
  return { stored, made };
}

/** Of rows that are locked; one without endpoints is removed. */
export async function writeAddresses(tx: Transaction, addresses: readonly StoredAddress[]): Promise<void> {
  const left = addresses.filter(({ endpointIds }) => endpointIds.length > 0);
  const deserted = addresses.filter(({ endpointIds }) => endpointIds.length === 0);
  const same = sql`
    endpoint_addresses.project_number = given.project_number and endpoint_addresses.bucket = given.bucket
    and endpoint_addresses.address_key = given.address_key`;
  if (left.length > 0) {
    await sql`
      update endpoint_addresses set endpoint_ids = given.endpoint_ids
      from ${givenAddresses(left)} where ${same}`.execute(tx);
  }
  if (deserted.length > 0) {
    await sql`delete from endpoint_addresses using ${givenAddresses(deserted)} where ${same}`.execute(tx);
  }
}
