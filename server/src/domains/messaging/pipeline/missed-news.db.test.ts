/** Messages that were claimed and wait for their provider while a process does not hear who is erased. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { DatabaseProxy } from '../../../../tests/processes/database-proxy.ts';
import { accepted, scriptedProvider } from '../../../../tests/support/scripted-provider.ts';
import { putBareEndpoint } from '../../../../tests/support/stored-endpoint.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { Notifications, openDatabase } from '../../../database/index.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { Audience, endpointKey } from '../../audience/index.ts';
import { AddressHashes, recipientOfEndpoint, type WantedSend } from '../sends/send.ts';
import { Pipeline } from './pipeline.ts';

const { database, connection, logger } = await openTestDatabase();
const hashes = new AddressHashes(randomBytes(32));
const tombstoneKey = randomBytes(32);
/** Of another process, which hears of everything. */
const others = new Audience({ database, tombstoneKey });
let made = 0;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A process whose way to the database can be taken away. */
async function startProcess() {
  const proxy = new DatabaseProxy(connection.url);
  await proxy.open();
  const own = await openDatabase({ connection: { url: proxy.url }, logger });
  const notifications = new Notifications({ url: proxy.url }, logger);
  const audience = new Audience({ database: own, tombstoneKey, notifications });
  await notifications.run();
  const pipeline = new Pipeline({
    ...{ database: own, clock: systemClock, logger, hashes, erased: audience.erased, keySecret: randomBytes(32) },
    ...{ recorded: async () => {}, learnt: async () => {} },
  });
  const { promise: gate, resolve: answer } = Promise.withResolvers<void>();
  const provider = scriptedProvider('one', () => gate.then(() => accepted), { batch: 1, concurrency: 1 });
  ends.push(async () => {
    await notifications.stop();
    await own.close();
    await proxy.close().catch(() => undefined);
    proxy.remove();
  });
  return { proxy, notifications, pipeline, provider, answer };
}

async function wanted(): Promise<WantedSend> {
  made += 1;
  const endpoint = await putBareEndpoint(database, `e-${made}`);
  const address = `${endpoint.id}@example.com`;
  const run = {
    ...{ id: `run-${made}`, accountId: '123456789012', region: 'us-east-1', projectNumber: 7, applicationId: 'app' },
    ...{ startedAt: new Date(), kind: 'direct' as const },
  };
  return {
    ...{ run, endpoint, recipient: recipientOfEndpoint(endpoint), channelType: 'EMAIL', address },
    content: { kind: 'email', from: 'a@example.com', replyTo: [], subject: 'x', text: 'x', headers: [] },
    detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct', context: {} } },
  };
}

/** As the acceptance of an erasure does it. */
const erase = ({ endpoint, run, recipient }: WantedSend) =>
  database.transaction(async (tx) => {
    const { bucket, id, generation } = endpoint as NonNullable<WantedSend['endpoint']>;
    await sql`delete from endpoints where project_number = 7 and bucket = ${bucket} and id = ${id}`.execute(tx);
    await others.erased.note(tx, [endpointKey(run.projectNumber, id)], generation, [recipient.text]);
  });

/** Three, of which the provider has the first. */
async function sendThree({ pipeline, provider }: Awaited<ReturnType<typeof startProcess>>) {
  const sends = [await wanted(), await wanted(), await wanted()] as const;
  const results = sends.map((send) => pipeline.send(provider, send));
  await vi.waitFor(async () => {
    const ids = sends.map(({ run }) => run.id);
    const { rows } = await sql`select from sends where run_id = any (${ids}::text[]) and status = 'CLAIMED'`.execute(
      database.query,
    );
    expect(rows).toHaveLength(3);
    expect(provider.handed).toHaveLength(1);
  });
  return { sends, results };
}

test('who was erased while a process was cut off has none once it is back; whoever waits beside them has theirs', async () => {
  const process = await startProcess();
  const { sends, results } = await sendThree(process);
  await process.proxy.close();
  await vi.waitFor(() => expect(process.notifications.listening).toBe(false));
  await erase(sends[1]);
  await process.proxy.open();
  await vi.waitFor(() => expect(process.notifications.listening).toBe(true), { timeout: 10_000 });
  process.answer();
  expect(await Promise.all(results)).toMatchObject([
    { status: 'SUCCESSFUL' },
    { status: 'PERMANENT_FAILURE', statusCode: 404 },
    { status: 'SUCCESSFUL' },
  ]);
  expect(process.provider.handed.map(({ address }) => address)).toEqual([sends[0].address, sends[2].address]);
});

test('a process that is cut off hands nothing over that it cannot ask about', { timeout: 30_000 }, async () => {
  const process = await startProcess();
  const { sends, results } = await sendThree(process);
  await process.proxy.close();
  await vi.waitFor(() => expect(process.notifications.listening).toBe(false));
  await erase(sends[1]);
  process.answer();
  await vi.waitFor(() => expect(process.pipeline.figures.waitingForProviders).toBe(0), { timeout: 10_000 });
  await process.proxy.open();
  expect((await Promise.all(results)).slice(1)).toMatchObject([
    { status: 'TEMPORARY_FAILURE', statusCode: 503 },
    { status: 'TEMPORARY_FAILURE', statusCode: 503 },
  ]);
  expect(process.provider.handed.map(({ address }) => address)).toEqual([sends[0].address]);
});
