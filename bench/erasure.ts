/**
 * Erasing people, a project and rows of files, through a server as users run it. REPOINT_BENCH_ENDPOINTS says how many
 * endpoints there are (a million), with ten events each. Beside each: what PostgreSQL or gzip alone take for the same rows.
 */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  CreateExportJobCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  GetExportJobCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import pg from 'pg';
import { generatePeople } from '../scripts/people/people.ts';
import { openEmbedded } from '../server/src/database/index.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { fillProject, makeDays } from './erasure-people.ts';
import { createProject } from './http.ts';
import { type BenchServer, runLoad, startRepoint, temporaryDataDirectory } from './processes.ts';
import { signedPut, signedRepoint } from './signing.ts';
import { type Row, rate } from './table.ts';

const endpoints = Number(process.env['REPOINT_BENCH_ENDPOINTS'] ?? 1_000_000);
const eventsEach = 10;
const deletions = 60;
const atOnce = Math.min(5_000, Math.floor(endpoints / 10));

interface Bench {
  readonly server: BenchServer;
  readonly client: PinpointClient;
  readonly database: pg.Client;
  readonly dataDirectory: string;
}

export async function benchErasure(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path);
  const embedded = await openEmbedded({ dataDirectory: data.path, mode: 'join', logger: createLogger('warn') });
  const database = new pg.Client({ connectionString: embedded.connection.url });
  await database.connect();
  const client = new PinpointClient({
    ...{ region: 'us-east-1', endpoint: `http://127.0.0.1:${server.port}`, credentials: server },
  });
  const bench: Bench = { server, client, database, dataDirectory: data.path };
  try {
    await makeDays(embedded.connection);
    const large = await createProject(server);
    await fillProject(database, large, { endpoints, eventsEach });
    const rows = [await benchOne(bench, large), await benchMany(bench, large)];
    const doomed = await createProject(server);
    await fillProject(database, doomed, { endpoints, eventsEach: 1 });
    rows.push(...(await benchFiles(bench, doomed)));
    rows.push(await benchProject(bench, doomed));
    return rows;
  } finally {
    client.destroy();
    await database.end();
    await embedded.close();
    await server.stop();
    data.remove();
  }
}

