/**
 * What counting costs those who append events, and what reading costs: KPIs over 31 days of counters, distinct counts,
 * and a funnel over as many stored events as REPOINT_BENCH_EVENTS says (a million), beside a plain count of the same.
 */
import { sql } from 'kysely';
import { countEvents } from '../server/src/domains/analytics/counting/count.ts';
import { funnelReport } from '../server/src/domains/analytics/funnels/compute.ts';
import { joinShards } from '../server/src/domains/analytics/housekeeping.ts';
import { countUniques, sumCounters } from '../server/src/domains/analytics/kpis/store.ts';
import { readPeriod } from '../server/src/domains/analytics/pages/period.ts';
import { usageReport } from '../server/src/domains/analytics/pages/usage.ts';
import { EventLog } from '../server/src/domains/events/index.ts';
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
      await measureAppend(audience, 32),
      await measureAppend(audience, 1_000),
    ];
  } finally {
    await audience.close();
  }
}

/** The same events, with counters and without; every endpoint is new today at first, and known soon. */
async function measureAppend({ database }: AudienceDatabase, batch: number): Promise<Row> {
  const append = (log: EventLog) => async () => {
    await database.transaction((tx) => log.append(tx, makeEvents(batch)));
    return batch;
  };
  const best = { counted: 0, plain: 0 };
  const [counting, plain] = [new EventLog([countEvents]), new EventLog([])];
  for (let round = 0; round < rounds; round += 1) {
    best.counted = Math.max(best.counted, await countFor(append(counting)));
    best.plain = Math.max(best.plain, await countFor(append(plain)));
  }
  const { rows } = await sql<{ bytes: number; rows: number }>`
    select (select sum(pg_total_relation_size(inhrelid)) from pg_inherits
            where inhparent in ('analytics_marks'::regclass, 'analytics_carriers'::regclass))::bigint as bytes,
           (select count(*) from analytics_marks) + (select count(*) from analytics_carriers) as rows`.execute(
    database.query,
  );
  const { bytes = 0, rows: marks = 1 } = rows[0] ?? {};
  return {
    workload: `appending and counting, 2 writers, batches of ${batch.toLocaleString('en-US')}`,
    figure: rate(best.counted, 'rows/s'),
    memory: `${Math.round(bytes / Math.max(marks, 1))} B a mark`,
    ...{ ceiling: `not counted ${rate(best.plain)}`, ratio: best.counted / best.plain, aim: '-' },
  };
}

async function storeEvents({ database }: AudienceDatabase): Promise<void> {
  await database.transaction((tx) => new EventLog([]).append(tx, makeEvents(1)));
  const kinds = `array['view', 'view', 'view', 'cart', 'cart', 'checkout', 'pay', 'other']`;
  await sql`
    insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, record)
    select ${projectNumber}, n % 1024, ${now}, (${sql.raw(kinds)})[1 + (random() * 7)::int],
           ${now}::timestamptz - random() * interval '20 hours', 'endpoint-' || (random() * ${events / 20})::int,
           jsonb_build_object('attributes', jsonb_build_object('sku', n, 'filling', repeat('x', 400)))
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
  const question = {
    ...{ projectNumber, grouping: 'Date', campaignId: undefined },
    ...{ start: new Date(now.getTime() - days * 24 * 3600 * 1000), end: now },
  } as const;
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
