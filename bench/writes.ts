/**
 * The coalescer against what surrounds it: durable upserts of 1 KB rows by concurrent callers, each waiting for its own
 * commit; the same as single statements, the best pool size counting; and plain COPY into a table without keys.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Coalescer, jsonbArray, openEmbedded, textArray } from '../server/src/database/index.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { temporaryDataDirectory } from './processes.ts';
import { type Row, rate } from './table.ts';

const seconds = 4;
const keys = 60_000;
const callers = 256;
const rounds = 3;

interface EndpointRow {
  readonly id: string;
  readonly attributes: string;
}

/** Rows as arrays, as every batch of the server. */
const upsert = `insert into bench_rows (id, attributes)
  select id, attributes from unnest($1::text[], $2::jsonb[]) as given (id, attributes)
  order by id on conflict (id) do update set attributes = excluded.attributes`;

export async function benchWrites(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const embedded = await openEmbedded({ dataDirectory: data.path, mode: 'serve', logger: createLogger('warn') });
  const { connection } = embedded;
  try {
    const pool = new pg.Pool({ connectionString: connection.url, max: 16 });
    // The server is shut down right after the pool, and may say so on connections that are being closed.
    pool.on('error', () => undefined);
    await pool.query('create table bench_rows (id text primary key, attributes jsonb) with (fillfactor = 80)');
    await pool.query('create table bench_copy (id text, attributes jsonb)');
    const coalesced: number[] = [];
    const single: number[] = [];
    const copied: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      coalesced.push(await measureCoalesced(pool));
      for (const connections of [4, 8, 16]) single.push(await measureSingle(pool, connections));
      copied.push(await measureCopy(pool));
    }
    await pool.end();
    return rows(Math.max(...coalesced), Math.max(...single), Math.max(...copied));
  } finally {
    await embedded.close();
    data.remove();
  }
}

function rows(coalesced: number, single: number, copied: number): Row[] {
  return [
    {
      workload: `upserts of 1 KB, coalesced, ${callers} callers, durable`,
      figure: rate(coalesced, 'rows/s'),
      ceiling: `best single-row ${rate(single)}`,
      ratio: coalesced / single,
      aim: '≥ 4 × single-row',
    },
    {
      workload: 'the same, against plain COPY',
      figure: rate(coalesced, 'rows/s'),
      ceiling: `COPY ${rate(copied)}`,
      ratio: coalesced / copied,
      aim: '-',
    },
  ];
}

let next = 0;

/** Keys come from a pool, so that most writes are updates. */
function makeRow(): EndpointRow {
  next = (next + 7_919) % keys;
  const filler = String(next).padStart(8, '0').repeat(12);
  const attributes = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`attribute${index}`, [filler]]));
  return { id: `endpoint-${next}`, attributes: JSON.stringify(attributes) };
}

async function measureCoalesced(pool: pg.Pool): Promise<number> {
  const coalescer = new Coalescer<EndpointRow, void>({
    name: 'bench',
    maximumBatch: 200,
    maximumInFlight: 2,
    maximumWaiting: 10_000,
    key: (row) => row.id,
    async run(batch) {
      const values = [textArray(batch.map(({ id }) => id)), jsonbArray(batch.map(({ attributes }) => attributes))];
      await pool.query({ name: 'coalesced upsert', text: upsert, values });
      return batch.map(() => undefined);
    },
  });
  return countFor(callers, () => coalescer.submit(makeRow()));
}

async function measureSingle(pool: pg.Pool, connections: number): Promise<number> {
  const text = 'insert into bench_rows values ($1, $2) on conflict (id) do update set attributes = excluded.attributes';
  return countFor(connections, async () => {
    const { id, attributes } = makeRow();
    await pool.query({ name: 'single upsert', text, values: [id, attributes] });
  });
}

/** Calls per second of so many callers, each calling again as soon as it was answered. */
async function countFor(parallel: number, call: () => Promise<void>): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: parallel }, caller));
  return done / seconds;
}

async function measureCopy(pool: pg.Pool): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const copier = async () => {
    const client = await pool.connect();
    while (performance.now() < until) {
      const lines = Array.from({ length: 1000 }, () => {
        const { id, attributes } = makeRow();
        return `${id}\t${attributes}\n`;
      });
      await pipeline(Readable.from([lines.join('')]), client.query(copyFrom('copy bench_copy from stdin')));
      done += 1000;
    }
    client.release();
  };
  await Promise.all([copier(), copier()]);
  const client = await pool.connect();
  await client.query('truncate bench_copy');
  client.release();
  return done / seconds;
}
