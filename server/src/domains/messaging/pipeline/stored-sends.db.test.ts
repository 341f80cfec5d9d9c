/** Messages to the outbox: claim, message, outcome and what is recorded of it are there together, or none of them is. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { type OpenProvider, Outbox } from '../../channels/index.ts';
import { AddressHashes, type WantedSend } from '../sends/send.ts';
import type { SettledSend } from '../sends/settle.ts';
import { insertSuppressed } from '../suppression/store.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';

const { database, logger } = await openTestDatabase();
const hashes = new AddressHashes(randomBytes(32));
const clock = new ManualClock('2026-12-01T08:00:00Z');
const outbox = new Outbox({ database, clock, logger });
let runs = 0;

function start(recorded: PipelineOptions['recorded'] = async () => {}) {
  const options = { database, clock, logger, hashes, keySecret: randomBytes(32) };
  return new Pipeline({ ...options, recorded, learnt: async () => {} });
}

function outboxOf(projectNumber: number): OpenProvider {
  const driver = outbox.driverOf(projectNumber);
  return { key: `outbox/${projectNumber}`, kind: 'OUTBOX', driver, channel: { enabled: true } };
}

function wanted(address: string, projectNumber = 7): WantedSend {
  runs += 1;
  const run = {
    ...{ id: `run-${runs}`, accountId: '123456789012', region: 'us-east-1', projectNumber, applicationId: 'app' },
    ...{ startedAt: clock.now(), kind: 'direct' as const },
  };
  return {
    ...{ run, channelType: 'SMS', address, recipient: hashes.recipientOf('SMS', address) },
    content: { kind: 'sms', body: 'x', messageType: 'TRANSACTIONAL' },
    detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct', context: {} } },
  };
}

/** Of one address: what `sends` and the outbox have. */
async function stored({ address, run }: WantedSend) {
  const { rows: claims } = await sql<{ status: string; code: number | null; settled: boolean; id: string | null }>`
    select status, status_code as code, settled_at is not null as settled, message_id as id
    from sends where run_id = ${run.id}`.execute(database.query);
  const { rows: messages } = await sql<{ project: number; id: string }>`
    select project_number as project, replace(message_key::text, '-', '') as id
    from outbox_messages where address = ${address}`.execute(database.query);
  return { claims, messages };
}

test('a message is claimed, stored and settled at once, whichever projects send together', async () => {
  const recorded: string[] = [];
  const pipeline = start(async (_tx, settled) => {
    recorded.push(...settled.map(({ send }) => send.address));
  });
  const sends = [wanted('+12065550101', 7), wanted('+12065550102', 8)];
  const results = await Promise.all(sends.map((send) => pipeline.send(outboxOf(send.run.projectNumber), send)));
  expect(results.map(({ status, statusMessage }) => [status, statusMessage])).toEqual(
    Array(2).fill(['SUCCESSFUL', 'Stored in the outbox']),
  );
  for (const [index, send] of sends.entries()) {
    const id = results[index]?.messageId as string;
    expect(await stored(send)).toEqual({
      claims: [{ status: 'SUCCESSFUL', code: 200, settled: true, id }],
      messages: [{ project: send.run.projectNumber, id }],
    });
  }
  expect(recorded.toSorted()).toEqual(['+12065550101', '+12065550102']);
  expect(pipeline.figures.stored).toMatchObject({ batches: 1, items: 2 });
  await pipeline.stop();
});

test('where its events cannot be written nothing is there, and the caller hears of it; others are not held back', async () => {
  const isBad = ({ send }: SettledSend) => send.address === '+12065550112';
  const pipeline = start(async (_tx, settled) => {
    if (settled.some(isBad)) throw new Error('no place for events');
  });
  const sends = ['+12065550111', '+12065550112', '+12065550113'].map((address) => wanted(address));
  const results = await Promise.allSettled(sends.map((send) => pipeline.send(outboxOf(7), send)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await stored(sends[1] as WantedSend)).toEqual({ claims: [], messages: [] });
  expect(await stored(sends[2] as WantedSend)).toMatchObject({ claims: [{ status: 'SUCCESSFUL' }] });
});

test('who must not be written to has no message, and is told of with those who have one', async () => {
  const told: [string, string][] = [];
  const pipeline = start(async (_tx, settled) => {
    told.push(...settled.map(({ send, outcome }): [string, string] => [send.address, outcome.status]));
  });
  const [refused, other] = [wanted('+12065550121'), wanted('+12065550122')];
  await insertSuppressed(database.query, {
    ...{ accountId: '123456789012', channel: 'SMS', address: refused.address, reason: 'OPT_OUT', detail: null },
    ...{ addressHash: hashes.of(refused.address), createdAt: clock.now() },
  });
  const results = await Promise.all([refused, other].map((send) => pipeline.send(outboxOf(7), send)));
  expect(results.map(({ status }) => status)).toEqual(['OPT_OUT', 'SUCCESSFUL']);
  expect(await stored(refused)).toEqual({
    claims: [{ status: 'OPT_OUT', code: 400, settled: true, id: null }],
    messages: [],
  });
  expect(told).toEqual([
    ['+12065550122', 'SUCCESSFUL'],
    ['+12065550121', 'OPT_OUT'],
  ]);
});

test('a number that simulates a failure has its message, and its failure', async () => {
  const pipeline = start();
  const send = wanted('+14254147167');
  expect(await pipeline.send(outboxOf(7), send)).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
  expect(await stored(send)).toMatchObject({
    claims: [{ status: 'PERMANENT_FAILURE', code: 400, settled: true }],
    messages: [{ project: 7 }],
  });
});

test('the same message is claimed once', async () => {
  const pipeline = start();
  const send = wanted('+12065550131');
  const results = await Promise.all([pipeline.send(outboxOf(7), send), pipeline.send(outboxOf(7), send)]);
  expect(results.map(({ status }) => status)).toEqual(['SUCCESSFUL', 'DUPLICATE']);
  expect(await stored(send)).toMatchObject({ claims: [{ status: 'SUCCESSFUL' }], messages: [{ project: 7 }] });
});
