/** Campaigns that wait for events when something is broken: providers that are down, workers that were killed. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CampaignLimits,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteCampaignCommand,
  GetCampaignActivitiesCommand,
  PutEventsCommand,
  type QuietTime,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { totalsOf } from '../../src/domains/campaigns/run/counters.ts';
import { readCounts } from '../../src/domains/campaigns/run/counts-store.ts';
import { type TakenTrigger, takeTriggers } from '../../src/domains/campaigns/triggers/store.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { startProviderServer } from '../support/provider-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { startTestServer } from '../support/test-server.ts';

const minute = 60_000;
const clock = new ManualClock(new Date());
const gateway = await startProviderServer();
const server = await startTestServer({ clock, environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' } });
const { query } = server.database;
const client = signWithTimeOf(clock, server.client());

let numbers = 0;
const nextNumber = () => `+49151${String(10_000_000 + numbers++)}`;

interface Shop {
  readonly ApplicationId: string;
  readonly campaign: string;
  put(count?: number): Promise<void>;
  /** Of the activity. */
  metrics(): Promise<Record<string, string>>;
  statuses(): Promise<string[]>;
}

/** A project with one person, and a campaign that waits for her cart. @param gated its messages leave through the gateway */
async function openShop(gated: boolean, Limits: CampaignLimits = {}, QuietTime?: QuietTime): Promise<Shop> {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'shop' } }));
  const ApplicationId = app.ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const Settings = { Url: `${gateway.origin}/send`, Body: '{"to":"{to}"}' };
  if (gated) {
    const provider = { body: { Kind: 'HTTP', Settings }, now: clock.now() };
    expect(await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/providers/SMS`, provider)).toMatchObject({
      status: 200,
    });
  }
  const place = { Demographic: { Timezone: 'Etc/UTC' } };
  const EndpointRequest = { ChannelType: 'SMS' as const, Address: nextNumber(), ...place };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'ana', EndpointRequest }));
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  const { CampaignResponse } = await client.send(
    new CreateCampaignCommand({
      ApplicationId,
      WriteCampaignRequest: {
        ...{ Name: 'cart', Limits, SegmentId: made.SegmentResponse?.Id as string },
        MessageConfiguration: { SMSMessage: { Body: 'You left something', MessageType: 'PROMOTIONAL' } },
        Schedule: {
          ...{
            Frequency: 'EVENT',
            StartTime: 'IMMEDIATE',
            EndTime: new Date(clock.now().getTime() + 60 * minute).toISOString(),
          },
          ...(QuietTime && { QuietTime }),
          EventFilter: { FilterType: 'ENDPOINT', Dimensions: { EventType: { Values: ['cart.left'] } } },
        },
      },
    }),
  );
  const campaign = CampaignResponse?.Id as string;
  let events = 0;
  const shop: Shop = {
    ...{ ApplicationId, campaign },
    async put(count = 1) {
      const event = { EventType: 'cart.left', Timestamp: clock.now().toISOString() };
      const names = Array.from({ length: count }, (_each, index) => `event-${events + index}`);
      events += count;
      const BatchItem = { ana: { Endpoint: {}, Events: Object.fromEntries(names.map((name) => [name, event])) } };
      await client.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
    },
    async metrics() {
      const { ActivitiesResponse } = await client.send(
        new GetCampaignActivitiesCommand({ ApplicationId, CampaignId: campaign }),
      );
      return ActivitiesResponse?.Item?.[0]?.ExecutionMetrics ?? {};
    },
    async statuses() {
      const { rows } = await sql<{ status: string }>`
        select status from sends where detail #>> '{origin,campaignId}' = ${campaign} order by started_at, run_id`.execute(
        query,
      );
      return rows.map(({ status }) => status);
    },
  };
  await until(
    () => runState(campaign),
    (state) => state === 'RUNNING',
  );
  return shop;
}

async function runState(campaign: string): Promise<string | undefined> {
  const { rows } = await sql<{ state: string }>`
    select state from campaign_runs where campaign_id = ${campaign}`.execute(query);
  return rows[0]?.state;
}

