import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doPlaces } from '../../tests/support/lease-work.ts';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { bucketOf } from '../kernel/bucket.ts';
import { openDatabase } from './index.ts';
import {
  advanceCursor,
  claimableWork,
  claimRange,
  createWork,
  finishRange,
  keepRenewing,
  type Lease,
  LeaseLost,
  releaseAll,
  releaseRange,
  removeWork,
  renewLease,
  resumeWork,
  suspendWork,
  workProgress,
  workThrough,
} from './leases.ts';

const { database, connection, logger } = await openTestDatabase({ poolSize: 20 });
const query = database.query;
const never = new AbortController().signal;
await sql`create table places (bucket int not null, id text not null, done int not null default 0, primary key (bucket, id))`.execute(
  query,
);

let number = 0;
let work = { kind: 'test', workId: '' };

beforeEach(() => {
  number += 1;
  work = { kind: 'test', workId: `work ${number}` };
});

afterEach(() => database.transaction((tx) => removeWork(tx, work)));

const create = (ranges: number) => database.transaction((tx) => createWork(tx, work, ranges));

/** What passing time does to leases. */
async function letTimePass(seconds: number): Promise<void> {
  await sql`update work_ranges set lease_until = lease_until - ${seconds}::int * interval '1 second'`.execute(query);
}

async function claim(holder: string): Promise<Lease> {
  const lease = await claimRange(query, work, holder);
  if (lease === undefined) throw new Error('nothing to claim');
  return lease;
}

describe('ranges', () => {
  it.each([1, 3, 16, 1024])('cut all buckets into %i without gap or overlap', async (ranges) => {
    await create(ranges);
    await create(ranges);
    const { rows } = await sql<{ first: number; end: number }>`
      select first_bucket as first, end_bucket as end from work_ranges where work_id = ${work.workId} order by 1`.execute(
      query,
    );
    expect(rows[0]?.first).toBe(0);
    expect(rows.at(-1)?.end).toBe(1024);
    for (const [index, { first }] of rows.entries()) expect(first).toBe(rows[index - 1]?.end ?? 0);
    expect(rows.length).toBeLessThanOrEqual(ranges);
  });

  it('are never given to two claimers', async () => {
    await create(16);
    const claims = await Promise.all(
      Array.from({ length: 40 }, (_, index) => claimRange(query, work, `process/${index}`)),
    );
    // A claim steps over what others are claiming at that moment, so a second round may be needed for the rest.
    const later = await Promise.all(
      Array.from({ length: 16 }, (_, index) => claimRange(query, work, `later/${index}`)),
    );
    const given = [...claims, ...later].filter((lease) => lease !== undefined);
    expect(given.length).toBe(16);
    expect(new Set(given.map(({ firstBucket }) => firstBucket)).size).toBe(16);
  });
});

describe('a lease', () => {
  it('lasts ten seconds, and longer when renewed', async () => {
    await create(1);
    const lease = await claim('a');
    await letTimePass(9);
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await renewLease(query, lease);
    await letTimePass(9);
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await letTimePass(2);
    expect(await claimRange(query, work, 'b')).toMatchObject({ holder: 'b', epoch: 2 });
  });

  it('that another took over refuses every write of its former holder, and undoes the work with it', async () => {
    await create(1);
    const stale = await claim('a');
    await letTimePass(11);
    const current = await claim('b');
    await expect(renewLease(query, stale)).rejects.toThrow(LeaseLost);
    const write = database.transaction(async (tx) => {
      await sql`insert into places values (0, 'stale')`.execute(tx);
      await advanceCursor(tx, stale, 'x');
    });
    await expect(write).rejects.toThrow(LeaseLost);
    await expect(database.transaction((tx) => finishRange(tx, stale))).rejects.toThrow(LeaseLost);
    await releaseRange(query, stale);
    const { rows } = await sql`select from places where id = 'stale'`.execute(query);
    expect(rows.length).toBe(0);
    await renewLease(query, current);
  });

  it('tells whoever keeps it when it is lost, and is offered to others once it ran out', async () => {
    await create(1);
    expect(await claimableWork(query, 'test')).toContain(work.workId);
    const lease = await claim('a');
    expect(await claimableWork(query, 'test')).not.toContain(work.workId);
    let lost = false;
    const stop = keepRenewing(database, lease, () => {
      lost = true;
    });
    await letTimePass(11);
    expect(await claimableWork(query, 'test')).toContain(work.workId);
    await claim('b');
    await vi.waitUntil(() => lost, { timeout: 10_000 });
    stop();
  });

  it('is given up by whoever cannot renew it, before another can have it', async () => {
    await create(1);
    const lease = await claim('a');
    const away = await openDatabase({ connection, logger, poolSize: 1 });
    await away.close();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      let lost = 0;
      keepRenewing(away, lease, () => {
        lost += 1;
      });
      await vi.advanceTimersByTimeAsync(8_000);
      expect(lost).toBe(0);
      await vi.advanceTimersByTimeAsync(1_500);
      expect(lost).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is refused to the same process in its next life', async () => {
    await create(1);
    const former = await claim('a');
    await releaseRange(query, former);
    await claim('a');
    await expect(renewLease(query, former)).rejects.toThrow(LeaseLost);
  });

  it('that is suspended is lost to its holder, who goes on with it when it is resumed before that was noticed', async () => {
    await create(1);
    const lease = await claim('a');
    await database.transaction((tx) => suspendWork(tx, work));
    await expect(renewLease(query, lease)).rejects.toBeInstanceOf(LeaseLost);
    await expect(database.transaction((tx) => advanceCursor(tx, lease, 1))).rejects.toBeInstanceOf(LeaseLost);
    await releaseAll(query, 'somebody else');
    await database.transaction((tx) => resumeWork(tx, work));
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await renewLease(query, lease);
    // Silent from now on.
    await letTimePass(20);
    expect(await claim('b')).toMatchObject({ cursor: null });
  });

  it('that is suspended stays so when its holder has ended or is started anew, and is free once it is resumed', async () => {
    await create(2);
    const [first] = [await claim('a'), await claim('c')];
    await database.transaction((tx) => suspendWork(tx, work));
    await releaseRange(query, first);
    await releaseAll(query, 'c');
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await database.transaction((tx) => resumeWork(tx, work));
    expect([await claim('b'), await claim('b')]).toHaveLength(2);
  });

  it('hands its cursor on', async () => {
    await create(1);
    const first = await claim('a');
    expect(first.cursor).toBeNull();
    await database.transaction((tx) => advanceCursor(tx, first, { bucket: 7, id: 'ünïcode/1' }));
    await letTimePass(11);
    expect((await claim('b')).cursor).toEqual({ bucket: 7, id: 'ünïcode/1' });
  });
});

