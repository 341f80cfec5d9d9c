/**
 * PutEvents through the SDK: every rule of dossier/events-journeys-console §1, item by item. Numbers in brackets are the
 * cases of its §8.
 */
import {
  CreateAppCommand,
  DeleteEndpointCommand,
  type EventsBatch,
  GetEndpointCommand,
  type PublicEndpoint,
  PutEventsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/domains/events/record.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const client = server.client();
const timestamp = '2026-11-24T09:15:02.120Z';
const accepted = { StatusCode: 202, Message: 'Accepted' };
const refused = (Message: string) => ({ StatusCode: 400, Message });

let app: string;
let projectNumber: number;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'put' } }),
  );
  app = ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${app}`.execute(database.query);
  projectNumber = rows[0]?.number as number;
});

type Batches = Record<string, EventsBatch>;

async function put(batches: Batches) {
  const { EventsResponse } = await client.send(
    new PutEventsCommand({ ApplicationId: app, EventsRequest: { BatchItem: batches } }),
  );
  return EventsResponse?.Results ?? {};
}

/** What the SDK would not send. */
const putRaw = (body: unknown, application = app) =>
  callApi(server, `POST /v1/apps/${application}/events`, { body, service: 'mobiletargeting' });

/** A number as somebody else's JSON may have it. TypeScript does not know the function yet. */
const { rawJSON: rawNumber } = JSON as unknown as { rawJSON(text: string): unknown };

/** @returns what became of one event of an endpoint that says nothing of itself */
async function putOne(event: unknown) {
  const { status, body } = await putRaw({ BatchItem: { ana: { Endpoint: {}, Events: { e: event } } } });
  expect(status).toBe(202);
  return body.Results.ana.EventsItemResponse.e;
}

const event = (more: object = {}) => ({ EventType: 'cart.add', Timestamp: timestamp, ...more });
const endpointOf = async (EndpointId: string) =>
  (await client.send(new GetEndpointCommand({ ApplicationId: app, EndpointId }))).EndpointResponse;
const update = (EndpointId: string, EndpointRequest: object) =>
  client.send(new UpdateEndpointCommand({ ApplicationId: app, EndpointId, EndpointRequest }));

interface StoredRow {
  readonly type: string;
  readonly bucket: number;
  readonly endpoint_id: string | null;
  readonly generation: number | null;
  readonly record: EventRecord;
}

async function stored(): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`
    select type, bucket, endpoint_id, generation::int, event_record(events) as record from events where project_number = ${projectNumber}
    order by transaction_id, sequence`.execute(database.query);
  return rows;
}
/** The endpoint that an event tells of: a document as text. */
function contextOf(row: StoredRow | undefined): unknown {
  const custom = row?.record.client_context?.custom;
  return custom !== undefined && 'endpoint' in custom ? JSON.parse(custom.endpoint) : undefined;
}
const storedTypes = async () => (await stored()).map(({ type }) => type);

async function generationOf(id: string): Promise<number | undefined> {
  const { rows } = await sql<{ generation: number }>`
    select generation::int from endpoints where project_number = ${projectNumber} and id = ${id}`.execute(
    database.query,
  );
  return rows[0]?.generation;
}

const ana = {
  ChannelType: 'EMAIL',
  Address: 'ana@example.net',
  OptOut: 'NONE',
  Demographic: {
    AppVersion: '4.1',
    Locale: 'pt_PT',
    Platform: 'web',
    PlatformVersion: '130',
    Timezone: 'Europe/Lisbon',
  },
  User: { UserId: 'u-55', UserAttributes: { plan: ['pro'] } },
} satisfies PublicEndpoint;

describe('a call', () => {
  it('writes endpoint and events, and answers for each of them (1)', async () => {
    const details = {
      ...{ AppPackageName: 'com.acme.shop', AppTitle: 'Shop', AppVersionCode: '41' },
      ...{ SdkName: 'amplify-js', ClientSdkVersion: '6.4.0', Attributes: { sku: 'GLV-9' }, Metrics: { price: 12.5 } },
      Session: { Id: 's-90', StartTimestamp: '2026-11-24T09:14:00.000Z', StopTimestamp: '2026-11-24T09:15:00Z' },
    };
    const { status, body } = await putRaw({
      BatchItem: { 'Ep-7f31': { Endpoint: ana, Events: { 'e-1': event(details), 'e-2': event() } } },
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      Results: {
        'Ep-7f31': { EndpointItemResponse: accepted, EventsItemResponse: { 'e-1': accepted, 'e-2': accepted } },
      },
    });
    expect(await endpointOf('ep-7f31')).toMatchObject({ ...ana, Id: 'Ep-7f31', EndpointStatus: 'ACTIVE' });
    const [first, second] = await stored();
    expect(first?.record).toEqual({
      ...{ event_type: 'cart.add', event_timestamp: Date.parse(timestamp), event_version: '3.1' },
      arrival_timestamp: expect.any(Number),
      application: {
        ...{ app_id: app, package_name: 'com.acme.shop', title: 'Shop', version_name: '4.1', version_code: '41' },
        sdk: { name: 'amplify-js', version: '6.4.0' },
      },
      client: { client_id: 'Ep-7f31' },
      device: { locale: { code: 'pt_PT', country: 'PT', language: 'pt' }, platform: { name: 'web', version: '130' } },
      session: {
        session_id: 's-90',
        start_timestamp: Date.parse('2026-11-24T09:14:00.000Z'),
        stop_timestamp: Date.parse('2026-11-24T09:15:00Z'),
      },
      ...{ attributes: { sku: 'GLV-9' }, metrics: { price: 12.5 }, awsAccountId: server.administrator.accountId },
      client_context: { custom: { endpoint: expect.any(String) } },
    });
    const { Address: _, ...shown } = ana;
    expect(contextOf(first)).toMatchObject({ ...shown, EndpointStatus: 'ACTIVE' });
    expect(contextOf(first)).not.toHaveProperty('Address');
    expect(second).toMatchObject({ endpoint_id: 'ep-7f31', generation: await generationOf('ep-7f31') });
    expect(second?.record.arrival_timestamp).toBe(first?.record.arrival_timestamp);
  });

  it('of several endpoints answers for every one, by the name that the caller gave it', async () => {
    const { body } = await putRaw({
      BatchItem: {
        ana: { Endpoint: ana, Events: { e: event() } },
        ANA: { Endpoint: {}, Events: { e: event({ EventType: 'second' }) } },
        bob: { Endpoint: { Attributes: { x: ['1'] } }, Events: {} },
        constructor: { Endpoint: {}, Events: { ['__proto__']: event(), toString: event() } },
      },
    });
    expect(Object.keys(body.Results)).toEqual(['ana', 'ANA', 'bob', 'constructor']);
    expect(body.Results.bob).toEqual({ EndpointItemResponse: accepted, EventsItemResponse: {} });
    expect(Object.entries(body.Results.constructor.EventsItemResponse)).toEqual([
      ['__proto__', accepted],
      ['toString', accepted],
    ]);
    expect((await storedTypes()).sort()).toEqual(['cart.add', 'cart.add', 'cart.add', 'second']);
    expect(await endpointOf('bob')).toMatchObject({ Attributes: { x: ['1'] } });
  });

  it('says 404 for an unknown project, and makes nothing (11)', async () => {
    const body = { BatchItem: { nobody: { Endpoint: ana, Events: { e: event() } } } };
    expect(await putRaw(body, 'f'.repeat(32))).toMatchObject({ status: 404, errorType: 'NotFoundException' });
    expect(await tablesWith(database, 'ana@example.net')).not.toContain('nobody');
  });

  it('takes a hundred events and not one more (9)', async () => {
    const events = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`e-${index}`, event({ EventType: `t${index}` })]),
      );
    const results = await put({ ana: { Endpoint: {}, Events: events(60) }, bob: { Endpoint: {}, Events: events(40) } });
    const codes = Object.values(results).flatMap(({ EventsItemResponse = {} }) => Object.values(EventsItemResponse));
    expect(codes).toEqual(Array(100).fill(accepted));
    expect(await storedTypes()).toHaveLength(100);
    await expect(
      put({ ana: { Endpoint: {}, Events: events(60) }, bob: { Endpoint: {}, Events: events(41) } }),
    ).rejects.toMatchObject({ name: 'BadRequestException', message: 'A request can have at most 100 events' });
    expect(await storedTypes()).toHaveLength(100);
    const many = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`ep-${index}`, { Endpoint: {}, Events: {} }]),
    );
    expect(await putRaw({ BatchItem: many })).toMatchObject({
      status: 400,
      body: { Message: 'A request can have at most 100 endpoints' },
    });
  });

  it('has at most 4 MB (10)', async () => {
    const padded = (bytes: number) => ({
      BatchItem: { ana: { Endpoint: {}, Events: { e: event({ Unknown: 'x'.repeat(bytes) }) } } },
    });
    const frame = JSON.stringify(padded(0)).length;
    expect(await putRaw(padded(4 * 1024 ** 2 - frame))).toMatchObject({ status: 202 });
    expect(await putRaw(padded(4 * 1024 ** 2 - frame + 1))).toMatchObject({
      ...{ status: 413, errorType: 'PayloadTooLargeException' },
      body: { Message: 'The request body is larger than 4 MB' },
    });
    expect(await storedTypes()).toHaveLength(1);
  });

  it.each([
    [{}, 'BatchItem is required'],
    [{ BatchItem: [] }, 'BatchItem must be an object'],
    [{ BatchItem: { ana: 7 } }, 'BatchItem.ana must be an object'],
    [{ BatchItem: { ana: { Endpoint: {} } } }, 'BatchItem.ana.Events is required'],
    [{ BatchItem: { ana: { Endpoint: {}, Events: 'no' } } }, 'BatchItem.ana.Events must be an object'],
  ])('that has no items is refused as a whole: %j', async (body, message) => {
    expect(await putRaw(body)).toMatchObject({ status: 400, body: { Message: message } });
  });
});

describe('an event', () => {
  it.each([
    [{ Timestamp: timestamp }, 'EventType is required'],
    [{ EventType: '', Timestamp: timestamp }, 'EventType is required'],
    [{ EventType: 7, Timestamp: timestamp }, 'EventType must be a string'],
    [{ EventType: 'x' }, 'Timestamp is required'],
    [event({ Timestamp: 'yesterday' }), 'Timestamp must be an ISO 8601 date'],
    [event({ Timestamp: '2026-13-40T00:00:00Z' }), 'Timestamp must be an ISO 8601 date'],
    [event({ Timestamp: 1_795_511_700_120 }), 'Timestamp must be a string'],
    [event({ Metrics: { price: '12.5' } }), 'Metrics.price must be a number'],
    [event({ Metrics: { price: 'NaN' } }), 'Metrics.price must be a number'],
    [event({ Attributes: { sku: 9 } }), 'Attributes.sku must be a string'],
    [event({ Attributes: 'sku' }), 'Attributes must be an object'],
    [event({ Attributes: { sku: 'a\0b' } }), expect.stringContaining('Attributes.sku holds a character')],
    [event({ Session: { StartTimestamp: timestamp } }), 'Session.Id is required'],
    [event({ Session: { Id: 's' } }), 'Session.StartTimestamp is required'],
    [event({ Session: { Id: 's', StartTimestamp: 'x' } }), 'Session.StartTimestamp must be an ISO 8601 date'],
    [
      event({ Session: { Id: 's', StartTimestamp: timestamp, StopTimestamp: 'x' } }),
      'Session.StopTimestamp must be an ISO 8601 date',
    ],
    [
      event({ Session: { Id: 's', StartTimestamp: timestamp, Duration: 0.5 } }),
      'Session.Duration must be a whole number',
    ],
    ['text', 'The event must be an object'],
    [[], 'The event must be an object'],
  ])('that is no such is refused alone: %j (2)', async (wrong, message) => {
    const { status, body } = await putRaw({
      BatchItem: { ana: { Endpoint: {}, Events: { good: event({ EventType: 'good' }), wrong } } },
    });
    expect(status).toBe(202);
    expect(body.Results.ana).toEqual({
      EndpointItemResponse: accepted,
      EventsItemResponse: { good: accepted, wrong: { StatusCode: 400, Message: message } },
    });
    expect(await storedTypes()).toEqual(['good']);
  });

  it('with a number that JSON cannot carry is refused alone', async () => {
    // The SDK says "NaN" and "Infinity" as texts; others write a number that none of ours can hold.
    const results = await put({
      ana: {
        Endpoint: { Metrics: { x: Number.NaN } },
        Events: { nan: event({ Metrics: { price: Number.NaN } }), infinity: event({ Metrics: { price: Infinity } }) },
      },
    });
    expect(results['ana']).toEqual({
      EndpointItemResponse: refused('Metrics.x must be a number'),
      EventsItemResponse: {
        nan: refused('Metrics.price must be a number'),
        infinity: refused('Metrics.price must be a number'),
      },
    });
    const { body } = await putRaw({
      BatchItem: {
        ana: { Endpoint: {}, Events: { good: event(), wrong: event({ Metrics: { price: rawNumber('1e999') } }) } },
      },
    });
    expect(body.Results.ana.EventsItemResponse).toEqual({
      good: accepted,
      wrong: refused('Metrics.price is a number out of range'),
    });
    expect(await storedTypes()).toEqual(['cart.add']);
  });

  it('among ninety-nine good ones is the only one that is refused', async () => {
    const events = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`e-${index}`, index === 42 ? { Timestamp: timestamp } : event()]),
    );
    const { body } = await putRaw({ BatchItem: { ana: { Endpoint: {}, Events: events } } });
    const codes = Object.entries<{ StatusCode: number }>(body.Results.ana.EventsItemResponse);
    expect(codes.filter(([, { StatusCode }]) => StatusCode !== 202).map(([id]) => id)).toEqual(['e-42']);
    expect(await storedTypes()).toHaveLength(99);
  });

  const names = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`name-${index}`, value]));

  it('has at most 40 names, of 50 characters, and values of 200 (8)', async () => {
    expect(await putOne(event({ Attributes: names(30, 'x'), Metrics: names(10, 1) }))).toEqual(accepted);
    expect(await putOne(event({ Attributes: names(30, 'x'), Metrics: names(11, 1) }))).toEqual(
      refused('Attributes and Metrics can have at most 40 names together'),
    );
    expect(await putOne(event({ Attributes: names(41, 'x') }))).toMatchObject({ StatusCode: 400 });
    for (const member of ['Attributes', 'Metrics']) {
      const value = member === 'Metrics' ? 1 : 'x';
      expect(await putOne(event({ [member]: { ['n'.repeat(50)]: value } }))).toEqual(accepted);
      expect(await putOne(event({ [member]: { ['n'.repeat(51)]: value } }))).toEqual(
        refused(`${member}: a name can have at most 50 characters`),
      );
    }
    expect(await putOne(event({ Attributes: { x: 'v'.repeat(200) } }))).toEqual(accepted);
    expect(await putOne(event({ Attributes: { x: 'v'.repeat(201) } }))).toEqual(
      refused('Attributes: a value can have at most 200 characters'),
    );
    expect(await putOne(event({ Attributes: { x: 'v'.repeat(1_000_000) } }))).toMatchObject({ StatusCode: 400 });
    expect(await storedTypes()).toHaveLength(4);
  });

  it('has at most 1,000 KB', async () => {
    const frame = JSON.stringify(event({ AppTitle: '' })).length;
    expect(await putOne(event({ AppTitle: 'x'.repeat(1_000 * 1024 - frame) }))).toEqual(accepted);
    expect(await putOne(event({ AppTitle: 'x'.repeat(1_000 * 1024 - frame + 1) }))).toEqual(
      refused('An event can have at most 1000 KB'),
    );
    expect(await putOne(event({ AppTitle: 'é'.repeat(600 * 1024) }))).toMatchObject({ StatusCode: 400 });
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2100-12-31T23:59:59.999Z', Date.UTC(2100, 11, 31, 23, 59, 59, 999)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
    ['2019-02-10T19:48:57+00:00', Date.UTC(2019, 1, 10, 19, 48, 57)],
    ['2019-02-10T21:48:57+02:00', Date.UTC(2019, 1, 10, 19, 48, 57)],
    ['2019-02-10T19:48:57', Date.UTC(2019, 1, 10, 19, 48, 57)],
  ])('may be of any time: %s (13)', async (text, milliseconds) => {
    expect(await putOne(event({ Timestamp: text }))).toEqual(accepted);
    const [row] = await stored();
    expect(row?.record.event_timestamp).toBe(milliseconds);
    expect(Math.abs((row?.record.arrival_timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('may have any name: documented ones, and others, are kept as they are', async () => {
    const types = [
      ...['_session.start', '_session.stop', '_monetization.purchase', '_userauth.sign_in', '_inapp.message_clicked'],
      ...['_campaign.opened_notification', 'pageView', 'Ünïcödé 😀', '__proto__', 'x'.repeat(500)],
    ];
    const events = Object.fromEntries(types.map((EventType, index) => [`e-${index}`, event({ EventType })]));
    await put({ ana: { Endpoint: {}, Events: events } });
    expect(await storedTypes()).toEqual(types);
  });

  it('of a session that nobody began is taken, and what no shape knows is not kept', async () => {
    const stray = event({ Session: { Id: 'unknown', StartTimestamp: timestamp, Extra: 1 }, Secret: 'x-secret' });
    expect(await putOne(stray)).toEqual(accepted);
    expect((await stored())[0]?.record.session).toEqual({
      session_id: 'unknown',
      start_timestamp: Date.parse(timestamp),
    });
    expect(await tablesWith(database, 'x-secret')).toEqual([]);
  });

  it('that is sent twice is there twice (14)', async () => {
    const batch = { ana: { Endpoint: {}, Events: { same: event() } } };
    await put(batch);
    await put(batch);
    expect(await storedTypes()).toEqual(['cart.add', 'cart.add']);
  });
});

describe('what a call says of an endpoint', () => {
  it('changes what it names and leaves the rest (5)', async () => {
    await update('ana', { ...ana, Attributes: { x: ['a', 'b'], y: ['1'] } });
    await put({ ana: { Endpoint: { Attributes: { x: ['c'] } }, Events: { e: event() } } });
    expect(await endpointOf('ana')).toMatchObject({ ...ana, Attributes: { x: ['c'], y: ['1'] } });
    const [row] = await stored();
    expect(contextOf(row)).toMatchObject({ Attributes: { x: ['c'], y: ['1'] }, User: { UserId: 'u-55' } });
  });

  it('is nothing when it is empty: not even a sleeping one wakes (3)', async () => {
    await update('ana', { ...ana, EndpointStatus: 'INACTIVE', Attributes: { x: ['a'] } });
    const before = await endpointOf('ana');
    await sql`update endpoint_facets set last_active_at = '2020-01-01' where project_number = ${projectNumber}`.execute(
      database.query,
    );
    const results = await put({ ana: { Endpoint: {}, Events: { e: event() } } });
    expect(results['ana']).toEqual({ EndpointItemResponse: accepted, EventsItemResponse: { e: accepted } });
    expect(await endpointOf('ana')).toEqual(before);
    const { rows } = await sql<{ at: Date }>`
      select last_active_at as at from endpoint_facets where project_number = ${projectNumber}`.execute(database.query);
    expect(rows[0]?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await put({ ana: { Endpoint: { Location: { City: 'Porto' } }, Events: {} } });
    expect(await endpointOf('ana')).toMatchObject({ EndpointStatus: 'ACTIVE', Location: { City: 'Porto' } });
  });

  it('makes a bare one of nobody, whom no message can reach (4)', async () => {
    await put({ 'New-1': { Endpoint: {}, Events: { e: event() } } });
    const made = await endpointOf('new-1');
    expect(made).toMatchObject({ Id: 'New-1', EndpointStatus: 'ACTIVE', OptOut: 'NONE' });
    expect(made).not.toHaveProperty('Address');
    const { rows } = await sql`select eligible from endpoint_facets where project_number = ${projectNumber}`.execute(
      database.query,
    );
    expect(rows).toEqual([{ eligible: false }]);
    expect(await stored()).toMatchObject([{ endpoint_id: 'new-1', generation: await generationOf('new-1') }]);
  });

  it('takes an address over from another one (6)', async () => {
    await update('ana', { ChannelType: 'EMAIL', Address: 'z@example.net' });
    await put({ bob: { Endpoint: { ChannelType: 'EMAIL', Address: 'z@example.net' }, Events: {} } });
    expect(await endpointOf('ana')).toMatchObject({ EndpointStatus: 'INACTIVE' });
    expect(await endpointOf('bob')).toMatchObject({ EndpointStatus: 'ACTIVE' });
  });

  it('is refused alone when it is the sixteenth of a user: its events are taken (7)', async () => {
    const of = (index: number) => ({ ...ana, Address: `ana-${index}@example.net` });
    await put(
      Object.fromEntries(
        Array.from({ length: 15 }, (_, index) => [`ana-${index}`, { Endpoint: of(index), Events: {} }]),
      ),
    );
    const results = await put({ 'ana-15': { Endpoint: of(15), Events: { e: event() } } });
    expect(results['ana-15']).toEqual({
      EndpointItemResponse: refused('Exceeded maximum endpoint per user count: 15'),
      EventsItemResponse: { e: accepted },
    });
    await expect(endpointOf('ana-15')).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await stored()).toMatchObject([{ endpoint_id: 'ana-15', generation: null, type: 'cart.add' }]);
    expect((await stored())[0]?.record).not.toHaveProperty('client_context');
  });

  it.each([
    [undefined, 'Endpoint is required'],
    [7, 'Endpoint must be an object'],
    [{ OptOut: 'PERHAPS' }, 'OptOut must be one of ALL, NONE'],
    [{ ChannelType: 'PIGEON' }, expect.stringMatching(/^ChannelType must be one of /)],
    [{ EndpointStatus: 'ASLEEP' }, 'EndpointStatus must be one of ACTIVE, INACTIVE'],
    [{ EffectiveDate: 'yesterday' }, 'EffectiveDate must be an ISO 8601 date'],
    [{ Location: { Latitude: 91 } }, 'Location.Latitude must be from -90 to 90'],
    [{ Metrics: { x: 'many' } }, 'Metrics.x must be a number'],
    [{ Attributes: { ['n'.repeat(51)]: ['x'] } }, 'Attributes: a name can have at most 50 characters'],
    [{ Attributes: { x: ['a', null] } }, 'Attributes.x[1] must not be null'],
    [{ Address: 'x@example.net' }, 'Missing ChannelType'],
  ])('is refused alone when it is wrong: %j', async (Endpoint, message) => {
    await update('ana', { Attributes: { x: ['a'] } });
    const before = await endpointOf('ana');
    const { status, body } = await putRaw({ BatchItem: { ana: { Endpoint, Events: { e: event() } } } });
    expect(status).toBe(202);
    expect(body.Results.ana).toEqual({
      EndpointItemResponse: { StatusCode: 400, Message: message },
      EventsItemResponse: { e: accepted },
    });
    expect(await endpointOf('ana')).toEqual(before);
    expect(await stored()).toMatchObject([{ endpoint_id: 'ana', generation: await generationOf('ana') }]);
  });

  it.each(['', 'a{b}', '$x'])('cannot be of an id like %j: nothing of it is taken', async (id) => {
    const { body } = await putRaw({ BatchItem: { [id]: { Endpoint: {}, Events: { e: event() } } } });
    const fault = { StatusCode: 400, Message: expect.stringMatching(/^(Id is required|An endpoint id must not)/) };
    expect(body.Results[id]).toEqual({ EndpointItemResponse: fault, EventsItemResponse: { e: fault } });
    expect(await stored()).toEqual([]);
  });
});

describe('a deleted endpoint', () => {
  const remove = (EndpointId: string) => client.send(new DeleteEndpointCommand({ ApplicationId: app, EndpointId }));

  it('takes its events along, and comes back as another one', async () => {
    await put({ mallory: { Endpoint: {}, Events: { e: event({ EventType: 'before' }) } } });
    const first = await generationOf('mallory');
    await remove('mallory');
    expect(await tablesWith(database, 'mallory')).toEqual([]);
    await put({ mallory: { Endpoint: {}, Events: { e: event({ EventType: 'after' }) } } });
    const second = await generationOf('mallory');
    expect(second).toBeGreaterThan(first as number);
    expect(await stored()).toMatchObject([{ type: 'after', generation: second }]);
    await remove('mallory');
  });

  it.each([
    ['activity alone', {}],
    ['what it says of itself', { Attributes: { x: ['oscar'] } }],
    ['what it says wrongly', { OptOut: 'PERHAPS' }],
  ])('is not brought back by a call that began before: %s', async (_what, Endpoint) => {
    await update('oscar', {});
    // The call has to wait for the lock, and so has the deletion, which comes first.
    const { deletion, late } = await database.transaction(async (tx) => {
      await sql`
        select 1 from endpoints where project_number = ${projectNumber} and id = 'oscar' for update`.execute(tx);
      const deletion = remove('oscar');
      await waiting(1);
      const late = putRaw({ BatchItem: { oscar: { Endpoint, Events: { e: event() } } } });
      await waiting(2);
      return { deletion, late };
    });
    await deletion;
    expect((await late).body.Results.oscar.EventsItemResponse).toEqual({ e: accepted });
    await expect(endpointOf('oscar')).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await tablesWith(database, 'oscar')).toEqual([]);
  });

  /** Until so many statements wait for a lock. */
  async function waiting(count: number): Promise<void> {
    for (;;) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(database.query);
      if ((rows[0]?.count ?? 0) >= count) return;
    }
  }

  it('leaves nothing, whatever comes while it goes', async () => {
    for (let round = 0; round < 10; round += 1) {
      await put({ eve: { Endpoint: {}, Events: { e: event() } } });
      const calls = Array.from({ length: 20 }, () => put({ eve: { Endpoint: {}, Events: { e: event() } } }));
      const [, ...answers] = await Promise.all([remove('eve').catch(() => undefined), ...calls]);
      for (const answer of answers) expect(answer['eve']?.EventsItemResponse).toEqual({ e: accepted });
      // Those that began after the deletion brought it back, with their own events and no others.
      const generation = await generationOf('eve');
      const left = (await stored()).filter(({ endpoint_id: id }) => id === 'eve');
      expect(left.filter((row) => row.generation !== generation)).toEqual([]);
      if (generation !== undefined) await remove('eve');
    }
  });
});

describe('settings of a project', () => {
  const settings = (method: string, body?: object) =>
    callApi(server, `${method} /repoint/v1/apps/${app}/event-settings`, { body });

  it('keep events as long as the server does, and take each of them, until they are changed', async () => {
    expect(await settings('GET')).toMatchObject({ status: 200, body: { DeduplicateEvents: false, RetentionDays: 90 } });
    expect(await settings('PUT', { RetentionDays: 0 })).toMatchObject({
      body: { DeduplicateEvents: false, RetentionDays: 0 },
    });
    expect(await settings('PUT', { DeduplicateEvents: true })).toMatchObject({
      body: { DeduplicateEvents: true, RetentionDays: 0 },
    });
    expect(await settings('GET')).toMatchObject({ body: { DeduplicateEvents: true, RetentionDays: 0 } });
    expect(await settings('PUT', { RetentionDays: -1 })).toMatchObject({ status: 400 });
    expect(await settings('PUT', { RetentionDays: 36_501 })).toMatchObject({ status: 400 });
  });

  it('take an event once, if it is alike in all', async () => {
    await settings('PUT', { DeduplicateEvents: true });
    const one = event({ Attributes: { sku: '1' } });
    const batch = (id: string, more: object, endpoint = 'ana') => ({
      [endpoint]: { Endpoint: {}, Events: { [id]: { ...one, ...more } } },
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(batch('e', {}))));
    for (const answer of answers) expect(answer['ana']?.EventsItemResponse).toEqual({ e: accepted });
    expect(await storedTypes()).toHaveLength(1);
    await put({ ANA: { Endpoint: {}, Events: { e: one, f: one } } });
    expect(await storedTypes()).toHaveLength(2);
    await put(batch('e', { EventType: 'other' }));
    await put(batch('e', { Timestamp: '2026-11-24T09:15:02.121Z' }));
    await put(batch('e', { Attributes: { sku: '2' } }));
    await put(batch('e', {}, 'bob'));
    expect(await storedTypes()).toHaveLength(6);
    await settings('PUT', { DeduplicateEvents: false });
    await put(batch('e', {}));
    expect(await storedTypes()).toHaveLength(7);
  });
});

describe('whatever is sent', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom('', 'x'.repeat(201), '2026-11-24T09:15:02Z', 'NONE'),
  );
  const value = fc.oneof(text, fc.double(), fc.constant(null), fc.boolean(), fc.array(text, { maxLength: 3 }));
  const map = fc.dictionary(text, value, { maxKeys: 5 });
  const anyEvent = fc.oneof(
    fc.record(
      {
        ...{ EventType: fc.oneof(text, value), Timestamp: fc.oneof(fc.constant(timestamp), value) },
        ...{ Attributes: fc.oneof(map, value), Metrics: fc.dictionary(text, fc.oneof(fc.double(), value)) },
        Session: fc.oneof(map, fc.constant({ Id: 's', StartTimestamp: timestamp })),
      },
      { requiredKeys: [] },
    ),
    value,
    fc.constant(event()),
  );
  const anyEndpoint = fc.oneof(
    fc.record({ OptOut: text, Attributes: map, Metrics: map, User: map, Location: map }, { requiredKeys: [] }),
    fc.constant({}),
    value,
  );
  const batches = fc.dictionary(
    fc.oneof(fc.constantFrom('one', 'ONE', 'two', '$bad'), text),
    fc.record({ Endpoint: anyEndpoint, Events: fc.dictionary(text, anyEvent, { maxKeys: 8 }) }),
    { maxKeys: 4 },
  );

  it('is answered item by item, and what was accepted is there', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (sent) => {
        const before = (await stored()).length;
        const { status, body } = await putRaw({ BatchItem: sent });
        expect(status).toBe(202);
        // What was null on the wire was not there.
        const wire: typeof sent = JSON.parse(JSON.stringify(sent));
        expect(Object.keys(body.Results).sort()).toEqual(Object.keys(wire).sort());
        let taken = 0;
        for (const [id, { Events }] of Object.entries(wire)) {
          const { EndpointItemResponse, EventsItemResponse } = body.Results[id];
          expect([202, 400]).toContain(EndpointItemResponse.StatusCode);
          const there = Object.entries(Events).filter(([, each]) => each !== null);
          expect(Object.keys(EventsItemResponse).sort()).toEqual(there.map(([name]) => name).sort());
          for (const { StatusCode, Message } of Object.values<{ StatusCode: number; Message: string }>(
            EventsItemResponse,
          )) {
            expect([202, 400]).toContain(StatusCode);
            expect(Message.length).toBeGreaterThan(0);
            if (StatusCode === 202) taken += 1;
          }
        }
        expect((await stored()).length - before).toBe(taken);
      }),
      { numRuns: 60 },
    );
  });
});
