/** KPIs through the real SDK. Numbers in brackets are the cases of dossier/events-journeys-console §8. */
import {
  GetApplicationDateRangeKpiCommand,
  GetCampaignDateRangeKpiCommand,
  type ResultRow,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { applicationKpis, campaignKpis, findKpi, kpiNames } from '../../src/domains/analytics/kpis/definitions.ts';
import type { EventProject, NewEvent } from '../../src/domains/events/index.ts';
import * as made from '../support/analytics-events.ts';
import { append, happened, mail, ofCampaign, send, sms } from '../support/analytics-events.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const day = 24 * 3600 * 1000;
const hour = 3600 * 1000;
/** Noon (UTC), three days ago, so that nothing depends on the hour in which the tests run. */
const noon = new Date(Math.floor(Date.now() / day) * day - 3 * day + 12 * hour);
const later = (milliseconds: number) => new Date(noon.getTime() + milliseconds);
const dateOf = (date: Date) => date.toISOString().slice(0, 10);

let project: EventProject;
beforeEach(async () => {
  project = await made.createProject(server);
  await made.createCampaign(server, project, 'c');
});

const count = (...events: readonly NewEvent[]) => append(server, events);
interface Times {
  readonly StartTime?: Date;
  readonly EndTime?: Date;
}
const kpi = async (KpiName: string, times: Times = {}, CampaignId?: string) => {
  const common = { ApplicationId: project.id, KpiName, ...times };
  if (CampaignId !== undefined) {
    const answer = await client.send(new GetCampaignDateRangeKpiCommand({ ...common, CampaignId }));
    expect(answer.CampaignDateRangeKpiResponse?.CampaignId).toBe(CampaignId);
    return answer.CampaignDateRangeKpiResponse;
  }
  return (await client.send(new GetApplicationDateRangeKpiCommand(common))).ApplicationDateRangeKpiResponse;
};
const rows = async (...asked: Parameters<typeof kpi>) => (await kpi(...asked))?.KpiResult?.Rows as ResultRow[];
/** `[group, value]` of each row, or the values alone. */
const values = async (...asked: Parameters<typeof kpi>) =>
  (await rows(...asked)).map(({ GroupedBys, Values }) =>
    GroupedBys?.length ? [GroupedBys[0]?.Value, Values?.[0]?.Value] : Values?.[0]?.Value,
  );
const bad = (message: RegExp) =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const times = <Item>(many: number, make: (index: number) => Item) => Array.from({ length: many }, (_, i) => make(i));
const letter = (type: made.MailEvent, index: number, further: Partial<Parameters<typeof mail>[2]> = {}) =>
  mail(project, type, { to: `p${index}@example.com`, message: `m${index}`, sentAt: noon, ...further });

describe('dates', () => {
  it('[30] are the preceding 31 days, and are told', async () => {
    const answer = await kpi('txn-emails-sent');
    const { StartTime, EndTime } = answer ?? {};
    expect((EndTime as Date).getTime() - (StartTime as Date).getTime()).toBe(31 * day);
    expect(Math.abs(Date.now() - (EndTime as Date).getTime())).toBeLessThan(60_000);
    expect(answer).toMatchObject({ KpiName: 'txn-emails-sent', ApplicationId: project.id });
    expect(answer?.NextToken).toBeUndefined();
    const begun = await kpi('txn-emails-sent', { StartTime: later(-50 * day) });
    expect(begun?.EndTime).toEqual(later(-19 * day));
    expect((await kpi('txn-emails-sent', { EndTime: noon }))?.StartTime).toEqual(later(-31 * day));
  });

  it('[31, 32] span 31 days at most, and begin less than 90 days ago', async () => {
    const between = (first: number, last: number) =>
      kpi('txn-emails-sent', { StartTime: later(first * day), EndTime: later(last * day) });
    await expect(between(-31, 1)).rejects.toEqual(bad(/31 days/));
    expect(await between(-31, 0)).toBeDefined();
    await expect(between(-87, -80)).rejects.toEqual(bad(/90 days/));
    expect(await between(-86, -80)).toBeDefined();
    await expect(between(0, -1)).rejects.toEqual(bad(/after/));
  });

  it('include both ends', async () => {
    await count(letter('send', 1), letter('send', 2, { sentAt: later(hour) }));
    const sent = (first: number, last: number) =>
      values('txn-emails-sent', { StartTime: later(first), EndTime: later(last) });
    expect(await sent(0, hour)).toEqual(['2.0']);
    expect(await sent(0, hour - 1)).toEqual(['1.0']);
    expect(await sent(hour / 2, hour)).toEqual(['1.0']);
    expect(await sent(-2 * hour, -hour)).toEqual([]);
  });
});

describe('names', () => {
  it('[36] that there are not are refused, and what is not there is not found', async () => {
    await expect(kpi('txn-emails-bounced')).rejects.toEqual(bad(/kpi-name/));
    await expect(kpi('clicks-grouped-by-campaign-activity')).rejects.toEqual(bad(/kpi-name/));
    await expect(kpi('hard-bounce-rate', {}, 'nobody')).rejects.toMatchObject({ name: 'NotFoundException' });
    const elsewhere = new GetApplicationDateRangeKpiCommand({ ApplicationId: 'x', KpiName: 'txn-sms-sent' });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('[37] are 66, each with its key and its grouping', async () => {
    const origin = ofCampaign('c');
    await count(
      ...[letter('send', 1), letter('open', 1), letter('click', 1)],
      ...[sms(project, 'DELIVERED', { message: '1', at: noon, price: 645 })],
      ...[sms(project, 'BLOCKED', { message: '2', at: noon })],
      ...[send(project, { origin, endpointId: 'a', at: noon }), letter('delivered', 2, { origin, endpointId: 'a' })],
      ...[send(project, { origin, endpointId: 'p', at: noon, channel: 'GCM' })],
      sms(project, 'DELIVERED', { origin, message: '3', at: noon, price: 100, endpointId: 's' }),
    );
    const told: string[] = [];
    for (const [kpis, campaign] of [[applicationKpis, undefined] as const, [campaignKpis, 'c'] as const]) {
      for (const name of kpiNames(kpis)) {
        const [row, ...others] = await rows(name, {}, campaign);
        const named = findKpi(kpis, name);
        expect(others, name).toEqual([]);
        expect(row?.Values, name).toEqual([
          { Key: named?.valueKey, Type: 'Double', Value: expect.stringMatching(/^\d+\.\d+$/) },
        ]);
        expect(
          row?.GroupedBys?.map(({ Key }) => Key),
          name,
        ).toEqual(named?.grouping === 'none' ? [] : [named?.grouping]);
        told.push(name);
      }
    }
    expect(told).toHaveLength(66);
  });
});

describe('transactional messages', () => {
  it('[33] are null without data, and zero where it was measured', async () => {
    expect(await rows('txn-emails-complaint-rate')).toEqual([]);
    await count(letter('send', 1));
    for (const name of [
      'txn-emails-opened',
      'txn-emails-unique-clicks',
      'txn-emails-complaint-rate',
      'txn-emails-hard-bounced',
    ]) {
      expect(await rows(name), name).toMatchObject([{ GroupedBys: [], Values: [{ Value: '0.0' }] }]);
    }
    expect(await values('txn-emails-unique-opens-grouped-by-date')).toEqual([[dateOf(noon), '0.0']]);
    expect(await rows('txn-sms-delivery-rate')).toEqual([]);
    expect(await rows('email-open-rate', {}, 'c')).toEqual([]);
    await expect(kpi('email-open-rate', {}, 'nobody')).rejects.toThrow(/not found/);
  });

  it('[39] opens of one clock hour are one, clicks are counted each and people once', async () => {
    const at = (minutes: number) => ({ arrivedAt: later(minutes * 60_000) });
    const mails = [letter('send', 1), letter('send', 2), letter('send', 3, { sentAt: later(-day) })];
    const opens = [-30 + 60, -15 + 60, 65].map((minutes) => letter('open', 1, at(minutes)));
    await count(...mails, opens[0] as NewEvent);
    for (const open of opens.slice(1)) await count(open);
    await count(
      letter('open', 1, at(64)),
      letter('open', 2, at(3)),
      letter('open', 3, { sentAt: later(-day), ...at(9) }),
    );
    await count(letter('click', 1, at(31)), letter('click', 1, at(31)), letter('click', 1, at(66)));
    await count(mail(project, 'open', { to: 'P1@example.com', message: 'other', sentAt: noon, ...at(5) }));
    // p1: 08:30 and 08:45 are one, 09:05 is another, and another mail to the same address; p2 one; p3 the day before.
    expect(await values('txn-emails-opened')).toEqual(['5.0']);
    expect(await values('txn-emails-opened-grouped-by-date')).toEqual([
      [dateOf(later(-day)), '1.0'],
      [dateOf(noon), '4.0'],
    ]);
    expect(await values('txn-emails-unique-opens')).toEqual(['3.0']);
    expect(await values('txn-emails-clicked')).toEqual(['3.0']);
    expect(await values('txn-emails-unique-clicks')).toEqual(['1.0']);
  });

  it('tell of SMS by country, by parts and by error', async () => {
    const fr = { country: 'FR', at: noon };
    await count(
      sms(project, 'SUCCESSFUL', { message: '1', at: noon, parts: 2 }),
      sms(project, 'DELIVERED', { message: '1', at: later(3 * hour), parts: 2, price: 1000 }),
      sms(project, 'DELIVERED', { message: '2', ...fr, price: 100 }),
      sms(project, 'BLOCKED', { message: '3', ...fr }),
      sms(project, 'UNREACHABLE', { message: '4', ...fr }),
      sms(project, 'BLOCKED', { message: '5', ...fr }),
    );
    // A second receipt of a message that was counted already, in another transaction and another hour.
    await count(sms(project, 'DELIVERED', { message: '4', country: 'FR', at: later(5 * hour) }));
    expect(await values('txn-sms-sent')).toEqual(['5.0']);
    expect(await values('txn-sms-sent-grouped-by-country')).toEqual([
      ['CH', '1.0'],
      ['FR', '4.0'],
    ]);
    expect(await values('txn-sms-sent-by-parts')).toEqual(['6.0']);
    expect(await values('txn-sms-delivered-by-parts-grouped-by-country')).toEqual([
      ['CH', '2.0'],
      ['FR', '2.0'],
    ]);
    expect(await values('txn-sms-delivery-rate')).toEqual(['0.6']);
    // [38]
    expect(await values('txn-sms-error-distribution')).toEqual([
      ['BLOCKED', '2.0'],
      ['UNREACHABLE', '1.0'],
    ]);
    expect(await values('txn-sms-average-price-grouped-by-country')).toEqual([
      ['CH', '1000.0'],
      ['FR', '25.0'],
    ]);
    expect(await values('txn-sms-average-price-by-parts-grouped-by-country')).toEqual([
      ['CH', '500.0'],
      ['FR', '25.0'],
    ]);
    expect(await values('txn-sms-total-price-grouped-by-country')).toEqual([
      ['CH', '1000.0'],
      ['FR', '100.0'],
    ]);
  });

  it('[40] lose soft bounces as well, where a campaign loses hard ones', async () => {
    const origin = ofCampaign('c');
    const bounces = (further: object) => [letter('hardbounce', 0, further), letter('softbounce', 1, further)];
    await count(...times(10, (i) => letter('send', i)), ...bounces({}));
    await count(
      ...times(10, (i) => send(project, { origin, endpointId: `e${i}`, at: noon })),
      ...times(10, (i) => letter('send', i, { origin, endpointId: `e${i}` })),
      ...bounces({ origin, endpointId: 'e1' }),
    );
    expect(await values('txn-emails-delivered')).toEqual(['8.0']);
    const [run] = await rows('successful-deliveries-grouped-by-campaign-activity', {}, 'c');
    expect([run?.GroupedBys?.[0]?.Value, run?.Values?.[0]?.Value]).toEqual(['run-1', '9.0']);
    expect(await values('hard-bounce-rate', {}, 'c')).toEqual(['0.1']);
    expect(await values('txn-emails-sent')).toEqual(['10.0']);
  });
});

describe('campaigns', () => {
  it('[34, 35] are rows of their own, all on one page, without those that have no data', async () => {
    for (const [campaign, endpoints] of [
      ['a', 3],
      ['b', 2],
    ] as const) {
      const origin = ofCampaign(campaign);
      await count(...times(endpoints, (i) => send(project, { origin, endpointId: `e${i}`, at: noon, channel: 'GCM' })));
    }
    await count(send(project, { origin: ofCampaign('held'), endpointId: 'e', at: noon, status: 'HOLDOUT' }));
    expect(await values('successful-deliveries-grouped-by-campaign')).toEqual([
      ['a', '3.0'],
      ['b', '2.0'],
    ]);
    const page = await client.send(
      new GetApplicationDateRangeKpiCommand({
        ...{
          ApplicationId: project.id,
          KpiName: 'unique-deliveries-grouped-by-campaign',
          PageSize: '1',
          NextToken: 'x',
        },
      }),
    );
    expect(page.ApplicationDateRangeKpiResponse?.KpiResult?.Rows).toHaveLength(2);
    expect(page.ApplicationDateRangeKpiResponse?.NextToken).toBeUndefined();
    expect(await values('unique-deliveries')).toEqual(['3.0']);
  });

  it('count whom they reached once, over any days', async () => {
    const reach = (endpointId: string, days: number, run = 'run-1') =>
      send(project, { origin: ofCampaign('c', run), endpointId, at: later(days * day), channel: 'CUSTOM' });
    await count(reach('a', -5), reach('b', -5));
    // Late, and out of order: one that lies between days that are known already.
    await count(reach('a', -1, 'run-2'), reach('a', -3), reach('c', -3));
    await count(reach('A', -3), reach('c', -4));
    const over = (first: number, last: number) => ({ StartTime: later(first * day), EndTime: later(last * day) });
    expect(await values('unique-deliveries', {}, 'c')).toEqual(['3.0']);
    expect(await values('unique-deliveries', over(-4, -1), 'c')).toEqual(['2.0']);
    expect(await values('unique-deliveries', over(-2, -1), 'c')).toEqual(['1.0']);
    expect(await values('unique-deliveries', over(-2, -2), 'c')).toEqual([]);
    expect((await values('unique-deliveries-grouped-by-date', {}, 'c')).map((row) => row?.[1])).toEqual([
      '2.0',
      '1.0',
      '2.0',
      '1.0',
    ]);
    expect(await values('unique-deliveries-grouped-by-campaign-activity', {}, 'c')).toEqual([
      ['run-1', '3.0'],
      ['run-2', '1.0'],
    ]);
  });

  it('have push opens by campaign, and none of a direct push', async () => {
    const origin = ofCampaign('c');
    await count(...times(4, (i) => send(project, { origin, endpointId: `e${i}`, at: noon, channel: 'GCM' })));
    const opened = (campaign_id: string) =>
      happened(project, {
        ...{ endpointId: 'e1', type: '_campaign.opened_notification', at: noon },
        attributes: { campaign_id, campaign_activity_id: 'run-1', treatment_id: '0' },
      });
    await count(opened('c'), opened('_DIRECT'));
    expect(await values('push-open-rate', {}, 'c')).toEqual(['0.25']);
    expect(await values('push-open-rate-grouped-by-campaign')).toEqual([['c', '0.25']]);
    expect(await values('direct-push-opens-grouped-by-campaign-activity', {}, 'c')).toEqual([['run-1', '1.0']]);
    expect(await rows('email-open-rate')).toEqual([]);
  });
});
