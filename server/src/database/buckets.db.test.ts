import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { bucketOf, foldEndpointId } from '../kernel/bucket.ts';

const { database } = await openTestDatabase();

/** Scripts, combining marks, emoji, separators, and everything that text in PostgreSQL may hold. */
function randomId(): string {
  const length = 1 + Math.floor(Math.random() * 40);
  const ranges = [
    [0x21, 0x7e],
    [0xa1, 0x24f],
    [0x370, 0x5ff],
    [0x3041, 0x30ff],
    [0x4e00, 0x9fff],
    [0x1f300, 0x1faff],
  ] as const;
  return Array.from({ length }, () => {
    const [first, last] = ranges[Math.floor(Math.random() * ranges.length)] as readonly [number, number];
    return String.fromCodePoint(first + Math.floor(Math.random() * (last - first)));
  }).join('');
}

it('is the same in SQL and in TypeScript, for 100,000 random ids', async () => {
  const ids = Array.from({ length: 100_000 }, (_, index) =>
    foldEndpointId(index % 4 === 0 ? randomBytes(16).toString('hex') : randomId()),
  );
  ids.push('', '/', ':', "'", '\\', '\\x00', '\u{10ffff}', 'İ', 'ß', 'Σς', 'e\u0301', '\u200b');
  const { rows } = await sql<{ bucket: number }>`
    select bucket_of(id) as bucket from unnest(${ids}::text[]) with ordinality as given (id, position) order by position`.execute(
    database.query,
  );
  expect(rows.length).toBe(ids.length);
  const different = ids.filter((id, index) => rows[index]?.bucket !== bucketOf(id));
  expect(different).toEqual([]);
});
