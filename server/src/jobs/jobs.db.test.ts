import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DatabaseProxy } from '../../tests/processes/database-proxy.ts';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import type { Service } from '../kernel/service.ts';
import { defineJob, enqueue, handleJob, type JobHandler, JobRunner, type JobRunnerOptions } from './index.ts';

const { database, connection, logger } = await openTestDatabase();
await sql`create table runs (id integer not null, attempt integer not null)`.execute(database.query);

const count = defineJob('test/count', (payload) => {
  const { id } = payload as { id: unknown };
  if (typeof id !== 'number') throw new TypeError('id must be a number');
  return { id };
});

const runners: Service[] = [];

async function start(jobs: JobHandler[], options: Partial<JobRunnerOptions> = {}): Promise<Service> {
  const runner = new JobRunner({
    connection,
    logger,
    jobs,
    pollMilliseconds: 100,
    deadRunnerMilliseconds: 200,
    ...options,
  });
  runners.push(runner);
  await runner.run();
  return runner;
}

afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop();
  await sql`delete from graphile_worker._private_jobs`.execute(database.query);
  await sql`truncate runs`.execute(database.query);
});

const countHandler = handleJob(count, async ({ id }, { attempt }) => {
  await sql`insert into runs values (${id}, ${attempt})`.execute(database.query);
});

