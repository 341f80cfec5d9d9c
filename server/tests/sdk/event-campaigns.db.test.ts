/**
 * Campaigns that wait for events, from PutEvents to the provider, through the real SDK (dossier/messaging §1.7; numbers in
 * brackets are the cases of §18).
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ActivityResponse,
  type CampaignResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteCampaignCommand,
  DeleteEndpointCommand,
  type EndpointRequest,
  type EventFilter,
  GetCampaignActivitiesCommand,
  type Event as PinpointEvent,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateCampaignCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const hour = 3_600_000;
const minute = 60_000;

const clock = new ManualClock(new Date());
const testDatabase = await openTestDatabase();
const { database } = testDatabase;
const deployment = { testDatabase, masterKey: new MasterKey(Buffer.alloc(32, 7)) };
const server = await startTestServer({ deployment, clock });
// Another worker beside it: they share what there is to do.
await startTestServer({ deployment, clock, environment: { REPOINT_ROLES: 'worker' } });
const client = signWithTimeOf(clock, server.client());

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'events' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  SegmentId = await segment({});
});

async function segment(WriteSegmentRequest: object): Promise<string> {
  const made = await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'some', ...WriteSegmentRequest } }),
  );
  return made.SegmentResponse?.Id as string;
}

let numbers = 0;
async function person(EndpointId: string, more: Partial<EndpointRequest> = {}): Promise<string> {
  numbers += 1;
  const Address = `+4915112${String(numbers).padStart(6, '0')}`;
  await client.send(
    new UpdateEndpointCommand({
      ...{ ApplicationId, EndpointId },
      EndpointRequest: { ChannelType: 'SMS', Address, ...more },
    }),
  );
  return Address;
}

const from = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString();
const waitsFor = (
  filter: Partial<EventFilter['Dimensions']> = {},
  FilterType: EventFilter['FilterType'] = 'ENDPOINT',
) => ({
  ...{ Frequency: 'EVENT' as const, StartTime: 'IMMEDIATE', EndTime: from(hour) },
  EventFilter: {
    FilterType,
    Dimensions: { EventType: { DimensionType: 'INCLUSIVE' as const, Values: ['cart.left'] }, ...filter },
  },
});

type Campaign = CampaignResponse & { readonly Id: string };

async function campaign(more: Partial<WriteCampaignRequest> = {}): Promise<Campaign> {
  const { CampaignResponse } = await client.send(
    new CreateCampaignCommand({
      ApplicationId,
      WriteCampaignRequest: {
        ...{ Name: 'cart', SegmentId, Schedule: waitsFor() },
        MessageConfiguration: { SMSMessage: { Body: 'You left something', MessageType: 'PROMOTIONAL' } },
        ...more,
      },
    }),
  );
  const made = CampaignResponse as Campaign;
  await until(
    () => activity(made),
    ({ State }) => State === 'RUNNING',
  );
  return made;
}

async function activity({ Id }: Campaign, TreatmentId = '0'): Promise<Partial<ActivityResponse>> {
  const { ActivitiesResponse } = await client.send(new GetCampaignActivitiesCommand({ ApplicationId, CampaignId: Id }));
  const found = ActivitiesResponse?.Item?.find((each) => each.TreatmentId === TreatmentId);
  return found ?? {};
}

let events = 0;
/** @returns when it was answered */
async function put(endpoint: string, more: Partial<PinpointEvent> = {}, count = 1): Promise<number> {
  const event = { EventType: 'cart.left', Timestamp: clock.now().toISOString(), ...more };
  const Events = Object.fromEntries(Array.from({ length: count }, (_each, index) => [`e${events + index}`, event]));
  events += count;
  const { EventsResponse } = await client.send(
    new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem: { [endpoint]: { Endpoint: {}, Events } } } }),
  );
  const answers = Object.values(EventsResponse?.Results?.[endpoint]?.EventsItemResponse ?? {});
  expect(answers.map(({ StatusCode }) => StatusCode)).toEqual(answers.map(() => 202));
  return performance.now();
}

/** Numbers in the outbox. */
async function outbox(): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select address from outbox_messages join projects on projects.number = outbox_messages.project_number
    where projects.id = ${ApplicationId} order by address`.execute(database.query);
  return rows.map(({ address }) => address);
}

async function until<Value>(look: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await look();
    if (isThere(value) || attempt === 400) return value;
    await pause(25);
  }
}

const untilSent = (count: number) => until(outbox, (sent) => sent.length >= count);

async function triggers(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from campaign_triggers`.execute(
    database.query,
  );
  return rows[0]?.count as number;
}

/** Nothing waits and nothing is under way. */
async function settled(): Promise<void> {
  await until(triggers, (count) => count === 0);
  expect(await triggers()).toBe(0);
}

const metrics = async (of: Campaign, treatmentId?: string) => (await activity(of, treatmentId)).ExecutionMetrics;

