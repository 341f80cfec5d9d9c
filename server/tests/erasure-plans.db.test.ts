/** E24: what an erasure costs grows with the rows of a person and not with the tables. No plan reads a large table whole. */
import { CompiledQuery, sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Executor, Subject } from '../src/database/index.ts';
import { endpointKey, subjectOf } from '../src/domains/audience/index.ts';
import { readIdentities } from '../src/domains/erasure/identities/identity.ts';
import { resolve } from '../src/domains/erasure/identities/resolve.ts';
import { withSpellings } from '../src/domains/erasure/identities/spellings.ts';
import { testLocations } from './support/erasure-parts.ts';
import { openTestDatabase } from './support/test-database.ts';

const { database, logger } = await openTestDatabase();
const locations = testLocations(database, logger);
const people = 20_000;
const days = 10;
const projectNumber = 1;
const accountId = '111122223333';

const fill = [
  `insert into endpoints (project_number, bucket, id, channel_type, address, address_key, opt_out, status, cohort, user_id,
     user_bucket, attributes, metrics, demographic, location, user_attributes, created_at, effective_at, request_id)
   select ${projectNumber}, bucket_of('e' || n), 'e' || n, 'EMAIL', n || '@example.com', n * 1000003::bigint, 'NONE', 'ACTIVE', 1,
     'u' || n, bucket_of('u' || n), '{}', '{}', '{}', '{}', '{}', now(), now(), 'r' from people`,
  `insert into endpoint_facets (project_number, bucket, id, eligible, tokens, last_active_at)
   select ${projectNumber}, bucket_of('e' || n), 'e' || n, true, '{}', now() from people`,
  `insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
   select ${projectNumber}, bucket_of('u' || n), 'u' || n, '{}', array['e' || n] from people`,
  `insert into segment_versions (project_number, segment_id, version, membership, last_modified_at)
   select ${projectNumber}, 's', 1, 7, now() from segments`,
  `insert into segment_endpoints (membership, bucket, endpoint_id) select 7, bucket_of('e' || n), 'e' || n from people`,
  `insert into segment_users (membership, bucket, user_id) select 7, bucket_of('u' || n), 'u' || n from people`,
  `insert into outbox_messages (project_number, bucket, message_key, channel_type, address, address_key, endpoint_id, content,
     created_at, expires_at)
   select ${projectNumber}, bucket_of('e' || n), gen_random_uuid(), 'EMAIL', n || '@example.com', n * 1000003::bigint, 'e' || n,
     '{}', now(), now() from people`,
  `insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status)
   select ${projectNumber}, bucket_of('e' || n), 'e' || n, 'run', now() - n % 3 * interval '7 days', 'EMAIL', '{}', 'SUCCESSFUL'
   from people`,
  `insert into provider_messages (provider_message_id, sent_at, project_number, bucket, recipient, run_id, started_at)
   select 'm' || n, now(), ${projectNumber}, bucket_of('e' || n), 'e' || n, 'run', now() from people`,
  `insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope)
   select ${projectNumber}, bucket_of('e' || n), now() - d * interval '1 day', 'seen', now(), 'e' || n, '{}'
   from people, generate_series(0, ${days - 1}) as d where n % 3 = 0`,
  `insert into events (project_number, bucket, arrived_at, type, occurred_at, address_key, envelope)
   select ${projectNumber}, n % 1024, now() - d * interval '1 day', 'mail', now(), n * 1000003::bigint, '{}'
   from people, generate_series(0, ${days - 1}) as d where n % 10 = 0`,
  `insert into inbound_messages (id, account_id, region, provider_key, provider_message_id, number, from_address, address_hash,
     body, action, sent_at, received_at)
   select 'i' || n, '${accountId}', 'r', 'p', 'm' || n, '1', '+1' || n, sha256(convert_to(n::text, 'UTF8')), '', 'NONE', now(),
     now() from people`,
  `insert into suppressed_addresses (account_id, channel, address_hash, address, reason, created_at)
   select '${accountId}', 'EMAIL', sha256(convert_to(n::text, 'UTF8')), n::text, 'BOUNCE', now() from people`,
  `insert into one_time_passwords (project_number, reference_hash, code_hash, attempts_left, expires_at, address_hash)
   select ${projectNumber}, sha256(convert_to(n::text, 'UTF8')), '', 1, now(), sha256(convert_to(n::text, 'UTF8')) from people`,
  `insert into idempotent_calls (project_number, call_hash, request_hash, created_at, people)
   select ${projectNumber}, sha256(convert_to(n::text, 'UTF8')), '', now(), array[sha256(convert_to(n::text, 'UTF8'))] from people`,
  `insert into analytics_marks (project_number, bucket, subject, metric, scope, moments)
   select ${projectNumber}, bucket_of('e' || n), 'endpoint/e' || n, 'endpoints', '', '{1}' from people`,
  `insert into analytics_carriers (project_number, bucket, subject, labels, demographics)
   select ${projectNumber}, bucket_of('e' || n), 'endpoint/e' || n, '{}', '{}' from people`,
  `insert into campaign_recipients (project_number, bucket, endpoint_id, campaign_id, targeted, sent_at)
   select ${projectNumber}, bucket_of('e' || n), 'e' || n, 'c', 1, '{}' from people`,
  `insert into campaign_triggers (project_number, bucket, endpoint_id, id, campaign_id, treatment_id, arrived_at)
   select ${projectNumber}, bucket_of('e' || n), 'e' || n, 'c', 'c', '0', now() from people`,
];

