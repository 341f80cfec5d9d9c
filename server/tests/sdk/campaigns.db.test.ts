/** Campaigns through the real SDK: what is written and read. Numbers in brackets are the cases of dossier/messaging §18. */
import {
  type CampaignResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteAppCommand,
  DeleteCampaignCommand,
  DeleteSegmentCommand,
  GetCampaignCommand,
  GetCampaignDateRangeKpiCommand,
  GetCampaignsCommand,
  GetCampaignVersionCommand,
  GetCampaignVersionsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateApplicationSettingsCommand,
  UpdateCampaignCommand,
  UpdateSegmentCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { findCampaign } from '../../src/domains/campaigns/store.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { callApi } from '../support/repoint-api.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { startTestServer } from '../support/test-server.ts';

const clock = new ManualClock(new Date());
// Nothing runs by itself, so that states stay as they are made here.
const server = await startTestServer({ clock, environment: { REPOINT_ROLES: 'api' } });
const client = signWithTimeOf(clock, server.client());
const { query } = server.database;

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  ApplicationId = await makeApp();
  SegmentId = await makeSegment();
});

async function makeApp(): Promise<string> {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'campaigns' } }));
  return app.ApplicationResponse?.Id as string;
}

async function makeSegment(): Promise<string> {
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  return made.SegmentResponse?.Id as string;
}

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

const hour = 3_600_000;
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * hour).toISOString();

const mail: WriteCampaignRequest = {
  MessageConfiguration: { EmailMessage: { Title: 'Hello', HtmlBody: '<p>Hello {{User.UserAttributes.Name}}</p>' } },
};
const later = (request: WriteCampaignRequest = {}): WriteCampaignRequest => ({
  ...{ Name: 'spring', SegmentId, Schedule: { StartTime: inHours(1) } },
  ...mail,
  ...request,
});
const daily = (request: WriteCampaignRequest = {}): WriteCampaignRequest =>
  later({ Schedule: { StartTime: inHours(1), EndTime: inHours(96), Frequency: 'DAILY' }, ...request });

type Campaign = CampaignResponse & { readonly Id: string };

async function create(request: WriteCampaignRequest): Promise<Campaign> {
  const { CampaignResponse, $metadata } = await client.send(
    new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest: request }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  return CampaignResponse as Campaign;
}

async function read(CampaignId: string): Promise<Campaign> {
  const { CampaignResponse } = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId }));
  return CampaignResponse as Campaign;
}

async function update(CampaignId: string, WriteCampaignRequest: WriteCampaignRequest): Promise<Campaign> {
  const { CampaignResponse } = await client.send(
    new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest }),
  );
  return CampaignResponse as Campaign;
}

const stateOf = async (CampaignId: string) => (await read(CampaignId)).State?.CampaignStatus;

async function pages<Item>(page: (Token?: string) => Promise<{ Item?: Item[]; NextToken?: string } | undefined>) {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    items.push(...(answer?.Item ?? []));
    token = answer?.NextToken;
  } while (token);
  return items;
}

/** As if a run of it were under way. */
async function setState(id: string, state: string): Promise<void> {
  await query.updateTable('campaigns').set({ state }).where('id', '=', id).execute();
}

