/** Messages to the outbox, and people who are erased while theirs are being written. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { putBareEndpoint } from '../../../../tests/support/stored-endpoint.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { Audience } from '../../audience/index.ts';
import { type OpenProvider, Outbox } from '../../channels/index.ts';
import { AddressHashes, recipientOfEndpoint, type WantedSend } from '../sends/send.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';

const { database, logger } = await openTestDatabase();
const hashes = new AddressHashes(randomBytes(32));
const clock = new ManualClock('2026-12-01T08:00:00Z');
const audience = new Audience({ database, tombstoneKey: randomBytes(32) });
const driver = new Outbox({ database, clock, logger }).driverOf(7);
const outbox: OpenProvider = { key: 'outbox/7', kind: 'OUTBOX', driver, channel: { enabled: true } };
let made = 0;

function start(recorded: PipelineOptions['recorded'] = async () => {}) {
  const options = { database, clock, logger, hashes, erased: audience.erased, keySecret: randomBytes(32) };
  return new Pipeline({ ...options, recorded, learnt: async () => {} });
}

function wanted(endpoint?: WantedSend['endpoint']): WantedSend {
  made += 1;
  const address = `+1206555${String(1_000 + made)}`;
  const run = {
    ...{ id: `run-${made}`, accountId: '123456789012', region: 'us-east-1', projectNumber: 7, applicationId: 'app' },
    ...{ startedAt: clock.now(), kind: 'direct' as const },
  };
  return {
    ...{ run, channelType: 'SMS', address },
    recipient: endpoint === undefined ? hashes.recipientOf('SMS', address) : recipientOfEndpoint(endpoint),
    ...(endpoint && { endpoint }),
    content: { kind: 'sms', body: 'x', messageType: 'TRANSACTIONAL' },
    detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct', context: {} } },
  };
}

/** Rows of the log and of the outbox. */
async function stored({ address, run }: WantedSend) {
  const { rows } = await sql<{ sends: number; messages: number }>`
    select (select count(*)::int from sends where run_id = ${run.id}) as sends,
           (select count(*)::int from outbox_messages where address = ${address}) as messages`.execute(database.query);
  return rows[0];
}

const eraseAddress = ({ recipient }: WantedSend) =>
  database.transaction((tx) => audience.erased.note(tx, [], 1, [recipient.text]));
const nothing = { sends: 0, messages: 0 };
const gone = { status: 'ERASED', statusCode: 404 };

test('who is erased while their message waits has none; who waits beside them has theirs', async () => {
  const [erased, other, before] = [wanted(), wanted(), wanted()];
  const pipeline = start(async (_tx, settled) => {
    // The two others wait behind it.
    if (settled.some(({ send }) => send === before)) await eraseAddress(erased);
  });
  const first = pipeline.send(outbox, before);
  await new Promise(setImmediate);
  const results = await Promise.all([first, pipeline.send(outbox, erased), pipeline.send(outbox, other)]);
  expect(results).toMatchObject([{ status: 'SUCCESSFUL' }, gone, { status: 'SUCCESSFUL' }]);
  expect(await stored(erased)).toEqual(nothing);
  expect(await stored(other)).toEqual({ sends: 1, messages: 1 });
  // What is begun afterwards is for whoever has the address now.
  expect(await start().send(outbox, { ...erased, run: { ...erased.run, id: 'later' } })).toMatchObject({
    status: 'SUCCESSFUL',
  });
});

test('who is erased between the claim and its commit has none, and events of none', async () => {
  const told: string[][] = [];
  const [erased, other] = [wanted(), wanted()];
  const pipeline = start(async (_tx, settled) => {
    told.push(settled.map(({ send }) => send.run.id));
    if (told.length === 1) await eraseAddress(erased);
  });
  const results = await Promise.all([pipeline.send(outbox, erased), pipeline.send(outbox, other)]);
  expect(results).toMatchObject([gone, { status: 'SUCCESSFUL' }]);
  expect(told).toEqual([[erased.run.id, other.run.id], [other.run.id]]);
  expect(await stored(erased)).toEqual(nothing);
  expect(await stored(other)).toEqual({ sends: 1, messages: 1 });
});

test('whoever erases an endpoint waits for its message to be there, and finds it', async () => {
  const send = wanted(await putBareEndpoint(database, `e-${made}`));
  const order: string[] = [];
  let deleting: Promise<unknown> | undefined;
  const pipeline = start(async () => {
    deleting = sql`delete from endpoints where id = ${send.endpoint?.id}`.execute(database.query).then(() => {
      order.push('deleted');
    });
    await expect.poll(waiting, { interval: 5 }).toBe(1);
    order.push('stored');
  });
  expect(await pipeline.send(outbox, send)).toMatchObject({ status: 'SUCCESSFUL' });
  await deleting;
  expect(order).toEqual(['stored', 'deleted']);
  expect(await stored(send)).toEqual({ sends: 1, messages: 1 });
});

test('a message waits for an erasure of its endpoint that has begun, and is not stored', async () => {
  const send = wanted(await putBareEndpoint(database, `e-${made}`));
  const pipeline = start();
  let sending: ReturnType<Pipeline['send']> | undefined;
  await database.transaction(async (tx) => {
    await sql`delete from endpoints where id = ${send.endpoint?.id}`.execute(tx);
    sending = pipeline.send(outbox, send);
    await expect.poll(waiting, { interval: 5 }).toBe(1);
  });
  expect(await sending).toMatchObject(gone);
  expect(await stored(send)).toEqual(nothing);
});

/** Sessions that wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database.query);
  return rows[0]?.count as number;
}