async function runs(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from runs order by id`.execute(database.query);
  return rows.map(({ id }) => id);
}

async function waiting() {
  const { rows } = await sql<{
    last_error: string | null;
    attempts: number;
  }>`select last_error, attempts from graphile_worker.jobs`.execute(database.query);
  return rows;
}

describe('a job', () => {
  it('runs exactly once after its transaction commits', async () => {
    await start([countHandler]);
    await database.transaction(async (tx) => {
      await enqueue(tx, count, { id: 1 });
      await pause(300);
      expect(await runs()).toEqual([]);
    });
    await vi.waitFor(async () => expect(await runs()).toEqual([1]));
    await pause(300);
    expect(await runs()).toEqual([1]);
    expect(await waiting()).toEqual([]);
  });

  it('never runs when its transaction rolls back', async () => {
    await start([countHandler]);
    const work = database.transaction(async (tx) => {
      await enqueue(tx, count, { id: 1 });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await enqueue(database.query, count, { id: 2 });
    await vi.waitFor(async () => expect(await runs()).toEqual([2]));
  });

  it('waits for its time, and one key stands for one waiting job', async () => {
    await start([countHandler]);
    await enqueue(database.query, count, { id: 1 }, { runAt: new Date(Date.now() + 3_600_000), key: 'hourly' });
    await pause(300);
    expect(await runs()).toEqual([]);
    await enqueue(database.query, count, { id: 2 }, { key: 'hourly' });
    await vi.waitFor(async () => expect(await runs()).toEqual([2]));
    // A job leaves the queue after its work.
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
  });

  it('refuses a payload that is not one of its own, when enqueued', async () => {
    await expect(enqueue(database.query, count, { id: 'x' } as never)).rejects.toThrow('id must be a number');
  });

  it('leaves nothing of an error in the queue but its kind, and runs again', async () => {
    let attempts = 0;
    await start([
      handleJob(count, async () => {
        attempts += 1;
        if (attempts === 1) await sql`select ${'lea@example.com'}::uuid`.execute(database.query);
      }),
    ]);
    await enqueue(database.query, count, { id: 1 });
    await vi.waitFor(async () => expect((await waiting())[0]?.last_error).toBe('error 22P02'));
    await vi.waitFor(() => expect(attempts).toBe(2), { timeout: 10_000 });
  });

  it('finishes before the runner has drained', async () => {
    let finished = false;
    let begun = false;
    const runner = await start([
      handleJob(count, async () => {
        begun = true;
        await pause(400);
        finished = true;
      }),
    ]);
    await enqueue(database.query, count, { id: 1 });
    await vi.waitFor(() => expect(begun).toBe(true));
    await runner.drain();
    expect(finished).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it('is told to end at a safe point when the runner drains, and runs again', async () => {
    let begun = false;
    const runner = await start([
      handleJob(count, async (_payload, { signal }) => {
        begun = true;
        for (;;) {
          await pause(20);
          signal.throwIfAborted();
        }
      }),
    ]);
    await enqueue(database.query, count, { id: 1 });
    await vi.waitFor(() => expect(begun).toBe(true));
    await runner.drain();
    expect(await waiting()).toEqual([{ last_error: 'AbortError', attempts: 1 }]);
    await start([countHandler]);
    await vi.waitFor(async () => expect(await runs()).toEqual([1]), { timeout: 10_000 });
  });
});

describe('a killed process', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('leaves its job to another, which runs it again', async () => {
    child = spawn(process.execPath, [join(import.meta.dirname, '../../tests/support/job-process.ts'), connection.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await enqueue(database.query, count, { id: 7 });
    await vi.waitFor(async () => expect(await runs()).toEqual([7]), { timeout: 10_000 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await start([countHandler]);
    await vi.waitFor(async () => expect(await runs()).toEqual([7, 7]), { timeout: 10_000 });
    const { rows } = await sql<{ attempt: number }>`select attempt from runs order by attempt`.execute(database.query);
    expect(rows.map(({ attempt }) => attempt)).toEqual([1, 2]);
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
  });

  it('is not mistaken for one that works on', async () => {
    await start([
      handleJob(count, async ({ id }, { attempt }) => {
        await sql`insert into runs values (${id}, ${attempt})`.execute(database.query);
        await pause(1_500);
      }),
    ]);
    await enqueue(database.query, count, { id: 1 });
    await vi.waitFor(async () => expect(await runs()).toEqual([1]));
    await start([countHandler]);
    await pause(1_000);
    expect(await runs()).toEqual([1]);
  });
});

describe('a job given to a connection that was lost before its answer came', () => {
  it('is freed by the runner that holds it, and a long job beside it goes on', async () => {
    let end = () => {};
    let begun = 0;
    let lockedBy = '';
    const long = handleJob(count, async ({ id }, { attempt }) => {
      if (id === 1) {
        begun += 1;
        const { rows } = await sql<{ lockedBy: string }>`
          select locked_by as "lockedBy" from graphile_worker._private_jobs where locked_by is not null`.execute(
          database.query,
        );
        lockedBy = rows[0]?.lockedBy ?? '';
        await new Promise<void>((ended) => {
          end = ended;
        });
      }
      await sql`insert into runs values (${id}, ${attempt})`.execute(database.query);
    });
    await start([long]);
    await enqueue(database.query, count, { id: 1 });
    await vi.waitFor(() => expect(lockedBy).not.toBe(''));
    await database.transaction(async (tx) => {
      await enqueue(tx, count, { id: 2 });
      await sql`
        update graphile_worker._private_jobs set locked_by = ${lockedBy}, locked_at = now(), attempts = 1
        where locked_by is null`.execute(tx);
    });
    await vi.waitFor(async () => expect(await runs()).toEqual([2]), { timeout: 10_000 });
    expect(begun).toBe(1);
    end();
    await vi.waitFor(async () => expect(await runs()).toEqual([1, 2]));
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
  });
});

describe('the schedule', () => {
  it('is known to the queue, and its jobs get their own payload only', async () => {
    const runner = new JobRunner({
      connection,
      logger,
      jobs: [countHandler],
      crons: [{ job: count, match: '0 4 * * *', payload: { id: 60 } }],
      pollMilliseconds: 100,
    });
    runners.push(runner);
    await runner.run();
    await vi.waitFor(async () => {
      const { rows } = await sql<{
        identifier: string;
      }>`select identifier from graphile_worker._private_known_crontabs`.execute(database.query);
      expect(rows).toEqual([{ identifier: 'test/count' }]);
    });
    const scheduled = JSON.stringify({ id: 60, _cron: { ts: '2026-01-01T04:00:00Z' } });
    await sql`select graphile_worker.add_job('test/count', ${scheduled}::json)`.execute(database.query);
    await vi.waitFor(async () => expect(await runs()).toEqual([60]));
    await vi.waitFor(async () => expect(await waiting()).toEqual([]));
  });
});

describe('a restart of the database', () => {
  it('only delays jobs', async () => {
    await start([countHandler]);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      database.query,
    );
    await vi.waitFor(async () => enqueue(database.query, count, { id: 5 }));
    await vi.waitFor(async () => expect(await runs()).toEqual([5]), { timeout: 15_000 });
  });

  it('only delays jobs whose outcomes cannot be written, however many', { timeout: 60_000 }, async () => {
    const proxy = new DatabaseProxy(connection.url);
    await proxy.open();
    let away = true;
    const ends: (() => void)[] = [];
    let begun = 0;
    const handler = handleJob(count, async ({ id }, { attempt }) => {
      begun += 1;
      if (away) await new Promise<void>((end) => ends.push(end));
      else await sql`insert into runs values (${id}, ${attempt})`.execute(database.query);
    });
    await start([handler], { connection: { url: proxy.url } });
    for (const id of [1, 2, 3, 4]) await enqueue(database.query, count, { id });
    await vi.waitFor(() => expect(begun).toBe(4));
    await proxy.close();
    away = false;
    // One after the other: each is written for itself.
    for (const end of ends) {
      end();
      await pause(50);
    }
    await proxy.open();
    await vi.waitFor(async () => expect(await runs()).toEqual([1, 2, 3, 4]), { timeout: 40_000 });
    for (const runner of runners.splice(0)) await runner.stop();
    await proxy.close();
    proxy.remove();
  });
});
