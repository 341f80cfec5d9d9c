/** Where events of a funnel are looked for, and that all of them are found: on pages of several partitions, and by index. */
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import { requireDays } from '../../events/index.ts';
import { readPeriod } from '../pages/period.ts';
import { withinPeriod } from '../stored-events.ts';
import { followEvents } from './follow.ts';
import { findParts } from './parts.ts';

const { database } = await openTestDatabase();
const now = new Date('2026-11-26T12:00:00Z');
const dayMilliseconds = 24 * 3_600_000;
const days = [0, 1, 2].map((day) => new Date(now.getTime() - day * dayMilliseconds));
const [large, small] = [1, 2];
const endpointsOf = { [large]: 9_000, [small]: 60 };
const period = readPeriod({ StartDate: '2026-11-24', EndDate: '2026-11-26' }, now);

beforeAll(async () => {
  await database.transaction((tx) => requireDays(tx, days));
  // Everybody views on the first day and adds on the second; every third pays on the last. `endpoint-n` sees `banner n % 4`.
  for (const [project, endpoints] of Object.entries(endpointsOf)) {
    for (const [day, type, every] of [
      [2, 'view', 1],
      [1, 'add', 1],
      [0, 'pay', 3],
    ] as const) {
      await sql`
        insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope, attributes)
        select ${Number(project)}, ${bucketOf('endpoint')}, ${days[day]}, ${type}, ${days[day]}, 'endpoint-' || n,
               '{}', jsonb_build_object('banner', (n % 4)::text, 'filling', repeat('x', 700))
        from generate_series(1, ${endpoints}::int) as n where n % ${every}::int = 0`.execute(database.query);
    }
  }
  await sql`analyze events`.execute(database.query);
});

const funnel = {
  Name: 'f',
  Steps: ['view', 'add', 'pay'].map((EventType) => ({ Name: EventType, Filter: { EventType } })),
  BreakdownBy: 'banner',
};
const partsOf = (projectNumber: number) =>
  database.transaction((tx) => findParts(tx, withinPeriod(projectNumber, period)), { readOnly: true });

it.each([
  [large, true],
  [small, false],
])('of project %i, partitions are read by pages: %s', async (projectNumber, byPages) => {
  const parts = await partsOf(projectNumber);
  expect(new Set(parts.map(({ table }) => table)).size).toBe(3);
  expect(parts.map(({ pages }) => pages !== undefined)).toEqual(parts.map(() => byPages));
});

it.each([large, small])('all events of project %i are found, with their values', async (projectNumber) => {
  const endpoints = endpointsOf[projectNumber] as number;
  const { counts, milliseconds, byValue } = await followEvents(database, { projectNumber, period, funnel });
  expect(counts).toEqual([endpoints, endpoints, endpoints / 3]);
  expect(milliseconds).toEqual([0, endpoints * dayMilliseconds, (endpoints / 3) * 2 * dayMilliseconds]);
  expect([...byValue.keys()].toSorted()).toEqual(['0', '1', '2', '3']);
  for (const of of byValue.values()) expect(of).toEqual([endpoints / 4, endpoints / 4, endpoints / 12]);
});

it('the same in passes, and one with too many events is begun again with more', async () => {
  const question = { projectNumber: large, period, funnel };
  const whole = await followEvents(database, question);
  expect(await followEvents(database, question, 5_000)).toEqual(whole);
});