describe('a matching event', () => {
  it('sends to its endpoint, within a moment, and once for each event', async () => {
    const [ana, ben] = [await person('ana'), await person('ben')];
    const cart = await campaign();
    await put('ana');
    expect(await untilSent(1)).toEqual([ana]);
    await put('ana', {}, 2);
    await put('ben');
    expect(await untilSent(4)).toEqual([ana, ana, ana, ben].sort());
    await settled();
    expect(await metrics(cart)).toMatchObject({ ENDPOINT_PRODUCED: '4' });
    expect(await activity(cart)).toMatchObject({ State: 'RUNNING', TotalEndpointCount: 4, SuccessfulEndpointCount: 4 });
  });

  it('has to match attributes and metrics (30)', async () => {
    const ana = await person('ana');
    await campaign({
      Schedule: waitsFor({
        Attributes: { tier: { AttributeType: 'INCLUSIVE', Values: ['gold', 'silver'] } },
        Metrics: { value: { ComparisonOperator: 'GREATER_THAN_OR_EQUAL', Value: 25 } },
      }),
    });
    for (const [tier, value] of [
      ['gold', 25],
      ['gold', 24],
      ['bronze', 99],
    ] as const) {
      await put('ana', { Attributes: { tier }, Metrics: { value } });
    }
    await put('ana', { EventType: 'cart.added', Attributes: { tier: 'gold' }, Metrics: { value: 25 } });
    await untilSent(1);
    await settled();
    expect(await outbox()).toEqual([ana]);
  });

  it('tells of the message with the ids of campaign, activity and treatment', async () => {
    await person('ana');
    const cart = await campaign();
    await put('ana');
    await untilSent(1);
    await settled();
    const sent = await until(
      async () => {
        const { rows } = await sql<{ attributes: Record<string, string> }>`
          select attributes from events where type = '_campaign.send'
            and attributes ->> 'campaign_id' = ${cart.Id}`.execute(database.query);
        return rows;
      },
      (rows) => rows.length > 0,
    );
    expect(sent).toMatchObject([
      {
        attributes: {
          ...{ campaign_id: cart.Id, treatment_id: '0', campaign_send_status: 'SUCCESS', delivery_type: 'SMS' },
          campaign_activity_id: (await activity(cart)).Id,
        },
      },
    ]);
  });
});

describe('whom it sends to', () => {
  it('is decided by the segment as it is at that moment', async () => {
    const gold = await segment({
      Dimensions: { Attributes: { tier: { AttributeType: 'INCLUSIVE', Values: ['gold'] } } },
    });
    const ana = await person('ana', { Attributes: { tier: ['gold'] } });
    const ben = await person('ben', { Attributes: { tier: ['bronze'] } });
    const cart = await campaign({ SegmentId: gold });
    await put('ana');
    await put('ben');
    expect(await untilSent(1)).toEqual([ana]);
    await settled();
    await person('ben', { Address: ben, Attributes: { tier: ['gold'] } });
    await put('ben');
    expect(await untilSent(2)).toEqual([ana, ben].sort());
    await settled();
    expect(await metrics(cart)).toMatchObject({ ENDPOINT_PRODUCED: '2' });
  });

  it('leaves out who opted out or is held out, and who has had enough', async () => {
    await person('ana', { OptOut: 'ALL' });
    const ben = await person('ben');
    const cart = await campaign({ Limits: { Total: 2 } });
    await put('ana');
    for (let count = 0; count < 3; count += 1) await put('ben', {}, 2);
    await settled();
    expect(await outbox()).toEqual([ben, ben]);
    expect(await metrics(cart)).toMatchObject({ ENDPOINT_OPT_OUT: '1', CAMPAIGN_CAP: '4' });
  });

  it('shares endpoints out between treatments, each in its own activity', async () => {
    const people = 40;
    for (let index = 0; index < people; index += 1) await person(`person-${index}`);
    const cart = await campaign({
      HoldoutPercent: 20,
      AdditionalTreatments: [
        { SizePercent: 40, MessageConfiguration: { SMSMessage: { Body: 'Other', MessageType: 'PROMOTIONAL' } } },
      ],
    });
    for (let index = 0; index < people; index += 1) await put(`person-${index}`);
    await settled();
    const [zero, one] = [await activity(cart, '0'), await activity(cart, '1')];
    const held = Number((await metrics(cart, '0'))?.['HOLDOUT'] ?? 0);
    const sent = (await outbox()).length;
    expect([zero, one].map(({ State }) => State)).toEqual(['RUNNING', 'RUNNING']);
    expect(held).toBeGreaterThan(0);
    expect(sent).toBe(people - held);
    expect((await metrics(cart, '1'))?.['TREATMENT_HOLDOUT']).toBe(String(people - Number(one.TotalEndpointCount)));
  });
});

