/** A range of a run when things go wrong: left behind by a crash, failing at its end, lost in the middle. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { accepted, type ScriptedProvider, scriptedProvider } from '../../../../tests/support/scripted-provider.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { claimRange, createWork, type Lease, releaseRange, resumeWork, suspendWork } from '../../../database/index.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { AddressHashes, type Run, type WantedSend } from '../sends/send.ts';
import { Pipeline, type PipelineOptions, type RoutedSend } from './pipeline.ts';
import { type RunSource, workRun } from './work-run.ts';

const { database, logger } = await openTestDatabase();
const { query } = database;
const never = new AbortController().signal;
let runs = 0;

function newRun(): Run {
  runs += 1;
  return {
    ...{ id: `run-${runs}`, accountId: '123456789012', region: 'us-east-1', projectNumber: 7, applicationId: 'app' },
    ...{ startedAt: new Date('2026-12-01T08:00:00Z'), kind: 'campaign' },
  };
}

function toSend(run: Run, id: string): WantedSend {
  const address = `${id}@example.com`;
  return {
    ...{ run, channelType: 'EMAIL', address, recipient: { text: id, bucket: bucketOf(id) } },
    content: { kind: 'email', from: 'a@example.com', replyTo: [], subject: 'x', text: 'x', headers: [] },
    detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct', context: {} } },
  };
}

async function start(changes: Partial<PipelineOptions> = {}) {
  const run = newRun();
  const nothing = async () => {};
  const pipeline = new Pipeline({
    ...{ database, clock: systemClock, logger, hashes: new AddressHashes(randomBytes(32)), keySecret: randomBytes(32) },
    ...{ recorded: nothing, learnt: nothing },
    ...changes,
  });
  await pipeline.prepare(run);
  await database.transaction((tx) => createWork(tx, { kind: 'test run', workId: run.id }, 1));
  const lease = (await claimRange(query, { kind: 'test run', workId: run.id }, 'one')) as Lease;
  return { run, pipeline, lease };
}

/** All of them in one batch. */
function sourceOf(run: Run, ids: readonly string[], provider: ScriptedProvider, leaves: (id: string) => boolean) {
  const routed = (id: string): RoutedSend => ({ send: toSend(run, id), findProvider: async () => provider });
  const source: RunSource = {
    ...{ run, deadline: new Date(Date.now() + 3600_000) },
    next: async (_tx, _lease, cursor) => ({ sends: cursor === null ? ids.map(routed) : [], cursor: 'done' }),
    judged: async () => {},
    again: async (unsettled) =>
      unsettled
        .filter(({ recipient }) => leaves(recipient))
        .map(({ recipient, attempts }) => ({ ...routed(recipient), attempts })),
  };
  return source;
}

