/** Keyed transactions: statements that leave together are still one transaction, and what fails in it is heard of. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { DatabaseUnavailable } from './faults.ts';
import { sendLast, together } from './transaction.ts';

const { database } = await openTestDatabase({ poolSize: 4 });
await sql`create table counters (id int primary key, value int not null)`.execute(database.query);

beforeEach(async () => {
  await sql`delete from counters`.execute(database.query);
  await sql`insert into counters values (1, 0), (2, 0)`.execute(database.query);
});

async function values(): Promise<number[]> {
  const { rows } = await sql<{ value: number }>`select value from counters order by id`.execute(database.query);
  return rows.map(({ value }) => value);
}

const add = (id: number) =>
  sql<{ value: number }>`update counters set value = value + 1 where id = ${id} returning value`;
const impossible = sql`insert into counters values (1, 1)`;
const duplicate = { code: '23505' };

describe('statements that leave together', () => {
  it('are done in their order, and answer in it', async () => {
    const results = await database.keyedTransaction((tx) => together(tx, [add(1), undefined, add(1), add(2)]));
    expect(results).toEqual([[{ value: 1 }], [], [{ value: 2 }], [{ value: 1 }]]);
    expect(await values()).toEqual([2, 1]);
  });

  it('fail with the first that fails, and all of the transaction with them', async () => {
    const work = database.keyedTransaction((tx) => together(tx, [add(1), impossible, add(2)]));
    await expect(work).rejects.toMatchObject(duplicate);
    expect(await values()).toEqual([0, 0]);
  });
});

describe('the last statements', () => {
  it('are committed when the transaction resolves', async () => {
    await database.keyedTransaction(async (tx) => {
      await add(1).execute(tx);
      await sendLast(tx, [add(1), add(2)]);
    });
    expect(await values()).toEqual([2, 1]);
  });

  it('make the transaction fail with what they throw, and leave nothing; its connection goes on', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const work = database.keyedTransaction(async (tx) => {
        await add(1).execute(tx);
        await sendLast(tx, [add(2), impossible, add(2)]);
        return 'committed';
      });
      await expect(work).rejects.toMatchObject(duplicate);
    }
    await database.keyedTransaction((tx) => add(2).execute(tx));
    expect(await values()).toEqual([0, 1]);
  });

  it('are undone when the work throws after sending them', async () => {
    const work = database.keyedTransaction(async (tx) => {
      await sendLast(tx, [add(1)]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await values()).toEqual([0, 0]);
  });

  it('are tried again, with the whole transaction, after a deadlock', async () => {
    const work = (first: number, last: number) =>
      database.keyedTransaction(async (tx) => {
        await add(first).execute(tx);
        await new Promise((resume) => setTimeout(resume, 50));
        await sendLast(tx, [add(last)]);
      });
    await Promise.all([work(1, 2), work(2, 1)]);
    expect(await values()).toEqual([2, 2]);
  });

  it('are what is blamed when a later statement finds the transaction broken, and that is tried again', async () => {
    const fails = database.keyedTransaction(async (tx) => {
      await sendLast(tx, [sql`select 1 / 0`]);
      await add(1).execute(tx);
    });
    await expect(fails).rejects.toMatchObject({ code: '22012' });
    const work = (first: number, last: number) =>
      database.keyedTransaction(async (tx) => {
        await add(first).execute(tx);
        await new Promise((resume) => setTimeout(resume, 50));
        await sendLast(tx, [add(last)]);
        await sql`select 1`.execute(tx);
      });
    await Promise.all([work(1, 2), work(2, 1)]);
    expect(await values()).toEqual([2, 2]);
  });

  it('answer 503 when the connection is cut', async () => {
    const work = database.keyedTransaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sendLast(tx, [add(1), sql`select pg_sleep(20)`]);
      await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(database.query);
    });
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await values()).toEqual([0, 0]);
    await database.keyedTransaction((tx) => add(1).execute(tx));
    expect(await values()).toEqual([1, 0]);
  });
});