/** Logically complete with the answer: nothing of the endpoint is left in any table. */
async function benchOne({ client, database }: Bench, ApplicationId: string): Promise<Row> {
  const whole = await timesOf(deletions, (number) =>
    client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e${number + 1}` })),
  );
  const bare = await timesOf(deletions, async (number) => {
    const key = [ApplicationId, `e${deletions + number + 1}`];
    for (const [table, column] of [
      ['events', 'endpoint_id'],
      ['endpoint_facets', 'id'],
      ['endpoints', 'id'],
    ]) {
      await database.query(
        `delete from ${table} where project_number = (select number from projects where id = $1)
           and bucket = bucket_of($2) and ${column} = $2`,
        key,
      );
    }
  });
  return {
    workload: `DeleteEndpoint erases everything, ${count(endpoints)} endpoints, ${count(endpoints * eventsEach)} events`,
    figure: `${whole.p50.toFixed(0)} ms`,
    latency: `${whole.p50.toFixed(0)} / ${whole.p99.toFixed(0)} ms`,
    ceiling: `three DELETE by key ${bare.p50.toFixed(0)} ms`,
    ratio: bare.p50 / whole.p50,
    aim: '≤ 200 ms',
  };
}

/** From the request to COMPLETED, which is after the search that found nothing. */
async function benchMany({ server, database }: Bench, ApplicationId: string): Promise<Row> {
  const first = 10 * deletions;
  const Identities = Array.from({ length: atOnce }, (_, index) => ({
    Type: 'ENDPOINT_ID',
    Value: `e${first + index}`,
  }));
  const path = `/repoint/v1/apps/${ApplicationId}/erasure-requests`;
  const begun = performance.now();
  const { Id } = await call(server, 'POST', path, { Identities });
  await until(async () => (await call(server, 'GET', `${path}/${Id}`)).State === 'COMPLETED');
  const seconds = (performance.now() - begun) / 1000;
  const others = Array.from({ length: atOnce }, (_, index) => `e${first + atOnce + index}`);
  const bareBegun = performance.now();
  for (const table of ['events', 'endpoint_facets', 'endpoints']) {
    await database.query(
      `delete from ${table} where project_number = (select number from projects where id = $1)
         and bucket = any (select bucket_of(id) from unnest($2::text[]) as id)
         and ${table === 'events' ? 'endpoint_id' : 'id'} = any ($2)`,
      [ApplicationId, others],
    );
  }
  const bare = (performance.now() - bareBegun) / 1000;
  return {
    workload: `${count(atOnce)} identities in one request, found, erased, searched again`,
    figure: rate(atOnce / seconds, 'people/s'),
    latency: `${seconds.toFixed(1)} s in all`,
    ceiling: `three DELETE of the same ${bare.toFixed(1)} s`,
    ratio: bare / seconds,
    aim: 'one call takes 5,000',
  };
}

/** The files of an export: found, written anew without somebody, and searched again. */
async function benchFiles({ server, client, dataDirectory }: Bench, ApplicationId: string): Promise<Row[]> {
  const ExportJobRequest = { RoleArn: 'arn:aws:iam::111122223333:role/bench', S3UrlPrefix: 's3://bench/out/' };
  const made = await client.send(new CreateExportJobCommand({ ApplicationId, ExportJobRequest }));
  const JobId = made.ExportJobResponse?.Id as string;
  await until(async () => {
    const { ExportJobResponse } = await client.send(new GetExportJobCommand({ ApplicationId, JobId }));
    if (ExportJobResponse?.JobStatus === 'FAILED') throw new Error('The export failed.');
    return ExportJobResponse?.JobStatus === 'COMPLETED';
  });
  const alone = await repack(join(dataDirectory, 'buckets/bench/out'));
  const before = server.memoryMegabytes();
  const path = `/repoint/v1/apps/${ApplicationId}/file-erasures`;
  // In the middle of each of some files: these are read, written anew, and read again.
  const Identities = Array.from({ length: 10 }, (_, index) => ({
    ...{ Type: 'ENDPOINT_ID', Value: `e${Math.floor((endpoints / 10) * (index + 0.5))}` },
  }));
  const begun = performance.now();
  const { Id } = await call(server, 'POST', path, { Action: 'REWRITE', JobId, Identities });
  let memory = before;
  await until(async () => {
    memory = Math.max(memory, server.memoryMegabytes());
    return (await call(server, 'GET', `${path}/${Id}`)).Status === 'COMPLETED';
  });
  const perSecond = (endpoints * 1000) / (performance.now() - begun);
  const ceiling = (endpoints * 1000) / alone;
  return [
    {
      workload: `rewriting files of an export, ${count(endpoints)} rows, without ten people`,
      figure: rate(perSecond, 'rows/s'),
      memory: `${memory.toFixed(0)} MB, ${(memory - before).toFixed(0)} more`,
      ceiling: `gunzip and gzip alone ${rate(ceiling)}`,
      ratio: perSecond / ceiling,
      aim: '≥ 100,000/s, memory flat',
    },
  ];
}

/** @returns milliseconds */
async function repack(folder: string): Promise<number> {
  const begun = performance.now();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(createReadStream(join(entry.parentPath, entry.name)), createGunzip(), createGzip(), nowhere);
  }
  return performance.now() - begun;
}

const loadSeconds = 4;

/** While another project writes, all the time. */
async function benchProject({ server, client, database }: Bench, ApplicationId: string): Promise<Row> {
  const neighbour = await createProject(server);
  const load = () => {
    const requests = [...generatePeople({ endpoints: 2_000, seed: 7 })].map(
      ({ Id, ...body }) => signedPut(server, `/v1/apps/${neighbour}/endpoints/${Id}`, body).text,
    );
    return runLoad({ port: server.port, connections: 32, warmSeconds: 1, seconds: loadSeconds, requests });
  };
  await load();
  const alone = await load();
  await database.query(`create table bare as select * from endpoints where project_number = $1`, [
    await numberOf(database, ApplicationId),
  ]);
  const bareBegun = performance.now();
  await database.query('delete from bare');
  const bare = (performance.now() - bareBegun) / 1000;
  await database.query('drop table bare');
  const begun = performance.now();
  await client.send(new DeleteAppCommand({ ApplicationId }));
  let over = false;
  const during = (async () => {
    const rates: number[] = [];
    while (!over) rates.push((await load()).requestsPerSecond);
    return rates;
  })();
  const { Item } = await call(server, 'GET', '/repoint/v1/project-erasures');
  const id = Item.find(({ ProjectId }: { ProjectId: string }) => ProjectId === ApplicationId).ErasureId as string;
  await until(async () => (await call(server, 'GET', `/repoint/v1/project-erasures/${id}`)).State === 'COMPLETED');
  const seconds = (performance.now() - begun) / 1000;
  over = true;
  const rates = await during;
  const kept = rates.reduce((sum, each) => sum + each, 0) / rates.length / alone.requestsPerSecond;
  return {
    workload: `DeleteApp, ${count(endpoints)} endpoints and events, erased and searched again, while another writes`,
    figure: `${seconds.toFixed(1)} s`,
    latency: `others keep ${(100 * kept).toFixed(0)} % of ${rate(alone.requestsPerSecond)}`,
    ceiling: `DELETE of a copy of endpoints without indexes ${bare.toFixed(1)} s`,
    ratio: bare / seconds,
    aim: '≤ 30 s for a million; others keep ≥ 70 %',
  };
}

async function numberOf(database: pg.Client, id: string): Promise<number> {
  const { rows } = await database.query<{ number: string }>('select number from projects where id = $1', [id]);
  return Number(rows[0]?.number);
}

async function timesOf(times: number, work: (number: number) => Promise<unknown>) {
  const taken: number[] = [];
  for (let number = 0; number < times; number += 1) {
    const begun = performance.now();
    await work(number);
    taken.push(performance.now() - begun);
  }
  const sorted = taken.toSorted((one, other) => one - other);
  const quantile = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
  return { p50: quantile(0.5), p99: quantile(0.99) };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of our own API, as tests read them.
async function call(server: BenchServer, method: string, path: string, content?: object): Promise<any> {
  const { url, headers, body } = signedRepoint(server, method, path, content);
  const answer = await fetch(url, { method, headers, ...(body !== '' && { body }) });
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resume) => setTimeout(resume, 50));
}

const count = (number: number) => number.toLocaleString('en-US');
