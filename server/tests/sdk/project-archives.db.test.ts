/** A whole project as one file, and back: through the API, with everything that Pinpoint's own operations show of it. */
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateSegmentCommand,
  DeleteAppCommand,
  GetAppCommand,
  GetApplicationDateRangeKpiCommand,
  GetApplicationSettingsCommand,
  GetEndpointCommand,
  GetSegmentsCommand,
  GetUserEndpointsCommand,
  ListTagsForResourceCommand,
  PutEventsCommand,
  UpdateApplicationSettingsCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
  UpdateGcmChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { personalDataInventory } from '../../src/app/inventory.ts';
import { findValuesInUse } from '../../src/domains/audience/index.ts';
import { columnsWithout, isArchived, leftOut } from '../../src/domains/erasure/archive/contents.ts';
import { type LoadOptions, loadProject } from '../../src/domains/erasure/archive/load-project.ts';
import { writeArchive } from '../../src/domains/erasure/archive/write-archive.ts';
import { readPlaces } from '../../src/domains/erasure/scope/places.ts';
import { requireDays } from '../../src/domains/events/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { fillTables } from '../support/fill-tables.ts';
import { callApi, presignApi } from '../support/repoint-api.ts';
import { startTestServer, type TestAccount } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const client = server.client();
const parts = { database, inventory: personalDataInventory };

const people = 3_000;
const ApplicationName = 'Größe & Umfang 🦊';

let ApplicationId: string;
let archive: { Url: string; State: string; Rows: number; Bytes: number; Fault?: string };
let target: TestAccount;

const fileOf = (url: string) => join(server.dataDirectory, 'buckets', url.slice('s3://'.length));

