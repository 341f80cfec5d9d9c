/**
 * PutEvents through HTTP, and appending events in durable transactions without it, in batches as single requests bring
 * them and as campaigns do, beside COPY of the same records, one transaction a thousand, into the same table with its
 * indexes and into a bare one.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { appEvent, EventLog, type NewEvent } from '../server/src/domains/events/index.ts';
import { storeRecord } from '../server/src/domains/events/stored-record.ts';
import { bucketOf } from '../server/src/kernel/bucket.ts';
import { openAudienceDatabase, projectNumber } from './audience-database.ts';
import { createProject } from './http.ts';
import { type BenchServer, runLoad, startRepoint, temporaryDataDirectory } from './processes.ts';
import { type SignedRequest, signedPost } from './signing.ts';
import { type Row, rate } from './table.ts';

const log = new EventLog([]);
const seconds = 1.5;
const rounds = 2;
const writers = 2;
const copyBatch = 1_000;

export async function benchEvents(): Promise<Row[]> {
  const { rows, ceiling } = await benchAppending();
  return [...rows, ...(await benchPutEvents(ceiling))];
}

/** @returns with the rate of COPY into the table as it is */
async function benchAppending(): Promise<{ readonly rows: Row[]; readonly ceiling: number }> {
  const { database, connection, close } = await openAudienceDatabase();
  const pool = new pg.Pool({ connectionString: connection.url, max: writers });
  pool.on('error', () => undefined); // The server is shut down right after the pool.
  try {
    await database.transaction((tx) => log.append(tx, makeEvents(1)));
    await pool.query('create table bench_events (like events including defaults)');
    const append = (batch: number) => async () => {
      await database.transaction((tx) => log.append(tx, makeEvents(batch)));
      return batch;
    };
    const best = { small: 0, large: 0, copied: 0, bare: 0 };
    for (let round = 0; round < rounds; round += 1) {
      best.small = Math.max(best.small, await countFor(append(32)));
      best.large = Math.max(best.large, await countFor(append(1_000)));
      best.copied = Math.max(best.copied, await countFor(() => copy(pool, 'events')));
      best.bare = Math.max(best.bare, await countFor(() => copy(pool, 'bench_events')));
    }
    const ceiling = `COPY ${rate(best.copied)}, without indexes ${rate(best.bare)}`;
    const row = (batch: number, figure: number, aim: string): Row => ({
      workload: `appending events of 0.8 KB, ${writers} writers, batches of ${batch.toLocaleString('en-US')}`,
      ...{ figure: rate(figure, 'rows/s'), ceiling, ratio: figure / best.copied, aim },
    });
    return { rows: [row(32, best.small, '-'), row(1_000, best.large, '≥ 0.50')], ceiling: best.copied };
  } finally {
    await pool.end();
    await close();
  }
}

const connections = 64;
const loadSeconds = 4;
const people = 20_000;

async function benchPutEvents(ceiling: number): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path);
  try {
    const path = `/v1/apps/${await createProject(server)}/events`;
    const prepare = (count: number, endpoint: object, calls = people) =>
      Array.from({ length: calls }, (_, call) => signedPost(server, path, callOf(call, count, endpoint)));
    const profile = {
      ...{ ChannelType: 'EMAIL', EndpointStatus: 'ACTIVE', OptOut: 'NONE' },
      Demographic: { Locale: 'pt_PT', Platform: 'web', PlatformVersion: '130', Timezone: 'Europe/Lisbon' },
    };
    // Whoever sends events is known, mostly: the first round makes them.
    await measure(server, prepare(1, profile), { connections, seconds: 3 });
    const single = await measure(server, prepare(1, {}), { connections, seconds: loadSeconds });
    const profiled = await measure(server, prepare(1, profile), { connections, seconds: loadSeconds });
    const batch = await measure(server, prepare(100, {}, 1_000), { connections: 16, seconds: loadSeconds });
    const row = (workload: string, figures: Awaited<ReturnType<typeof measure>>, count: number, aim: string): Row => ({
      workload,
      figure: rate(figures.requestsPerSecond * count, count === 1 ? 'requests/s' : 'events/s'),
      latency: `${figures.p50Milliseconds.toFixed(1)} / ${figures.p99Milliseconds.toFixed(1)} ms`,
      ceiling: `COPY ${rate(ceiling)}`,
      ratio: (figures.requestsPerSecond * count) / ceiling,
      aim,
    });
    return [
      row(`PutEvents, one event, \`Endpoint: {}\`, signed, ${connections} connections`, single, 1, '≥ 8,000/s'),
      row(`PutEvents, one event and its endpoint, signed, ${connections} connections`, profiled, 1, '-'),
      row('PutEvents, 100 events a call, signed, 16 connections', batch, 100, '≥ 60,000/s'),
    ];
  } finally {
    await server.stop();
    data.remove();
  }
}

