/**
 * Counts of segments, one membership test, and the enumeration of members, over as many endpoints as
 * REPOINT_BENCH_ENDPOINTS says (a million), beside a hand-written query over a narrow table with typed columns.
 */
import { sql } from 'kysely';
import { generatePeople } from '../scripts/people/people.ts';
import type { WriteSegmentRequest } from '../server/src/contract/pinpoint-types.ts';
import type { Database } from '../server/src/database/index.ts';
import { endpointKey } from '../server/src/domains/audience/index.ts';
import type { Source } from '../server/src/domains/segments/compile.ts';
import { readDefinition } from '../server/src/domains/segments/definition.ts';
import {
  allBuckets,
  type BucketRange,
  countMembers,
  isMember,
  listMembers,
} from '../server/src/domains/segments/members.ts';
import { type AudienceDatabase, openAudienceDatabase, projectNumber } from './audience-database.ts';
import { type Row, rate } from './table.ts';

const endpoints = Number(process.env['REPOINT_BENCH_ENDPOINTS'] ?? 1_000_000);
const rounds = 3;
const scope = { projectNumber, now: new Date() };

interface Question {
  readonly name: string;
  readonly request: WriteSegmentRequest;
  /** The same over `narrow`, by hand. */
  readonly byHand: string;
  readonly aim: string;
}

const one = (
  name: string,
  Values: readonly string[],
  AttributeType?: 'EXCLUSIVE' | 'CONTAINS',
): WriteSegmentRequest => ({
  Dimensions: { Attributes: { [name]: { Values, ...(AttributeType && { AttributeType }) } } },
});

const questions: readonly Question[] = [
  { name: 'one attribute', request: one('plan', ['gold']), byHand: `plan = 'gold'`, aim: '≤ 100 ms' },
  { name: 'one attribute, one in a thousand', request: one('beta', ['yes']), byHand: 'beta', aim: '≤ 10 ms' },
  {
    name: 'three, all of them',
    request: {
      Dimensions: {
        Attributes: { plan: { Values: ['gold', 'platinum'] } },
        Demographic: { Platform: { Values: ['ios'] } },
        Location: { Country: { Values: ['DE'] } },
      },
    },
    byHand: `plan in ('gold', 'platinum') and platform = 'ios' and country = 'DE'`,
    aim: '≤ 100 ms',
  },
  {
    name: 'metric and recency',
    request: {
      Dimensions: {
        Metrics: { cart_items: { ComparisonOperator: 'GREATER_THAN', Value: 3 } },
        Behavior: { Recency: { Duration: 'DAY_7', RecencyType: 'ACTIVE' } },
      },
    },
    byHand: `cart_items > 3 and last_active_at > now() - interval '7 days'`,
    aim: '≤ 250 ms',
  },
  {
    name: 'within 300 km',
    request: {
      Dimensions: {
        Location: { GPSPoint: { Coordinates: { Latitude: 47.4, Longitude: 8.5 }, RangeInKilometers: 300 } },
      },
    },
    byHand: 'latitude between 44.7 and 50.1 and longitude between 4.5 and 12.5',
    aim: '≤ 250 ms',
  },
  { name: 'EXCLUSIVE', request: one('plan', ['free'], 'EXCLUSIVE'), byHand: `plan <> 'free'`, aim: '≤ 250 ms' },
  { name: 'CONTAINS', request: one('plan', ['lat'], 'CONTAINS'), byHand: `plan like '%lat%'`, aim: '≤ 250 ms' },
];

export async function benchSegments(): Promise<Row[]> {
  const audience = await openAudienceDatabase();
  try {
    const written = await audience.write(generatePeople({ endpoints, now: scope.now }), 1_000);
    await prepareNarrow(audience);
    const rows: Row[] = [
      {
        workload: `writing ${endpoints.toLocaleString('en-US')} new endpoints, batches of 1,000`,
        figure: rate(written, 'rows/s'),
        aim: '-',
      },
    ];
    for (const question of questions) rows.push(await measureCount(audience, question));
    return [...rows, await measureMembership(audience), await measureEnumeration(audience)];
  } finally {
    await audience.close();
  }
}

/** The table that somebody would make who knew the questions beforehand. */
async function prepareNarrow({ database }: AudienceDatabase): Promise<void> {
  await sql`
    create table narrow as
    select bucket, id, e.attributes -> 'plan' ->> 0 as plan, e.attributes ? 'beta' as beta,
           e.demographic ->> 'Platform' as platform, e.location ->> 'Country' as country,
           (e.metrics ->> 'cart_items')::float8 as cart_items, f.latitude, f.longitude, f.last_active_at
    from endpoints e join endpoint_facets f using (project_number, bucket, id)`.execute(database.query);
  for (const table of ['narrow', 'endpoint_facets', 'endpoints']) {
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(database.query);
  }
}

function sourceOf(request: WriteSegmentRequest): Source {
  const { groups, include } = readDefinition(request);
  return { kind: 'definition', definition: { include, groups: groups.map((group) => ({ ...group, sources: [] })) } };
}

async function measureCount({ database }: AudienceDatabase, { name, request, byHand, aim }: Question): Promise<Row> {
  const source = sourceOf(request);
  let total = 0;
  const took = await best(async () => {
    total = (await countMembers(database.query, source, scope)).total;
  });
  const ceiling = await best(() => sql`select count(*) from narrow where ${sql.raw(byHand)}`.execute(database.query));
  return {
    workload: `count, ${name} (${total.toLocaleString('en-US')})`,
    figure: `${took.toFixed(took < 10 ? 1 : 0)} ms`,
    ceiling: `by hand ${ceiling.toFixed(0)} ms`,
    ratio: ceiling / took,
    aim,
  };
}

async function measureMembership({ database }: AudienceDatabase): Promise<Row> {
  const source = sourceOf(one('plan', ['gold']));
  const key = endpointKey(projectNumber, 'email-000001-0');
  const times = 300;
  for (let warm = 0; warm < 20; warm += 1) await isMember(database.query, source, scope, key);
  const took = await best(async () => {
    for (let time = 0; time < times; time += 1) await isMember(database.query, source, scope, key);
  });
  return { workload: 'is this endpoint a member?', figure: `${(took / times).toFixed(2)} ms`, aim: '≤ 1 ms' };
}

async function measureEnumeration({ database }: AudienceDatabase): Promise<Row> {
  const source = sourceOf({});
  const begun = performance.now();
  const middle = allBuckets.endBucket / 2;
  const listed = await Promise.all([
    listRange(database, source, { ...allBuckets, endBucket: middle }),
    listRange(database, source, { ...allBuckets, firstBucket: middle }),
  ]);
  const perSecond = (listed.reduce((sum, count) => sum + count) * 1000) / (performance.now() - begun);
  return {
    workload: 'enumerating all members with address, two ranges at once',
    figure: rate(perSecond, 'rows/s'),
    aim: '≥ 300,000 rows/s',
  };
}

/** @returns how many there are */
async function listRange(database: Database, source: Source, range: BucketRange): Promise<number> {
  let listed = 0;
  const page = 10_000;
  for (let after: readonly [number, string] | undefined; ; ) {
    const members = await listMembers(database, source, scope, { range, after, limit: page });
    listed += members.length;
    const last = members.at(-1);
    if (last === undefined || members.length < page) return listed;
    after = [last.bucket, last.id];
  }
}

/** Milliseconds of the fastest round, after one that warms up. */
async function best(work: () => Promise<unknown>): Promise<number> {
  await work();
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - begun);
  }
  return fastest;
}