async function fillProject(): Promise<void> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: ApplicationName, tags: { stage: 'test' } } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  for (let first = 0; first < people; first += 100) {
    const Item = Array.from({ length: 100 }, (_, index) => {
      const number = first + index;
      return {
        ...{ Id: `Device ${number}/ü`, ChannelType: 'EMAIL' as const, Address: `person${number}@example.com` },
        ...{ Attributes: { team: [number % 2 === 0 ? 'red' : 'blue', 'all'] }, Metrics: { visits: number / 3 } },
        User: { UserId: `user ${number % 1000}`, UserAttributes: { plan: [`p${number % 5}`] } },
      };
    });
    await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  }
  const Attributes = { color: { AttributeType: 'INCLUSIVE' as const, Values: ['red'] } };
  await client.send(
    new CreateSegmentCommand({
      ApplicationId,
      WriteSegmentRequest: {
        Name: 'reds',
        Dimensions: { Attributes: { team: Attributes.color } },
        tags: { of: 'reds' },
      },
    }),
  );
  const event = (number: number) => ({
    ...{ EventType: 'bought', Timestamp: new Date().toISOString() },
    ...{ Attributes: { thing: `t${number}` }, Metrics: { price: number } },
  });
  for (let number = 0; number < 20; number += 1) {
    const BatchItem = {
      [`Device ${number}/ü`]: { Endpoint: {}, Events: { a: event(number), b: event(number + 100) } },
    };
    await client.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
  }
  const QuietTime = { Start: '22:00', End: '07:00' };
  await client.send(
    new UpdateApplicationSettingsCommand({ ApplicationId, WriteApplicationSettingsRequest: { QuietTime } }),
  );
  const Identity = 'arn:aws:ses:us-east-1:123456789012:identity/example.com';
  const EmailChannelRequest = { FromAddress: 'shop@example.com', Identity, Enabled: true };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  await client.send(
    new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { ApiKey: 'very-secret-key', Enabled: true } }),
  );
  const step = (EventType: string) => ({ Name: EventType, Filter: { EventType } });
  const funnel = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/funnels`, {
    body: { Name: 'buyers', Steps: [step('bought'), step('returned')] },
  });
  expect(funnel).toMatchObject({ status: 201 });
}

async function createArchive(Url: string) {
  const path = `/repoint/v1/apps/${ApplicationId}/archives`;
  const made = await callApi(server, `POST ${path}`, { body: { Url } });
  expect(made).toMatchObject({ status: 202, body: { State: 'CREATED' } });
  return vi.waitFor(
    async () => {
      const { body } = await callApi(server, `GET ${path}/${made.body.ArchiveId}`);
      expect(['COMPLETED', 'FAILED']).toContain(body.State);
      return body;
    },
    { timeout: 20_000, interval: 100 },
  );
}

const load = (options: Partial<LoadOptions> = {}, stream: Readable = createReadStream(fileOf(archive.Url))) =>
  loadProject(parts, stream, { accountId: target.accountId, ...options });

beforeAll(async () => {
  await fillProject();
  archive = await createArchive('s3://archives/before-the-end/');
  target = await server.addAccount();
}, 60_000);

/** A tar of these files, compressed. */
async function archiveOf(files: Readonly<Record<string, string>>): Promise<Readable> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Readable.from([gzipSync(Buffer.concat(pieces))]);
}

const storedEvent = {
  ...{ bucket: 1, arrived_at: '2026-01-01T00:00:00Z', type: 'seen', occurred_at: '2026-01-01T00:00:00Z' },
  ...{ endpoint_id: 'ana', envelope: '{"client":{"client_id":"ana"}}' },
};

describe('an archive', () => {
  it('is made by one call, and says where it is and how large', () => {
    expect(archive).toMatchObject({ State: 'COMPLETED' });
    expect(archive.Url).toMatch(
      new RegExp(`^s3://archives/before-the-end/project-${ApplicationId}-[0-9a-f]{32}\\.tar\\.gz$`),
    );
    expect(archive.Bytes).toBe(readFileSync(fileOf(archive.Url)).length);
    expect(archive.Rows).toBeGreaterThan(2 * people);
  });

  it('is fetched through the API, by whoever may, once it is written', async () => {
    const { body: list } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/archives`);
    const content = `/repoint/v1/apps/${ApplicationId}/archives/${list.Item[0].ArchiveId}/content`;
    const answer = await fetch(await presignApi(server, content));
    expect(answer.headers.get('content-disposition')).toContain(`project-${ApplicationId}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(fileOf(archive.Url)))).toBe(true);
    expect((await fetch(`${server.origin}${content}`)).status).toBe(403);
    expect(await callApi(server, `GET ${content}`, { credentials: target })).toMatchObject({ status: 404 });
    const missing = content.replace(list.Item[0].ArchiveId, 'nothing');
    expect(await callApi(server, `GET ${missing}`)).toMatchObject({ status: 404 });
  });

  it('E1: holds every table of a project, or there is a reason why it does not', async () => {
    const tables = (await readPlaces(database, 'PROJECT', personalDataInventory)).map(({ table }) => table);
    const text = gunzipSync(readFileSync(fileOf(archive.Url))).toString('latin1');
    for (const table of tables) if (!isArchived(table)) expect(leftOut[table]).toMatch(/\.$/);
    for (const table of Object.keys(leftOut)) expect(tables).toContain(table);
    const expected = ['endpoints', 'audience_users', 'events', 'segments', 'analytics_counters', 'funnels', 'channels'];
    for (const table of expected) expect(text).toContain(`tables/${table}/0000001.ndjson`);
  });

  it('holds no secret', async () => {
    const text = gunzipSync(readFileSync(fileOf(archive.Url))).toString('latin1');
    expect(text).not.toContain('sealed_');
    expect(text).not.toContain('"GCM"');
    expect(text).not.toContain('very-secret-key');
  });

  it('says why it could not be made', async () => {
    expect(
      await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/archives`, { body: { Url: 'file:///etc/' } }),
    ).toMatchObject({
      status: 400,
    });
    const failed = await createArchive('s3://archives/../../outside/');
    expect(failed).toMatchObject({ State: 'FAILED' });
    expect(failed.Fault).toBeTruthy();
    const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/archives`);
    expect(body.Item.map(({ State }: { State: string }) => State)).toEqual(['FAILED', 'COMPLETED']);
  });
});

