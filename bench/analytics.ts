/**
 * What counting costs those who append events, and what reading costs: KPIs over 31 days of counters, distinct counts,
 * and a funnel over as many stored events as REPOINT_BENCH_EVENTS says (a million), beside a plain count of the same.
 */
import { sql } from 'kysely';
import type { Database } from '../server/src/database/index.ts';
import { countingEvents } from '../server/src/domains/analytics/counting/count.ts';
import { funnelReport } from '../server/src/domains/analytics/funnels/compute.ts';
import { joinShards } from '../server/src/domains/analytics/housekeeping.ts';
import { countUniques, type KpiQuestion, sumCounters } from '../server/src/domains/analytics/kpis/store.ts';
import { readPeriod } from '../server/src/domains/analytics/pages/period.ts';
import { usageReport } from '../server/src/domains/analytics/pages/usage.ts';
import { EventLog, type NewEvent } from '../server/src/domains/events/index.ts';
import { type AudienceDatabase, openAudienceDatabase, projectNumber } from './audience-database.ts';
import { countFor, makeEvents } from './events.ts';
import { type Row, rate } from './table.ts';

const events = Number(process.env['REPOINT_BENCH_EVENTS'] ?? 1_000_000);
const rounds = 3;
const days = 31;
const now = new Date();

export async function benchAnalytics(): Promise<Row[]> {
  const audience = await openAudienceDatabase();
  try {
    await storeEvents(audience);
    await storeCounters(audience);
    return [
      ...(await measureReads(audience)),
      await measureFunnel(audience),
      await measureAppend(audience, 32, false),
      await measureAppend(audience, 1_000, false),
      await measureAppend(audience, 1_000, true),
    ];
  } finally {
    await audience.close();
  }
}

/** The same events, counted and not: of endpoints that were there today already, or of new ones in every batch. */
async function measureAppend({ database }: AudienceDatabase, batch: number, fresh: boolean): Promise<Row> {
  const append = (log: EventLog) => async () => {
    const made = fresh ? makeNewEvents(batch) : makeEvents(batch, knownEndpoints);
    await database.transaction((tx) => log.append(tx, made));
    return batch;
  };
  const [counting, plain] = [new EventLog([countingEvents()]), new EventLog([])];
  if (!fresh) for (let done = 0; done < knownEndpoints; done += 1_000) await append(counting)();
  const best = { counted: 0, plain: 0 };
  for (let round = 0; round < 2; round += 1) {
    best.counted = Math.max(best.counted, await countFor(append(counting)));
    best.plain = Math.max(best.plain, await countFor(append(plain)));
  }
  const whose = fresh ? 'of new endpoints and users' : 'of active ones';
  return {
    workload: `appending and counting ${whose}, 2 writers, batches of ${batch.toLocaleString('en-US')}`,
    figure: rate(best.counted, 'rows/s'),
    ...(fresh && { memory: await bytesOfMarks(database) }),
    ...{ ceiling: `not counted ${rate(best.plain)}`, ratio: best.counted / best.plain, aim: '-' },
  };
}

const knownEndpoints = 3_000;
let fresh = 0;

function makeNewEvents(count: number): NewEvent[] {
  return makeEvents(count).map((event) => {
    fresh += 1;
    const { custom } = event.record.client_context as { custom: { endpoint: string } };
    const endpoint = custom.endpoint.replace('"user-', `"user-${fresh}-`);
    const record = { ...event.record, client_context: { custom: { endpoint } } };
    return { ...event, endpointId: `new-${fresh}`, record };
  });
}

async function bytesOfMarks({ query }: Database): Promise<string> {
  const size = async (table: string) => {
    const { rows } = await sql<{ bytes: number; rows: number }>`
      select sum(pg_total_relation_size(inhrelid))::bigint as bytes, (select count(*) from ${sql.table(table)}) as rows
      from pg_inherits where inhparent = ${table}::regclass`.execute(query);
    const { bytes = 0, rows: count = 1 } = rows[0] ?? {};
    return Math.round(bytes / Math.max(count, 1));
  };
  return `${await size('analytics_marks')} B a mark, ${await size('analytics_carriers')} B a carrier`;
}