describe('work', () => {
  it('tells exactly one finisher that it was the last', async () => {
    await create(8);
    const leases = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        await pause(index * 5);
        return claim(`process/${index}`);
      }),
    );
    const last = await Promise.all(leases.map((lease) => database.transaction((tx) => finishRange(tx, lease))));
    expect(last.filter(Boolean).length).toBe(1);
    expect(await workProgress(query, work)).toEqual({ ranges: 8, finished: 8 });
    expect(await claimRange(query, work, 'a')).toBeUndefined();
  });

  it('stops at a safe point and frees its range', async () => {
    await create(1);
    const stopping = new AbortController();
    const lease = await claim('a');
    const steps: unknown[] = [];
    const outcome = await workThrough(
      database,
      lease,
      async (_tx, cursor) => {
        steps.push(cursor);
        if (steps.length === 2) stopping.abort();
        return { cursor: steps.length, finished: false };
      },
      { signal: stopping.signal },
    );
    expect(outcome).toBe('stopped');
    expect(await claim('b')).toMatchObject({ cursor: 2 });
  });

  it('frees its range when a step fails, with the cursor before that step', async () => {
    await create(1);
    const lease = await claim('a');
    const failing = workThrough(
      database,
      lease,
      async (_tx, cursor) => {
        if (cursor === 1) throw new Error('bad row');
        return { cursor: 1, finished: false };
      },
      { signal: never },
    );
    await expect(failing).rejects.toThrow('bad row');
    expect(await claim('b')).toMatchObject({ cursor: 1 });
  });

  it('keeps its range until what it began outside of the database has ended, also when the range was suspended', async () => {
    await create(2);
    const lease = await claim('a');
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const working = workThrough(database, lease, async () => Promise.reject(new Error('bad row')), {
      signal: never,
      ending: () => answered,
    });
    working.catch(() => undefined);
    await pause(100);
    // The other range is free.
    expect((await claim('b')).firstBucket).not.toBe(lease.firstBucket);
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await database.transaction((tx) => suspendWork(tx, work));
    await releaseAll(query, 'nobody');
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    await database.transaction((tx) => resumeWork(tx, work));
    expect(await claimRange(query, work, 'b')).toBeUndefined();
    answer();
    await expect(working).rejects.toThrow('bad row');
    expect(await claim('b')).toMatchObject({ firstBucket: lease.firstBucket });
  });

  it('goes on where a killed process stood, and does every row exactly once', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => `id-${index}`);
    await sql`insert into places select * from unnest(${rows.map(bucketOf)}::int[], ${rows}::text[])`.execute(query);
    await create(4);
    const script = join(import.meta.dirname, '../../tests/support/lease-process.ts');
    const child = spawn(process.execPath, [script, connection.url, work.workId], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const done = async () =>
      (await sql<{ done: number }>`select sum(done) as done from places`.execute(query)).rows[0]?.done ?? 0;
    await vi.waitFor(async () => expect(await done()).toBeGreaterThan(300), { timeout: 15_000 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = await done();
    expect(before).toBeLessThan(3_000);
    await letTimePass(11);
    for (
      let lease = await claimRange(query, work, 'b');
      lease !== undefined;
      lease = await claimRange(query, work, 'b')
    ) {
      await workThrough(database, lease, (tx, cursor) => doPlaces(tx, lease as Lease, cursor), { signal: never });
    }
    expect(await workProgress(query, work)).toEqual({ ranges: 4, finished: 4 });
    const counts = await sql<{
      done: number;
      count: number;
    }>`select done, count(*) as count from places group by done`.execute(query);
    expect(counts.rows).toEqual([{ done: 1, count: 3_000 }]);
  });
});
