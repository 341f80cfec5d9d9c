import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { type Database, type Executor, openDatabase } from './open.ts';
import { sendLast } from './transaction.ts';

const { database, connection, logger } = await openTestDatabase({ poolSize: 4 });
await sql`create table counters (id int primary key, value int not null)`.execute(database.query);

beforeEach(async () => {
  await sql`delete from counters`.execute(database.query);
  await sql`insert into counters values (1, 0), (2, 0)`.execute(database.query);
});

async function values(): Promise<number[]> {
  const { rows } = await sql<{ value: number }>`select value from counters order by id`.execute(database.query);
  return rows.map(({ value }) => value);
}

const pids = async () =>
  (
    await sql<{
      pid: number;
    }>`select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      database.query,
    )
  ).rows;

describe('column types', () => {
  it('arrive as the types that tables.ts promises', async () => {
    const { rows } = await sql`
      select 9007199254740991::bigint as big, 12.5::numeric as decimal, array[1, null, 3]::bigint[] as bigs,
             array[1.5]::numeric[] as decimals, '2026-02-03'::date as day, '2026-02-03T04:05:06.789Z'::timestamptz as at,
             '{"__proto__": {"a": 1}}'::jsonb as json, '\\x00ff'::bytea as bytes, count(*) as count, array['a,b', 'ü"']::text[] as texts
      from generate_series(1, 3)`.execute(database.query);
    expect(rows[0]).toEqual({
      big: 9_007_199_254_740_991,
      decimal: 12.5,
      bigs: [1, null, 3],
      decimals: [1.5],
      day: '2026-02-03',
      at: new Date('2026-02-03T04:05:06.789Z'),
      json: JSON.parse('{"__proto__": {"a": 1}}'),
      bytes: Buffer.from([0, 255]),
      count: 3,
      texts: ['a,b', 'ü"'],
    });
  });

  it('never round a bigint', async () => {
    await expect(sql`select 9007199254740993::bigint as big`.execute(database.query)).rejects.toThrow('beyond 2^53');
    expect(await values()).toEqual([0, 0]);
  });
});

describe('transaction', () => {
  it('commits all or nothing', async () => {
    const work = database.transaction(async (tx) => {
      await sql`update counters set value = 1`.execute(tx);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await values()).toEqual([0, 0]);
    expect(
      await database.transaction(async (tx) => (await sql`update counters set value = 1`.execute(tx)).numAffectedRows),
    ).toBe(2n);
    expect(await values()).toEqual([1, 1]);
  });

  it('is tried again after a serialization failure', async () => {
    const increment = () =>
      database.transaction(
        async (tx) => {
          const { rows } = await sql<{ value: number }>`select value from counters where id = 1`.execute(tx);
          await new Promise((resume) => setTimeout(resume, 20));
          await sql`update counters set value = ${(rows[0]?.value ?? 0) + 1} where id = 1`.execute(tx);
        },
        { isolationLevel: 'serializable', retries: 10 },
      );
    await Promise.all([increment(), increment(), increment()]);
    expect(await values()).toEqual([3, 0]);
  });

  it('is tried again after a deadlock', async () => {
    const add = (order: number[]) =>
      database.transaction(async (tx) => {
        for (const id of order) {
          await sql`update counters set value = value + 1 where id = ${id}`.execute(tx);
          await new Promise((resume) => setTimeout(resume, 50));
        }
      });
    await Promise.all([add([1, 2]), add([2, 1])]);
    expect(await values()).toEqual([2, 2]);
  });

  it('is not tried again when the work itself fails', async () => {
    let runs = 0;
    const work = database.transaction(async (tx) => {
      runs += 1;
      await sql`insert into counters values (1, 1)`.execute(tx);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(runs).toBe(1);
  });

  it('never reports success when a statement had failed and its error was caught', async () => {
    const work = database.transaction(async (tx) => {
      await sql`update counters set value = 9`.execute(tx);
      await sql`select 1 / 0`.execute(tx).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('nothing was committed');
    expect(await values()).toEqual([0, 0]);
  });

  it('can be read-only', async () => {
    const work = database.transaction((tx) => sql`update counters set value = 1`.execute(tx), { readOnly: true });
    await expect(work).rejects.toMatchObject({ code: '25006' });
  });
});

describe('the pool', () => {
  it('lends a connection to whoever waits, and counts', async () => {
    const sleeps = Array.from({ length: 8 }, () => sql`select pg_sleep(0.2)`.execute(database.query));
    await vi.waitFor(() => expect(database.pool()).toMatchObject({ size: 4, waiting: 4 }));
    await Promise.all(sleeps);
    await vi.waitFor(() => expect(database.pool()).toEqual({ size: 4, idle: 4, waiting: 0 }));
  });

  it('answers 503 for what was under way when connections are cut, and serves again at once', async () => {
    const sleep = sql`select pg_sleep(5)`.execute(database.query);
    const refused = expect(sleep).rejects.toMatchObject({ code: 'ServiceUnavailableException', status: 503 });
    await vi.waitFor(async () => expect((await pids()).length).toBeGreaterThan(0));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      database.query,
    );
    await refused;
    expect(await values()).toEqual([0, 0]);
  });

  it('does not lend a connection again whose transaction broke off', async () => {
    const work = database.transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(database.query);
      await new Promise((resume) => setTimeout(resume, 50));
      await sql`update counters set value = 1`.execute(tx);
    });
    await expect(work).rejects.toMatchObject({ status: 503 });
    expect(await values()).toEqual([0, 0]);
  });
});

describe('hot statements', () => {
  async function withOneConnection(work: (single: Database) => Promise<void>): Promise<void> {
    const single = await openDatabase({ connection, logger, poolSize: 1 });
    try {
      await work(single);
    } finally {
      await single.close();
    }
  }

  it('are prepared after a few uses, and survive a change of their table', () =>
    withOneConnection(async (single) => {
      await sql`create table changing (id int)`.execute(single.query);
      const read = (executor: Executor, id: number) => sql`select * from changing where id = ${id}`.execute(executor);
      for (let id = 0; id < 10; id += 1) await read(single.query, id);
      const { rows } = await sql`select from pg_prepared_statements where statement like '%changing where%'`.execute(
        single.query,
      );
      expect(rows.length).toBe(1);
      await sql`alter table changing add column name text`.execute(database.query);
      // Outside of a transaction the first caller sees PostgreSQL's error; inside, the transaction is tried again.
      await single.transaction((tx) => read(tx, 1));
      await read(single.query, 1);
    }));

  it('are not the ones whose text varies', () =>
    withOneConnection(async (single) => {
      for (let id = 0; id < 50; id += 1) await sql.raw(`select ${id} as varies`).execute(single.query);
      const { rows } = await sql`select from pg_prepared_statements where statement like '%varies'`.execute(
        single.query,
      );
      expect(rows.length).toBe(0);
    }));
});

describe.each(['transaction', 'keyedTransaction'] as const)('%s', (kind) => {
  it('does not wait for the disk when it need not, and only then', async () => {
    // The servers of tests never wait: what tells is who said so.
    const saying = (options = {}) =>
      database[kind](async (tx) => {
        const { rows } = await sql<{ setting: string; source: string }>`
          select setting, source from pg_settings where name = 'synchronous_commit'`.execute(tx);
        return rows[0];
      }, options);
    expect(await saying({ durable: false })).toEqual({ setting: 'off', source: 'session' });
    expect((await saying())?.source).not.toBe('session');
  });
});

describe('statements that are sent last', () => {
  it.each(['transaction', 'keyedTransaction'] as const)(
    'are done in their order by %s, and no driver warns',
    async (kind) => {
      const warnings: string[] = [];
      const warned = ({ message }: Error) => warnings.push(message);
      process.on('warning', warned);
      await sql`create table if not exists sent (n integer unique, place serial)`.execute(database.query);
      await sql`truncate sent`.execute(database.query);
      await database[kind](async (tx) => {
        await sendLast(
          tx,
          [1, 2, 3].map((n) => sql`insert into sent (n) values (${n})`),
        );
        await sql`insert into sent (n) values (4)`.execute(tx);
        await sendLast(tx, [sql`insert into sent (n) values (5)`]);
      });
      const failing = database[kind](async (tx) => {
        await sendLast(tx, [sql`insert into sent (n) values (6)`, sql`insert into sent (n) values (1)`]);
      });
      await expect(failing).rejects.toMatchObject({ code: '23505' });
      const { rows } = await sql<{ n: number }>`select n from sent order by place`.execute(database.query);
      expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
      process.off('warning', warned);
      expect(warnings).toEqual([]);
    },
  );
});
