/** E16: a process that is killed again and again while it erases a project: every row is gone, and counted once. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { personalDataInventory } from '../../src/app/inventory.ts';
import { requireTimePartitions } from '../../src/database/index.ts';
import { receiveProject } from '../../src/domains/erasure/project/delete.ts';
import type { Receipt } from '../../src/domains/erasure/receipts/document.ts';
import { findReceipt } from '../../src/domains/erasure/receipts/store.ts';
import { readPlaces } from '../../src/domains/erasure/scope/places.ts';
import { findErasure } from '../../src/domains/erasure/scope/store.ts';
import { openTestDatabase } from '../support/test-database.ts';

const people = Number(process.env['REPOINT_TEST_ERASED'] ?? 20_000);
const kills = Number(process.env['REPOINT_TEST_KILLS'] ?? 3);

const { database, connection } = await openTestDatabase();
const { query } = database;

async function fill(id: string): Promise<number> {
  await sql`
    insert into accounts (account_id, name, created_at) values ('123456789012', 'test', now()) on conflict do nothing`.execute(
    query,
  );
  const { rows } = await sql<{ number: number }>`
    insert into projects (account_id, region, id, name, created_at)
    values ('123456789012', 'us-east-1', ${id}, 'doomed', now()) returning number`.execute(query);
  const number = rows[0]?.number as number;
  await database.transaction(async (tx) => {
    await requireTimePartitions(tx, 'events', [new Date()], { interval: 'day', fillFactor: 100 });
  });
  await sql`
    insert into endpoints (project_number, bucket, id, opt_out, status, cohort, attributes, metrics, demographic, location,
                           user_attributes, created_at, effective_at, request_id)
    select ${number}, bucket_of(id), id, 'NONE', 'ACTIVE', 0, '{}', '{}', '{}', '{}', '{}', now(), now(), ''
    from generate_series(1, ${people}::int) as row, concat('person ', row) as id`.execute(query);
  await sql`
    insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope)
    select ${number}, bucket_of(id), now(), 'opened', now(), id, '{}'
    from generate_series(1, ${people}::int) as row, concat('person ', row) as id`.execute(query);
  return number;
}

const rowsOf = async (number: number) => {
  const { rows } = await sql<{ endpoints: number; events: number }>`
    select (select count(*) from endpoints where project_number = ${number}) as endpoints,
           (select count(*) from events where project_number = ${number}) as events`.execute(query);
  return rows[0];
};

/** As it writes down itself: told sooner than by counting what is left. */
async function erasedSoFar(erasureId: string): Promise<number> {
  const { rows } = await sql<{ erased: number }>`
    select coalesce(sum(erased), 0) as erased from scope_erasure_places where erasure_id = ${erasureId}`.execute(query);
  return Number(rows[0]?.erased);
}

function start(erasureId: string) {
  const script = resolve(import.meta.dirname, '../support/erasure-process.ts');
  const child = spawn(process.execPath, [script, connection.url, erasureId], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { child, ended: new Promise<number | null>((settle) => child.once('exit', settle)) };
}

it(`E16: erases a project, killed ${kills} times`, { timeout: 300_000 }, async () => {
  const [doomed, neighbour] = [await fill('a'.repeat(32)), await fill('b'.repeat(32))];
  const project = { number: doomed, accountId: '123456789012', region: 'us-east-1', id: 'a'.repeat(32) };
  const erasureId = await database.transaction((tx) => receiveProject(tx, project, { partOf: null, now: new Date() }));
  let killedInTheMiddle = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const before = await erasedSoFar(erasureId);
    const { child, ended } = start(erasureId);
    // Once it has begun: sooner, it would be killed while it starts.
    while ((await erasedSoFar(erasureId)) === before && child.exitCode === null) await pause(1);
    await pause(5 * kill);
    child.kill('SIGKILL');
    const { endpoints = 0, events = 0 } = (await ended) === null ? ((await rowsOf(doomed)) ?? {}) : {};
    if (endpoints + events > 0 && (await erasedSoFar(erasureId)) > 0) killedInTheMiddle += 1;
  }
  expect(await start(erasureId).ended).toBe(0);
  expect(killedInTheMiddle).toBeGreaterThan(0);
  expect(await rowsOf(doomed)).toEqual({ endpoints: 0, events: 0 });
  expect(await rowsOf(neighbour)).toEqual({ endpoints: people, events: people });
  const erasure = await findErasure(query, erasureId);
  expect(erasure?.state).toBe('COMPLETED');
  const stored = await findReceipt(query, project.accountId, erasureId);
  const { places } = (JSON.parse(stored?.document ?? '{}') as Receipt).erasure;
  const erased = new Map(places.map((place) => [place.name, place.erased]));
  expect([erased.get('endpoints'), erased.get('events')]).toEqual([people, people]);
  // No cursor stays: it may be the id of a person.
  const { rows } = await sql`select from scope_erasure_places where cursor is not null`.execute(query);
  expect(rows).toHaveLength(0);
});

it('E24: no plan of it reads a large table from one end to the other', async () => {
  const owner = {
    scope: 'PROJECT',
    accountId: '123456789012',
    region: 'us-east-1',
    projectId: 'b'.repeat(32),
  } as const;
  const { rows: found } = await sql<{
    number: number;
  }>`select number from projects where id = ${owner.projectId}`.execute(query);
  const projectNumber = found[0]?.number as number;
  // Beside its neighbours the project is a small one.
  const large = [
    'endpoints',
    'events',
    'audience_users',
    'endpoint_addresses',
    'sends',
    'analytics_marks',
    'endpoint_facets',
  ];
  const places = await readPlaces(database, 'PROJECT', personalDataInventory);
  for (const place of places.filter(({ table }) => large.includes(table))) {
    for (const part of place.parts) {
      const order = sql.join(place.walk.map(({ name }) => sql.ref(name)));
      const { rows } = await database.keyedTransaction((tx) =>
        sql<{ 'QUERY PLAN': string }>`
          explain select ctid from only ${sql.raw(part)}
          where ${place.condition({ ...owner, projectNumber })} order by ${order} limit 5000`.execute(tx),
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      // No partition of it was made yet.
      if (plan.includes('One-Time Filter: false')) continue;
      expect(plan, plan).not.toContain('Seq Scan');
      expect(plan, plan).not.toContain('Sort');
    }
  }
});