async function storeEvents({ database }: AudienceDatabase): Promise<void> {
  await database.transaction((tx) => new EventLog([]).append(tx, makeEvents(1)));
  const kinds = `array['view', 'view', 'view', 'cart', 'cart', 'checkout', 'pay', 'other']`;
  await sql`
    insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope, attributes)
    select ${projectNumber}, n % 1024, ${now}, (${sql.raw(kinds)})[1 + (random() * 7)::int],
           ${now}::timestamptz - random() * interval '20 hours', 'endpoint-' || (random() * ${events / 20})::int,
           json_build_object('filling', repeat('x', 400))::text, jsonb_build_object('sku', n)
    from generate_series(1, ${events}::int) as n`.execute(database.query);
  await sql`vacuum (analyze) events`.execute(database.query);
}

const metrics = ['sent', 'hard bounced', 'soft bounced', 'rejected', 'opened', 'every click', 'clicked', 'complained'];

/** As many rows as 31 days of mails around the clock leave, with today in four shards and the days before joined. */
async function storeCounters({ database }: AudienceDatabase): Promise<void> {
  await sql`
    insert into analytics_counters
    select ${projectNumber}, 'direct email ' || metric,
           date_bin('30 minutes', ${now}::timestamptz, to_timestamp(0)) - slot * interval '30 minutes',
           '', '', '', '', shard, 100
    from unnest(${metrics}::text[]) as metric, generate_series(0, ${days * 48}) as slot, generate_series(0, 3) as shard
  `.execute(database.query);
  await sql`
    insert into analytics_uniques
    select ${projectNumber}, metric, '', today - day, case when age > 90 then -1 else today - day - age end, shard, 7
    from (select floor(extract(epoch from ${now}::timestamptz) / 86400)::int as today) as times,
         unnest(array['direct opened', 'endpoint', 'user']) as metric,
         generate_series(0, 60) as day, generate_series(1, 91) as age, generate_series(0, 3) as shard
    on conflict do nothing`.execute(database.query);
  await sql`insert into accounts (account_id, name, created_at) values ('000000000000', 'bench', ${now})
    on conflict do nothing`.execute(database.query);
  await sql`
    insert into projects (account_id, region, id, name, created_at)
    values ('000000000000', 'us-east-1', 'bench', 'bench', ${now})`.execute(database.query);
  await joinShards(database, now);
  for (const table of ['analytics_counters', 'analytics_uniques']) {
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(database.query);
  }
}

async function measureReads({ database }: AudienceDatabase): Promise<Row[]> {
  const question: KpiQuestion = {
    ...{ projectNumber, grouping: 'Date', campaignId: undefined },
    ...{ start: new Date(now.getTime() - days * 24 * 3600 * 1000), end: now },
  };
  const kpi = await best(() =>
    sumCounters(
      database.query,
      question,
      metrics.slice(0, 4).map((name) => `direct email ${name}`),
    ),
  );
  const distinct = await best(() => countUniques(database.query, { ...question, grouping: 'none' }, 'direct opened'));
  const usage = await best(() => usageReport(database.query, projectNumber, readPeriod({}, now)));
  const stored = `with ${events.toLocaleString('en-US')} events stored`;
  return [
    { workload: `KPI of 4 counters by date, ${days} days, ${stored}`, figure: milliseconds(kpi), aim: '≤ 20 ms' },
    { workload: `KPI of distinct ones, ${days} days`, figure: milliseconds(distinct), aim: '≤ 20 ms' },
    { workload: 'usage report, 30 days', figure: milliseconds(usage), aim: '-' },
  ];
}

async function measureFunnel({ database }: AudienceDatabase): Promise<Row> {
  const Steps = ['view', 'cart', 'checkout', 'pay'].map((EventType) => ({ Name: EventType, Filter: { EventType } }));
  const period = readPeriod({ StartDate: new Date(now.getTime() - 24 * 3600 * 1000).toISOString().slice(0, 10) }, now);
  const funnel = { Name: 'bench', Steps, WindowSeconds: 6 * 3600 };
  const took = await best(() => funnelReport(database, projectNumber, period, funnel));
  const plain = await best(() =>
    sql`select type, count(*) from events where project_number = ${projectNumber} group by 1`.execute(database.query),
  );
  return {
    workload: `funnel of four steps over ${events.toLocaleString('en-US')} events`,
    ...{ figure: milliseconds(took), ceiling: `count by type ${milliseconds(plain)}`, ratio: plain / took },
    aim: '≤ 1,000 ms for a million',
  };
}

async function best(work: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    shortest = Math.min(shortest, performance.now() - begun);
  }
  return shortest;
}

function milliseconds(figure: number): string {
  return `${figure < 10 ? figure.toFixed(1) : Math.round(figure).toLocaleString('en-US')} ms`;
}
