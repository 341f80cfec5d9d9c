/** E16: a server that is killed again and again while it erases: everybody is gone, and everything is counted once. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateAppCommand, PinpointClient, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { ensureTimePartitions, openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { makeDataDirectory, type RunningProgram, readCredentials, startServer } from '../support/program.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { TestServer } from '../support/test-server.ts';

const people = 900;
const eventsEach = 10;
const kills = Number(process.env['REPOINT_TEST_KILLS'] ?? 3);
const dataDirectory = makeDataDirectory();
const connection = await createTestDatabase('empty');
const settings = {
  REPOINT_DATA_DIR: dataDirectory,
  REPOINT_DATABASE_URL: connection.url,
  REPOINT_MASTER_KEY: randomBytes(32).toString('hex'),
  REPOINT_LOG_LEVEL: 'error',
};
const database = await openDatabase({ connection, logger: createLogger('silent') });
afterAll(async () => {
  await database.close();
  await dropTestDatabase(connection);
});

/** As far as `callApi` needs one. */
const asServer = ({ origin }: RunningProgram) =>
  ({ origin, administrator: readCredentials(dataDirectory) }) as unknown as TestServer;

/** Rows erased so far, read from the database: it also answers while the server is down. */
async function erased(): Promise<number> {
  const { rows } = await sql<{ erased: number }>`
    select coalesce(sum(erased), 0)::int as erased from erasure_counts`.execute(database.query);
  return rows[0]?.erased ?? 0;
}

it(`E16: erases everybody and counts everything once, killed ${kills} times`, { timeout: 300_000 }, async () => {
  let server = await startServer(settings);
  const client = new PinpointClient({
    ...{ region: 'us-east-1', endpoint: server.origin, credentials: readCredentials(dataDirectory) },
  });
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'crash' } }));
  const ApplicationId = made.ApplicationResponse?.Id as string;
  for (let from = 0; from < people; from += 100) {
    const Item = Array.from({ length: 100 }, (_, index) => ({
      ...{ Id: `zk-${from + index}`, ChannelType: 'EMAIL' as const, Address: `zk-${from + index}@example.com` },
      User: { UserId: `zk-user-${Math.floor((from + index) / 3)}` },
    }));
    await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  }
  client.destroy();
  await ensureTimePartitions(database.query, 'events', new Date());
  await sql`
    insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, envelope)
    select project_number, bucket, now(), 'seen', now(), id, generation, '{}'
    from endpoints, generate_series(1, ${sql.lit(eventsEach)})`.execute(database.query);
  const Identities = Array.from({ length: people / 3 }, (_, index) => ({ Type: 'USER_ID', Value: `zk-user-${index}` }));
  const path = `/repoint/v1/apps/${ApplicationId}/erasure-requests`;
  const asked = await callApi(asServer(server), `POST ${path}`, { body: { RequestId: 'crash', Identities } });
  expect(asked.status).toBe(202);
  const atKill: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const before = await erased();
    for (let waited = 0; (await erased()) <= before && waited < 10_000; waited += 20) await pause(20);
    await pause(Math.random() * 150);
    await server.end('SIGKILL');
    atKill.push(await erased());
    server = await startServer(settings);
  }
  const done = await expect
    .poll(async () => (await callApi(asServer(server), `GET ${path}/${asked.body.Id}`)).body, {
      ...{ timeout: 120_000, interval: 200 },
    })
    .toMatchObject({ State: 'COMPLETED', Endpoints: people, Users: people / 3 })
    .then(async () => (await callApi(asServer(server), `GET ${path}/${asked.body.Id}`)).body);
  const counts = new Map<string, number[]>(
    done.Locations.map(({ Name, Found, Erased }: { Name: string; Found: number; Erased: number }) => [
      Name,
      [Found, Erased],
    ]),
  );
  expect(counts.get('endpoints')).toEqual([people, people]);
  expect(counts.get('events of endpoints')).toEqual([people * eventsEach, people * eventsEach]);
  expect(await tablesWith(database, 'zk-')).toEqual([]);
  // It was under way when it was killed at least once.
  expect(new Set(atKill).size).toBeGreaterThan(1);
  await server.end();
});
