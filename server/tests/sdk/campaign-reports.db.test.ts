/** What the pages Overview and Campaigns of the console read, against what the KPIs of the same names tell. */
import { GetCampaignDateRangeKpiCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { expect, it } from 'vitest';
import {
  append,
  createCampaign,
  createProject,
  happened,
  mail,
  ofCampaign,
  send,
  sms,
} from '../support/analytics-events.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const project = await createProject(server);
const day = 24 * 3600 * 1000;
const noon = new Date(Math.floor(Date.now() / day) * day - 3 * day + 12 * 3600 * 1000);
const later = (milliseconds: number) => new Date(noon.getTime() + milliseconds);
const dateOf = (date: Date) => date.toISOString().slice(0, 10);
const period = `start-date=${dateOf(noon)}&end-date=${dateOf(later(day))}`;
const call = (path: string, query = '') =>
  callApi(server, `GET /repoint/v1/apps/${project.id}/analytics/${path}?${period}${query}`);
const report = async (path: string, query = '') => {
  const { status, body } = await call(path, query);
  expect([status, body?.Message]).toEqual([200, undefined]);
  return body;
};

for (const id of ['spring', 'texts']) await createCampaign(server, project, id);
const [a, b] = [ofCampaign('spring', 'run-1', '0'), ofCampaign('spring', 'run-2', 'x')];
const texts = ofCampaign('texts', 'run-3', '0');
const mailed = (origin: typeof a, id: string, at: Date) => [
  send(project, { origin, endpointId: id, at }),
  mail(project, 'delivered', { origin, to: `${id}@example.com`, endpointId: id, message: `m-${id}`, sentAt: at }),
];
await append(server, [
  ...[mailed(a, 'ana', noon), mailed(a, 'ben', noon), mailed(b, 'ana', later(day))].flat(),
  send(project, { origin: b, endpointId: 'cid', at: later(day) }),
  mail(project, 'hardbounce', {
    origin: b,
    to: 'cid@example.com',
    endpointId: 'cid',
    message: 'm-c',
    sentAt: later(day),
  }),
  mail(project, 'open', { origin: a, to: 'ana@example.com', endpointId: 'ana', message: 'm-ana', sentAt: noon }),
  send(project, { origin: texts, endpointId: 'dan', at: noon, channel: 'SMS' }),
  sms(project, 'DELIVERED', { origin: texts, endpointId: 'dan', message: 's-1', at: noon, parts: 2, price: 700 }),
  mail(project, 'send', { to: 'eve@example.com', message: 'direct', sentAt: noon }),
  happened(project, { endpointId: 'ana', type: '_session.start', at: noon }),
  happened(project, { endpointId: 'ana', type: '_monetization.purchase', at: noon, metrics: { _item_price: 5 } }),
]);

const none = { EmailOpens: 0, EmailClicks: 0, PushOpens: 0, SmsParts: 0, SmsSpend: 0, OptOuts: 0 };

it('tells of a campaign by day, by run and by treatment', async () => {
  const spring = await report('campaigns/spring');
  expect(
    spring.Days.map(({ EndpointDeliveries, MessagesSent }: Record<string, number>) => [
      EndpointDeliveries,
      MessagesSent,
    ]),
  ).toEqual([
    [2, 2],
    [1, 2],
  ]);
  const first = {
    ...none,
    MessagesSent: 2,
    MessagesDelivered: 2,
    DeliveryRate: 1,
    EmailOpens: 1,
    EmailOpenRate: 0.5,
    BounceRate: 0,
  };
  const second = {
    ...none,
    MessagesSent: 2,
    MessagesDelivered: 1,
    DeliveryRate: 0.5,
    EmailOpenRate: 0,
    BounceRate: 0.5,
  };
  expect(spring.Treatments).toEqual([
    { TreatmentId: '0', ...first },
    { TreatmentId: 'x', ...second },
  ]);
  expect(spring.Runs).toEqual([
    { CampaignActivityId: 'run-1', ...first, EndpointDeliveries: 2, OptOutRate: 0 },
    { CampaignActivityId: 'run-2', ...second, EndpointDeliveries: 1, OptOutRate: 0 },
  ]);
  const kpi = await client.send(
    new GetCampaignDateRangeKpiCommand({
      ...{ ApplicationId: project.id, CampaignId: 'spring', StartTime: noon, EndTime: later(day) },
      KpiName: 'successful-delivery-rate-grouped-by-campaign-activity',
    }),
  );
  const rates = kpi.CampaignDateRangeKpiResponse?.KpiResult?.Rows?.map(({ Values }) => Number(Values?.[0]?.Value));
  expect(rates).toEqual([1, 0.5]);
  expect((await call('campaigns/nobody')).status).toBe(404);
});

it('tells of all campaigns, each once', async () => {
  const all = await report('campaigns');
  expect(all.ActiveCampaigns).toBe(2);
  expect(
    all.Campaigns.map((row: Record<string, unknown>) => [
      row['CampaignId'],
      row['MessagesSent'],
      row['EndpointDeliveries'],
      row['SmsParts'],
      row['SmsSpend'],
    ]),
  ).toEqual([
    ['spring', 4, 2, 0, 0],
    ['texts', 1, 1, 2, 700],
  ]);
  expect(all.Days[0]).toMatchObject({ MessagesSent: 3, EndpointDeliveries: 3 });
  expect(all.Summary).toContainEqual({ Name: 'MessagesSent', Average: 2.5, Total: 5, Change: -1 / 3 });
});

it('has days in the time zone of the viewer, and every table as CSV', async () => {
  // Noon UTC is the next day there.
  const there = await report('campaigns', '&time-zone=Pacific/Kiritimati');
  expect(there.Days.map(({ MessagesSent }: { MessagesSent: number }) => MessagesSent)).toEqual([0, 3]);
  for (const [path, tables] of [
    ['campaigns', ['Days', 'Campaigns', 'Summary']],
    ['campaigns/spring', ['Days', 'Runs', 'Treatments', 'Summary']],
    ['overview', ['Days', 'Summary']],
    ['targetable-endpoints', ['Rows']],
  ] as const) {
    const asJson = await report(path);
    for (const table of tables) {
      const { status, body } = await call(path, `&format=csv&table=${table}`);
      expect([status, body.trim().split('\r\n').length]).toEqual([200, asJson[table].length + 1]);
    }
  }
});

it('brings together what the overview shows', async () => {
  const overview = await report('overview');
  expect(overview.ActiveCampaigns).toBe(2);
  expect(overview.Days[0]).toEqual({
    ...{ Date: dateOf(noon), DailyActiveEndpoints: 1, MonthlyActiveEndpoints: 1, NewEndpoints: 1, Sessions: 1 },
    ...{ Revenue: 5, MessagesDelivered: 3, DeliveryRate: 1, OptOutRate: 0, EmailOpenRate: 0.5, EndpointDeliveries: 3 },
    ...{ EmailSends: 1, EmailDeliveries: 1, EmailOpens: 0, EmailClicks: 0 },
  });
});

it('counts whom messages can be sent to', async () => {
  const write = (EndpointId: string, EndpointRequest: object) =>
    client.send(new UpdateEndpointCommand({ ApplicationId: project.id, EndpointId, EndpointRequest }));
  await write('t1', { ChannelType: 'EMAIL', Address: 't1@example.com' });
  await write('t2', { ChannelType: 'EMAIL', Address: 't2@example.com' });
  await write('t3', { ChannelType: 'EMAIL', Address: 't3@example.com', OptOut: 'ALL' });
  await write('t4', { ChannelType: 'SMS', Address: '+41790000000' });
  expect(await report('targetable-endpoints')).toEqual({
    Total: 3,
    Rows: [
      { ChannelType: 'EMAIL', Endpoints: 2 },
      { ChannelType: 'SMS', Endpoints: 1 },
    ],
  });
});