describe('a campaign', () => {
  it('[4] is created, and read as it was written', async () => {
    const campaign = await create(later({ Description: 'd', Priority: 2, tags: { team: 'crm' } }));
    expect(campaign).toMatchObject({ Name: 'spring', Version: 1, SegmentVersion: 1, tags: { team: 'crm' }, ...mail });
    expect(campaign).toMatchObject({ State: { CampaignStatus: 'SCHEDULED' }, IsPaused: false, HoldoutPercent: 0 });
    expect(campaign).not.toHaveProperty('DefaultState');
    expect(campaign.Id).toMatch(/^[0-9a-f]{32}$/);
    expect(campaign.Arn).toBe(
      `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:apps/${ApplicationId}/campaigns/${campaign.Id}`,
    );
    expect(campaign.CreationDate).toBe(clock.now().toISOString());
    expect(await read(campaign.Id)).toEqual(campaign);
  });

  it('[1] is the root of the answer on the wire', async () => {
    const { Id } = await create(later());
    const { body } = await callApi(server, `GET /v1/apps/${ApplicationId}/campaigns/${Id}`, {
      service: 'mobiletargeting',
    });
    expect([body.Id, body.CampaignResponse]).toEqual([Id, undefined]);
  });

  it('[2] is not found in an app that is not there', async () => {
    const nowhere = { ApplicationId: 'f'.repeat(32) };
    const request = { ...nowhere, WriteCampaignRequest: later() };
    await expect(client.send(new CreateCampaignCommand(request))).rejects.toEqual(missing);
    await expect(client.send(new GetCampaignsCommand(nowhere))).rejects.toEqual(missing);
    const { status, errorType, body } = await callApi(server, `GET /v1/apps/${'f'.repeat(32)}/campaigns`, {
      service: 'mobiletargeting',
    });
    expect([status, errorType, Object.keys(body)]).toEqual([
      404,
      'NotFoundException',
      expect.arrayContaining(['Message', 'RequestID']),
    ]);
  });

  it('[3] has its tags from its creation and TagResource, never from an update', async () => {
    const campaign = await create(later({ tags: { team: 'crm' } }));
    await client.send(new TagResourceCommand({ ResourceArn: campaign.Arn, TagsModel: { tags: { more: '1' } } }));
    expect((await update(campaign.Id, { Name: 'n', tags: { other: '2' } })).tags).toEqual({ team: 'crm', more: '1' });
    await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId: campaign.Id }));
    await expect(client.send(new ListTagsForResourceCommand({ ResourceArn: campaign.Arn }))).rejects.toEqual(missing);
  });

  it('[5] has a state for each of its treatments', async () => {
    const Schedule = { StartTime: inHours(2) };
    const campaign = await create(
      later({
        AdditionalTreatments: [
          { SizePercent: 40, TreatmentName: 'b' },
          { SizePercent: 10, Schedule },
        ],
      }),
    );
    const scheduled = { CampaignStatus: 'SCHEDULED' };
    expect(campaign.DefaultState).toEqual(scheduled);
    expect(campaign.AdditionalTreatments).toEqual([
      { Id: '1', SizePercent: 40, State: scheduled, TreatmentName: 'b' },
      { Id: '2', SizePercent: 10, State: scheduled, Schedule },
    ]);
    expect(await read(campaign.Id)).toEqual(campaign);
  });

  it('is found once in a listing by pages, newest first', async () => {
    const made: string[] = [];
    for (const Name of ['a', 'b', 'c', 'd', 'e']) {
      made.push((await create(later({ Name }))).Id);
      clock.advance(1_000);
    }
    const listed = await pages(async (Token) => {
      const page = { ApplicationId, PageSize: '2', ...(Token !== undefined && { Token }) };
      return (await client.send(new GetCampaignsCommand(page))).CampaignsResponse;
    });
    expect(listed.map(({ Id }) => Id)).toEqual(made.toReversed());
    expect(listed.at(-1)).toEqual(await read(made[0] as string));
  });

  it('[12] is deleted with its tags and what is due of it, and its figures stay', async () => {
    const { Id: CampaignId, Arn } = await create(later({ tags: { a: 'b' } }));
    const deleted = await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId }));
    expect(deleted.CampaignResponse).toMatchObject({
      ...{ Id: CampaignId, Arn, tags: { a: 'b' }, State: { CampaignStatus: 'DELETED' } },
    });
    await expect(read(CampaignId)).rejects.toEqual(missing);
    await expect(update(CampaignId, { Name: 'n' })).rejects.toEqual(missing);
    await expect(client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId }))).rejects.toEqual(missing);
    const listed = await client.send(new GetCampaignsCommand({ ApplicationId }));
    expect(listed.CampaignsResponse?.Item).toEqual([]);
    expect(await query.selectFrom('campaign_schedules').where('campaign_id', '=', CampaignId).execute()).toEqual([]);
    const kpi = { ApplicationId, KpiName: 'successful-deliveries-grouped-by-campaign-activity' };
    const figures = await client.send(new GetCampaignDateRangeKpiCommand({ ...kpi, CampaignId }));
    expect(figures.CampaignDateRangeKpiResponse?.KpiResult?.Rows).toEqual([]);
    const never = new GetCampaignDateRangeKpiCommand({ ...kpi, CampaignId: '0'.repeat(32) });
    await expect(client.send(never)).rejects.toEqual(missing);
  });

  it('[11] fails with its segment, whatever it does', async () => {
    const recurring = await create(daily());
    const once = await create(later());
    const done = await create(later());
    await setState(done.Id, 'COMPLETED');
    const other = await create(later({ SegmentId: await makeSegment() }));
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    expect(await Promise.all([recurring, once, done, other].map(({ Id }) => stateOf(Id)))).toEqual([
      ...['DELETED', 'DELETED', 'DELETED', 'SCHEDULED'],
    ]);
    await expect(update(once.Id, { Name: 'n' })).rejects.toEqual(bad(/DELETED/));
    const due = await query.selectFrom('campaign_schedules').select('campaign_id').execute();
    const ids = due.map((row) => row.campaign_id);
    expect([ids.includes(recurring.Id), ids.includes(once.Id), ids.includes(other.Id)]).toEqual([false, false, true]);
  });

  it('is stopped with its project, and not made in one that goes at that moment', async () => {
    const { Id } = await create(daily());
    await client.send(new DeleteAppCommand({ ApplicationId }));
    const row = await query.selectFrom('campaigns').selectAll().where('id', '=', Id).executeTakeFirstOrThrow();
    expect([row.state, row.state_detail]).toEqual(['DELETED', 'The project was deleted.']);
    expect(await query.selectFrom('campaign_schedules').where('campaign_id', '=', Id).execute()).toEqual([]);
    expect(await findCampaign(query, { projectNumber: Number(row.project_number), id: Id })).toBeUndefined();
  });
});

