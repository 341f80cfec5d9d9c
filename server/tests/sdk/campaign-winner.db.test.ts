/** Which treatment of a campaign does best, over our API: counted from events as the server makes them. */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventProject, NewEvent } from '../../src/domains/events/index.ts';
import * as made from '../support/analytics-events.ts';
import { append, happened, mail, ofCampaign, send } from '../support/analytics-events.ts';
import { callApi } from '../support/repoint-api.ts';
import { putCampaign, putMessages } from '../support/stored-campaigns.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const hour = 3_600_000;
const sentAt = new Date(Date.now() - 48 * hour);
const later = (hours: number) => new Date(sentAt.getTime() + hours * hour);

let project: EventProject;
let campaign: string;
beforeEach(async () => {
  project = await made.createProject(server);
  campaign = await putCampaign(server.database, project, {
    ...{ now: later(-1), TreatmentName: 'plain', HoldoutPercent: 10 },
    AdditionalTreatments: [{ SizePercent: 40, TreatmentName: 'bold' }],
  });
});

const path = () => `/repoint/v1/apps/${project.id}/campaigns/${campaign}/winner`;
const winner = async (query = '') => (await callApi(server, `GET ${path()}${query}`)).body;
const origin = (treatment: string, run = 'run-1') => ofCampaign(campaign, run, treatment);
const many = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, i) => make(i));
const idOf = (treatment: string, index: number) => `t${treatment}-${index}`;

const sent = (treatment: string, count: number, channel: 'EMAIL' | 'SMS' | 'GCM' = 'EMAIL') =>
  many(count, (index) =>
    send(project, { origin: origin(treatment), endpointId: idOf(treatment, index), at: sentAt, channel }),
  );
const did = (type: 'open' | 'click', treatment: string, index: number, arrivedAt = later(1)): NewEvent =>
  mail(project, type, {
    ...{ origin: origin(treatment), endpointId: idOf(treatment, index), to: `${idOf(treatment, index)}@example.com` },
    ...{ message: `m-${treatment}-${index}`, sentAt, arrivedAt },
  });

describe('a winner', () => {
  it('has more opens than chance gives', async () => {
    await append(server, [...sent('0', 200), ...sent('1', 200)]);
    await append(server, [...many(40, (i) => did('open', '0', i)), ...many(80, (i) => did('open', '1', i))]);
    const { Treatments, Confidence, ...result } = await winner();
    expect(result).toEqual({
      ...{ CampaignId: campaign, Metric: 'OPENED', ConfidenceLevel: 0.95 },
      ...{ Leader: '1', Winner: '1', Decision: 'WINNER' },
    });
    // Pooled 0.3: z = 0.2 / sqrt(0.21 / 100) = 4.364.
    expect(1 - Confidence).toBeCloseTo(0.0000127, 6);
    const [plain, bold] = Treatments;
    expect(plain).toEqual({
      ...{ TreatmentId: '0', TreatmentName: 'plain', SizePercent: 50, Sent: 200, Opened: 40, Clicked: 0 },
      ...{
        Base: 200,
        Successes: 40,
        Rate: 0.2,
        RateLow: expect.closeTo(0.15045, 5),
        RateHigh: expect.closeTo(0.26086, 5),
      },
    });
    expect(bold).toMatchObject({ TreatmentId: '1', TreatmentName: 'bold', SizePercent: 40, Rate: 0.4, Lift: 1 });
  });

  it('is not named before it is sure, nor of a few, nor where there is one treatment', async () => {
    await append(server, [...sent('0', 100), ...sent('1', 100), ...many(20, (i) => did('open', '0', i))]);
    await append(
      server,
      many(25, (i) => did('open', '1', i)),
    );
    const unsure = await winner();
    expect(unsure).toMatchObject({ Leader: '1', Decision: 'NOT_SURE_YET' });
    expect(unsure).not.toHaveProperty('Winner');
    expect(await winner('?confidence=0.5')).toMatchObject({ Winner: '1', ConfidenceLevel: 0.5 });
    expect(await winner('?metric=CLICKED')).toMatchObject({ Decision: 'TOO_FEW', Confidence: 0 });
    campaign = await putCampaign(server.database, project, { now: sentAt });
    const single = await winner();
    expect(single).toMatchObject({ Decision: 'ONE_TREATMENT', Treatments: [{ TreatmentId: '0', SizePercent: 100 }] });
    expect(single.Treatments[0]).not.toHaveProperty('Rate');
  });
});