beforeAll(async () => {
  const run = (text: string) => database.query.executeQuery(CompiledQuery.raw(text));
  for (let day = 0; day < days; day += 1) {
    const begin = `date_trunc('day', now(), 'UTC') - interval '${day} days'`;
    await run(`select make_time_partition('events', 'events_day${day}', ${begin}, ${begin} + interval '1 day', 100)`);
  }
  for (const table of ['sends', 'provider_messages']) {
    for (let week = 0; week < 3; week += 1) {
      const begin = `date_trunc('week', now(), 'UTC') - interval '${week} weeks'`;
      await run(
        `select make_time_partition('${table}', '${table}_w${week}', ${begin}, ${begin} + interval '1 week', 80)`,
      );
    }
  }
  await run(`insert into segments (project_number, id, kind, version, created_at, last_modified_at)
             values (${projectNumber}, 's', 'IMPORT', 1, now(), now())`);
  for (const insert of fill) await run(`with people as (select generate_series(1, ${people}) as n) ${insert}`);
  await run('analyze');
}, 120_000);

const person: Subject = withSpellings(
  subjectOf(
    { accountId, projectNumber },
    {
      endpoints: [12, 345].map((n) => ({ ...endpointKey(projectNumber, `e${n}`), address: `${n}@example.com` })),
      userIds: ['u12', 'u345'],
      through: { generation: 2 ** 40, at: new Date(Date.now() + 60_000) },
    },
  ),
);

/** Runs work and notes its statements. */
async function statementsOf(query: Executor, work: (query: Executor) => Promise<unknown>): Promise<CompiledQuery[]> {
  const noted: CompiledQuery[] = [];
  const executor = query.getExecutor();
  const noting = new Proxy(executor, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== 'executeQuery') return value.bind(target);
      return (compiled: CompiledQuery) => {
        noted.push(compiled);
        return target.executeQuery(compiled);
      };
    },
  });
  await work({ getExecutor: () => noting } as Executor);
  return noted;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Tables that a plan reads whole. */
function readWhole({ 'Node Type': type, 'Relation Name': table, Plans = [] }: PlanNode): string[] {
  return [...(type === 'Seq Scan' && table !== undefined ? [table] : []), ...Plans.flatMap(readWhole)];
}

/** By how many rows they have: what is small may be read whole. */
async function largeTables(): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and reltuples > 1000`.execute(database.query);
  return new Set(rows.map(({ name }) => name));
}

async function wholeReads(query: Executor, statement: CompiledQuery): Promise<string[]> {
  const explained = CompiledQuery.raw(`explain (format json) ${statement.sql}`, [...statement.parameters]);
  const { rows } = await query.executeQuery<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(explained);
  const large = await largeTables();
  return rows
    .flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => readWhole(Plan)))
    .filter((table) => large.has(table));
}

it('E24: finding, erasing and reading somebody reads no large table whole, in any place', {
  timeout: 120_000,
}, async () => {
  expect((await largeTables()).size).toBeGreaterThan(30);
  let explained = 0;
  for (const location of locations.rows) {
    const undo = new Error('undone');
    // As a deletion does it, and as the engine does.
    for (const kind of ['transaction', 'keyedTransaction'] as const) {
      const work = database[kind](async (tx) => {
        const statements = await statementsOf(tx, async (query) => {
          await location.find(query, person);
          await location.forget(query as never, person, 1_000);
        });
        for (const statement of statements) {
          if (!/^\s*(select|delete|update|insert|with)/i.test(statement.sql)) continue;
          explained += 1;
          expect(await wholeReads(tx, statement), `${location.name}, ${kind}: ${statement.sql}`).toEqual([]);
        }
        throw undo;
      });
      await expect(work).rejects.toBe(undo);
    }
  }
  expect(explained).toBeGreaterThan(60);
});

it('E24: so does looking for whom identities stand for', async () => {
  const identities = readIdentities(
    [
      { Type: 'ENDPOINT_ID', Value: 'E12' },
      { Type: 'USER_ID', Value: 'u345' },
      { Type: 'EMAIL', Value: '77@example.com' },
      { Type: 'USER_ID', Value: 'a'.repeat(64), Format: 'SHA256' },
      { Type: 'ENDPOINT_ID', Value: 'b'.repeat(64), Format: 'SHA256' },
    ],
    10,
  );
  const statements = await statementsOf(database.keyedQuery, (query) => resolve(query, projectNumber, identities));
  expect(statements.length).toBeGreaterThan(4);
  for (const statement of statements) {
    expect(await wholeReads(database.keyedQuery, statement), statement.sql).toEqual([]);
  }
});