describe('an update', () => {
  it('[10] changes what it names, and every version stays as it was', async () => {
    const Limits = { Daily: 1, MessagesPerSecond: 50 };
    const first = await create(later({ Limits, HoldoutPercent: 5 }));
    clock.advance(1_000);
    const second = await update(first.Id, { Name: 'summer' });
    expect(second).toEqual({ ...first, Name: 'summer', Version: 2, LastModifiedDate: clock.now().toISOString() });
    const third = await update(first.Id, { Limits: { Total: 3 }, MessageConfiguration: { SMSMessage: { Body: 'b' } } });
    expect(third).toMatchObject({ Version: 3, HoldoutPercent: 5, Limits: { Total: 3 } });
    expect(third.Limits).not.toHaveProperty('Daily');
    expect(third.MessageConfiguration).toEqual({ SMSMessage: { Body: 'b' } });
    const versions = await pages(async (Token) => {
      const page = { ApplicationId, CampaignId: first.Id, PageSize: '2', ...(Token !== undefined && { Token }) };
      return (await client.send(new GetCampaignVersionsCommand(page))).CampaignsResponse;
    });
    expect(versions).toEqual([third, second, first]);
    const version = async (Version: string) =>
      (await client.send(new GetCampaignVersionCommand({ ApplicationId, CampaignId: first.Id, Version })))
        .CampaignResponse;
    expect([await version('1'), await version('2'), await version('3')]).toEqual([first, second, third]);
    await expect(version('4')).rejects.toEqual(missing);
    await expect(version('one')).rejects.toEqual(bad());
  });

  it('clears with null, and with an object or a list that is empty', async () => {
    const { Id } = await create(
      later({
        ...{ Description: 'd', Hook: { LambdaFunctionName: 'f' }, Limits: { Daily: 1 }, HoldoutPercent: 5 },
        AdditionalTreatments: [{ SizePercent: 10 }],
      }),
    );
    const emptied = await update(Id, { Hook: {}, AdditionalTreatments: [] });
    expect(emptied).not.toHaveProperty('Hook');
    const QuietTime = { Start: '', End: '' };
    const Hook = { LambdaFunctionName: '', WebUrl: '' };
    const empty = await create(later({ Hook, Schedule: { StartTime: inHours(1), QuietTime } }));
    expect([empty.Hook, empty.Schedule]).toEqual([undefined, { StartTime: inHours(1) }]);
    expect(emptied).not.toHaveProperty('AdditionalTreatments');
    expect(emptied).toMatchObject({ Description: 'd', Limits: { Daily: 1 } });
    const put = (body: object) =>
      callApi(server, `PUT /v1/apps/${ApplicationId}/campaigns/${Id}`, { body, service: 'mobiletargeting' });
    const cleared = await put({ Description: null, Limits: null, HoldoutPercent: null });
    expect([cleared.status, cleared.body.HoldoutPercent]).toEqual([200, 0]);
    expect(cleared.body).not.toHaveProperty('Description');
    expect(cleared.body).not.toHaveProperty('Limits');
    for (const member of ['Name', 'SegmentId', 'Schedule', 'MessageConfiguration']) {
      expect((await put({ [member]: null })).status, member).toBe(400);
    }
  });

  it('pins the segment, and follows it to its newest version when it is named anew', async () => {
    const { Id } = await create(later());
    await client.send(new UpdateSegmentCommand({ ApplicationId, SegmentId, WriteSegmentRequest: { Name: 'new' } }));
    expect((await update(Id, { Name: 'n' })).SegmentVersion).toBe(1);
    expect((await update(Id, { SegmentVersion: 2 })).SegmentVersion).toBe(2);
    await expect(update(Id, { SegmentVersion: 3 })).rejects.toEqual(bad(/SegmentVersion/));
    const other = await makeSegment();
    expect(await update(Id, { SegmentId: other })).toMatchObject({ SegmentId: other, SegmentVersion: 1 });
    expect((await create(later())).SegmentVersion).toBe(2);
  });

  it('[8] pauses and resumes, alone or with all the rest said again', async () => {
    const { Id } = await create(daily());
    expect(await update(Id, { IsPaused: true })).toMatchObject({
      ...{ IsPaused: true, Version: 2, State: { CampaignStatus: 'PAUSED' } },
    });
    expect(await update(Id, { Name: 'while paused' })).toMatchObject({ IsPaused: true, Name: 'while paused' });
    expect(await stateOf(Id)).toBe('PAUSED');
    expect(await update(Id, { IsPaused: false })).toMatchObject({
      ...{ IsPaused: false, State: { CampaignStatus: 'SCHEDULED' } },
    });
    const { Name, MessageConfiguration, Schedule } = await read(Id);
    await setState(Id, 'EXECUTING');
    const again = { Name, SegmentId, MessageConfiguration, Schedule } as WriteCampaignRequest;
    expect((await update(Id, { ...again, IsPaused: true })).IsPaused).toBe(true);
  });

  it('[9] pauses nothing that is sent once and at once', async () => {
    const Schedule = { StartTime: 'IMMEDIATE' };
    await expect(create(later({ Schedule, IsPaused: true }))).rejects.toEqual(bad(/IsPaused/));
    const { Id, State } = await create(later({ Schedule }));
    expect(State?.CampaignStatus).toBe('SCHEDULED');
    await expect(update(Id, { IsPaused: true })).rejects.toEqual(bad(/IsPaused/));
    const hourly = await create(later({ Schedule: { ...Schedule, Frequency: 'HOURLY' } }));
    expect((await update(hourly.Id, { IsPaused: true })).IsPaused).toBe(true);
  });

  it('is refused while it runs and when it is over', async () => {
    const { Id } = await create(daily());
    for (const state of ['EXECUTING', 'COMPLETED', 'DELETED']) {
      await setState(Id, state);
      await expect(update(Id, { Name: 'n' })).rejects.toEqual(bad(new RegExp(state)));
    }
    for (const state of ['COMPLETED', 'DELETED']) {
      await setState(Id, state);
      await expect(update(Id, { IsPaused: true })).rejects.toEqual(bad(new RegExp(state)));
    }
    await setState(Id, 'PENDING_NEXT_RUN');
    expect((await update(Id, { Name: 'n' })).Version).toBe(2);
  });

  it('leaves what is due alone when the schedule is the same', async () => {
    const { Id } = await create(daily());
    const due = () =>
      query
        .selectFrom('campaign_schedules')
        .select(['anchor', 'next_slot', 'accepted_at'])
        .where('campaign_id', '=', Id)
        .execute();
    const before = await due();
    clock.advance(26 * hour);
    // The start has passed meanwhile, which is no fault of this request.
    const { Schedule } = await update(Id, { Name: 'n' });
    expect(await due()).toEqual(before);
    await update(Id, { Schedule: { ...Schedule, EndTime: inHours(24) } as WriteCampaignRequest['Schedule'] });
    await expect(update(Id, { Schedule: { StartTime: inHours(-2) } })).rejects.toEqual(bad(/StartTime/));
    clock.advance(-26 * hour);
  });

  it('of two at once counts both', async () => {
    const { Id } = await create(later());
    await Promise.all(Array.from({ length: 8 }, (_, index) => update(Id, { TreatmentName: `t${index}` })));
    const versions = await client.send(new GetCampaignVersionsCommand({ ApplicationId, CampaignId: Id }));
    expect(versions.CampaignsResponse?.Item?.map(({ Version }) => Version)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(new Set(versions.CampaignsResponse?.Item?.map(({ TreatmentName }) => TreatmentName)).size).toBe(9);
  });
});

describe('settings of the project', () => {
  it('[23] are taken over when the campaign is made', async () => {
    const set = (WriteApplicationSettingsRequest: object) =>
      client.send(new UpdateApplicationSettingsCommand({ ApplicationId, WriteApplicationSettingsRequest }));
    await set({
      ...{ Limits: { Daily: 2, Total: 0, MessagesPerSecond: 30 }, QuietTime: { Start: '21:00', End: '07:00' } },
      CampaignHook: { LambdaFunctionName: 'filter' },
    });
    const campaign = await create(later({ Limits: { Daily: 5 } }));
    expect([campaign.Limits, campaign.Hook]).toEqual([{ Daily: 5 }, undefined]);
    await set({ Limits: { Daily: 9 }, QuietTime: { Start: '', End: '' }, CampaignHook: {} });
    const untouched = await create(later());
    await update(campaign.Id, { Name: 'n' });
    const inheritedBy = async (id: string) => {
      const row = await query
        .selectFrom('campaigns')
        .select('inherited')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.inherited;
    };
    expect(await inheritedBy(campaign.Id)).toEqual({
      limits: { Daily: 2, MessagesPerSecond: 30 },
      quietTime: { Start: '21:00', End: '07:00' },
      hook: { LambdaFunctionName: 'filter' },
    });
    expect(await inheritedBy(untouched.Id)).toEqual({ limits: { Daily: 9 } });
  });
});
