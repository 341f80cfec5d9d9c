/** Names that lists offer: noted with the events, within limits that take no event away, forgotten with whoever sent them. */
import { DeleteEndpointCommand, PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { countingEvents, noteNames } from '../../src/domains/analytics/index.ts';
import { mostNames } from '../../src/domains/analytics/names/names.ts';
import { EventLog, type EventProject } from '../../src/domains/events/index.ts';
import * as made from '../support/analytics-events.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const now = new Date();

let project: EventProject;
beforeEach(async () => {
  project = await made.createProject(server);
});

const happened = (type: string, attributes = {}, metrics = {}) =>
  made.happened(project, { endpointId: 'ana', type, at: now, attributes, metrics });
const get = async (path: string) => {
  const { status, body } = await callApi(server, `GET /repoint/v1/apps/${project.id}/analytics/${path}`);
  expect([status, body?.Message]).toEqual([200, undefined]);
  return body.Item as { Kind: string; Name: string; EventType: string; Count: number }[];
};
const names = async () => (await get('event-names')).map(({ Kind, Name }) => `${Kind} ${Name}`);
const number = (length: number) => Array.from({ length }, (_, index) => index);
const append = (log: EventLog, events: Parameters<EventLog['append']>[1]) =>
  database.transaction((tx) => log.append(tx, events));

it('are those of events of apps', async () => {
  const Timestamp = now.toISOString();
  const Events = {
    a: { EventType: 'cart.add', Timestamp, Attributes: { sku: 'x' }, Metrics: { price: 1 } },
    b: { EventType: '_session.start', Timestamp, Attributes: { sku: 'y', colour: 'red' } },
  };
  const BatchItem = { ana: { Endpoint: {}, Events } };
  await server.client().send(new PutEventsCommand({ ApplicationId: project.id, EventsRequest: { BatchItem } }));
  const all = ['ATTRIBUTE colour', 'ATTRIBUTE sku', 'EVENT cart.add', 'METRIC price', 'STANDARD_EVENT _session.start'];
  expect(await names()).toEqual(all);
  const csv = await callApi(server, `GET /repoint/v1/apps/${project.id}/analytics/event-names?format=csv`);
  expect(csv.body.split('\r\n').slice(0, 2)).toEqual(['Kind,Name', 'ATTRIBUTE,colour']);
  await server.client().send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId: 'ana' }));
  expect(await names()).toEqual(['ATTRIBUTE colour', 'ATTRIBUTE sku', 'METRIC price']);
});

it('beyond the limits are in no list, and their events are stored and counted', async () => {
  const log = new EventLog([noteNames(), countingEvents()]);
  const many = number(mostNames.event + 20).map((index) => happened(`type-${String(index).padStart(4, '0')}`));
  await append(log, many.slice(0, 1_000));
  await append(log, many.slice(1_000));
  await append(log, [happened('_app.start'), ...many.slice(-5)]);
  for (const start of [0, 300]) {
    await append(
      log,
      number(300).map((index) => happened('type-0000', { [`a${start + index}`]: 'x' }, { [`m${start + index}`]: 1 })),
    );
  }
  const count = async (kind: string) => (await names()).filter((name) => name.startsWith(`${kind} `)).length;
  expect(await Promise.all(['EVENT', 'STANDARD_EVENT', 'ATTRIBUTE', 'METRIC'].map(count))).toEqual([
    1_500, 1, 500, 500,
  ]);
  const types = await get('event-types');
  expect(types).toHaveLength(1_501);
  expect(types[0]).toEqual({ EventType: 'type-0000', Count: 601 });
  expect(types.some(({ EventType }) => EventType === 'type-1500')).toBe(false);
  const { rows } = await sql<{ events: number; counted: number }>`
    select (select count(*)::int from events where project_number = ${project.number}) as events,
           (select sum(value)::int from analytics_counters
            where project_number = ${project.number} and metric = 'event') as counted`.execute(database.query);
  expect(rows).toEqual([{ events: 2_126, counted: 2_126 }]);
});

it('hold when many note at once, and again after a while or a rollback', async () => {
  let milliseconds = 0;
  const logs = number(4).map(() => new EventLog([noteNames(() => milliseconds)]));
  await Promise.all(
    logs.map((log, of) =>
      append(
        log,
        number(500).map((index) => happened(`t-${of}-${index}`)),
      ),
    ),
  );
  expect(await names()).toHaveLength(1_500);
  project = await made.createProject(server);
  const [log] = logs as [EventLog];
  const rolledBack = database.transaction(async (tx) => {
    await log.append(tx, [happened('view')]);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  await append(log, [happened('view')]);
  expect(await names()).toEqual(['EVENT view']);
  await sql`delete from analytics_names where project_number = ${project.number}`.execute(database.query);
  milliseconds += 5 * 60 * 1000;
  await append(log, [happened('view')]);
  expect(await names()).toEqual(['EVENT view']);
});
