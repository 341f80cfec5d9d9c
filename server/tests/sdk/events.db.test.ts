/**
 * The log of events: appended in transactions, read as the timeline of an endpoint, kept by days. Numbers in brackets
 * are the cases of dossier/events-journeys-console §8.
 */
import {
  CreateAppCommand,
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  appEvent,
  campaignSend,
  EventLog,
  emailEvent,
  eventJobs,
  type NewEvent,
} from '../../src/domains/events/index.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { addressBucket, addressKey } from '../../src/kernel/address.ts';
import { bucketOf } from '../../src/kernel/bucket.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const client = server.client();
const start = new Date('2026-10-26T23:59:58.000Z');

let project: EventProject;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'events' } }),
  );
  const id = ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${id}`.execute(database.query);
  project = { id, number: rows[0]?.number as number, accountId: server.administrator.accountId };
});

const put = (EndpointId: string, UserId?: string) =>
  client.send(
    new UpdateEndpointCommand({
      ApplicationId: project.id,
      EndpointId,
      EndpointRequest: {
        ChannelType: 'EMAIL',
        Address: `${EndpointId}@example.com`,
        ...(UserId && { User: { UserId } }),
      },
    }),
  );
/** The n-th second after the start. */
const happened = (endpointId: string, second: number, type = 'cart.add'): NewEvent =>
  appEvent(project, {
    ...{ endpointId, endpoint: { ChannelType: 'EMAIL', Address: `${endpointId}@example.com` } },
    event: { EventType: type, Timestamp: start.toISOString(), Attributes: { second: String(second) } },
    ...{ occurredAt: start, arrivedAt: new Date(start.getTime() + second * 1000) },
  });
const log = new EventLog([]);
const append = (events: readonly NewEvent[]) => database.transaction((tx) => log.append(tx, events));
const timeline = (endpointId: string, query = '', credentials = server.administrator) =>
  callApi(server, `GET /repoint/v1/apps/${project.id}/endpoints/${encodeURIComponent(endpointId)}/events${query}`, {
    credentials,
  });
const stored = async () => {
  const { rows } = await sql<{ bucket: number; endpoint_id: string | null; type: string; record: NewEvent['record'] }>`
    select bucket, endpoint_id, type, event_record(events) as record from events where project_number = ${project.number}
    order by transaction_id, sequence`.execute(database.query);
  return rows;
};
const days = async () => {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`.execute(
    database.query,
  );
  return rows.map(({ name }) => name);
};

