/** Work of the lease tests: counts every row of a range once, in key order, 50 rows a transaction. */
import { sql } from 'kysely';
import type { Lease, Transaction } from '../../src/database/index.ts';

export async function doPlaces(
  tx: Transaction,
  lease: Lease,
  cursor: unknown,
): Promise<{ cursor: unknown; finished: boolean }> {
  const [bucket, id] = (cursor as [number, string] | null) ?? [lease.firstBucket, ''];
  const { rows } = await sql<{ bucket: number; id: string }>`
    update places set done = done + 1 from (
      select bucket, id from places
      where (bucket, id) > (${bucket}::int, ${id}::text) and bucket < ${lease.endBucket}
      order by bucket, id limit 50) as page
    where places.bucket = page.bucket and places.id = page.id
    returning places.bucket, places.id`.execute(tx);
  const last = rows.toSorted((a, b) => a.bucket - b.bucket || (a.id < b.id ? -1 : 1)).at(-1);
  return { cursor: last === undefined ? cursor : [last.bucket, last.id], finished: rows.length < 50 };
}
