/**
 * Runs of campaigns through the real SDK: who gets what, and what is counted. Numbers in brackets are the cases of
 * dossier/messaging §18.
 */
import {
  CreateEmailTemplateCommand,
  DeleteCampaignCommand,
  DeleteEmailTemplateCommand,
  DeleteEndpointCommand,
  UpdateApplicationSettingsCommand,
  UpdateEmailChannelCommand,
  UpdateEmailTemplateCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { treatmentsOf } from '../../src/domains/campaigns/campaign.ts';
import { totalsOf } from '../../src/domains/campaigns/run/counters.ts';
import { readCounts } from '../../src/domains/campaigns/run/counts-store.ts';
import { createRun, type NewRun } from '../../src/domains/campaigns/run/create.ts';
import { findCampaign } from '../../src/domains/campaigns/store.ts';
import {
  type CampaignProject,
  eventually,
  immediately,
  mail,
  mailboxes,
  newCampaignProject,
} from '../support/campaign-project.ts';
import { recordingKind } from '../support/recording-driver.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const gate = recordingKind('GATE', ['EMAIL']);
const server = await startTestServer({ driverKinds: [gate] });
const client = server.client();
const { database } = server;
const { query } = database;

const newProject = () => newCampaignProject(server, client);

const tomorrow = () => ({ StartTime: new Date(Date.now() + 24 * 3_600_000).toISOString() });

/** Mails of the project go to the recording driver. */
async function throughGate(project: CampaignProject): Promise<() => void> {
  const put = await callApi(server, `PUT /repoint/v1/apps/${project.ApplicationId}/providers/EMAIL`, {
    body: { Kind: 'GATE', Settings: { Account: project.ApplicationId } },
  });
  expect(put.status).toBe(200);
  return gate.hold();
}

const deliveredTo = ({ ApplicationId }: CampaignProject) =>
  gate.opened
    .filter(({ settings }) => settings['Account'] === ApplicationId)
    .flatMap(({ delivered }) => delivered.map(({ address }) => address));

interface RunRow {
  readonly id: string;
  readonly state: string;
}

async function runsOf({ number }: CampaignProject, campaignId: string): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select id, state from campaign_runs where project_number = ${number} and campaign_id = ${campaignId}
    order by scheduled_start`.execute(query);
  return rows;
}

/** A run besides those of the schedule. */
async function runNow(project: CampaignProject, campaignId: string, changes: Partial<NewRun> = {}): Promise<string> {
  const campaign = await findCampaign(query, { projectNumber: project.number, id: campaignId });
  if (campaign === undefined) throw new Error('The campaign is not there.');
  const key = await database.transaction((tx) =>
    createRun(tx, campaign, {
      ...{ treatments: treatmentsOf(campaign.definition), scheduledStart: new Date(), kind: 'SCHEDULED' },
      ...changes,
    }),
  );
  return key?.id as string;
}

const isCompleted = async (runId: string) => {
  const { rows } = await sql<{ state: string }>`select state from campaign_runs where id = ${runId}`.execute(query);
  return rows[0]?.state === 'COMPLETED';
};

/** Of all activities of a campaign together, once proven to add up. */
async function totals({ number }: CampaignProject, campaignId: string) {
  const { rows } = await sql<{ id: string }>`
    select id from campaign_activities where project_number = ${number} and campaign_id = ${campaignId}`.execute(query);
  const counts = await readCounts(
    query,
    number,
    rows.map(({ id }) => id),
  );
  const sum = { targeted: 0, sent: 0, failed: 0, skipped: {} as Record<string, number> };
  for (const each of [...counts.values()].map(totalsOf)) {
    expect(each.open).toBe(0);
    sum.targeted += each.targeted;
    sum.sent += each.sent;
    sum.failed += each.failed;
    for (const [reason, count] of Object.entries(each.skipped))
      sum.skipped[reason] = (sum.skipped[reason] ?? 0) + count;
  }
  return sum;
}

it('sends an immediate campaign to a segment, once to each [6]', async () => {
  const project = await newProject();
  await project.people(mailboxes(250));
  const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
  await project.until(id, 'COMPLETED');
  const everybody = mailboxes(250).map(({ Address }) => Address as string);
  expect(await project.outbox()).toEqual(everybody.toSorted());
  expect(await project.statuses()).toEqual({ SUCCESSFUL: 250 });
  expect(await project.events()).toEqual({ SUCCESS: 250 });
  expect(await totals(project, id)).toEqual({ targeted: 250, sent: 250, failed: 0, skipped: {} });
  const { rows } = await sql`select result from campaign_activities where campaign_id = ${id}`.execute(query);
  expect(rows).toEqual([{ result: 'SUCCESS' }]);
  // What a run needs while it works is gone with it.
  await eventually(async () => (await sql`select from campaign_addresses`.execute(query)).rows.length === 0);
  expect((await sql`select from work_ranges where kind like 'campaign%'`.execute(query)).rows).toEqual([]);
});

it('ends a run to a segment that holds nobody', async () => {
  const project = await newProject();
  const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
  await project.until(id, 'COMPLETED');
  expect(await totals(project, id)).toEqual({ targeted: 0, sent: 0, failed: 0, skipped: {} });
});

describe('who gets nothing', () => {
  it('is counted and logged by the reason, and told where Pinpoint tells it [24]', async () => {
    const project = await newProject();
    await project.people([
      ...mailboxes(3),
      { Id: 'opted-out', ChannelType: 'EMAIL', Address: 'a@example.com', OptOut: 'ALL' },
      { Id: 'inactive', ChannelType: 'EMAIL', Address: 'b@example.com', EndpointStatus: 'INACTIVE' },
      { Id: 'phone', ChannelType: 'SMS', Address: '+12065550142' },
      { Id: 'bare', Attributes: { Name: ['x'] } },
      { Id: 'nonsense', ChannelType: 'EMAIL', Address: 'not an address' },
    ]);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await project.until(id, 'COMPLETED');
    const skipped = {
      ...{ ENDPOINT_OPT_OUT: 1, ENDPOINT_INACTIVE: 1, ENDPOINT_CHANNEL_MISMATCH: 1, ENDPOINT_MISSING_CHANNEL: 1 },
    };
    expect(await totals(project, id)).toEqual({ targeted: 8, sent: 3, failed: 1, skipped });
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 3, PERMANENT_FAILURE: 1, ...skipped });
    expect(await project.events()).toEqual({ SUCCESS: 3, FAILURE_PERMANENT: 1 });
  });

  it('has an address that another endpoint has: one copy leaves [25]', async () => {
    const project = await newProject();
    await project.people(mailboxes(40, (index) => ({ Address: `shared-${index % 20}@example.com` })));
    // The rule of one active endpoint an address holds for writes of one project at a time; a run relies on nothing.
    await sql`update endpoints set status = 'ACTIVE' where project_number = ${project.number}`.execute(query);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await project.until(id, 'COMPLETED');
    expect(await totals(project, id)).toEqual({
      targeted: 40,
      sent: 20,
      failed: 0,
      skipped: { DUPLICATE_ENDPOINT: 20 },
    });
    expect(await project.events()).toEqual({ SUCCESS: 20, DUPLICATE_ADDRESS: 20 });
    expect(new Set(await project.outbox()).size).toBe(20);
  });

  it('is held back with a channel that is switched off [64]', async () => {
    const project = await newProject();
    await project.people(mailboxes(4));
    await client.send(
      new UpdateEmailChannelCommand({
        ApplicationId: project.ApplicationId,
        EmailChannelRequest: {
          ...{ FromAddress: 'shop@example.com', Enabled: false },
          Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
        },
      }),
    );
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await project.until(id, 'COMPLETED');
    expect(await totals(project, id)).toMatchObject({ sent: 0, skipped: { UNSUPPORTED_CHANNEL: 4 } });
    expect(await project.events()).toEqual({ UNSUPPORTED_CHANNEL: 4 });
  });

  it('is left alone in its quiet time; without a zone it never is [17, 18]', async () => {
    const project = await newProject();
    const zones = ['Europe/Berlin', 'Asia/Tokyo', 'not/a zone', undefined];
    await project.people(mailboxes(8, (index) => withZone(zones[index % 4])));
    const shown = (offset: number) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' }).format(
        new Date(Date.now() + offset * 60_000),
      );
    const QuietTime = { Start: shown(-10), End: shown(10) };
    const id = await project.create({
      ...{ ...mail, SegmentId: await project.segment(), Schedule: { ...immediately, QuietTime } },
    });
    await project.until(id, 'COMPLETED');
    expect(await totals(project, id)).toEqual({ targeted: 8, sent: 6, failed: 0, skipped: { QUIET_TIME: 2 } });
    expect(await project.events()).toEqual({ SUCCESS: 6, QUIET_TIME: 2 });
  });

  it('has had enough: of the campaign in all, and of the project in a day [19, 20]', async () => {
    const project = await newProject();
    await project.people(mailboxes(6));
    const SegmentId = await project.segment();
    const once = await project.create({ ...mail, SegmentId, Schedule: immediately, Limits: { Total: 1 } });
    await project.until(once, 'COMPLETED');
    const again = await runNow(project, once);
    await eventually(() => isCompleted(again));
    expect(await totals(project, once)).toEqual({ targeted: 12, sent: 6, failed: 0, skipped: { CAMPAIGN_CAP: 6 } });

    await client.send(
      new UpdateApplicationSettingsCommand({
        ApplicationId: project.ApplicationId,
        WriteApplicationSettingsRequest: { Limits: { Daily: 2 } },
      }),
    );
    const three = [1, 2, 3].map(() => project.create({ ...mail, SegmentId, Schedule: tomorrow() }));
    for (const [index, campaign] of (await Promise.all(three)).entries()) {
      const run = await runNow(project, campaign);
      await eventually(() => isCompleted(run));
      const expected = index < 2 ? { sent: 6, skipped: {} } : { sent: 0, skipped: { DAILY_CAP: 6 } };
      expect(await totals(project, campaign)).toMatchObject(expected);
    }
  });

  it('is held against what campaigns that run beside each other send', async () => {
    const project = await newProject();
    await project.people(mailboxes(200));
    const SegmentId = await project.segment();
    await client.send(
      new UpdateApplicationSettingsCommand({
        ApplicationId: project.ApplicationId,
        WriteApplicationSettingsRequest: { Limits: { Daily: 2 } },
      }),
    );
    const four = [1, 2, 3, 4].map(() => project.create({ ...mail, SegmentId, Schedule: tomorrow() }));
    const campaigns = await Promise.all(four);
    const runs = await Promise.all(campaigns.map((campaign) => runNow(project, campaign)));
    for (const run of runs) await eventually(() => isCompleted(run));
    const all = await Promise.all(campaigns.map((campaign) => totals(project, campaign)));
    expect(all.reduce((sum, { sent }) => sum + sent, 0)).toBe(400);
    expect(all.reduce((sum, { skipped }) => sum + (skipped['DAILY_CAP'] ?? 0), 0)).toBe(400);
  });

  it('is too late once the time to send is over [22]', async () => {
    const project = await newProject();
    await project.people(mailboxes(5));
    const id = await project.create({
      ...{ ...mail, SegmentId: await project.segment(), Schedule: tomorrow(), Limits: { MaximumDuration: 60 } },
    });
    const run = await runNow(project, id, { scheduledStart: new Date(Date.now() - 61_000) });
    await eventually(() => isCompleted(run));
    expect(await totals(project, id)).toEqual({ targeted: 5, sent: 0, failed: 0, skipped: { EXPIRED: 5 } });
    expect(await project.events()).toEqual({ EXPIRED: 5 });
  });
});

function withZone(zone: string | undefined) {
  return zone === undefined ? {} : { Demographic: { Timezone: zone } };
}

it('shares the segment out, the same in every run [26]', async () => {
  const project = await newProject();
  await project.people(mailboxes(400));
  const id = await project.create({
    ...{ ...mail, SegmentId: await project.segment(), Schedule: immediately, HoldoutPercent: 20 },
    AdditionalTreatments: [{ SizePercent: 30, MessageConfiguration: { EmailMessage: { Title: 'B', Body: 'b' } } }],
  });
  await project.until(id, 'COMPLETED');
  const sums = await totals(project, id);
  expect(sums.targeted).toBe(400);
  expect(sums.sent + (sums.skipped['HOLDOUT'] ?? 0)).toBe(400);
  expect(sums.skipped['HOLDOUT']).toBeGreaterThan(40);
  const cohorts = async () => {
    const { rows } = await sql<{ recipient: string; cohort: string; status: string }>`
      select distinct recipient, detail #>> '{origin,treatmentId}' as cohort, status from sends
      where project_number = ${project.number} order by 1`.execute(query);
    return rows;
  };
  const before = await cohorts();
  expect(before).toHaveLength(400);
  expect(before.filter(({ cohort }) => cohort === '1').length).toBeGreaterThan(60);
  const again = await runNow(project, id, { scheduledStart: new Date(Date.now() + 5) });
  await eventually(() => isCompleted(again));
  expect(await cohorts()).toEqual(before);
  const { rows } = await sql<{ counter: string; count: number }>`
    select counter, sum(count)::int as count from campaign_counts
    where project_number = ${project.number} and counter in ('ENDPOINT_PRODUCED', 'TREATMENT_HOLDOUT') group by 1
    order by 1`.execute(query);
  // Two runs with two activities, each of which looks at everybody.
  expect(rows).toEqual([
    { counter: 'ENDPOINT_PRODUCED', count: 1_600 },
    { counter: 'TREATMENT_HOLDOUT', count: 800 },
  ]);
});

it('keeps the rate of its campaign [21]', async () => {
  const project = await newProject();
  await project.people(mailboxes(20));
  const id = await project.create({
    ...{ ...mail, SegmentId: await project.segment(), Schedule: immediately, Limits: { MessagesPerSecond: 5 } },
  });
  const begun = performance.now();
  await project.until(id, 'COMPLETED', 40_000);
  expect(performance.now() - begun).toBeGreaterThan(3_000);
  expect(await totals(project, id)).toMatchObject({ sent: 20 });
});

describe('local time', () => {
  it('begins in each zone when its clocks show it, and tells who has none [16]', async () => {
    const project = await newProject();
    const zones = ['Europe/Berlin', 'Asia/Tokyo', 'America/New_York', 'nowhere', undefined];
    await project.people(mailboxes(10, (index) => withZone(zones[index % 5])));
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: tomorrow() });
    const now = Date.now();
    const offset = (zone: string) => {
      const local = new Date(now).toLocaleString('sv-SE', { timeZone: zone });
      return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(now / 1000) * 1000;
    };
    // Berlin's clocks show it in a second; Tokyo's have shown it before, New York's will in hours.
    const wallClock = new Date(now + 1_000 + offset('Europe/Berlin'));
    const run = await runNow(project, id, { local: { wallClock, from: new Date(now - 1_000), madeAt: new Date(now) } });
    await eventually(async () => (await project.outbox()).length === 2);
    const { rows } = await sql<{ slice: number; zones: string[]; begun: boolean }>`
      select slice, zones, begun_at is not null as begun from campaign_slices where run_id = ${run} order by slice`.execute(
      query,
    );
    expect(rows).toEqual([
      { slice: 0, zones: ['Europe/Berlin', 'America/New_York'], begun: true },
      { slice: 1, zones: ['Europe/Berlin'], begun: true },
      { slice: 2, zones: ['America/New_York'], begun: false },
    ]);
    await eventually(async () => ((await project.statuses())['SUCCESSFUL'] ?? 0) === 2);
    expect(await project.statuses()).toEqual({
      ...{ SUCCESSFUL: 2, ENDPOINT_TIMEZONE_MISMATCH: 2, ENDPOINT_MISSING_TIMEZONE: 4 },
    });
    expect(await isCompleted(run)).toBe(false);
    await sql`update campaign_slices set begins_at = now() where run_id = ${run} and slice = 2`.execute(query);
    await eventually(() => isCompleted(run));
    expect(await totals(project, id)).toEqual({
      ...{ targeted: 10, sent: 4, failed: 0 },
      skipped: { ENDPOINT_TIMEZONE_MISMATCH: 2, ENDPOINT_MISSING_TIMEZONE: 4 },
    });
  });
});

describe('templates', () => {
  const part = (Subject: string) => ({ Subject, TextPart: 'Hello {{Attributes.Name}}' });
  const subjects = async ({ ApplicationId }: CampaignProject) => {
    const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/outbox`);
    return body.Item.map(({ Summary }: { Summary: string }) => Summary);
  };

  it('are sent as they are when the run starts, and as they were once they are gone [42, 43]', async () => {
    const project = await newProject();
    await project.people(mailboxes(1));
    const name = `T${project.ApplicationId}`;
    await client.send(new CreateEmailTemplateCommand({ TemplateName: name, EmailTemplateRequest: part('first') }));
    const id = await project.create({
      ...{ SegmentId: await project.segment(), Schedule: tomorrow() },
      TemplateConfiguration: { EmailTemplate: { Name: name } },
    });
    await client.send(new UpdateEmailTemplateCommand({ TemplateName: name, EmailTemplateRequest: part('second') }));
    const run = await runNow(project, id);
    await eventually(() => isCompleted(run));
    expect(await subjects(project)).toEqual(['second']);
    await client.send(new DeleteEmailTemplateCommand({ TemplateName: name }));
    const later = await runNow(project, id, { scheduledStart: new Date(Date.now() + 5) });
    await eventually(() => isCompleted(later));
    expect((await subjects(project)).toSorted()).toEqual(['first', 'second']);
  });
});