describe('a project that is read from an archive', () => {
  it('is what it was: endpoints, users, segments, settings, channels, events, counters, tags', async () => {
    const loaded = await load();
    expect(loaded).toMatchObject({
      id: ApplicationId,
      accountId: target.accountId,
      region: 'us-east-1',
      rows: archive.Rows,
    });
    const [here, there] = [client, server.client({ credentials: target })];
    const same = async <Answer>(
      ask: (by: typeof client) => Promise<Answer>,
      but: (answer: Answer) => unknown = (answer) => answer,
    ) => expect(but(await ask(there))).toEqual(but(await ask(here)));
    const bare = (answer: object) =>
      JSON.parse(
        JSON.stringify({ ...answer, $metadata: undefined }).replaceAll(
          target.accountId,
          server.administrator.accountId,
        ),
      );
    await same((by) => by.send(new GetAppCommand({ ApplicationId })), bare);
    await same((by) => by.send(new GetApplicationSettingsCommand({ ApplicationId })), bare);
    for (const number of [0, 1, 1999]) {
      await same((by) => by.send(new GetEndpointCommand({ ApplicationId, EndpointId: `Device ${number}/ü` })), bare);
    }
    await same(
      (by) => by.send(new GetUserEndpointsCommand({ ApplicationId, UserId: 'user 7' })),
      (answer) =>
        (bare(answer).EndpointsResponse.Item as { Id: string }[]).toSorted((one, other) =>
          one.Id < other.Id ? -1 : 1,
        ),
    );
    await same((by) => by.send(new GetSegmentsCommand({ ApplicationId })), bare);
    const kpi = { ApplicationId, KpiName: 'unique-endpoints' };
    await same(
      (by) => by.send(new GetApplicationDateRangeKpiCommand(kpi)).catch((error: Error) => ({ refused: error.name })),
      (answer) => ({ ...bare(answer), ApplicationDateRangeKpiResponse: undefined }),
    );
    const resourceArn = `arn:aws:mobiletargeting:us-east-1:${target.accountId}:apps/${ApplicationId}`;
    const { TagsModel } = await there.send(new ListTagsForResourceCommand({ ResourceArn: resourceArn }));
    expect(TagsModel?.tags).toEqual({ stage: 'test' });
    const [team, plan] = [{ of: 'attribute', name: 'team' } as const, { of: 'user attribute', name: 'plan' } as const];
    const values = await findValuesInUse(database.query, loaded.number, [team, plan]);
    expect(values.of(team)?.toSorted()).toEqual(['all', 'blue', 'red']);
    expect(values.of(plan)?.toSorted()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);

    const ours = async (call: string) => {
      const answers = [];
      for (const credentials of [server.administrator, target])
        answers.push((await callApi(server, call, { credentials })).body);
      return answers;
    };
    const { SegmentsResponse } = await there.send(new GetSegmentsCommand({ ApplicationId }));
    const segment = SegmentsResponse?.Item?.[0];
    expect(segment?.tags).toEqual({ of: 'reds' });
    const [before, after] = await ours(`GET /repoint/v1/apps/${ApplicationId}/segments/${segment?.Id}/estimate`);
    expect(before.Total).toBe(people / 2);
    expect(after.Total).toBe(people / 2);
    const [types, typesAfter] = await ours(`GET /repoint/v1/apps/${ApplicationId}/analytics/event-types`);
    expect(typesAfter).toEqual(types);
    const id = encodeURIComponent('Device 3/ü');
    const [events, eventsAfter] = await ours(`GET /repoint/v1/apps/${ApplicationId}/endpoints/${id}/events`);
    expect(events.Item.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(eventsAfter)).toBe(JSON.stringify(events));
    const [funnels, funnelsAfter] = await ours(`GET /repoint/v1/apps/${ApplicationId}/funnels`);
    expect(funnelsAfter).toEqual(funnels);
  }, 30_000);

  it('can be written to and deleted like any other, without touching the one it was made of', async () => {
    const account = await server.addAccount();
    const { id, number } = await load({
      accountId: account.accountId,
      newId: true,
      name: 'copy',
      region: 'eu-central-1',
    });
    expect(id).not.toBe(ApplicationId);
    const there = server.client({ credentials: account, region: 'eu-central-1' });
    const { ApplicationResponse } = await there.send(new GetAppCommand({ ApplicationId: id }));
    expect(ApplicationResponse).toMatchObject({ Id: id, Name: 'copy', tags: { stage: 'test' } });
    const Item = [{ Id: 'Device 1/ü', OptOut: 'ALL', Attributes: { team: ['red'] } }];
    await there.send(new UpdateEndpointsBatchCommand({ ApplicationId: id, EndpointBatchRequest: { Item } }));
    const changed = await there.send(new GetEndpointCommand({ ApplicationId: id, EndpointId: 'Device 1/ü' }));
    expect(changed.EndpointResponse?.OptOut).toBe('ALL');
    await there.send(new DeleteAppCommand({ ApplicationId: id }));
    const left = () => sql`select from endpoints where project_number = ${number} limit 1`.execute(database.query);
    await vi.waitFor(async () => expect((await left()).rows).toHaveLength(0), { timeout: 15_000, interval: 200 });
    const untouched = await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: 'Device 1/ü' }));
    expect(untouched.EndpointResponse?.OptOut).toBe('NONE');
  }, 30_000);

  it('starts nothing by itself: campaigns that were under way are paused', async () => {
    const manifest = await manifestOfArchive();
    const account = await server.addAccount();
    const campaign = (id: string, state: string) => ({
      ...{ id, version: 1, name: id, definition: {}, inherited: {}, segment_id: 's', segment_version: 1, state },
      ...{ is_paused: false, created_at: '2026-01-01T00:00:00Z', last_modified_at: '2026-01-01T00:00:00Z' },
    });
    const rows = [campaign('a', 'SCHEDULED'), campaign('b', 'COMPLETED')];
    const schedule = {
      ...{ campaign_id: 'a', treatment_id: '0', timing: { Frequency: 'DAILY', StartTime: '2026-01-01T00:00:00Z' } },
      ...{ anchor: '2026-01-01T00:00:00Z', accepted_at: '2026-01-01T00:00:00Z', runs: 0 },
      ...{ next_slot: '2026-01-02T00:00:00Z', next_run_at: '2026-01-02T00:00:00Z' },
    };
    const { number } = await load(
      { accountId: account.accountId },
      await archiveOf({
        'manifest.json': JSON.stringify(manifest),
        'tables/campaigns/0000001.ndjson': rows.map((row) => JSON.stringify(row)).join('\n'),
        'tables/campaign_schedules/0000001.ndjson': JSON.stringify(schedule),
        'end.json': JSON.stringify({ rows: { campaigns: 2, campaign_schedules: 1 } }),
      }),
    );
    const { rows: stored } =
      await sql`select state from campaigns where project_number = ${number} order by id`.execute(database.query);
    expect(stored).toEqual([{ state: 'PAUSED' }, { state: 'COMPLETED' }]);
    // Its slot is long over: a schedule that is not paused would have run it at once.
    await pause(1_500);
    const { rows: runs } = await sql`select from campaign_runs where project_number = ${number}`.execute(
      database.query,
    );
    expect(runs).toEqual([]);
  });

  it('has every row of every table that an archive holds, as it was', async () => {
    const [from, to] = [await server.addAccount(), await server.addAccount()];
    const made = await server
      .client({ credentials: from })
      .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'whole' } }));
    const projectId = made.ApplicationResponse?.Id as string;
    const { rows: numbers } = await sql<{ number: number }>`
      select number from projects where id = ${projectId}`.execute(database.query);
    const projectNumber = numbers[0]?.number as number;
    const places = await readPlaces(database, 'PROJECT', personalDataInventory);
    const archived = places.map(({ table }) => table).filter(isArchived);
    const day = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
    await database.transaction((tx) => requireDays(tx, [day]));
    await fillTables(database, {
      marker: 'm',
      tables: [...archived].reverse(),
      values: {
        ...{ project_number: projectNumber, account_id: from.accountId, region: 'us-east-1', bucket: 7 },
        ...{ membership: 2_000_000 + projectNumber, arrived_at: day, 'event_settings.retention_days': null },
        ...{ 'segment_versions.definition': null, 'channels.sealed_settings': null, 'segments.kind': 'IMPORT' },
        ...{
          'endpoints.attributes': '{"m":["m"]}',
          'endpoints.user_attributes': '{}',
          'audience_users.attributes': '{}',
        },
        ...{ 'endpoints.channel_type': 'EMAIL', 'erasure_settings.full_erasure': true, 'campaigns.state': 'COMPLETED' },
        ...{ 'campaign_runs.state': 'COMPLETED', 'campaign_runs.ended_at': day, 'endpoints.generation': 1 },
        ...{ 'campaign_versions.state': 'COMPLETED', 'events.envelope': '{"event_type":"m"}', 'events.endpoint': '{}' },
      },
    });
    const owner = {
      scope: 'PROJECT',
      accountId: from.accountId,
      region: 'us-east-1',
      projectId,
      projectNumber,
    } as const;
    const { signal } = new AbortController();
    const stream = writeArchive({ ...parts, clock: systemClock }, owner, { signal, ended: () => undefined });
    const loaded = await loadProject(parts, stream, { accountId: to.accountId });
    const rowsOf = async (of: Parameters<(typeof places)[number]['condition']>[0]) => {
      const all: Record<string, unknown> = {};
      for (const { table, condition } of places.filter((place) => isArchived(place.table))) {
        const { rows } = await sql<{ row: object }>`
          select to_jsonb(stored) - ${[...columnsWithout(personalDataInventory, table), ...given]}::text[] as row
          from ${sql.table(table)} as stored where ${condition(of)}`.execute(database.query);
        all[table] = rows.map(({ row }) => row);
      }
      return all;
    };
    const before = await rowsOf(owner);
    expect(Object.entries(before).filter(([, rows]) => (rows as unknown[]).length === 0)).toEqual([]);
    expect(await rowsOf({ ...owner, accountId: to.accountId, projectNumber: loaded.number })).toEqual(before);
  });
  /** Numbers that are given anew. */
  const given = ['number', 'membership'];
});

