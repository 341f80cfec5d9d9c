/**
 * The same questions and writes while a project grows: at each of REPOINT_BENCH_SIZES (100,000 and 300,000; a release is
 * looked at with 100000,1000000,5000000). The first people are written as clients write; the others are made of them by
 * SQL, with ids, users and addresses of their own. Nothing may grow faster than the project, and writing not at all.
 */
import { sql } from 'kysely';
import { generatePeople } from '../scripts/people/people.ts';
import type { WriteSegmentRequest } from '../server/src/contract/pinpoint-types.ts';
import { type Database, readInKeyOrder } from '../server/src/database/index.ts';
import { readPage } from '../server/src/domains/campaigns/run/enumerate.ts';
import type { Source } from '../server/src/domains/segments/compile.ts';
import { readDefinition } from '../server/src/domains/segments/definition.ts';
import { describeList } from '../server/src/domains/segments/listed.ts';
import { allBuckets, countMembers, listMembers } from '../server/src/domains/segments/members.ts';
import { newMembership } from '../server/src/domains/segments/store.ts';
import { openAudienceDatabase, projectNumber } from './audience-database.ts';
import { type Row, rate } from './table.ts';

const sizes = (process.env['REPOINT_BENCH_SIZES'] ?? '100000,300000').split(',').map(Number);
const scope = { projectNumber, now: new Date() };
const writtenEach = 30_000;
const rounds = 5;

export async function benchGrowth(): Promise<Row[]> {
  const audience = await openAudienceDatabase();
  const { database } = audience;
  try {
    const [first = 0] = sizes;
    await audience.write(generatePeople({ endpoints: first, now: scope.now }), 1_000);
    await sql`create table first_endpoints as select bucket, id from endpoints`.execute(database.query);
    await sql`create table first_users as select bucket, user_id from audience_users`.execute(database.query);
    const rows: Row[] = [];
    let copies = 1;
    for (const size of sizes) {
      for (; copies * first < size; copies += 1) await copyPeople(database, copies);
      await sql`vacuum (analyze)`.execute(database.query);
      rows.push(...(await ask(database, size)));
      const people = [...generatePeople({ endpoints: writtenEach, seed: size, now: scope.now })];
      const fresh = await audience.write(people, 1_000);
      const again = await audience.write(people, 1_000);
      rows.push({
        workload: `${size.toLocaleString('en-US')} endpoints: writing others, and the same again`,
        figure: `${rate(fresh, 'rows/s')}, ${rate(again)}`,
        aim: 'as at any size',
      });
    }
    return rows;
  } finally {
    await audience.close();
  }
}

async function ask(database: Database, size: number): Promise<Row[]> {
  const list = await describeList(database.query, await fillList(database, 100));
  const ofUsers = await describeList(database.query, await fillUserList(database));
  const segments: readonly (readonly [name: string, Source])[] = [
    ['everybody', sourceOf({})],
    ['one attribute', sourceOf({ Dimensions: { Attributes: { plan: { Values: ['gold'] } } } })],
    ['one in a thousand', sourceOf({ Dimensions: { Attributes: { beta: { Values: ['yes'] } } } })],
    ['an imported list of 100', { kind: 'members', list }],
    ['an imported list of a fifth of the users', { kind: 'members', list: ofUsers }],
  ];
  const rows: Row[] = [];
  for (const [name, segment] of segments) {
    const [members, count] = [[] as number[], [] as number[]];
    for (let round = 0; round < rounds; round += 1) {
      count.push(await timeOf(() => countMembers(database.query, segment, scope)));
      const page = { range: allBuckets, after: [300 + round, ''], limit: 100 } as const;
      members.push(await timeOf(() => listMembers(database, segment, scope, page)));
    }
    const run = await timeOf(() => readInKeyOrder(database, (tx) => readPage(tx, segment, runPage)));
    rows.push({
      workload: `${size.toLocaleString('en-US')} endpoints: ${name}`,
      figure: `count ${middle(count)}, page of 100 ${middle(members)}`,
      latency: `page of a campaign ${run.toFixed(0)} ms`,
      aim: 'no faster than the size',
    });
  }
  return rows;
}

const limits = {
  ...{
    daily: undefined,
    dailyOfAll: undefined,
    total: undefined,
    messagesPerSecond: undefined,
    maximumSeconds: undefined,
  },
};
const runPage = {
  ...{ projectNumber, campaignId: 'bench', limits, zones: null, limit: 500, now: scope.now },
  range: { firstBucket: 128, endBucket: 192 },
  after: [150, ''],
} as const;

function sourceOf(request: WriteSegmentRequest): Source {
  const { groups, include } = readDefinition(request);
  return { kind: 'definition', definition: { include, groups: groups.map((group) => ({ ...group, sources: [] })) } };
}

async function fillList({ query }: Database, people: number): Promise<number> {
  const membership = await newMembership(query);
  await sql`
    insert into segment_endpoints (membership, bucket, endpoint_id)
    select ${membership}, bucket, id from endpoint_facets order by last_active_at desc limit ${people}`.execute(query);
  return membership;
}

async function fillUserList({ query }: Database): Promise<number> {
  const membership = await newMembership(query);
  await sql`
    insert into segment_users (membership, bucket, user_id)
    select ${membership}, bucket, user_id from audience_users where hashtext(user_id) % 5 = 0`.execute(query);
  await sql`analyze segment_endpoints, segment_users`.execute(query);
  return membership;
}

/** The rows of the first people once more, for somebody else each. */
async function copyPeople({ query }: Database, copy: number): Promise<void> {
  const suffix = `~${copy}`;
  await sql`
    insert into endpoint_facets (project_number, bucket, id, channel_type, eligible, tokens, metrics, latitude, longitude,
                                 last_active_at)
    select project_number, bucket_of(id || ${suffix}::text), id || ${suffix}::text, channel_type, eligible, tokens, metrics,
           latitude, longitude, last_active_at
    from endpoint_facets join first_endpoints using (bucket, id)`.execute(query);
  await sql`
    insert into endpoints (project_number, bucket, id, channel_type, address, address_key, opt_out, status, cohort, user_id,
                           user_bucket, attributes, metrics, demographic, location, user_attributes, created_at,
                           effective_at, request_id)
    select project_number, bucket_of(id || ${suffix}::text), id || ${suffix}::text, channel_type,
           address || ${suffix}::text, address_key + ${copy}, opt_out, status, cohort, user_id || ${suffix}::text,
           bucket_of(user_id || ${suffix}::text), attributes, metrics, demographic, location, user_attributes, created_at,
           effective_at, request_id
    from endpoints join first_endpoints using (bucket, id)`.execute(query);
  await sql`
    insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
    select project_number, bucket_of(user_id || ${suffix}::text), user_id || ${suffix}::text, attributes,
           array(select id || ${suffix}::text from unnest(endpoint_ids) as id)
    from audience_users join first_users using (bucket, user_id)`.execute(query);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function middle(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const time = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${time.toFixed(time < 10 ? 1 : 0)} ms`;
}
