/** What endpoints did within a day of a campaign's message, over our API: from events and the log of sends. */
import { expect, it } from 'vitest';
import * as made from '../support/analytics-events.ts';
import { append, happened, ofCampaign } from '../support/analytics-events.ts';
import { callApi } from '../support/repoint-api.ts';
import { putCampaign, putMessages } from '../support/stored-campaigns.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const hour = 3_600_000;
/** 22:00 UTC, four days ago: a day of the viewer in Tokyo has begun. */
const sentAt = new Date(Math.floor(Date.now() / (24 * hour)) * 24 * hour - 4 * 24 * hour + 22 * hour);
const later = (hours: number) => new Date(sentAt.getTime() + hours * hour);
const dateOf = (date: Date) => date.toISOString().slice(0, 10);

const project = await made.createProject(server);
const campaign = await putCampaign(server.database, project, { now: later(-1) });
const origin = ofCampaign(campaign);
const message = (endpointId: string, hours = 0, runId = 'run-1') => ({
  ...{ endpointId, runId, at: later(hours), origin, channelType: 'GCM' },
});
const opened = (endpointId: string, hours: number, zone?: string) =>
  happened(project, { endpointId, type: '_session.start', at: later(hours), ...(zone && { zone }) });
const bought = (endpointId: string, hours: number, metrics: Record<string, number> = {}) =>
  happened(project, { endpointId, type: '_monetization.purchase', at: later(hours), metrics });

await putMessages(server.database, project, [
  // Two runs within a day: what follows both is one session all the same.
  ...[message('Ana'), message('Ana', 3, 'run-2'), message('ben'), message('cid')],
  { ...message('held'), status: 'HOLDOUT' },
  { ...message('other'), origin: ofCampaign('another') },
]);
await append(server, [
  ...[opened('Ana', -1), opened('Ana', 0), opened('Ana', 4, 'Asia/Kolkata'), opened('Ana', 26.5), opened('Ana', 27)],
  ...[opened('ben', 23.9, 'no such zone'), opened('ben', 24), opened('held', 1), opened('other', 1), opened('dan', 1)],
  ...[bought('ben', 1, { _quantity: 3, _item_price: 2 }), bought('ben', 5), bought('cid', 1), bought('cid', 25)],
  happened(project, { endpointId: 'cid', type: 'look', at: later(1) }),
]);

const call = (query: string, id = campaign) =>
  callApi(server, `GET /repoint/v1/apps/${project.id}/analytics/campaigns/${id}/sessions?${query}`);
const period = `start-date=${dateOf(sentAt)}&end-date=${dateOf(later(24))}`;
const none = { Sessions: 0, Endpoints: 0, UnitsSold: 0, Buyers: 0 };

it('counts sessions and purchases within 24 hours of a message, each once', async () => {
  const { status, body } = await call(period);
  expect([status, body.CampaignId]).toEqual([200, campaign]);
  expect(body.Days).toEqual([
    {
      Date: dateOf(sentAt),
      Sessions: 1,
      Endpoints: 1,
      SessionsPerEndpoint: 1,
      UnitsSold: 4,
      Buyers: 2,
      UnitsSoldPerEndpoint: 2,
    },
    // At 4 and 23.9 hours.
    {
      Date: dateOf(later(24)),
      Sessions: 2,
      Endpoints: 2,
      SessionsPerEndpoint: 1,
      UnitsSold: 1,
      Buyers: 1,
      UnitsSoldPerEndpoint: 1,
    },
  ]);
  expect(body.Summary).toContainEqual(expect.objectContaining({ Name: 'Sessions', Total: 3 }));
  // At 26.5: not 24 hours after the second run's message, as 27 is.
  const next = await call(`start-date=${dateOf(later(26))}&end-date=${dateOf(later(26))}`);
  expect(next.body.Days).toMatchObject([{ Sessions: 1 }]);
});

it('tells days of the viewer, and hours of each endpoint', async () => {
  const { body } = await call(`start-date=${dateOf(sentAt)}&end-date=${dateOf(later(26))}&time-zone=Asia/Tokyo`);
  expect(body.Days).toMatchObject([none, { Sessions: 2, UnitsSold: 5 }, { Sessions: 2, UnitsSold: 0 }]);
  const hours = (body.Hours as { Weekday: number; Hour: number; Sessions: number }[]).filter(
    ({ Sessions }) => Sessions > 0,
  );
  const weekday = (date: Date) => date.getUTCDay() || 7;
  const at = (date: Date, Sessions = 1) => ({ Weekday: weekday(date), Hour: date.getUTCHours(), Sessions });
  // 2:00 UTC is half past seven in Kolkata.
  const expected = [at(sentAt), at(new Date(later(4).getTime() + 5.5 * hour)), at(later(23.9)), at(later(26.5))];
  expect(hours).toHaveLength(expected.length);
  expect(hours).toEqual(expect.arrayContaining(expected));
});

it('is a table of a spreadsheet too, and of a campaign that there is', async () => {
  const { body } = await call(`${period}&format=csv&table=Days`);
  expect(String(body).split('\r\n')[0]).toBe(
    'Date,Sessions,Endpoints,SessionsPerEndpoint,UnitsSold,Buyers,UnitsSoldPerEndpoint',
  );
  expect((await call(period, 'nobody')).status).toBe(404);
});