describe('appending', () => {
  it('keeps records as they are, folds ids, and belongs to the transaction', async () => {
    const event = happened('Ana', 0);
    await append([event]);
    await expect(
      database.transaction(async (tx) => {
        await log.append(tx, [happened('Ana', 1)]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await stored()).toEqual([
      { bucket: bucketOf('ana'), endpoint_id: 'ana', type: 'cart.add', record: event.record },
    ]);
  });

  it('keeps the order of a batch, over midnight', async () => {
    await append(Array.from({ length: 1_000 }, (_, index) => happened(`ep-${index % 7}`, index / 250)));
    const rows = await stored();
    expect(rows.map(({ record }) => Number(record.attributes['second']))).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index / 250),
    );
    expect(await days()).toEqual(expect.arrayContaining(['events_20261026', 'events_20261027']));
  });

  it('takes an event without an endpoint', async () => {
    const mail = { messageId: 'm', from: 'a@b', to: ['c@d'], subject: 's', headers: [], headersTruncated: false };
    const clientId = '0f6c6c4e-50b3-4ad1-8b60-0c8f6b6bd9a1';
    await append([
      emailEvent(project, {
        ...{ endpointId: undefined, clientId, origin: { kind: 'direct' }, occurrence: { type: 'send' } },
        ...{ mail: { ...mail, sentAt: start }, arrivedAt: start },
      }),
    ]);
    const bucket = addressBucket(addressKey('c@d'));
    expect(await stored()).toMatchObject([{ endpoint_id: null, bucket, type: '_email.send' }]);
  });

  it('stores what PostgreSQL cannot: without NUL, without halves of pairs, with years of its own', async () => {
    const event = happened('e', 0);
    const record = {
      ...event.record,
      event_timestamp: -8_640_000_000_000_000,
      attributes: { 'a\0b': 'x\0\ud800y', plain: '\\u0000 😀', __proto__: 'z' },
    };
    await append([{ ...event, record }, happened('e', 1)]);
    const [first] = await stored();
    expect(first?.record.attributes).toEqual({ ab: 'x\ufffdy', plain: '\\u0000 😀' });
    expect(first?.record.event_timestamp).toBe(-8_640_000_000_000_000);
  });

  it('makes the table of a day once, whoever comes first, and again when that was rolled back', async () => {
    const at = (second: number) => happened('e', second + 400 * 24 * 3600);
    await expect(
      database.transaction(async (tx) => {
        await log.append(tx, [at(0)]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await days()).not.toContain('events_20271130');
    await Promise.all(Array.from({ length: 8 }, (_, index) => append([at(0.001 * index)])));
    expect(await days()).toContain('events_20271130');
    expect(await stored()).toHaveLength(8);
  });

  it('lets a reader know what may still appear', async () => {
    await append([happened('e', 0)]);
    await database.transaction(async (tx) => {
      await log.append(tx, [happened('e', 1)]);
      const complete = async () => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from events
          where project_number = ${project.number} and transaction_id < pg_snapshot_xmin(pg_current_snapshot())`.execute(
          database.query,
        );
        return rows[0]?.count;
      };
      // Transactions of other databases of the cluster hold readers back as well.
      await vi.waitFor(async () => expect(await complete()).toBe(1), { timeout: 10_000, interval: 20 });
    });
  });
});

describe('the timeline of an endpoint', () => {
  it('is paged, newest first, and of this endpoint only', async () => {
    await put('Ana/1');
    await put('bob');
    await append([
      ...Array.from({ length: 25 }, (_, index) => happened('ana/1', Math.floor(index / 5))),
      happened('bob', 0),
    ]);
    const seen: number[] = [];
    let token = '';
    do {
      const { status, body } = await timeline('ANA/1', `?page-size=10${token && `&token=${token}`}`);
      expect(status).toBe(200);
      expect(body.Item.length).toBeLessThanOrEqual(10);
      seen.push(...body.Item.map((item: { Record: NewEvent['record'] }) => Number(item.Record.attributes['second'])));
      token = body.NextToken ?? '';
    } while (token !== '');
    expect(seen).toEqual([4, 3, 2, 1, 0].flatMap((second) => Array(5).fill(second)));
    const { body } = await timeline('bob');
    expect(body.Item).toEqual([
      { EventType: 'cart.add', ArrivalDate: start.toISOString(), Record: happened('bob', 0).record },
    ]);
  });

  it('is empty at first, and there is none of nobody', async () => {
    await put('ana');
    expect((await timeline('ana')).body.Item).toEqual([]);
    expect(await timeline('nobody')).toMatchObject({ status: 404, errorType: 'NotFoundException' });
    expect(await timeline('ana', '?token=x')).toMatchObject({ status: 400 });
    expect(await timeline('ana', '', await server.addAccount())).toMatchObject({ status: 404 });
  });

  it('goes with the endpoint, and with its user', async () => {
    const texts = ['mallory-1', 'mallory-2', 'trent'];
    await put('mallory-1', 'mallory');
    await put('mallory-2', 'mallory');
    await put('trent');
    const origin = { kind: 'campaign', campaignId: 'c', activityId: 'a', treatmentId: '0' } as const;
    await append([
      ...texts.flatMap((id) => Array.from({ length: 3 }, (_, index) => happened(id, index * 24 * 3600))),
      campaignSend(project, {
        ...{
          id: 'mallory-1',
          endpoint: { User: { UserId: 'mallory' } },
          origin,
          deliveryType: 'EMAIL',
          status: 'SUCCESS',
        },
        ...{ occurredAt: start, arrivedAt: start },
      }),
    ]);
    await client.send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId: 'MALLORY-1' }));
    expect(await tablesWith(database, 'mallory-1')).toEqual([]);
    expect((await stored()).map(({ endpoint_id }) => endpoint_id)).toEqual([
      ...Array(3).fill('mallory-2'),
      ...Array(3).fill('trent'),
    ]);
    await client.send(new DeleteUserEndpointsCommand({ ApplicationId: project.id, UserId: 'mallory' }));
    expect(await tablesWith(database, 'mallory')).toEqual([]);
    expect(await stored()).toHaveLength(3);
  });

  it('is found by its index in every day', async () => {
    await put('ana');
    await append(Array.from({ length: 2_000 }, (_, index) => happened(`ep-${index}`, index * 100)));
    const plan = await sql<{ 'QUERY PLAN': string }>`
      explain select envelope from events
      where project_number = ${project.number} and bucket = ${bucketOf('ana')} and endpoint_id = 'ana'
      order by arrived_at desc, sequence desc limit 100`.execute(database.query);
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('Index Scan Backward');
    expect(text).not.toMatch(/Seq Scan|Sort/);
  });
});

describe('days', () => {
  it('are made ahead, and dropped when they are old', async () => {
    const clock = new ManualClock('2027-03-10T08:00:00Z');
    const [makeDays, dropDays] = eventJobs({ database, clock, eventRetentionDays: 90 });
    const job = { id: '1', attempt: 1, signal: new AbortController().signal };
    const old = Date.parse('2026-12-09T10:00:00Z') - start.getTime();
    await append([happened('e', old / 1000), happened('e', old / 1000 + 24 * 3600)]);
    await makeDays?.run({}, job);
    await makeDays?.run({}, job);
    expect(await days()).toEqual(expect.arrayContaining(['events_20270310', 'events_20270317', 'events_20261209']));
    await dropDays?.run({}, job);
    await dropDays?.run({}, job);
    const left = await days();
    expect(left.filter((name) => name < 'events_20261210')).toEqual([]);
    expect(left).toEqual(expect.arrayContaining(['events_20261210', 'events_20270310']));
    expect(await stored()).toHaveLength(1);
  });

  it('are not dropped while somebody reads on, and nobody waits behind the attempt for long', async () => {
    const clock = new ManualClock('2029-01-01T00:00:00Z');
    const [, dropDays] = eventJobs({ database, clock, eventRetentionDays: 1 });
    const job = { id: '1', attempt: 1, signal: new AbortController().signal };
    await append([happened('e', 200 * 24 * 3600)]);
    await database.transaction(async (tx) => {
      await sql`select count(*) from events`.execute(tx);
      const begun = performance.now();
      await expect(dropDays?.run({}, job)).rejects.toMatchObject({ code: '55P03' });
      expect(performance.now() - begun).toBeLessThan(10_000);
    });
    await dropDays?.run({}, job);
    expect(await days()).toEqual([]);
  });
});
