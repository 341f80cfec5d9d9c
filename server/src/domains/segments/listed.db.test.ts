/**
 * Imported lists, alone and within definitions: whichever way rows are found (each by its key, all at once, page by page),
 * those and only those are found that a plain reading of the list says.
 */
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import { readInKeyOrder } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import { compileSegment, type Source } from './compile.ts';
import type { Quantifier, Test } from './definition.ts';
import { describeList, type MemberList } from './listed.ts';
import { countMembers, listMembers, membersAmong, sampleMembers } from './members.ts';
import { addMembers, newMembership } from './store.ts';

const { database } = await openTestDatabase();
const projectNumber = 1;
const scope = { projectNumber, now: new Date('2026-11-26T12:00:00Z') };

interface Person {
  readonly id: string;
  readonly userId: string | undefined;
  readonly channelType: string;
}

const people: readonly Person[] = Array.from({ length: 240 }, (_, index) => ({
  id: `e${index}`,
  // Some users have several endpoints, some endpoints have no user.
  userId: index % 5 === 0 ? undefined : `u${index % 70}`,
  channelType: index % 3 === 0 ? 'SMS' : 'EMAIL',
}));

beforeAll(async () => {
  const { query } = database;
  // Another project has the same ids, and is on no list of this one.
  for (const number of [projectNumber, 2]) {
    const rows = JSON.stringify(
      people.map(({ id, userId, channelType }) => ({
        ...{
          project_number: number,
          bucket: bucketOf(id),
          id,
          channel_type: channelType,
          address: `${id}@example.com`,
        },
        ...{ user_id: userId, user_bucket: userId === undefined ? undefined : bucketOf(userId) },
      })),
    );
    await sql`
      insert into endpoints (project_number, bucket, id, channel_type, address, opt_out, status, cohort, user_id,
                             user_bucket, attributes, metrics, demographic, location, user_attributes, created_at,
                             effective_at, request_id)
      select project_number, bucket, id, channel_type, address, 'NONE', 'ACTIVE', 0, user_id, user_bucket, '{}', '{}', '{}',
             '{}', '{}', now(), now(), ''
      from json_populate_recordset(null::endpoints, ${rows}::json)`.execute(query);
    await sql`
      insert into endpoint_facets (project_number, bucket, id, channel_type, eligible, tokens, last_active_at)
      select project_number, bucket, id, channel_type, true, '{}', now() from endpoints
      where project_number = ${number}`.execute(query);
    await sql`
      insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
      select project_number, user_bucket, user_id, '{}', array_agg(id) from endpoints
      where project_number = ${number} and user_id is not null group by 1, 2, 3`.execute(query);
  }
});

interface Listed {
  readonly endpointIds: readonly string[];
  readonly userIds: readonly string[];
}

const idsOf = (prefix: string, most: number, maxLength: number) =>
  fc.uniqueArray(
    fc.nat({ max: most }).map((number) => `${prefix}${number}`),
    { maxLength },
  );
/** Also of ids that nobody has. */
const listed: fc.Arbitrary<Listed> = fc.record({
  endpointIds: idsOf('e', 300, 80),
  userIds: fc.oneof(fc.constant([]), idsOf('u', 90, 30)),
});
const quantifier = fc.constantFrom<Quantifier>('ALL', 'ANY', 'NONE');
/** How a segment is based on a list; null: it is the list. */
const use = fc.option(
  fc.record({
    include: quantifier,
    sourceType: quantifier,
    type: quantifier,
    onlyMail: fc.boolean(),
    nested: fc.boolean(),
  }),
);
type Use = typeof use extends fc.Arbitrary<infer Value> ? Value : never;

const onlyMail: Test = { kind: 'set', of: 'Channel', values: ['EMAIL'], excluded: false };

function sourceOf(list: MemberList, how: Use): Source {
  const members: Source = { kind: 'members', list };
  if (how === null) return members;
  const { include, sourceType, type, nested } = how;
  const group = { sources: [members], sourceType, type, dimensions: how.onlyMail ? [[onlyMail]] : [] };
  const definition: Source = { kind: 'definition', definition: { include, groups: [group] } };
  if (!nested) return definition;
  const outer = { sources: [definition], sourceType: 'ALL', type: 'ALL', dimensions: [] } as const;
  return { kind: 'definition', definition: { include: 'ALL', groups: [outer] } };
}

