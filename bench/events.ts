/**
 * Appending events in durable transactions, in batches as single requests bring them and as campaigns do, beside COPY of
 * the same records, one transaction a thousand, into the same table with its indexes and into a bare one.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { appEvent, EventLog, type NewEvent } from '../server/src/domains/events/index.ts';
import { bucketOf } from '../server/src/kernel/bucket.ts';
import { openAudienceDatabase, projectNumber } from './audience-database.ts';
import { type Row, rate } from './table.ts';

const log = new EventLog([]);
const seconds = 1.5;
const rounds = 2;
const writers = 2;
const copyBatch = 1_000;

export async function benchEvents(): Promise<Row[]> {
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
    return [row(32, best.small, '-'), row(1_000, best.large, '≥ 0.50')];
  } finally {
    await pool.end();
    await close();
  }
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
    const json = JSON.stringify(record).replaceAll('\\', '\\\\');
    return `${projectNumber}\t${bucketOf(endpointId)}\t${at}\t${record.event_type}\t${at}\t${endpointId}\t${json}\n`;
  });
  const columns = 'project_number, bucket, arrived_at, type, occurred_at, endpoint_id, record';
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
