/** E16: a server that is killed again and again while it takes people out of files: every file is whole, nobody is left. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateImportJobCommand,
  GetImportJobCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { makeDataDirectory, type RunningProgram, readCredentials, startServer } from '../support/program.ts';
import { callApi } from '../support/repoint-api.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { TestServer } from '../support/test-server.ts';

const files = 10;
const rows = 8_000;
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

const folder = join(dataDirectory, 'buckets/crm/in');
const row = (file: number, number: number) =>
  JSON.stringify({ Id: `f${file}-${number}`, ChannelType: 'EMAIL', Address: `f${file}-${number}@example.com` });
const linesOf = (file: number) => Array.from({ length: rows }, (_, number) => row(file, number));
const read = (file: number) => gunzipSync(readFileSync(join(folder, `${file}.json.gz`))).toString();

/** How far the erasure is, read from the database: it also answers while the server is down. */
async function finished(): Promise<number> {
  const { rows: found } = await sql<{ count: number }>`
    select count(finished_at) as count from file_erasure_items`.execute(database.query);
  return found[0]?.count ?? 0;
}

it(`E16 leaves whole files without the person, killed ${kills} times`, { timeout: 600_000 }, async () => {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < files; file += 1) {
    const lines = linesOf(file).toSpliced(rows / 2, 0, JSON.stringify({ Id: 'lea', User: { UserId: 'u-lea' } }));
    writeFileSync(join(folder, `${file}.json.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 1 }));
  }
  let server: RunningProgram = await startServer(settings);
  const credentials = readCredentials(dataDirectory);
  const api = (call: string, body?: object) =>
    callApi({ origin: server.origin } as TestServer, call, { credentials, ...(body && { body }) });
  const client = new PinpointClient({ region: 'us-east-1', endpoint: server.origin, credentials });
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'crash' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const ImportJobRequest = {
    ...{ RoleArn: 'arn:aws:iam::1:role/r', S3Url: 's3://crm/in/', Format: 'JSON' as const },
    ...{ RegisterEndpoints: false, DefineSegment: true },
  };
  const { ImportJobResponse: imported } = await client.send(
    new CreateImportJobCommand({ ApplicationId, ImportJobRequest }),
  );
  const look = new GetImportJobCommand({ ApplicationId, JobId: imported?.Id });
  while ((await client.send(look)).ImportJobResponse?.CompletionDate === undefined) await pause(100);
  client.destroy();

  const path = `/repoint/v1/apps/${ApplicationId}/file-erasures`;
  const Identities = [{ Type: 'ENDPOINT_ID', Value: 'lea' }];
  const { status, body } = await api(`POST ${path}`, { Action: 'REWRITE', Identities });
  expect(status).toBe(202);
  const unfinished = join(dataDirectory, 'buckets/.unfinished');
  const isWriting = () => readdirSync(unfinished, { withFileTypes: true }).length > 0;
  mkdirSync(unfinished, { recursive: true });
  const atKill: [number, boolean][] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const before = await finished();
    // In the middle of a file, and not before it goes on.
    for (;;) {
      const done = await finished();
      if (done === files || (isWriting() && (kill === 0 || done > before || Math.random() < 0.1))) break;
      await pause(2);
    }
    const wasWriting = isWriting();
    await server.end('SIGKILL');
    atKill.push([await finished(), wasWriting]);
    // Whatever was under way: every file can be read to its end.
    for (let file = 0; file < files; file += 1) expect(read(file).split('\n').length).toBeGreaterThan(rows);
    server = await startServer(settings);
  }
  expect(atKill.filter(([done]) => done < files).length, `killed at ${JSON.stringify(atKill)}`).toBeGreaterThan(1);

  let state = (await api(`GET ${path}/${body.Id}`)).body;
  while (state.CompletionDate === undefined) {
    await pause(100);
    state = (await api(`GET ${path}/${body.Id}`)).body;
  }
  expect(state).toMatchObject({ Status: 'COMPLETED', Files: files, RowsFound: files, Kept: 0 });
  for (let file = 0; file < files; file += 1) expect(read(file)).toBe(`${linesOf(file).join('\n')}\n`);
  expect(readdirSync(unfinished)).toEqual([]);
  expect(
    (await sql`select from file_erasures where sealed_identities is not null`.execute(database.query)).rows,
  ).toEqual([]);
  await server.end();
});