describe('when it sends', () => {
  it('is between StartTime and EndTime only (29)', async () => {
    const ana = await person('ana');
    const { CampaignResponse } = await client.send(
      new CreateCampaignCommand({
        ApplicationId,
        WriteCampaignRequest: {
          ...{
            Name: 'cart',
            SegmentId,
            Schedule: { ...waitsFor(), StartTime: from(minute), EndTime: from(3 * minute) },
          },
          MessageConfiguration: { SMSMessage: { Body: 'Hello', MessageType: 'PROMOTIONAL' } },
        },
      }),
    );
    const cart = CampaignResponse as Campaign;
    await put('ana');
    clock.advance(minute);
    await put('ana');
    expect(await untilSent(1)).toEqual([ana]);
    clock.advance(2 * minute + 1_000);
    await put('ana');
    await until(
      () => activity(cart),
      ({ State }) => State === 'COMPLETED',
    );
    await settled();
    expect(await activity(cart)).toMatchObject({ State: 'COMPLETED', Result: 'SUCCESS', TotalEndpointCount: 1 });
    expect(await outbox()).toEqual([ana]);
  });

  it('is not while it is paused, nor after it was deleted', async () => {
    const ana = await person('ana');
    const cart = await campaign();
    const pausing = (IsPaused: boolean) =>
      client.send(
        new UpdateCampaignCommand({ ApplicationId, CampaignId: cart.Id, WriteCampaignRequest: { IsPaused } }),
      );
    await pausing(true);
    await until(
      () => isWatched(cart),
      (watched) => !watched,
    );
    await put('ana');
    await settled();
    await pausing(false);
    await until(
      () => isWatched(cart),
      (watched) => watched,
    );
    await put('ana');
    expect(await untilSent(1)).toEqual([ana]);
    await settled();
    await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId: cart.Id }));
    await pause(100);
    await put('ana');
    await settled();
    expect(await outbox()).toEqual([ana]);
  });

  it('is not later than five minutes after the event: what waits for longer is dropped (31)', async () => {
    await person('ana');
    const cart = await campaign();
    // Its run is paused, as it is while a provider is looked after.
    const running = sql`update campaign_runs set state = 'PAUSED' where campaign_id = ${cart.Id}`;
    await running.execute(database.query);
    await put('ana');
    await pause(700);
    expect(await triggers()).toBe(1);
    clock.advance(6 * minute);
    await settled();
    await sql`update campaign_runs set state = 'RUNNING' where campaign_id = ${cart.Id}`.execute(database.query);
    await pause(700);
    expect(await outbox()).toEqual([]);
  });
});

/** News travel for a moment. */
async function isWatched({ Id }: Campaign): Promise<boolean> {
  const { rows } = await sql<{ paused: boolean }>`
    select is_paused as paused from campaigns where id = ${Id}`.execute(database.query);
  await pause(100);
  return rows[0]?.paused === false;
}

describe('events of the server itself', () => {
  it('start a campaign too, but never the one that caused them', async () => {
    const ana = await person('ana');
    const schedule = waitsFor({ EventType: { DimensionType: 'INCLUSIVE', Values: ['_SMS.SUCCESS'] } }, 'SYSTEM');
    const thanks = await campaign({ Schedule: schedule });
    await put('ana', { EventType: '_SMS.SUCCESS' });
    await client.send(
      new SendMessagesCommand({
        ApplicationId,
        MessageRequest: {
          Endpoints: { ana: {} },
          MessageConfiguration: { SMSMessage: { Body: 'Direct', MessageType: 'TRANSACTIONAL' } },
        },
      }),
    );
    // The direct message, and one that thanks for it: what becomes of that one is no reason to thank again.
    expect(await untilSent(2)).toEqual([ana, ana]);
    await pause(1_000);
    await settled();
    expect(await outbox()).toHaveLength(2);
    expect(await activity(thanks)).toMatchObject({ TotalEndpointCount: 1 });
  });
});

describe('an endpoint that is deleted', () => {
  it('takes with it what waits for it', async () => {
    await person('ana');
    const cart = await campaign();
    await sql`update campaign_runs set state = 'PAUSED' where campaign_id = ${cart.Id}`.execute(database.query);
    await put('ana');
    await until(triggers, (count) => count === 1);
    expect(await triggers()).toBe(1);
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'ana' }));
    expect(await triggers()).toBe(0);
  });
});

describe('many events', () => {
  it('are each answered once by two workers, quickly', async () => {
    const people = 50;
    for (let index = 0; index < people; index += 1) await person(`person-${index}`);
    const cart = await campaign();
    const each = 10;
    const started = performance.now();
    await Promise.all(Array.from({ length: people }, (_person, index) => put(`person-${index}`, {}, each)));
    await until(
      () => activity(cart),
      (found) => found.SuccessfulEndpointCount === people * each,
    );
    await settled();
    expect(await activity(cart)).toMatchObject({ SuccessfulEndpointCount: people * each });
    const { rows } = await sql<{ count: number; copies: number }>`
      select count(*) as count, count(distinct run_id) as copies from sends
      where detail #>> '{origin,campaignId}' = ${cart.Id}`.execute(database.query);
    expect(rows).toEqual([{ count: people * each, copies: people * each }]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
