/** Partitions by time against a real server: made when missing, also by two at once, and dropped when over. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import {
  dropTimePartitions,
  ensureTimePartitions,
  requireTimePartitions,
  withTimePartition,
} from './time-partitions.ts';

const { database } = await openTestDatabase();
const { query } = database;
await sql`create table visits (at timestamptz not null, name text) partition by range (at)`.execute(query);

const insert = (at: string) =>
  withTimePartition(query, 'visits', [new Date(at)], () =>
    sql`insert into visits (at, name) values (${at}, 'x')`.execute(query),
  );

const partitions = async () => {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'visits'::regclass order by 1`.execute(
    query,
  );
  return rows.map(({ name }) => name);
};

test('a row of any time finds or makes its week, whoever else makes it too', async () => {
  await Promise.all(Array.from({ length: 8 }, () => ensureTimePartitions(query, 'visits', new Date('2026-12-02'))));
  await Promise.all(['2026-12-06T23:59:59Z', '2026-12-07T00:00:00Z', '1969-12-31T00:00:00Z'].map(insert));
  expect(await partitions()).toEqual(['visits_19691229', 'visits_19700105', 'visits_20261130', 'visits_20261207']);
});

test('whoever writes to the table is not waited for', async () => {
  await database.transaction(async (tx) => {
    await sql`insert into visits (at, name) values ('2026-12-07', 'x')`.execute(tx);
    await ensureTimePartitions(query, 'visits', new Date('2027-01-04'), { ahead: 0 });
  });
  expect(await partitions()).toContain('visits_20270104');
  await sql`drop table visits_20270104`.execute(query);
});

test('days have partitions of their own', async () => {
  await sql`create table days (at timestamptz not null) partition by range (at)`.execute(query);
  const days = { interval: 'day', fillFactor: 100 } as const;
  await ensureTimePartitions(query, 'days', new Date('2026-12-31T23:00:00Z'), { ...days, ahead: 2 });
  await database.transaction(async (tx) => {
    await requireTimePartitions(tx, 'days', [new Date('2026-12-30'), new Date('2027-01-02')], days);
  });
  expect(await dropTimePartitions(query, 'days', new Date('2027-01-02T12:00:00Z'), days)).toEqual(
    ['20261230', '20261231', '20270101'].map((day) => `days_${day}`),
  );
});

test('weeks that are over are dropped, the one of the moment stays', async () => {
  expect(await dropTimePartitions(query, 'visits', new Date('2026-12-08'))).toEqual([
    'visits_19691229',
    'visits_19700105',
    'visits_20261130',
  ]);
  expect(await partitions()).toEqual(['visits_20261207']);
});

test('any other fault of a check is thrown as it is', async () => {
  await sql`alter table visits add check (name <> 'bad')`.execute(query);
  await expect(
    withTimePartition(query, 'visits', [new Date()], () =>
      sql`insert into visits values ('2026-12-08', 'bad')`.execute(query),
    ),
  ).rejects.toMatchObject({ code: '23514' });
});
