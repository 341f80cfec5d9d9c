/** A server that is killed again and again while it imports and exports: no row is lost, none is there twice. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  GetExportJobCommand,
  GetImportJobCommand,
  GetSegmentCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { generatePeople } from '../../../scripts/people/people.ts';
import { writePeople } from '../../../scripts/people/write-people.ts';
import { openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { makeDataDirectory, type RunningProgram, readCredentials, startServer } from '../support/program.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';

const endpoints = Number(process.env['REPOINT_TEST_IMPORTED'] ?? 20_000);
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

const clientOf = ({ origin }: RunningProgram) =>
  new PinpointClient({ region: 'us-east-1', endpoint: origin, credentials: readCredentials(dataDirectory) });

/** Rows dealt with so far, read from the database: it also answers while the server is down. */
async function processed(): Promise<number> {
  const { rows } = await sql<{ processed: number }>`
    select coalesce(sum(processed), 0)::bigint as processed from transfer_pieces`.execute(database.query);
  return rows[0]?.processed ?? 0;
}

let server: RunningProgram;
let ApplicationId: string;

it(`deals with every row exactly once, killed ${kills} times`, { timeout: 600_000 + 4 * endpoints }, async () => {
  const folder = join(dataDirectory, 'buckets/crm');
  mkdirSync(folder, { recursive: true });
  const now = new Date();
  await writePeople(join(folder, 'people.json.gz'), { endpoints, now });
  server = await startServer(settings);
  const { ApplicationResponse } = await clientOf(server).send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'crash' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  const ImportJobRequest = {
    ...{ RoleArn: 'arn:aws:iam::1:role/r', S3Url: 's3://crm/people.json.gz', DefineSegment: true },
    ...{ RegisterEndpoints: true, Format: 'JSON' as const },
  };
  const { ImportJobResponse: created } = await clientOf(server).send(
    new CreateImportJobCommand({ ApplicationId, ImportJobRequest }),
  );
  const atKill: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    // Not before it goes on, and not when it is over.
    const before = atKill.at(-1) ?? 0;
    for (let rows = before; rows <= before && rows < endpoints; rows = await processed()) await pause(20);
    await pause(Math.random() * 600);
    await server.end('SIGKILL');
    atKill.push(await processed());
    server = await startServer(settings);
  }
  expect(atKill.filter((rows) => rows > 0 && rows < endpoints).length, `killed at ${atKill}`).toBeGreaterThan(1);

  const read = new GetImportJobCommand({ ApplicationId, JobId: created?.Id });
  let job = (await clientOf(server).send(read)).ImportJobResponse;
  while (job?.JobStatus !== 'COMPLETED' && job?.JobStatus !== 'FAILED') {
    await pause(100);
    job = (await clientOf(server).send(read)).ImportJobResponse;
  }
  expect(job).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: endpoints, TotalFailures: 0, Failures: [] });

  const { rows } = await sql<{ id: string }>`select id from endpoints`.execute(database.query);
  const expected = [...generatePeople({ endpoints, now })].map(({ Id }) => Id.toLowerCase());
  expect(rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
  const { SegmentResponse } = await clientOf(server).send(
    new GetSegmentCommand({ ApplicationId, SegmentId: created?.Definition?.SegmentId }),
  );
  expect(SegmentResponse?.ImportDefinition?.Size).toBe(endpoints);
  const { rows: pieces } = await sql`select done::text as done from transfer_pieces`.execute(database.query);
  expect(pieces).toEqual([{ done: `{[1,${endpoints + 1})}` }]);
});

it('exports every row exactly once, killed twice', { timeout: 300_000 + endpoints }, async () => {
  const ExportJobRequest = { RoleArn: 'arn:aws:iam::1:role/r', S3UrlPrefix: 's3://crm/out/' };
  const { ExportJobResponse: created } = await clientOf(server).send(
    new CreateExportJobCommand({ ApplicationId, ExportJobRequest }),
  );
  const out = join(dataDirectory, 'buckets/crm/out', created?.Id as string);
  const unfinished = join(dataDirectory, 'buckets/.unfinished');
  const begun = () => existsSync(unfinished) && readdirSync(unfinished).length > 0;
  for (let kill = 0; kill < 2; kill += 1) {
    while (!begun() && !existsSync(out)) await pause(5);
    await server.end('SIGKILL');
    // What is half written does not stand where it would be taken for whole.
    expect({ left: begun(), shown: existsSync(out) }).toEqual({ left: true, shown: false });
    if (kill === 0) rmSync(unfinished, { recursive: true });
    server = await startServer(settings);
  }
  const read = new GetExportJobCommand({ ApplicationId, JobId: created?.Id });
  let job = (await clientOf(server).send(read)).ExportJobResponse;
  while (job?.JobStatus !== 'COMPLETED' && job?.JobStatus !== 'FAILED') {
    await pause(100);
    job = (await clientOf(server).send(read)).ExportJobResponse;
  }
  expect(job).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: endpoints });
  expect(readdirSync(unfinished)).toEqual([]);
  const text = readdirSync(out).map((name) => gunzipSync(readFileSync(join(out, name))).toString());
  const ids = text.flatMap((lines) => lines.trim().split('\n')).map((line) => JSON.parse(line).Id);
  expect(ids).toHaveLength(endpoints);
  expect(new Set(ids).size).toBe(endpoints);
  await server.end();
});
