/**
 * What is stored of events, and how it goes on growing: bytes an event, appending with few and with many events stored, the
 * timeline of one endpoint among them, and how long an event takes to its stream. As many as REPOINT_BENCH_EVENTS says (a
 * million), filled in by PostgreSQL itself.
 */
import { sql } from 'kysely';
import { claimRange, createWork, type Database, type Lease, Notifications } from '../server/src/database/index.ts';
import { AppendNews, EventLog } from '../server/src/domains/events/index.ts';
import { listEvents } from '../server/src/domains/events/store.ts';
import { topics } from '../server/src/domains/events/streams/append-news.ts';
import type { EventDestination } from '../server/src/domains/events/streams/destination.ts';
import { StreamReader } from '../server/src/domains/events/streams/reader.ts';
import { putStream } from '../server/src/domains/events/streams/store.ts';
import { streamWork } from '../server/src/domains/events/streams/work.ts';
import { bucketOf } from '../server/src/kernel/bucket.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { type AudienceDatabase, openAudienceDatabase, projectNumber } from './audience-database.ts';
import { countFor, makeEvents } from './events.ts';
import { type Row, rate } from './table.ts';

const events = Number(process.env['REPOINT_BENCH_EVENTS'] ?? 1_000_000);
const shown = events.toLocaleString('en-US');
const log = new EventLog([]);
/** Among whom stored events are spread: a hundred of each. */
const endpoints = Math.max(Math.floor(events / 100), 1);
const timelines = 300;
const streamSeconds = 4;
const appendsPerSecond = 20;
const eventsOfAppend = 50;

export async function benchStoredEvents(): Promise<Row[]> {
  const audience = await openAudienceDatabase();
  try {
    const { database } = audience;
    const few = await append(database);
    const size = await measureSize(database);
    await fill(database);
    const many = await append(database);
    return [
      size,
      {
        workload: `appending events, batches of 1,000, with ${shown} events stored`,
        ...{ figure: rate(many, 'rows/s'), ceiling: `with none stored ${rate(few)}`, ratio: many / few, aim: '-' },
      },
      await measureTimelines(database),
      await measureStream(audience),
    ];
  } finally {
    await audience.close();
  }
}

function append(database: Database): Promise<number> {
  return countFor(async () => {
    await database.transaction((tx) => log.append(tx, makeEvents(1_000)));
    return 1_000;
  });
}

/** Of what the server itself appended, after its first second; the log of changes without images of pages. */
async function measureSize({ query, transaction }: Database): Promise<Row> {
  await sql`checkpoint`.execute(query);
  const position = async () => {
    const { rows } = await sql<{ bytes: number }>`
      select (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 as bytes`.execute(query);
    return rows[0]?.bytes ?? 0;
  };
  const added = 20_000;
  // Pages are written to for the second time here.
  await transaction((tx) => log.append(tx, makeEvents(1_000)));
  const before = await position();
  for (let done = 0; done < added; done += 1_000) await transaction((tx) => log.append(tx, makeEvents(1_000)));
  const wal = ((await position()) - before) / added;
  const { rows } = await sql<{ table: number; indexes: number; count: number }>`
    select sum(pg_table_size(inhrelid))::float8 as table, sum(pg_indexes_size(inhrelid))::float8 as indexes,
           (select count(*) from events) as count
    from pg_inherits where inhparent = 'events'::regclass`.execute(query);
  const { table = 0, indexes = 0, count = 1 } = rows[0] ?? {};
  const bytes = (figure: number) => `${Math.round(figure)} B`;
  return {
    workload: 'bytes of an event of 0.8 KB on disk, with its indexes',
    figure: bytes((table + indexes) / count),
    memory: `table ${bytes(table / count)}, indexes ${bytes(indexes / count)}, log of changes ${bytes(wal)}`,
    aim: '-',
  };
}