/** `EMAIL` needs an address. */
function callOf(call: number, count: number, endpoint: object): object {
  const id = `endpoint-${(call * 7_919) % people}`;
  const isProfile = Object.keys(endpoint).length > 0;
  const now = new Date().toISOString();
  const events = Array.from({ length: count }, (_, index) => [
    `event-${call}-${index}`,
    {
      ...{ EventType: 'cart.add', Timestamp: now, AppTitle: 'Shop', AppPackageName: 'com.acme.shop' },
      ...{ Attributes: { sku: `GLV-${index}`, colour: 'green' }, Metrics: { price: 12.5, quantity: index % 7 } },
      Session: { Id: `s-${call % 1_000}`, StartTimestamp: now },
    },
  ]);
  const Endpoint = isProfile ? { ...endpoint, Address: `${id}@example.com`, User: { UserId: `user-${call}` } } : {};
  return { BatchItem: { [id]: { Endpoint, Events: Object.fromEntries(events) } } };
}

async function measure(
  { port }: BenchServer,
  requests: readonly SignedRequest[],
  { connections: parallel, seconds: duration }: { readonly connections: number; readonly seconds: number },
) {
  const texts = requests.map(({ text }) => text);
  const result = await runLoad({ port, connections: parallel, seconds: duration, requests: texts });
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  return result;
}

let made = 0;

/** @param endpoints among how many they are spread */
export function makeEvents(count: number, endpoints = 100_000): NewEvent[] {
  const now = new Date();
  return Array.from({ length: count }, () => {
    made += 1;
    const endpointId = `endpoint-${(made * 7_919) % endpoints}`;
    return appEvent(
      { number: projectNumber, accountId: '000000000000', id: '6f0d2a55c1e94b0d8e7f31a2b3c4d5e6' },
      {
        ...{ endpointId, occurredAt: now, arrivedAt: now },
        endpoint: {
          ...{
            ChannelType: 'EMAIL',
            EndpointStatus: 'ACTIVE',
            OptOut: 'NONE',
            User: { UserId: `user-${((made * 7_919) % endpoints) % 50_000}` },
          },
          Demographic: { Locale: 'pt_PT', Platform: 'web', PlatformVersion: '130', Timezone: 'Europe/Lisbon' },
        },
        event: {
          ...{ EventType: 'cart.add', Timestamp: now.toISOString(), AppTitle: 'Shop', AppPackageName: 'com.acme.shop' },
          ...{ Attributes: { sku: `GLV-${made}`, colour: 'green' }, Metrics: { price: 12.5, quantity: made % 7 } },
          Session: { Id: `s-${made % 1_000}`, StartTimestamp: now.toISOString() },
        },
      },
    );
  });
}

async function copy(pool: pg.Pool, table: string): Promise<number> {
  const client = await pool.connect();
  const lines = makeEvents(copyBatch).map(({ endpointId = '', record }) => {
    const at = new Date(record.arrival_timestamp).toISOString();
    const { envelope, attributes, metrics, endpoint } = storeRecord(record);
    const stored = [envelope, attributes, metrics, endpoint].map((text) => text?.replaceAll('\\', '\\\\') ?? '\\N');
    const key = [projectNumber, bucketOf(endpointId), at, record.event_type, at, endpointId];
    return `${[...key, ...stored].join('\t')}\n`;
  });
  const columns =
    'project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope, attributes, metrics, endpoint';
  await pipeline(Readable.from([lines.join('')]), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
  client.release();
  return copyBatch;
}

/** Rows per second of all writers. */
export async function countFor(write: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let rows = 0;
  const writer = async () => {
    while (performance.now() < until) rows += await write();
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return rows / ((performance.now() - begun) / 1000);
}
