/** A batch of a run: what is stored in our own database leaves with its claim, everything else waits to be delivered. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { scriptedProvider } from '../../../../tests/support/scripted-provider.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { type OpenProvider, Outbox } from '../../channels/index.ts';
import { AddressHashes, type Run } from '../sends/send.ts';
import { insertSuppressed } from '../suppression/store.ts';
import { Pipeline, type RoutedSend } from './pipeline.ts';

const { database, logger } = await openTestDatabase();
const { query } = database;
const hashes = new AddressHashes(randomBytes(32));
const clock = new ManualClock('2026-12-01T08:00:00Z');
const recorded: string[] = [];
const pipeline = new Pipeline({
  ...{ database, clock, logger, hashes, keySecret: randomBytes(32), learnt: async () => {} },
  recorded: async (_tx, settled) => void recorded.push(...settled.map(({ send }) => send.address)),
});
const outbox = new Outbox({ database, clock, logger });
const stored: OpenProvider = {
  ...{ key: 'outbox/7', kind: 'OUTBOX', driver: outbox.driverOf(7), channel: { enabled: true } },
};
const toOutbox = async () => stored;
const elsewhere = scriptedProvider('elsewhere');
const toElsewhere = async () => elsewhere;

async function newRun(id: string): Promise<Run> {
  const run: Run = {
    ...{ id, accountId: '123456789012', region: 'us-east-1', projectNumber: 7, applicationId: 'app' },
    ...{ startedAt: clock.now(), kind: 'campaign' },
  };
  await pipeline.prepare(run);
  return run;
}

function routed(run: Run, name: string, findProvider: RoutedSend['findProvider']): RoutedSend {
  const address = `${name}@${run.id}.example`;
  return {
    send: {
      ...{ run, channelType: 'EMAIL', address, recipient: { text: name, bucket: bucketOf(name) } },
      content: { kind: 'email', from: 'a@example.com', replyTo: [], subject: 'x', text: 'x', headers: [] },
      detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct', context: {} } },
    },
    findProvider,
  };
}

/** By recipient: status in the log, and whether it has an outcome. */
async function log(run: Run) {
  const { rows } = await sql<{ recipient: string; status: string; isSettled: boolean }>`
    select recipient, status, settled_at is not null as "isSettled" from sends where run_id = ${run.id}
    order by recipient`.execute(query);
  return rows.map(({ recipient, status, isSettled }) => [recipient, status, isSettled]);
}

const inOutbox = async (run: Run) => {
  const { rows } = await sql<{ address: string }>`
    select address from outbox_messages where address like ${`%@${run.id}.example`} order by address`.execute(query);
  return rows.map(({ address }) => address.split('@')[0]);
};

test('of a mixed batch each goes its way, and who must not be written to goes none', async () => {
  const run = await newRun('mixed');
  const batch = [
    routed(run, 'ana', toOutbox),
    routed(run, 'ben', toElsewhere),
    routed(run, 'cleo', toOutbox),
    routed(run, 'dan', toOutbox),
  ];
  const address = batch[2]?.send.address as string;
  await insertSuppressed(query, {
    ...{ accountId: '123456789012', channel: 'EMAIL', address, reason: 'BOUNCE', detail: null },
    ...{ addressHash: hashes.of(address), createdAt: clock.now() },
  });
  const claimed = await database.keyedTransaction((tx) => pipeline.claimBatch(tx, batch, true));
  expect(claimed.verdicts).toEqual(['CLAIMED', 'CLAIMED', 'SUPPRESSED', 'CLAIMED']);
  expect(claimed.toDeliver).toEqual([batch[1]]);
  expect(claimed.settled.map(({ send }) => send.recipient.text)).toEqual(['ana', 'dan']);
  expect(await log(run)).toEqual([
    ['ana', 'SUCCESSFUL', true],
    ['ben', 'CLAIMED', false],
    ['cleo', 'SUPPRESSED', true],
    ['dan', 'SUCCESSFUL', true],
  ]);
  expect(await inOutbox(run)).toEqual(['ana', 'dan']);
  expect(recorded.filter((each) => each.endsWith('@mixed.example'))).toHaveLength(2);
  // Once more, as after a crash: whoever has a claim gets no second message.
  const again = await database.keyedTransaction((tx) => pipeline.claimBatch(tx, batch, true));
  expect(again).toEqual({ verdicts: Array(4).fill('DUPLICATE'), toDeliver: [], settled: [] });
  expect(await inOutbox(run)).toEqual(['ana', 'dan']);
});

test('where the run has a rate of its own, nothing leaves before it says so', async () => {
  const run = await newRun('paced');
  const batch = [routed(run, 'ana', toOutbox)];
  const claimed = await database.keyedTransaction((tx) => pipeline.claimBatch(tx, batch, false));
  expect(claimed).toEqual({ verdicts: ['CLAIMED'], toDeliver: batch, settled: [] });
  expect(await log(run)).toEqual([['ana', 'CLAIMED', false]]);
  expect(await inOutbox(run)).toEqual([]);
  const options = { deadline: new Date('2026-12-01T09:00:00Z'), signal: new AbortController().signal };
  await pipeline.deliver(batch[0] as RoutedSend, options);
  expect(await log(run)).toEqual([['ana', 'SUCCESSFUL', true]]);
  expect(await inOutbox(run)).toEqual(['ana']);
});

test('a step that fails has sent nothing', async () => {
  const run = await newRun('failed');
  const batch = [routed(run, 'ana', toOutbox)];
  const failing = database.keyedTransaction(async (tx) => {
    await pipeline.claimBatch(tx, batch, true);
    throw new Error('the cursor was lost');
  });
  await expect(failing).rejects.toThrow('the cursor was lost');
  expect(await log(run)).toEqual([]);
  expect(await inOutbox(run)).toEqual([]);
});
