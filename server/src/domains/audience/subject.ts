/** Whom an erasure is about, as the audience knows them (`database/locations.ts`). */
import { sql } from 'kysely';
import type { Subject, SubjectAddress, Through, Transaction } from '../../database/index.ts';
import { addressKey, addressSha256 } from '../../kernel/address.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { StoredEndpoint } from './endpoint.ts';

export function subjectOf(
  project: Pick<Subject, 'accountId' | 'projectNumber'>,
  gone: {
    readonly endpoints: readonly Pick<StoredEndpoint, 'bucket' | 'id' | 'address'>[];
    readonly userIds: readonly string[];
    readonly through: Through | undefined;
  },
): Subject {
  const addresses = gone.endpoints.map(({ address }) => address).filter((address) => address !== null);
  return {
    ...project,
    endpoints: gone.endpoints.map(({ bucket, id }) => ({ bucket, id })),
    users: gone.userIds.map((userId) => ({ bucket: bucketOf(userId), userId })),
    addresses: [...new Set(addresses)].map(subjectAddress),
    through: gone.through,
  };
}

export function subjectAddress(address: string): SubjectAddress {
  return { address, key: addressKey(address), sha256: addressSha256(address) };
}

/**
 * The moment of acceptance: read after endpoints are locked and deleted, in the same transaction. Generations come from
 * one sequence, so whatever is made afterwards has a higher one.
 * @param now of the caller: clocks differ, and the later one counts
 */
export async function readThrough(tx: Transaction, now: Date): Promise<Through> {
  const { rows } = await sql<Through>`
    select nextval('endpoint_generations') as generation, greatest(clock_timestamp(), ${now}::timestamptz) as at`.execute(
    tx,
  );
  return rows[0] as Through;
}
