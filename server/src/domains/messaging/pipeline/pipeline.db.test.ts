/** What the pipeline does when something fails around a message that left, and with providers that come and go. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { accepted, scriptedProvider } from '../../../../tests/support/scripted-provider.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { AddressHashes, type WantedSend } from '../sends/send.ts';
import type { SettledSend } from '../sends/settle.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';

const { database, logger } = await openTestDatabase();
const hashes = new AddressHashes(randomBytes(32));
const clock = new ManualClock('2026-12-01T08:00:00Z');
let runs = 0;

function start(changes: Partial<PipelineOptions> = {}) {
  const nothing = async () => {};
  const options = { database, clock, logger, hashes, keySecret: randomBytes(32), recorded: nothing, learnt: nothing };
  return new Pipeline({ ...options, ...changes });
}

function wanted(address = 'ana@example.com'): WantedSend {
  runs += 1;
  const applicationId = 'app';
  const run = {
    ...{ id: `run-${runs}`, accountId: '123456789012', region: 'us-east-1', projectNumber: 7, applicationId },
    ...{ startedAt: clock.now(), kind: 'direct' as const },
  };
  return {
    ...{ run, channelType: 'EMAIL', address, recipient: hashes.recipientOf('EMAIL', address) },
    content: { kind: 'email', from: 'a@example.com', replyTo: [], subject: 'x', text: 'x', headers: [] },
    detail: { accountId: run.accountId, applicationId, address, origin: { kind: 'direct', context: {} } },
  };
}

const stored = async ({ run }: WantedSend) => {
  const { rows } = await sql<{ status: string }>`select status from sends where run_id = ${run.id}`.execute(
    database.query,
  );
  return rows.map(({ status }) => status);
};

test('a message that left is not told of as a fault because its outcome could not be written', async () => {
  const pipeline = start({
    recorded: async () => {
      throw new Error('no place for events');
    },
  });
  const send = wanted();
  const provider = scriptedProvider('one');
  expect(await pipeline.send(provider, send)).toMatchObject({ status: 'SUCCESSFUL' });
  expect(provider.handed).toHaveLength(1);
  expect(await stored(send)).toEqual(['CLAIMED']);
});

test('what an address teaches is kept apart from outcomes: they are written though it fails', async () => {
  const pipeline = start({
    learnt: async () => {
      throw new Error('no place for addresses');
    },
  });
  const send = wanted();
  expect(await pipeline.send(scriptedProvider('one'), send)).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await stored(send)).toEqual(['SUCCESSFUL']);
});

test('nothing is learnt, nothing recorded of who was erased between claim and outcome', async () => {
  const told: SettledSend[] = [];
  const note = async (settled: readonly SettledSend[]) => {
    told.push(...settled);
  };
  const pipeline = start({ recorded: async (_tx, settled) => note(settled), learnt: note });
  const send = wanted('erased@example.com');
  const provider = scriptedProvider('one', async () => {
    await sql`delete from sends where run_id = ${send.run.id}`.execute(database.query);
    return { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'no such mailbox', addressIsDead: true };
  });
  expect(await pipeline.send(provider, send)).toMatchObject({ status: 'PERMANENT_FAILURE' });
  expect(told).toEqual([]);
});

test('a stop gives back what waits for a driver that was replaced, and waits for what it has', async () => {
  const pipeline = start();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const slow = async () => {
    await gate;
    return accepted;
  };
  const former = scriptedProvider('one', slow, { batch: 1, concurrency: 1 });
  const results = [pipeline.send(former, wanted('1@example.com')), pipeline.send(former, wanted('2@example.com'))];
  while (former.handed.length === 0) await new Promise((next) => setTimeout(next, 5));
  await pipeline.send(scriptedProvider('one'), wanted());
  const stopped = pipeline.stop();
  open();
  await stopped;
  expect((await Promise.all(results)).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'TEMPORARY_FAILURE']);
  expect(former.handed).toHaveLength(1);
});

test('providers that nothing leaves through are forgotten', { timeout: 60_000 }, async () => {
  const pipeline = start();
  const seen: number[] = [];
  for (let number = 0; number < 1_050; number += 50) {
    const sends = Array.from({ length: 50 }, (_each, index) =>
      pipeline.send(scriptedProvider(`outbox/${number + index}`), wanted()),
    );
    await Promise.all(sends);
    seen.push(pipeline.figures.providers);
  }
  expect(Math.max(...seen)).toBeLessThanOrEqual(1_000);
  expect(seen.at(-1)).toBeLessThan(150);
});