const setRunState = (campaign: string, state: string) =>
  sql`update campaign_runs set state = ${state} where campaign_id = ${campaign}`.execute(query);

async function waiting(campaign: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from campaign_triggers where campaign_id = ${campaign}`.execute(query);
  return rows[0]?.count as number;
}

/** Of each activity. */
async function openCounts(campaign: string) {
  const { rows } = await sql<{ number: number; id: string }>`
    select project_number as number, id from campaign_activities where campaign_id = ${campaign}`.execute(query);
  return Promise.all(
    rows.map(async ({ number, id }) => {
      const { targeted, open, skipped } = totalsOf((await readCounts(query, number, [id])).get(id) ?? {});
      return { targeted, cancelled: skipped['CANCELLED'], open };
    }),
  );
}

async function until<Value>(look: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await look();
    if (isThere(value) || attempt === 400) return value;
    await pause(25);
  }
}

it('a provider that is down for six minutes loses what is older than five, and holds up no other project (31)', async () => {
  const [broken, sound] = [await openShop(true), await openShop(false)];
  gateway.answerWith((_request, response) => void response.writeHead(503).end());
  await broken.put();
  await until(
    async () => gateway.received.length,
    (count) => count > 0,
  );
  await sound.put();
  expect(await until(sound.statuses, ([status]) => status === 'SUCCESSFUL')).toEqual(['SUCCESSFUL']);
  expect(await waiting(broken.campaign)).toBe(1);
  clock.advance(6 * minute);
  expect(
    await until(
      () => waiting(broken.campaign),
      (count) => count === 0,
    ),
  ).toBe(0);
  gateway.answerWith((_request, response) => void response.writeHead(204).end());
  await pause(2_000);
  expect(gateway.received).toEqual([]);
  const [status] = await broken.statuses();
  expect(['TEMPORARY_FAILURE', 'EXPIRED']).toContain(status);
  await broken.put();
  expect(await until(broken.statuses, (statuses) => statuses[1] === 'SUCCESSFUL')).toEqual([status, 'SUCCESSFUL']);
  expect(gateway.received).toHaveLength(1);
});

it.each(['deleted', 'paused'])(
  'messages that wait for a provider do not leave once their campaign is %s',
  async (how) => {
    const shop = await openShop(true);
    gateway.answerWith((_request, response) => void response.writeHead(503).end());
    await shop.put(20);
    await until(
      async () => gateway.received.length,
      (count) => count > 0,
    );
    if (how === 'paused') {
      const { rows } = await sql<{ id: string }>`
      select id from campaign_runs where campaign_id = ${shop.campaign}`.execute(query);
      const path = `/repoint/v1/apps/${shop.ApplicationId}/campaigns/${shop.campaign}/runs/${rows[0]?.id}`;
      expect((await callApi(server, `POST ${path}/pause`, { now: clock.now() })).status).toBe(200);
    } else {
      const { ApplicationId, campaign: CampaignId } = shop;
      await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId }));
    }
    await pause(1_500);
    gateway.answerWith((_request, response) => void response.writeHead(204).end());
    await pause(4_000);
    expect(gateway.received).toEqual([]);
    clock.advance(6 * minute);
    expect(
      await until(
        () => waiting(shop.campaign),
        (count) => count === 0,
      ),
    ).toBe(0);
    // Written off: the totals of the activity are whole.
    expect(await shop.statuses()).toEqual(Array.from({ length: 20 }, () => 'CANCELLED'));
    expect(await openCounts(shop.campaign)).toEqual([{ targeted: 20, cancelled: 20, open: 0 }]);
  },
);

/** Of the endpoint's clock, so many minutes from now. */
const shown = (minutes: number) => new Date(clock.now().getTime() + minutes * minute).toISOString().slice(11, 16);

it('a message that waits for a provider does not leave in the quiet time that has begun meanwhile', async () => {
  const shop = await openShop(true, {}, { Start: shown(2), End: shown(60) });
  gateway.answerWith((_request, response) => void response.writeHead(503).end());
  await shop.put();
  await until(
    async () => gateway.received.length,
    (count) => count > 0,
  );
  clock.advance(3 * minute);
  gateway.answerWith((_request, response) => void response.writeHead(204).end());
  expect(await until(shop.statuses, ([status]) => status !== 'CLAIMED')).toEqual(['QUIET_TIME']);
  expect(gateway.received).toEqual([]);
  expect(
    await until(
      () => waiting(shop.campaign),
      (count) => count === 0,
    ),
  ).toBe(0);
});

it('a message that waits for a provider does not leave once its recipient has opted out', async () => {
  const shop = await openShop(true);
  gateway.answerWith((_request, response) => void response.writeHead(503).end());
  await shop.put();
  await until(
    async () => gateway.received.length,
    (count) => count > 0,
  );
  const { ApplicationId } = shop;
  const EndpointRequest = { OptOut: 'ALL' };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'ana', EndpointRequest }));
  gateway.answerWith((_request, response) => void response.writeHead(204).end());
  clock.advance(minute / 2);
  expect(await until(shop.statuses, ([status]) => status !== 'CLAIMED')).toEqual(['PERMANENT_FAILURE']);
  expect(gateway.received).toEqual([]);
});

it('many events at once keep the rate of their campaign', async () => {
  const shop = await openShop(true, { MessagesPerSecond: 50 });
  const times: number[] = [];
  gateway.answerWith((_request, response) => {
    times.push(performance.now());
    response.writeHead(204).end();
  });
  await shop.put(100);
  await until(
    async () => times.length,
    (count) => count === 100,
  );
  expect(times).toHaveLength(100);
  // In any half of a second: 25, and what had gathered before the first.
  const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 500).length));
  expect(most).toBeLessThanOrEqual(45);
});

it('what a killed worker held is sent once: claimed and not sent, or sent and not crossed off', async () => {
  const shop = await openShop(false, { Total: 4 });
  await shop.put();
  expect(await until(shop.statuses, ([status]) => status === 'SUCCESSFUL')).toEqual(['SUCCESSFUL']);
  await setRunState(shop.campaign, 'PAUSED');
  for (let count = 0; count < 3; count += 1) await shop.put();
  await until(
    () => waiting(shop.campaign),
    (count) => count === 3,
  );
  // The worker that is killed has them; others wait for its lease.
  const held = new Map<string, TakenTrigger>();
  await until(
    async () => {
      const taken = await takeTriggers(query, 'killed/0', { limit: 10, except: [], milliseconds: 1_500 });
      for (const trigger of taken) held.set(String(trigger.id), trigger);
      return held.size;
    },
    (count) => count === 3,
  );
  const all = [...held.values()];
  expect(all).toHaveLength(3);
  for (const [index, status] of (['CLAIMED', 'SUCCESSFUL'] as const).entries()) {
    const { id, arrivedAt } = all[index] as (typeof all)[number];
    await sql`
      insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, settled_at)
      select project_number, bucket, recipient, ${id}, ${arrivedAt}, channel_type, detail, ${status},
             case when ${status} = 'SUCCESSFUL' then now() end
      from sends where detail #>> '{origin,campaignId}' = ${shop.campaign} limit 1`.execute(query);
  }
  // She has had enough by now: what is claimed was counted before.
  await sql`update campaign_recipients set targeted = 4 where campaign_id = ${shop.campaign}`.execute(query);
  await setRunState(shop.campaign, 'RUNNING');
  expect(
    await until(
      () => waiting(shop.campaign),
      (count) => count === 0,
    ),
  ).toBe(0);
  expect((await shop.statuses()).sort()).toEqual(['CAMPAIGN_CAP', 'SUCCESSFUL', 'SUCCESSFUL', 'SUCCESSFUL']);
  // The first one, and the one that was claimed only.
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from outbox_messages
    where project_number = (select number from projects where id = ${shop.ApplicationId})`.execute(query);
  expect(rows).toEqual([{ count: 2 }]);
});