/** Each with a record of 0.5 KB; in the order in which they came, as the server writes them. */
async function fill({ query }: Database): Promise<void> {
  const step = 500_000;
  for (let done = 0; done < events; done += step) {
    await sql`
      insert into events (
        project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, envelope, attributes)
      select ${projectNumber}, bucket_of(id), now(), 'cart.add', now(), id, 1,
             json_build_object('event_type', 'cart.add', 'client', json_build_object('client_id', id),
                               'filling', repeat('x', 400))::text,
             jsonb_build_object('sku', n)
      from (select n, 'stored-' || n % ${endpoints} as id
            from generate_series(${done + 1}::int, ${Math.min(done + step, events)}::int) as n) as made`.execute(query);
  }
  await sql`vacuum (analyze) events`.execute(query);
}

async function measureTimelines({ query }: Database): Promise<Row> {
  const took: number[] = [];
  for (let index = 0; index < timelines; index += 1) {
    const id = `stored-${(index * 7_919) % endpoints}`;
    const begun = performance.now();
    const found = await listEvents(query, { projectNumber, bucket: bucketOf(id), id }, undefined, 50);
    took.push(performance.now() - begun);
    if (found.length === 0) throw new Error('A timeline was empty.');
  }
  return {
    workload: `timeline of one endpoint, 50 events, among ${shown} events`,
    ...{ figure: milliseconds(quantile(took, 0.5)), latency: latencyOf(took), aim: '≤ 10 ms among 10 million' },
  };
}

/** From the append, as the record tells it, to the request of a destination that takes everything at once. */
async function measureStream({ database, connection }: AudienceDatabase): Promise<Row> {
  const logger = createLogger('silent');
  const notifications = new Notifications(connection, logger);
  const took: number[] = [];
  const destination: EventDestination = {
    ...{ limits: { records: 500, bytes: 5_000_000, recordBytes: 1_000_000 }, takesWhole: true, gatherMilliseconds: 0 },
    async send(records) {
      const now = Date.now();
      for (const { arrivedAt } of records) took.push(now - arrivedAt.getTime());
      return [];
    },
    close: async () => undefined,
  };
  const news = new AppendNews({ database, notifications, logger });
  const lease = await openStream(database);
  const reader = new StreamReader(
    { database, clock: systemClock, logger, openDestination: () => destination },
    projectNumber,
    lease,
  );
  notifications.subscribe({ topic: topics.appended, changed: () => reader.wake(), forgetAll: () => reader.wake() });
  await notifications.run();
  const ending = new AbortController();
  const reading = reader.run(ending.signal);
  const appended = await appendSteadily(database, new EventLog([news.handler]));
  for (const until = Date.now() + 10_000; took.length < appended && Date.now() < until; ) await pause(20);
  ending.abort();
  await reading;
  await news.stop();
  await notifications.stop();
  if (took.length < appended) throw new Error(`${appended - took.length} events did not reach their stream.`);
  return {
    workload: `event to stream record, ${(appendsPerSecond * eventsOfAppend).toLocaleString('en-US')} events/s`,
    ...{ figure: milliseconds(quantile(took, 0.5)), latency: latencyOf(took), aim: 'p99 ≤ 1,000 ms' },
  };
}

async function openStream(database: Database): Promise<Lease> {
  await database.transaction(async (tx) => {
    await createWork(tx, streamWork(projectNumber), 1);
    await putStream(tx, {
      ...{ projectNumber, now: new Date(), by: 'bench', sealedSecret: null },
      destination: { kind: 'WEBHOOK', settings: { url: 'https://bench.example' } },
    });
  });
  const lease = await claimRange(database.query, streamWork(projectNumber), 'bench');
  if (lease === undefined) throw new Error('The stream could not be claimed.');
  return lease;
}

async function appendSteadily(database: Database, streamed: EventLog): Promise<number> {
  const appends = streamSeconds * appendsPerSecond;
  for (let done = 0; done < appends; done += 1) {
    await database.transaction((tx) => streamed.append(tx, makeEvents(eventsOfAppend)));
    await pause(1_000 / appendsPerSecond);
  }
  return appends * eventsOfAppend;
}

function pause(duration: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, duration));
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] as number;
}

function latencyOf(figures: readonly number[]): string {
  return `${quantile(figures, 0.5).toFixed(1)} / ${quantile(figures, 0.99).toFixed(1)} ms`;
}

function milliseconds(figure: number): string {
  return `${figure.toFixed(1)} ms`;
}
