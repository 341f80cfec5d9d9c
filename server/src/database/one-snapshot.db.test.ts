/** Several connections that see the same, whatever is written meanwhile; and readers that come late, or fail. */
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { readFromOneSnapshot } from './one-snapshot.ts';
import { type Database, openDatabase } from './open.ts';
import type { Transaction } from './transaction.ts';

const { database, connection, logger } = await openTestDatabase({ poolSize: 6 });
await sql`create table seen (n integer not null)`.execute(database.query);
beforeEach(async () => {
  await sql`truncate seen`.execute(database.query);
  await sql`insert into seen select generate_series(1, 100)`.execute(database.query);
});

const countOf = async (tx: Transaction) => {
  const { rows } = await sql<{ count: number; pid: number }>`
    select count(*) as count, pg_backend_pid() as pid from seen`.execute(tx);
  return rows[0] as { count: number; pid: number };
};
const tens = Array.from({ length: 10 }, (_, index) => index);

it('reads every item once, by all connections, in the state that was found', async () => {
  const read: number[] = [];
  const counts = new Set<number>();
  const pids = new Set<number>();
  const together = Promise.withResolvers<void>();
  await readFromOneSnapshot(
    database,
    3,
    async (tx) => {
      await countOf(tx);
      await sql`delete from seen where n <= 50`.execute(database.query);
      return tens;
    },
    async (tx, item) => {
      read.push(item);
      const { count, pid } = await countOf(tx);
      counts.add(count);
      pids.add(pid);
      await sql`delete from seen where n = ${51 + item}`.execute(database.query);
      // Nobody goes on before all have begun.
      if (pids.size === 3) together.resolve();
      await together.promise;
    },
  );
  expect(read.toSorted((one, other) => one - other)).toEqual(tens);
  expect([...counts]).toEqual([100]);
  expect(pids.size).toBe(3);
});

it('gets on alone where there is no other connection, and leaves none waiting', async () => {
  const alone = await openDatabase({ connection, logger, poolSize: 1 });
  const read: number[] = [];
  await readAll(alone, async (_tx, item) => {
    read.push(item);
  });
  expect(read).toEqual(tens);
  // Those that came too late have given theirs back.
  expect(await alone.transaction(countOf)).toMatchObject({ count: 100 });
  await alone.close();
});

it.each([0, 7])('throws what reading item %i has thrown, once nobody reads any more', async (bad) => {
  let reading = 0;
  const work = readAll(database, async (tx, item) => {
    reading += 1;
    try {
      if (item === bad) await sql`select 1 / 0`.execute(tx);
      await countOf(tx);
    } finally {
      reading -= 1;
    }
  });
  await expect(work).rejects.toMatchObject({ code: '22012' });
  expect(reading).toBe(0);
  expect(await database.transaction(countOf)).toMatchObject({ count: 100 });
});

function readAll(from: Database, read: (tx: Transaction, item: number) => Promise<void>): Promise<void> {
  return readFromOneSnapshot(from, 3, async () => tens, read);
}