async function manifestOfArchive(): Promise<{ project: { id: string }; schema: number; memberships: number[] }> {
  const text = gunzipSync(readFileSync(fileOf(archive.Url))).toString('utf8');
  const begin = text.indexOf('{');
  return JSON.parse(text.slice(begin, text.indexOf('\0', begin)));
}

describe('what is no archive', () => {
  const projects = async () => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from projects`.execute(database.query);
    return rows[0]?.count;
  };

  it('is refused, and nothing of it stays', async () => {
    const [before, manifest] = [await projects(), await manifestOfArchive()];
    const whole = readFileSync(fileOf(archive.Url));
    const account = await server.addAccount();
    const refuse = async (stream: Readable | Promise<Readable>, message: RegExp) =>
      expect(load({ accountId: account.accountId }, await stream)).rejects.toThrow(message);
    const broken = Buffer.from(whole);
    broken.fill(0, whole.length >> 1, (whole.length >> 1) + 64);
    await refuse(Readable.from([Buffer.from('not even compressed')]), /not an archive/);
    await refuse(Readable.from([gzipSync('hello')]), /not an archive|ends before/);
    await refuse(Readable.from([whole.subarray(0, whole.length / 2)]), /not an archive|ends before/);
    await refuse(Readable.from([broken]), /not an archive|cannot be stored/);
    const file = (changes: object, files: Readonly<Record<string, string>> = {}) =>
      archiveOf({ 'manifest.json': JSON.stringify({ ...manifest, ...changes }), ...files });
    await refuse(file({ schema: 99_999 }, { 'end.json': '{"rows":{}}' }), /newer version/);
    await refuse(file({ version: 2 }, { 'end.json': '{"rows":{}}' }), /version/);
    await refuse(file({ project: { ...manifest.project, id: '../x' } }), /not an archive/);
    await refuse(file({}, { 'tables/users/0000001.ndjson': '{}' }), /table/);
    await refuse(file({}, { 'tables/sends/0000001.ndjson': '{}' }), /table/);
    await refuse(file({}, { 'tables/segments/0000001.ndjson': '{"id": 1' }), /cannot be stored/);
    await refuse(file({}, { 'tables/segments/0000001.ndjson': '{"id":"a"}' }), /cannot be stored/);
    const event = (changes: object) => ({
      'tables/events/0000001.ndjson': JSON.stringify({ ...storedEvent, ...changes }),
    });
    const bad = ['x', '{}', '[1]', '{"client":{}} ', '{"client":{"client_id":"a\\u0000"}}', null];
    for (const envelope of bad) await refuse(file({}, event({ envelope })), /cannot be stored/);
    for (const attributes of [[1], 'x']) await refuse(file({}, event({ attributes })), /cannot be stored/);
    await refuse(file({}, event({ metrics: 7 })), /cannot be stored/);
    await refuse(file({}, event({ endpoint: '{"Address"' })), /cannot be stored/);
    const user = (attributes: unknown) => ({
      'tables/audience_users/0000001.ndjson': JSON.stringify({
        bucket: 7,
        user_id: 'u',
        endpoint_ids: ['e'],
        attributes,
      }),
    });
    for (const attributes of [7, ['x'], { a: 'x' }, { a: [7] }]) {
      await refuse(file({}, user(attributes)), /cannot be stored/);
    }
    await refuse(file({}, user({ a: ['x'], b: [] })), /ends before its end/);
    const end = { 'end.json': '{"rows":{"audience_users":1}}' };
    await refuse(file({}, { ...user({ a: ['x'] }), ...end }), /do not belong together/);
    await refuse(file({}, { 'end.json': '{"rows":{"segments":1}}' }), /does not hold all/);
    await refuse(file({}), /ends before its end/);
    expect(await projects()).toBe(before);
  }, 30_000);

  it('of before events had columns is read as one of today', async () => {
    const context = { custom: { endpoint: '{"ChannelType":"EMAIL"}' } };
    const envelope = { event_type: 'seen', client: { client_id: 'ana' }, session: {} };
    const records = [
      { ...envelope, attributes: { sku: 'GLV-9' }, metrics: { price: 12.5 }, client_context: context },
      { ...envelope, attributes: {}, client_context: { custom: { legacy_identifier: 'x' } } },
    ];
    const { envelope: _now, ...row } = storedEvent;
    const { number } = await load(
      { accountId: (await server.addAccount()).accountId },
      await archiveOf({
        'manifest.json': JSON.stringify(await manifestOfArchive()),
        'tables/events/0000001.ndjson': records.map((record) => JSON.stringify({ ...row, record })).join('\n'),
        'end.json': '{"rows":{"events":2}}',
      }),
    );
    const { rows } = await sql<{ record: unknown }>`
      select event_record(events) as record from events where project_number = ${number} order by sequence`.execute(
      database.query,
    );
    expect(rows.map(({ record }) => record)).toEqual(records);
  });

  it('names another project for nobody: the number and the account are given, never read', async () => {
    const manifest = await manifestOfArchive();
    const account = await server.addAccount();
    const { rows } = await sql<{
      number: number;
    }>`select number from projects where id = ${ApplicationId} order by number limit 1`.execute(database.query);
    const victim = rows[0]?.number as number;
    const row = {
      project_number: victim,
      id: 'smuggled',
      kind: 'DIMENSIONAL',
      version: 1,
      created_at: '2026-01-01T00:00:00Z',
      last_modified_at: '2026-01-01T00:00:00Z',
    };
    const loaded = await load(
      { accountId: account.accountId },
      await archiveOf({
        'manifest.json': JSON.stringify(manifest),
        'tables/segments/0000001.ndjson': JSON.stringify(row),
        'end.json': '{"rows":{"segments":1}}',
      }),
    );
    const { rows: found } = await sql`select project_number as number from segments where id = 'smuggled'`.execute(
      database.query,
    );
    expect(found).toEqual([{ number: loaded.number }]);
  });

  it('is refused when its id is taken in the account', async () => {
    const account = await server.addAccount();
    await load({ accountId: account.accountId });
    await expect(load({ accountId: account.accountId })).rejects.toThrow(/has a project of this id/);
  }, 30_000);
});