function expected({ endpointIds, userIds }: Listed, how: Use): string[] {
  const negates = (one: Quantifier, is: boolean) => (one === 'NONE' ? !is : is);
  const isMember = ({ id, userId, channelType }: Person) => {
    const isListed = endpointIds.includes(id) || (userId !== undefined && userIds.includes(userId));
    if (how === null) return isListed;
    const filter = how.onlyMail ? negates(how.type, channelType === 'EMAIL') : true;
    return negates(how.include, negates(how.sourceType, isListed) && filter);
  };
  return people.filter(isMember).map(({ id }) => id);
}

async function listEverybody(source: Source, limit: number): Promise<string[]> {
  const listedIds: string[] = [];
  for (const range of [
    { firstBucket: 0, endBucket: 500 },
    { firstBucket: 500, endBucket: 1024 },
  ]) {
    for (let after: readonly [number, string] | undefined; ; ) {
      const page = await listMembers(database, source, scope, { range, after, limit });
      const keys = page.map(({ bucket, id }) => [bucket, id] as const);
      expect(keys).toEqual(keys.toSorted((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1)));
      listedIds.push(...keys.map(([, id]) => id));
      after = keys.at(-1);
      if (after === undefined || keys.length < limit) break;
    }
  }
  return listedIds.toSorted();
}

function planOfPage(source: Source): Promise<string[]> {
  const question = { ...scope, exact: true, reads: { endpoint: true, user: true } };
  const { condition, from, key } = compileSegment(source, question, { firstBucket: 128, endBucket: 256, after: null });
  return readInKeyOrder(database, async (tx) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select f.id from ${from} where ${condition}
      order by ${sql.ref(key)}.bucket, ${sql.ref(key)}.id limit 500`.execute(tx);
    return rows.map((row) => row['QUERY PLAN']);
  });
}

describe('imported lists', () => {
  test('are found the same in every reading', { timeout: 120_000 }, async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(listed, use, fc.integer({ min: 1, max: 60 }), async (members, how, limit) => {
        const membership = await newMembership(database.query);
        await database.transaction((tx) => addMembers(tx, membership, members));
        const list = await describeList(database.query, membership);
        expect(list.users).toBe(members.userIds.length === 0 ? 'none' : 'few');
        const wanted = expected(members, how).toSorted();
        found += wanted.length;
        for (const users of list.users === 'none' ? (['none'] as const) : (['few', 'many'] as const)) {
          const source = sourceOf({ membership, users }, how);
          const keys = people.map(({ id }) => ({ bucket: bucketOf(id), id }));
          expect([...(await membersAmong(database.query, source, scope, keys))].toSorted()).toEqual(wanted);
          expect((await countMembers(database.query, source, scope)).total).toBe(wanted.length);
          expect(await listEverybody(source, limit)).toEqual(wanted);
          const samples = await sampleMembers(database.query, source, scope, 20);
          expect(samples).toHaveLength(Math.min(20, wanted.length));
          expect(samples.filter((id) => !wanted.includes(id))).toEqual([]);
        }
      }),
      { numRuns: 40, seed: 11 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test('lead to their endpoints, and are not looked for in all of them', async () => {
    const membership = await newMembership(database.query);
    await database.transaction((tx) => addMembers(tx, membership, { endpointIds: ['e7'], userIds: [] }));
    const plan = await planOfPage({ kind: 'members', list: await describeList(database.query, membership) });
    expect(plan.filter((line) => /Seq Scan|Sort/.test(line))).toEqual([]);
    // The list is what is read first.
    expect(plan.find((line) => /Index.* Scan/.test(line))).toMatch(/segment_endpoints/);
  });

  test('stay out of the way of everybody: a page ends where it is full, and sorts nothing', async () => {
    const plan = await planOfPage({ kind: 'definition', definition: { include: 'ALL', groups: [] } });
    expect(plan.filter((line) => /Seq Scan|Sort|Gather/.test(line))).toEqual([]);
    expect(plan.find((line) => /Index.* Scan/.test(line))).toMatch(/endpoint_facets/);
  });

  test('of more users than a page looks up say so', async () => {
    const membership = await newMembership(database.query);
    const userIds = Array.from({ length: 5_001 }, (_, index) => `u${index}`);
    await database.transaction((tx) => addMembers(tx, membership, { endpointIds: [], userIds }));
    const list = await describeList(database.query, membership);
    expect(list).toEqual({ membership, users: 'many' });
    const members: Source = { kind: 'members', list };
    expect(await listEverybody(members, 50)).toEqual(expected({ endpointIds: [], userIds }, null).toSorted());
  });
});
