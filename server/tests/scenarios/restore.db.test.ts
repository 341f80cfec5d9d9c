/** E10: an older backup is restored, and whoever was erased since is gone before the first request is answered. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAppCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  GetAppCommand,
  GetEndpointCommand,
  PinpointClient,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { ended, identity } from '../support/erasure.ts';
import {
  makeDataDirectory,
  type RunningProgram,
  readCredentials,
  runProgram,
  startServer,
} from '../support/program.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { TestServer } from '../support/test-server.ts';

const dataDirectory = makeDataDirectory();
const first = await createTestDatabase('empty');
const second = await createTestDatabase('empty');
const settings = (url: string) => ({
  REPOINT_DATA_DIR: dataDirectory,
  REPOINT_DATABASE_URL: url,
  REPOINT_MASTER_KEY: masterKey,
  REPOINT_LOG_LEVEL: 'error',
});
const masterKey = randomBytes(32).toString('hex');
const file = join(dataDirectory, 'backup.tar.zst');
const logger = createLogger('silent');
const databases: Database[] = [];
afterAll(async () => {
  for (const database of databases) await database.close();
  for (const connection of [first, second]) await dropTestDatabase(connection);
});

async function open(connection: { url: string }): Promise<Database> {
  const database = await openDatabase({ connection, logger, poolSize: 2 });
  databases.push(database);
  return database;
}

const asServer = ({ origin }: RunningProgram) =>
  ({ origin, administrator: readCredentials(dataDirectory) }) as unknown as TestServer;
const clientOf = ({ origin }: RunningProgram) =>
  new PinpointClient({ region: 'us-east-1', endpoint: origin, credentials: readCredentials(dataDirectory) });

async function newApp(client: PinpointClient, Name: string): Promise<string> {
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } }));
  const ApplicationId = made.ApplicationResponse?.Id as string;
  const EmailChannelRequest = {
    ...{ FromAddress: 'shop@example.com', Enabled: true },
    Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
  };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  return ApplicationId;
}

const put = (client: PinpointClient, ApplicationId: string, EndpointId: string) =>
  client.send(
    new UpdateEndpointCommand({
      ApplicationId,
      EndpointId,
      EndpointRequest: {
        ...{ ChannelType: 'EMAIL', Address: `${EndpointId}@example.com`, Attributes: { word: [`w-${EndpointId}`] } },
        User: { UserId: `user-${EndpointId}` },
      },
    }),
  );

const send = (client: PinpointClient, ApplicationId: string, id: string) =>
  client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Endpoints: { [id]: {} },
        // Of an address alone nobody knows whose it is.
        ...(id === 'zqgone' && { Addresses: { [`bare-${id}@example.com`]: { ChannelType: 'EMAIL' as const } } }),
        MessageConfiguration: { EmailMessage: { Body: `Hello ${id}` } },
      },
    }),
  );

it('E10: backup, erase, restore the backup, start', { timeout: 240_000 }, async () => {
  let server = await startServer(settings(first.url));
  let client = clientOf(server);
  const app = await newApp(client, 'stays');
  const doomed = await newApp(client, 'doomed');
  for (const id of ['zqolder', 'zqgone', 'zqdeleted', 'zqstays', 'zqblocked']) {
    await put(client, app, id);
    await send(client, app, id);
  }
  await put(client, doomed, 'zqdoomed');
  const erase = async (Identities: object[], Mode = 'ERASE') => {
    const asked = await callApi(asServer(server), `POST /repoint/v1/apps/${app}/erasure-requests`, {
      body: { Identities, Mode },
    });
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    return ended(asServer(server), app, asked.body.Id);
  };
  // Erased before the backup, and made anew before it.
  await erase([identity('ENDPOINT_ID', 'zqolder')]);
  await put(client, app, 'zqolder');

  const written = await runProgram(['backup', '--out', file], settings(first.url));
  expect(written.exitCode, written.errors).toBe(0);
  expect(written.errors).toContain('1 entries of the erasure ledger');

  expect(await erase([identity('USER_ID', 'user-zqgone')])).toMatchObject({ State: 'COMPLETED', Endpoints: 1 });
  await erase([identity('EMAIL', 'bare-zqgone@example.com')]);
  await client.send(new DeleteEndpointCommand({ ApplicationId: app, EndpointId: 'zqdeleted' }));
  await erase([identity('ENDPOINT_ID', 'zqblocked')], 'ERASE_AND_SUPPRESS');
  await client.send(new DeleteAppCommand({ ApplicationId: doomed }));
  await expect
    .poll(async () => tablesWith(databases[0] ?? (await open(first)), 'zqgone'), { timeout: 20_000, interval: 200 })
    .toEqual([]);
  client.destroy();
  await server.end();

  const refused = await runProgram(['restore', file], settings(first.url));
  expect(refused.errors).toMatch(/is not empty|Stop all of its nodes/);
  const restored = await runProgram(['restore', file], settings(second.url));
  expect(restored.exitCode, restored.errors).toBe(0);
  expect(restored.output).toContain('5 erasure(s) came later');

  // So that the test could fail: here they all are.
  const database = await open(second);
  for (const id of ['zqgone', 'zqdeleted', 'zqblocked', 'zqdoomed', 'bare-zqgone']) {
    expect(await tablesWith(database, id), id).not.toEqual([]);
  }
  const due = await runProgram(['doctor'], { ...settings(second.url), REPOINT_PORT: '0' });
  expect(due.output).toContain('the database was restored: 5 erasure(s) of the ledger are due');

  server = await startServer(settings(second.url));
  // The database itself, the moment the port answers.
  for (const id of ['zqgone', 'zqdeleted', 'bare-zqgone']) expect(await tablesWith(database, id), id).toEqual([]);
  client = clientOf(server);
  const status = (EndpointId: string) =>
    client.send(new GetEndpointCommand({ ApplicationId: app, EndpointId })).then(
      () => 200,
      (error) => error.$metadata.httpStatusCode,
    );
  expect(await Promise.all(['zqgone', 'zqdeleted', 'zqblocked', 'zqolder', 'zqstays'].map(status))).toEqual([
    404, 404, 404, 200, 200,
  ]);
  await expect(client.send(new GetAppCommand({ ApplicationId: doomed }))).rejects.toThrow();
  await put(client, app, 'zqblocked').catch(() => undefined);
  expect(await status('zqblocked')).toBe(404);
  // What a restore did again is verified like any other erasure.
  const { body } = await callApi(asServer(server), `GET /repoint/v1/apps/${app}/erasure-requests`);
  const again = body.Item.filter(({ Origin }: { Origin: string }) => Origin === 'RESTORE');
  expect(again.length).toBeGreaterThanOrEqual(3);
  for (const { Id } of again) expect(await ended(asServer(server), app, Id)).toMatchObject({ State: 'COMPLETED' });
  await expect.poll(() => tablesWith(database, 'zqdoomed'), { timeout: 20_000, interval: 200 }).toEqual([]);
  client.destroy();
  await server.end();
  const after = await runProgram(['doctor'], { ...settings(second.url), REPOINT_PORT: '0' });
  expect(after.output).toMatch(/the erasure ledger in .* has all 6 entries/);
  expect(existsSync(join(dataDirectory, 'erasure-ledger'))).toBe(true);
});