const statuses = async (run: Run) => {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from sends where run_id = ${run.id} group by status order by status`.execute(
    query,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

const ids = (count: number) => Array.from({ length: count }, (_each, number) => `person-${number}`);

test('all that a crash left claimed is sent again, though nothing is sent to some of them any more', async () => {
  const { run, pipeline, lease: killed } = await start();
  await pipeline.claim(
    query,
    ids(1_300).map((id) => toSend(run, id)),
  );
  await releaseRange(query, killed);
  const lease = (await claimRange(query, killed, 'two')) as Lease;
  const provider = scriptedProvider('one', undefined, { batch: 200, concurrency: 4 });
  const isGone = (id: string) => id.endsWith('7');
  await workRun(
    { database, pipeline },
    lease,
    sourceOf(run, [], provider, (id) => !isGone(id)),
    never,
  );
  expect(new Set(provider.handed.map(({ address }) => address)).size).toBe(1_170);
  expect(await statuses(run)).toEqual({ SUCCESSFUL: 1_170, CLAIMED: 130 });
});

test('a range whose last outcomes could not be written is not finished', async () => {
  let fails = true;
  const { run, pipeline, lease } = await start({
    recorded: async () => {
      if (fails) throw new Error('no place for events');
    },
  });
  const source = sourceOf(run, ids(5), scriptedProvider('one'), () => true);
  // The step after the last batch comes when its deliveries have failed already.
  const late: RunSource = {
    ...source,
    async next(tx, range, cursor) {
      if (cursor !== null) await new Promise((next) => setTimeout(next, 300));
      return source.next(tx, range, cursor);
    },
  };
  await expect(workRun({ database, pipeline }, lease, late, never)).rejects.toThrow('no place for events');
  fails = false;
  const again = (await claimRange(query, { kind: 'test run', workId: run.id }, 'two')) as Lease;
  expect(await workRun({ database, pipeline }, again, source, never)).toBe('work finished');
  expect(await statuses(run)).toEqual({ SUCCESSFUL: 5 });
});

test('who has lost its range sends nothing more of it', { timeout: 30_000 }, async () => {
  const { run, pipeline, lease } = await start();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const provider = scriptedProvider(
    'one',
    async () => {
      await gate;
      return accepted;
    },
    { batch: 2, concurrency: 1 },
  );
  const source = sourceOf(run, ids(1_000), provider, () => true);
  const working = workRun({ database, pipeline }, lease, source, never);
  working.catch(() => undefined);
  while (provider.handed.length === 0) await new Promise((next) => setTimeout(next, 5));
  await sql`update work_ranges set holder = 'another', epoch = epoch + 1 where work_id = ${run.id}`.execute(query);
  // Longer than until the lease is renewed.
  await new Promise((next) => setTimeout(next, 3_500));
  open();
  await expect(working).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(provider.handed.length).toBeLessThanOrEqual(4);
  expect(await statuses(run)).toEqual({ SUCCESSFUL: provider.handed.length, CLAIMED: 1_000 - provider.handed.length });
});

describe('while a provider has messages in hand, nobody else gets their range', () => {
  /** A range of a hundred, of which the provider answers nothing until it is told to. */
  async function begin(signal: AbortSignal, changes: Partial<RunSource> = {}) {
    const { run, pipeline, lease } = await start();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const provider = scriptedProvider('one', () => gate.then(() => accepted), { batch: 2, concurrency: 1 });
    const source = { ...sourceOf(run, ids(100), provider, () => true), ...changes };
    const outcome = workRun({ database, pipeline }, lease, source, signal).catch(
      (error: unknown) => (error as Error).message,
    );
    while (provider.handed.length === 0) await new Promise((next) => setTimeout(next, 5));
    const work = { kind: 'test run', workId: run.id };
    const claim = () => claimRange(query, work, 'two');
    const goOn = async (again: Lease | undefined) => {
      if (again === undefined) throw new Error('nothing to claim');
      await workRun({ database, pipeline }, again, source, never);
    };
    return { run, work, open, provider, outcome, claim, goOn };
  }

  const wait = (milliseconds: number) => new Promise((next) => setTimeout(next, milliseconds));

  const expectEverybodyOnce = async (run: Run, { handed }: ScriptedProvider) => {
    expect(handed.map(({ address }) => address).toSorted()).toEqual(
      ids(100)
        .map((id) => `${id}@example.com`)
        .toSorted(),
    );
    expect(await statuses(run)).toEqual({ SUCCESSFUL: 100 });
  };

  test('though the run is paused and resumed at once', { timeout: 30_000 }, async () => {
    const { run, work, open, provider, outcome, claim } = await begin(never);
    await database.transaction((tx) => suspendWork(tx, work));
    await database.transaction((tx) => resumeWork(tx, work));
    expect(await claim()).toBeUndefined();
    // It has noticed nothing, and renews its lease.
    await wait(3_500);
    expect(await claim()).toBeUndefined();
    open();
    expect(await outcome).toBe('work finished');
    await expectEverybodyOnce(run, provider);
  });

  test('though the run is resumed after it has ended there', { timeout: 30_000 }, async () => {
    const pausing = new AbortController();
    const { run, work, open, provider, outcome, claim, goOn } = await begin(pausing.signal);
    await database.transaction((tx) => suspendWork(tx, work));
    pausing.abort();
    await wait(3_500);
    await database.transaction((tx) => resumeWork(tx, work));
    expect(await claim()).toBeUndefined();
    // Kept for longer than the lease that it was resumed with.
    await sql`
      update work_ranges set lease_until = clock_timestamp() + interval '4 s' where work_id = ${run.id}`.execute(query);
    await wait(5_000);
    expect(await claim()).toBeUndefined();
    expect(provider.handed).toHaveLength(2);
    open();
    expect(await outcome).toBe('The lease on this range was lost.');
    await goOn(await claim());
    await expectEverybodyOnce(run, provider);
  });

  test('though a step fails', { timeout: 30_000 }, async () => {
    let fails = true;
    const { run, open, provider, outcome, claim, goOn } = await begin(never, {
      async prepare(cursor) {
        if (cursor === null || !fails) return;
        fails = false;
        await wait(50);
        throw new Error('a hook failed');
      },
    });
    await wait(400);
    expect(await claim()).toBeUndefined();
    open();
    expect(await outcome).toBe('a hook failed');
    await goOn(await claim());
    await expectEverybodyOnce(run, provider);
  });
});

test('messages for a provider that is down hold up nobody else of the range, and claims are counted as they are made', async () => {
  const { run, pipeline, lease } = await start();
  const down = scriptedProvider('down', () => ({
    ...{ status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage: 'down' },
  }));
  const up = scriptedProvider('up', undefined, { batch: 200, concurrency: 4 });
  const everybody = ids(1_500);
  const judged: string[] = [];
  const source: RunSource = {
    ...{ run, deadline: new Date(Date.now() + 3_000) },
    async next(_tx, _lease, cursor) {
      const begin = (cursor as number | null) ?? 0;
      const sends = everybody.slice(begin, begin + 300).map((id, index): RoutedSend => {
        // The first 1,200 go to the one that is down.
        return { send: toSend(run, id), findProvider: async () => (begin + index < 1_200 ? down : up) };
      });
      return { sends, cursor: begin + sends.length };
    },
    async judged(_tx, sends, verdicts) {
      judged.push(...verdicts.map((verdict, index) => `${sends[index]?.send.recipient.text} ${verdict}`));
    },
    again: async () => [],
  };
  let arrivedAfter = Number.NaN;
  const begun = performance.now();
  const watch = setInterval(() => {
    if (up.handed.length === 300 && Number.isNaN(arrivedAfter)) arrivedAfter = performance.now() - begun;
  }, 10);
  expect(await workRun({ database, pipeline }, lease, source, never)).toBe('work finished');
  clearInterval(watch);
  expect(arrivedAfter).toBeLessThan(2_500);
  expect(await statuses(run)).toEqual({ SUCCESSFUL: 300, TEMPORARY_FAILURE: 1_200 });
  expect(judged).toHaveLength(1_500);
  expect(new Set(judged).size).toBe(1_500);
});
