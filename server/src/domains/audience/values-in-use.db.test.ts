/** Values of attributes that have few: noted with those who bring them, forgotten when nobody has them, known after an upgrade. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import { Notifications } from '../../database/index.ts';
import { createLogger } from '../../kernel/logger.ts';
import { Audience } from './audience.ts';
import { readChange } from './change.ts';
import { endpointKey } from './endpoint.ts';
import { IdentityHashes } from './identities.ts';
import { forgetIdleValues, idleValueJobs } from './idle-values.ts';
import { mostNotedValues } from './names-in-use.ts';
import { removeEndpoints } from './remove.ts';
import { RulesCache } from './rules.ts';
import { Tombstones } from './tombstones.ts';
import { type Attribute, findValuesInUse } from './values-in-use.ts';
import { type WriteParts, type WriteUnit, writeBatch } from './write.ts';

const { database, connection } = await openTestDatabase();
const { query } = database;
const tombstones = new Tombstones(Buffer.alloc(32));

const node = (): WriteParts => ({
  rules: new RulesCache(),
  tombstones,
  identities: new IdentityHashes(Buffer.alloc(32)),
});
const parts = node();
let projectNumber = 0;

beforeEach(() => {
  projectNumber += 1;
});

type Request = Parameters<typeof readChange>[0];

function toUnit(endpointId: string, request: Request): WriteUnit {
  const write = {
    ...{ key: endpointKey(projectNumber, endpointId), endpointId, applicationId: 'test' },
    ...{ change: readChange(request), now: new Date(), requestId: 'test' },
  };
  return { writes: [write] };
}

async function write(people: Readonly<Record<string, Request>>, by = parts): Promise<void> {
  const units = Object.entries(people).map(([id, request]) => toUnit(id, request));
  expect(new Set(await writeBatch(database, by, units))).toEqual(new Set(['written']));
}

async function valuesOf(attribute: Attribute): Promise<readonly string[] | undefined> {
  const found = await findValuesInUse(query, projectNumber, [attribute]);
  return found.of(attribute)?.toSorted();
}

const remove = (...ids: readonly string[]) =>
  database.transaction((tx) =>
    removeEndpoints(
      tx,
      tombstones,
      ids.map((id) => endpointKey(projectNumber, id)),
    ),
  );

const plan: Attribute = { of: 'attribute', name: 'plan' };
const city: Attribute = { of: 'user attribute', name: 'city' };
const look = (markedFor = 0) => forgetIdleValues(database, projectNumber, markedFor);

it('are those of endpoints and of users, and unknown of a name that nobody uses', async () => {
  await write({
    a: {
      Attributes: { plan: ['gold', 'new'], empty: [] },
      User: { UserId: 'ana', UserAttributes: { city: ['Bern'] } },
    },
    b: { Attributes: { plan: ['free'] }, User: { UserAttributes: { city: ['東京'] } } },
  });
  await write({ c: { Attributes: { plan: ['gold', ''], __proto__x: ['y'] } } });
  expect(await valuesOf(plan)).toEqual(['', 'free', 'gold', 'new']);
  expect(await valuesOf(city)).toEqual(['Bern', '東京']);
  expect(await valuesOf({ of: 'attribute', name: 'empty' })).toEqual([]);
  expect(await valuesOf({ of: 'user attribute', name: 'plan' })).toBeUndefined();
});

it('are no longer those that an endpoint had before, or that nobody has', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } }, b: { Attributes: { plan: ['free'] } } });
  await write({ a: { Attributes: { plan: ['platinum'] } } });
  await remove('b');
  expect(await valuesOf(plan)).toEqual(['platinum']);
});

it('are not noted any more once there are many, at once or little by little', async () => {
  const values = Array.from({ length: mostNotedValues }, (_, index) => `value ${index}`);
  await write(Object.fromEntries(values.map((value, index) => [`e${index}`, { Attributes: { plan: [value] } }])));
  expect(await valuesOf(plan)).toHaveLength(mostNotedValues);
  await write({ one: { Attributes: { plan: ['more'] } } });
  expect(await valuesOf(plan)).toBeUndefined();
  await write({ two: { Attributes: { plan: ['gold'] } } });
  expect(await valuesOf(plan)).toBeUndefined();
  const cities = [...values, 'more'].map((value, index) => [
    `u${index}`,
    { User: { UserAttributes: { city: [value] } } },
  ]);
  await write(Object.fromEntries(cities));
  expect(await valuesOf(city)).toBeUndefined();
});

it('are all noted, whichever nodes bring them at the same moment', async () => {
  const nodes = [node(), node(), node()];
  const wanted = Array.from({ length: 60 }, (_, index) => `value ${index}`);
  await Promise.all(
    wanted.map((value, index) => {
      const request = { Attributes: { plan: [value, `value ${(index * 7) % 60}`] }, User: { UserId: `u${index % 9}` } };
      return write({ [`e${index % 40}`]: request, [`f${index}`]: request }, nodes[index % 3]);
    }),
  );
  expect(await valuesOf(plan)).toEqual(wanted.toSorted());
});

it('are all noted by nodes that remember what they have heard', async () => {
  const notifications = [connection, connection].map((each) => new Notifications(each, createLogger('silent')));
  const nodes = notifications.map(
    (each) => new Audience({ database, tombstoneKey: Buffer.alloc(32), notifications: each }),
  );
  await Promise.all(notifications.map((each) => each.run()));
  const wanted = Array.from({ length: 70 }, (_, index) => `value ${index}`);
  for (let from = 0; from < wanted.length; from += 10) {
    const values = wanted.slice(0, from + 10);
    // New endpoints and known ones, with values old and new, through whichever node.
    const writes = values.flatMap((value, index) => [
      { id: `e${index}`, value },
      { id: `known ${index % 5}`, value },
    ]);
    await Promise.all(
      writes.map(({ id, value }, index) => {
        const { writes: unit } = toUnit(id, { Attributes: { plan: [value] } });
        return (nodes[index % 2] as Audience).write(unit);
      }),
    );
    expect(await valuesOf(plan)).toEqual(values.toSorted());
  }
  await Promise.all(notifications.map((each) => each.stop()));
});

it('are not noted of a name that somebody had before it was noted', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } } });
  await sql`delete from attribute_names where project_number = ${projectNumber}`.execute(query);
  await write({ b: { Attributes: { plan: ['free'] } } }, node());
  expect(await valuesOf(plan)).toBeUndefined();
});

async function noted(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select cardinality(value_tokens) as count from attribute_names
    where project_number = ${projectNumber} and name = 'plan'`.execute(query);
  return rows[0]?.count as number;
}

it('are forgotten at the second look at which nobody has them', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } }, b: { Attributes: { plan: ['free'] } } });
  await look();
  await remove('b');
  await look();
  await look(60_000);
  expect(await noted()).toBe(2);
  await look();
  expect(await noted()).toBe(1);
  await write({ c: { Attributes: { plan: ['free'] } } }, node());
  expect(await valuesOf(plan)).toEqual(['free', 'gold']);
});

it('stay when somebody brings them again in between, even if they leave once more', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } }, b: { Attributes: { plan: ['free'] } } });
  await remove('b');
  await look();
  await write({ b: { Attributes: { plan: ['free'] } } });
  await remove('b');
  await look();
  expect(await noted()).toBe(2);
  await write({ b: { Attributes: { plan: ['free'] } } });
  expect(await valuesOf(plan)).toEqual(['free', 'gold']);
  await look();
  expect(await valuesOf(plan)).toEqual(['free', 'gold']);
});

it('stay while somebody writes who began before they were marked', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } } });
  await remove('a');
  const writer = Promise.withResolvers<void>();
  const writing = Promise.withResolvers<void>();
  const old = database.transaction(async (tx) => {
    await sql`select pg_current_xact_id()`.execute(tx);
    writing.resolve();
    await writer.promise;
  });
  await writing.promise;
  await look();
  await look();
  expect(await noted()).toBe(1);
  writer.resolve();
  await old;
  await look();
  expect(await noted()).toBe(0);
});

it('are looked for where somebody was deleted, and everywhere at night', async () => {
  const marked = async () => {
    const { rows } = await sql<{ number: number }>`
      select project_number as number from attribute_names where idle_tokens <> '{}'`.execute(query);
    return rows.some(({ number }) => number === projectNumber);
  };
  const run = async (name: string) => {
    const job = idleValueJobs(database).find((each) => each.name === name);
    await job?.run({}, { id: '1', attempt: 1, signal: new AbortController().signal });
  };
  await write({ a: { Attributes: { plan: ['gold'] } } });
  await write({ a: { Attributes: { plan: ['free'] } } });
  await run('audience/forget idle values');
  expect(await marked()).toBe(false);
  await run('audience/forget idle values everywhere');
  expect(await marked()).toBe(true);
  await look();
  expect(await marked()).toBe(false);
  await remove('a');
  await run('audience/forget idle values');
  expect(await marked()).toBe(true);
});

it('leave no mark behind when there are many', async () => {
  await write({ a: { Attributes: { plan: ['gold'] } } });
  await remove('a');
  await look();
  const values = Array.from({ length: mostNotedValues }, (_, index) => `value ${index}`);
  await write(Object.fromEntries(values.map((value, index) => [`e${index}`, { Attributes: { plan: [value] } }])));
  const { rows } = await sql`
    select cardinality(idle_tokens) as marks from attribute_names where project_number = ${projectNumber}`.execute(
    query,
  );
  expect(rows).toEqual([{ marks: 0 }]);
});

it('are found by an upgrade as writers note them', async () => {
  const many = Array.from({ length: 300 }, (_, index) => [
    `e${index}`,
    {
      Attributes: { plan: [`plan ${index % 7}`, 'é\\"'], many: [`value ${index}`], empty: [] },
      Metrics: { cart: index },
      User: { ...(index % 2 === 0 && { UserId: `u${index % 50}` }), UserAttributes: { city: [`city ${index % 11}`] } },
    },
  ]);
  await write(Object.fromEntries(many));
  const stored = async () => {
    const { rows } = await sql<{ kind: string; name: string; tokens: string[]; unknown: boolean }>`
      select kind, name, array(select unnest(value_tokens) order by 1)::text[] as tokens, value_tokens is null as unknown
      from attribute_names where project_number = ${projectNumber} order by kind, name`.execute(query);
    return rows;
  };
  const before = await stored();
  expect(before).toHaveLength(5);
  const [strange, list] = [endpointKey(projectNumber, 'e1'), endpointKey(projectNumber, 'e2')];
  const isEndpoint = ({ bucket, id }: typeof strange) =>
    sql`project_number = ${projectNumber} and bucket = ${bucket} and id = ${id}`;
  await sql`
    update endpoints set attributes = attributes || '{"empty": "no list", "many": 7}'
    where ${isEndpoint(strange)}`.execute(query);
  await sql`update endpoints set attributes = '[1]' where ${isEndpoint(list)}`.execute(query);
  await sql`update attribute_names set value_tokens = null`.execute(query);
  const migration = readFileSync(new URL('../../database/migrations/0033_values_in_use.sql', import.meta.url), 'utf8');
  const counting = migration.slice(migration.indexOf('create function values_of'));
  await database.transaction((tx) => sql.raw(counting).execute(tx));
  const strangeName = { kind: 'attribute', name: 'empty', tokens: [], unknown: true };
  expect(await stored()).toEqual(before.map((row) => (row.name === 'empty' ? strangeName : row)));
});