describe('counts', () => {
  it('are of messages, each once, however often it is opened', async () => {
    await append(server, sent('0', 10));
    for (const hours of [1, 2, 30])
      await append(server, [did('open', '0', 0, later(hours)), did('open', '0', 1, later(hours))]);
    await append(server, [did('click', '0', 1), did('click', '0', 1, later(5)), did('open', '0', 1)]);
    expect((await winner()).Treatments[0]).toMatchObject({ Sent: 10, Opened: 2, Clicked: 1, Base: 10, Successes: 2 });
    expect((await winner('?metric=CLICKED')).Treatments[0]).toMatchObject({ Base: 10, Successes: 1, Rate: 0.1 });
  });

  it('hold only what can be opened against opens, and what can be clicked against clicks', async () => {
    await append(server, [...sent('0', 10), ...sent('1', 5, 'GCM'), ...sent('1', 3, 'SMS')]);
    const tap = (endpointId: string) =>
      happened(project, {
        ...{ endpointId, type: '_campaign.opened_notification', at: later(1) },
        attributes: { campaign_id: campaign, campaign_activity_id: 'run-1', treatment_id: '1' },
      });
    await append(server, [tap('t1-0'), tap('t1-0'), tap('t1-1')]);
    await append(server, [tap('t1-0')]);
    const [, second] = (await winner()).Treatments;
    expect(second).toMatchObject({ Sent: 8, Opened: 2, Base: 5, Rate: 0.4 });
    expect((await winner('?metric=CLICKED')).Treatments[1]).toMatchObject({ Base: 0, Successes: 0 });
  });

  it('are the campaign’s own', async () => {
    await append(server, [
      ...sent('0', 4),
      send(project, { origin: ofCampaign('another'), endpointId: 'x', at: sentAt }),
    ]);
    const elsewhere = await made.createProject(server);
    await append(server, [send(elsewhere, { origin: origin('0'), endpointId: 'y', at: sentAt })]);
    expect((await winner()).Treatments[0]).toMatchObject({ Sent: 4 });
  });
});

describe('conversions', () => {
  const reached = (treatment: string, index: number, hours = 0, run = 'run-1') => ({
    ...{ endpointId: idOf(treatment, index), runId: run, at: later(hours), origin: origin(treatment, run) },
  });
  const bought = (treatment: string, index: number, hours: number, type = 'purchase') =>
    happened(project, { endpointId: idOf(treatment, index), type, at: later(hours) });

  it('are messages after which the event came in time', async () => {
    await append(server, [...sent('0', 50), ...sent('1', 50)]);
    await putMessages(server.database, project, [
      ...many(50, (i) => reached('0', i)),
      ...many(50, (i) => reached('1', i)),
      { ...reached('0', 60), status: 'HOLDOUT' },
      { ...reached('0', 61), origin: { kind: 'direct' } },
      { ...reached('0', 62), origin: ofCampaign('another') },
    ]);
    await append(server, [
      ...many(5, (i) => bought('0', i, 1)),
      ...many(20, (i) => bought('1', i, 2)),
      ...[bought('1', 0, 3), bought('1', 30, -0.5), bought('1', 31, 25), bought('1', 32, 1, 'look')],
      ...[60, 61, 62].map((i) => bought('0', i, 1)),
    ]);
    const within = await winner('?event-type=purchase&window-hours=24');
    expect(within).toMatchObject({
      ...{ Metric: 'CONVERTED', EventType: 'purchase', WindowHours: 24, Winner: '1' },
      Treatments: [
        { Sent: 50, Converted: 5, Base: 50, Rate: 0.1 },
        { Sent: 50, Converted: 20, Base: 50, Rate: 0.4 },
      ],
    });
    expect((await winner('?event-type=purchase')).Treatments[1]).toMatchObject({ Converted: 21 });
    expect(await winner('?event-type=purchase&metric=OPENED')).toMatchObject({
      Metric: 'OPENED',
      Treatments: [{ Converted: 5, Successes: 0 }, {}],
    });
  });

  it('count each run of a recurring campaign by itself', async () => {
    await append(server, [...sent('0', 1), ...sent('0', 1)]);
    await putMessages(server.database, project, [reached('0', 0), reached('0', 0, 10, 'run-2')]);
    await append(server, [bought('0', 0, 2), bought('0', 0, 11)]);
    expect((await winner('?event-type=purchase&window-hours=3')).Treatments[0]).toMatchObject({
      Sent: 2,
      Converted: 2,
    });
  });
});

describe('questions', () => {
  it.each([
    ['?metric=LIKED', /metric must be one of OPENED, CLICKED, CONVERTED/],
    ['?metric=CONVERTED', /event-type is required/],
    ['?event-type=', /event-type/],
    ['?event-type=a&window-hours=0', /window-hours/],
    ['?event-type=a&window-hours=2161', /window-hours/],
    ['?event-type=a&window-hours=1.5', /window-hours/],
    ['?confidence=0.4', /confidence/],
    ['?confidence=1', /confidence/],
    ['?confidence=x', /confidence/],
  ])('that cannot be answered are refused: %s', async (query, message) => {
    const { status, body } = await callApi(server, `GET ${path()}${query}`);
    expect([status, body.Message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('about campaigns of others find nothing', async () => {
    const { ApplicationResponse } = await server
      .client()
      .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'else' } }));
    const elsewhere = `/repoint/v1/apps/${ApplicationResponse?.Id}/campaigns/${campaign}/winner`;
    expect((await callApi(server, `GET ${elsewhere}`)).status).toBe(404);
    const stranger = await server.addAccount();
    expect((await callApi(server, `GET ${path()}`, { credentials: stranger })).status).toBe(404);
  });
});