describe('a run under way', () => {
  it('stops within a second when it is paused, and goes on where it stood', async () => {
    const project = await newProject();
    await project.people(mailboxes(200));
    const open = await throughGate(project);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) > 0);
    const [run] = await runsOf(project, id);
    const call = (what: string) =>
      callApi(server, `POST /repoint/v1/apps/${project.ApplicationId}/campaigns/${id}/runs/${run?.id}/${what}`);
    expect(await call('resume')).toMatchObject({ status: 200, body: { State: 'RUNNING' } });
    expect(await call('pause')).toMatchObject({
      status: 200,
      body: { CampaignId: id, RunId: run?.id, State: 'PAUSED' },
    });
    await new Promise((resume) => setTimeout(resume, 1_000));
    open();
    await new Promise((resume) => setTimeout(resume, 700));
    const left = deliveredTo(project).length;
    // What the driver had is answered; nothing more leaves.
    expect(left).toBeLessThanOrEqual(10);
    await project.people([{ Id: 'newcomer', ChannelType: 'EMAIL', Address: 'newcomer@example.com' }]);
    expect(await call('resume')).toMatchObject({ status: 200, body: { State: 'RUNNING' } });
    await project.until(id, 'COMPLETED');
    const delivered = deliveredTo(project);
    expect(new Set(delivered).size).toBe(delivered.length);
    expect(delivered.length).toBeGreaterThanOrEqual(200);
    expect(await totals(project, id)).toMatchObject({ sent: delivered.length, failed: 0, skipped: {} });
    expect((await call('pause')).status).toBe(409);
    expect(
      (await callApi(server, `POST /repoint/v1/apps/${project.ApplicationId}/campaigns/x/runs/x/pause`)).status,
    ).toBe(404);
  });

  it('is cancelled with its campaign, and its totals are whole [12]', { timeout: 60_000 }, async () => {
    const project = await newProject();
    await project.people(mailboxes(300));
    const open = await throughGate(project);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) > 0);
    await client.send(new DeleteCampaignCommand({ ApplicationId: project.ApplicationId, CampaignId: id }));
    await new Promise((resume) => setTimeout(resume, 1_000));
    open();
    await new Promise((resume) => setTimeout(resume, 700));
    expect(deliveredTo(project).length).toBeLessThanOrEqual(10);
    // Those who lost their ranges have a while to end; a test does not wait for it.
    await sql`update work_ranges set lease_until = now() where kind = 'campaign run ending'`.execute(query);
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) === 0);
    const left = deliveredTo(project).length;
    const { sent, skipped, targeted } = await totals(project, id);
    expect({ sent, targeted }).toEqual({ sent: left, targeted: left + (skipped['CANCELLED'] ?? 0) });
    expect(await runsOf(project, id)).toMatchObject([{ state: 'CANCELLED' }]);
    expect((await sql`select from work_ranges where kind = 'campaign run'`.execute(query)).rows).toEqual([]);
  });

  it('E6: writes to nobody who was erased while it was under way, and counts them', { timeout: 60_000 }, async () => {
    const project = await newProject();
    await project.people(mailboxes(100));
    const open = await throughGate(project);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) > 2);
    // Some of them were claimed, some wait in their ranges; one batch of ten is with the driver.
    const erased = mailboxes(100).filter((_each, index) => index % 2 === 0);
    const path = `/repoint/v1/apps/${project.ApplicationId}/erasure-requests`;
    const Identities = erased.map(({ Address }) => ({ Type: 'EMAIL', Value: Address }));
    const { body: asked } = await callApi(server, `POST ${path}`, { body: { Identities } });
    await eventually(async () => (await callApi(server, `GET ${path}/${asked.Id}`)).body.AcceptedDate !== undefined);
    open();
    await project.until(id, 'COMPLETED');
    const addresses = new Set(erased.map(({ Address }) => Address));
    const delivered = deliveredTo(project);
    expect(delivered.filter((address) => addresses.has(address)).length).toBeLessThanOrEqual(10);
    expect(delivered.filter((address) => !addresses.has(address))).toHaveLength(50);
    // Erased: also those that the driver had. Failed: taken from it before the log of sends was gone.
    const { targeted, sent, skipped, failed } = await totals(project, id);
    expect(sent).toBeGreaterThanOrEqual(50);
    expect(sent).toBeLessThanOrEqual(delivered.length);
    expect(sent + failed + (skipped['ERASED'] ?? 0)).toBe(targeted);
    await eventually(async () => (await callApi(server, `GET ${path}/${asked.Id}`)).body.State === 'COMPLETED');
  });

  it('counts as erased who is deleted before the outcome of the message is known', async () => {
    const project = await newProject();
    await project.people(mailboxes(30));
    const open = await throughGate(project);
    const id = await project.create({ ...mail, SegmentId: await project.segment(), Schedule: immediately });
    await eventually(async () => ((await project.statuses())['CLAIMED'] ?? 0) > 2);
    const { rows } = await sql<{ recipient: string }>`
      select recipient from sends where project_number = ${project.number} and status = 'CLAIMED' limit 2`.execute(
      query,
    );
    for (const { recipient: EndpointId } of rows) {
      await client.send(new DeleteEndpointCommand({ ApplicationId: project.ApplicationId, EndpointId }));
    }
    open();
    await project.until(id, 'COMPLETED');
    expect(await totals(project, id)).toEqual({ targeted: 30, sent: 28, failed: 0, skipped: { ERASED: 2 } });
    expect(await project.statuses()).toEqual({ SUCCESSFUL: 28 });
  });
});
