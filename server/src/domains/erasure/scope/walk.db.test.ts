/** Steps through a table: along an index or page by page, with all rows of the owner and none of anybody else. */
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { personalDataInventory } from '../../../app/inventory.ts';
import type { Owner } from './ownership.ts';
import { type Place, readPlaces } from './places.ts';
import { type Cursor, countRows, eraseStep } from './walk.ts';

const { database } = await openTestDatabase();
const place = (await readPlaces(database, 'PROJECT', personalDataInventory)).find(
  ({ table }) => table === 'audience_users',
) as Place;
const ownerOf = (projectNumber: number): Owner => ({
  ...{ scope: 'PROJECT', accountId: '123456789012', region: 'us-east-1', projectId: 'a'.repeat(32), projectNumber },
});
const [large, small] = [ownerOf(1), ownerOf(2)];
const rowsOf = { large: 30_000, small: 1_000 };

beforeEach(async () => {
  await sql`truncate audience_users`.execute(database.query);
  // In turns, so that every page has rows of both.
  await sql`
    insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
    select case when n % 31 = 0 then 2 else 1 end, bucket_of('u' || n), 'u' || n, '{}', '{}'
    from generate_series(1, ${rowsOf.large + rowsOf.small}::int) as n`.execute(database.query);
  await sql`analyze audience_users`.execute(database.query);
});

/** @param between is called after each step */
async function walk(owner: Owner, limit: number, between = async (_cursor: Cursor) => {}) {
  const steps: { readonly erased: number; readonly next: Cursor | null }[] = [];
  for (let cursor: Cursor | null = null; ; ) {
    const step = await database.keyedTransaction((tx) => eraseStep(tx, place, owner, cursor, limit));
    steps.push(step);
    if (step.next === null) return steps;
    cursor = step.next;
    await between(cursor);
  }
}
const erasedBy = (steps: Awaited<ReturnType<typeof walk>>) => steps.reduce((sum, { erased }) => sum + erased, 0);
const left = (owner: Owner) => countRows(database.query, place, owner);

test('an owner of most rows is erased page by page, and a neighbour on the same pages keeps all of its own', async () => {
  const steps = await walk(large, 100);
  expect(erasedBy(steps)).toBe(rowsOf.large);
  expect(await left(large)).toBe(0);
  expect(await left(small)).toBe(rowsOf.small);
  const inside = steps.filter(({ next }) => next?.pages !== undefined);
  expect(inside.length).toBeGreaterThan(place.parts.length);
  expect(Math.max(...steps.map(({ erased }) => erased))).toBeLessThan(1_000);
});

test('an owner of few is followed along the index', async () => {
  const steps = await walk(small, 10);
  expect(erasedBy(steps)).toBe(rowsOf.small);
  expect(await left(large)).toBe(rowsOf.large);
  expect(steps.some(({ next }) => next?.pages !== undefined)).toBe(false);
  expect(steps.some(({ next }) => next?.after !== undefined && next.after !== null)).toBe(true);
});

test('rows that are written behind the pages being read go with them', async () => {
  let added = 0;
  const steps = await walk(large, 500, async ({ part, pages }) => {
    if (pages === undefined || added > 0) return;
    const { rows } = await sql<{ bucket: number }>`select bucket from ${sql.raw(part)} limit 1`.execute(database.query);
    const bucket = rows[0]?.bucket as number;
    const { numAffectedRows } = await sql`
      insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
      select 1, ${bucket}::int, 'late' || n, '{}', '{}' from generate_series(1, 3000) as n`.execute(database.query);
    added = Number(numAffectedRows);
  });
  expect(added).toBe(3_000);
  expect(erasedBy(steps)).toBe(rowsOf.large + added);
  expect(await left(large)).toBe(0);
});

test('where PostgreSQL knows nothing of a table, along the index', async () => {
  // Emptying it forgets what ANALYZE found.
  await sql`truncate audience_users`.execute(database.query);
  await sql`
    insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
    select 1, bucket_of('u' || n), 'u' || n, '{}', '{}' from generate_series(1, 5000) as n`.execute(database.query);
  const steps = await walk(large, 100);
  expect(erasedBy(steps)).toBe(5_000);
  expect(steps.some(({ next }) => next?.pages !== undefined)).toBe(false);
});
