/** GetInAppMessages through the real SDK, and what Amplify makes of it. Numbers in brackets: cases of dossier/messaging §18. */
import { randomBytes } from 'node:crypto';
import {
  type CampaignLimits,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateInAppTemplateCommand,
  CreateSegmentCommand,
  DeleteCampaignCommand,
  DeleteInAppTemplateCommand,
  DeleteSegmentCommand,
  type EndpointRequest,
  GetInAppMessagesCommand,
  type InAppMessageCampaign,
  type InAppMessageContent,
  type Schedule,
  UpdateApplicationSettingsCommand,
  UpdateCampaignCommand,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
  UpdateInAppTemplateCommand,
  UpdateSegmentCommand,
  UpdateTemplateActiveVersionCommand,
  type WriteCampaignRequest,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { treatmentOf } from '../../src/domains/campaigns/cohort.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { type AmplifyEvent, showAsAmplify } from '../support/amplify-in-app.ts';
import { callApi } from '../support/repoint-api.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const clock = new ManualClock(new Date());
const deployment = { testDatabase: await openTestDatabase(), masterKey: new MasterKey(randomBytes(32)) };
const options = { clock, deployment, environment: { REPOINT_ROLES: 'api' } };
const server = await startTestServer(options);
const client = signWithTimeOf(clock, server.client());
const otherNode = await startTestServer(options);

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'in-app' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  SegmentId = await makeSegment({ Name: 'all' });
});

async function makeSegment(WriteSegmentRequest: WriteSegmentRequest): Promise<string> {
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
  return made.SegmentResponse?.Id as string;
}

const hour = 3_600_000;
/** News travel in milliseconds; a busy machine takes longer. */
const patience = { timeout: 10_000, interval: 20 };
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * hour).toISOString();

const content = (Header: string): InAppMessageContent => ({
  BackgroundColor: '#FFFFFF',
  HeaderConfig: { Header, TextColor: '#000000', Alignment: 'CENTER' },
  BodyConfig: { Body: 'Here is a gift', TextColor: '#000000', Alignment: 'LEFT' },
  PrimaryBtn: {
    DefaultConfig: { Text: 'Open', ButtonAction: 'LINK', Link: 'https://example.com', BorderRadius: 8 },
    IOS: { ButtonAction: 'DEEP_LINK', Link: 'shop://gift' },
  },
});
const saying = (header: string): WriteCampaignRequest => ({
  MessageConfiguration: { InAppMessage: { Layout: 'MIDDLE_BANNER', Content: [content(header)] } },
});
const onPurchase: Schedule['EventFilter'] = {
  FilterType: 'ENDPOINT',
  Dimensions: { EventType: { DimensionType: 'INCLUSIVE', Values: ['purchase'] } },
};
const window = (schedule: Partial<Schedule> = {}): Pick<WriteCampaignRequest, 'Schedule'> => ({
  Schedule: {
    ...{ StartTime: 'IMMEDIATE', EndTime: inHours(100), Frequency: 'IN_APP_EVENT', EventFilter: onPurchase },
    ...schedule,
  },
});

async function create(request: WriteCampaignRequest = {}): Promise<string> {
  const WriteCampaignRequest = { Name: 'n', SegmentId, ...window(), ...saying('Thanks'), ...request };
  const made = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return made.CampaignResponse?.Id as string;
}
const update = (CampaignId: string, WriteCampaignRequest: WriteCampaignRequest) =>
  client.send(new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest }));

async function app(EndpointId: string, request: EndpointRequest = {}): Promise<void> {
  const EndpointRequest = { ChannelType: 'IN_APP' as const, Address: EndpointId, ...request };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
}

async function messages(EndpointId: string, from = client): Promise<InAppMessageCampaign[]> {
  const { InAppMessagesResponse } = await from.send(new GetInAppMessagesCommand({ ApplicationId, EndpointId }));
  expect(InAppMessagesResponse?.InAppMessageCampaigns).toBeInstanceOf(Array);
  return InAppMessagesResponse?.InAppMessageCampaigns ?? [];
}
const headers = async (EndpointId: string) =>
  (await messages(EndpointId)).map(({ InAppMessage }) => InAppMessage?.Content?.[0]?.HeaderConfig?.Header);

describe('the answer', () => {
  it('is the documented one, at the root of the body', async () => {
    await app('one');
    const EventFilter: Schedule['EventFilter'] = {
      FilterType: 'SYSTEM',
      Dimensions: {
        EventType: { DimensionType: 'INCLUSIVE', Values: ['purchase'] },
        Attributes: { sku: { AttributeType: 'INCLUSIVE', Values: ['gloves'] } },
        Metrics: { price: { ComparisonOperator: 'GREATER_THAN_OR_EQUAL', Value: 10 } },
      },
    };
    const QuietTime = { Start: '22:00', End: '07:00' };
    const EndTime = '2099-01-01T00:00:00Z';
    const InAppMessage = {
      Layout: 'MIDDLE_BANNER' as const,
      CustomConfig: { promo: '12345' },
      Content: [content('Thanks')],
    };
    const CampaignId = await create({
      ...{ Priority: 2, Limits: { Session: 1, Daily: 3, Total: 10 } },
      ...window({ EventFilter, QuietTime, EndTime }),
      MessageConfiguration: { InAppMessage: { ...InAppMessage, Body: 'for consoles' } },
    });
    const { status, body } = await callApi(server, `GET /v1/apps/${ApplicationId}/endpoints/one/inappmessages`, {
      service: 'mobiletargeting',
    });
    const expected = {
      ...{ CampaignId, TreatmentId: '0', Priority: 2, SessionCap: 1, DailyCap: 3, TotalCap: 10, InAppMessage },
      Schedule: { EndDate: '2099-01-01T00:00:00.000Z', QuietTime, EventFilter },
    };
    expect([status, body]).toEqual([200, { InAppMessageCampaigns: [expected] }]);
    expect(await messages('ONE')).toEqual([expected]);
  });

  it('has caps of the project where the campaign has none, and 0 for none', async () => {
    await app('one');
    const caps = async () =>
      (await messages('one')).map(({ SessionCap, DailyCap, TotalCap }) => [SessionCap, DailyCap, TotalCap]);
    await create();
    clock.advance(10);
    const Limits: CampaignLimits = { Session: 2, Daily: 4, Total: 6 };
    const request = { ApplicationId, WriteApplicationSettingsRequest: { Limits } };
    await client.send(new UpdateApplicationSettingsCommand(request));
    await create({ Limits: { Daily: 1, Total: 0 } });
    expect(await caps()).toEqual([
      [0, 0, 0],
      [2, 1, 0],
    ]);
  });

  it('comes by priority, then in the order of creation', async () => {
    await app('one');
    for (const [header, Priority] of [
      ['none', undefined],
      ['third', 3],
      ['first', 1],
      ['third too', 3],
    ] as const) {
      await create({ ...saying(header), ...(Priority !== undefined && { Priority }) });
      clock.advance(10);
    }
    expect(await headers('one')).toEqual(['first', 'third', 'third too', 'none']);
  });
});

describe('who is shown a message', () => {
  it('[77] is an app that can be reached, and an endpoint that is there', async () => {
    await create();
    await app('app');
    await app('mail', { ChannelType: 'EMAIL', Address: 'a@example.com' });
    await app('inactive', { EndpointStatus: 'INACTIVE' });
    await app('out', { OptOut: 'ALL' });
    const shown = await Promise.all(['app', 'mail', 'inactive', 'out'].map(async (id) => (await messages(id)).length));
    expect(shown).toEqual([1, 0, 0, 0]);
    await expect(messages('nobody')).rejects.toEqual(expect.objectContaining({ name: 'NotFoundException' }));
  });

  it('[77] is shown it from its start to its end, and not while it is paused', async () => {
    await app('one');
    const CampaignId = await create(window({ StartTime: inHours(1), EndTime: inHours(2) }));
    const start = clock.now().getTime() + hour;
    const at = async (instant: number) => {
      clock.advance(instant - clock.now().getTime());
      return (await messages('one')).length;
    };
    expect(await at(start - 1)).toBe(0);
    expect(await at(start)).toBe(1);
    await update(CampaignId, { IsPaused: true });
    expect((await messages('one')).length).toBe(0);
    await update(CampaignId, { IsPaused: false });
    expect(await at(start + hour - 1)).toBe(1);
    expect(await at(start + hour)).toBe(0);
  });

  it('[78] is not in its quiet time, of the campaign or else of the project', async () => {
    const minutes = (offset: number) => new Date(clock.now().getTime() + offset * 60_000).toISOString().slice(11, 16);
    const now: Schedule['QuietTime'] = { Start: minutes(-2), End: minutes(2) };
    const passed: Schedule['QuietTime'] = { Start: minutes(-10), End: minutes(-5) };
    await app('here', { Demographic: { Timezone: 'UTC' } });
    await app('far', { Demographic: { Timezone: 'Asia/Kathmandu' } });
    await app('nowhere');
    await create(window({ QuietTime: now }));
    const shown = () => Promise.all(['here', 'far', 'nowhere'].map(async (id) => (await messages(id)).length));
    expect(await shown()).toEqual([0, 1, 1]);
    const request = { ApplicationId, WriteApplicationSettingsRequest: { QuietTime: now } };
    await client.send(new UpdateApplicationSettingsCommand(request));
    await create();
    expect(await shown()).toEqual([0, 2, 2]);
    await create(window({ QuietTime: passed }));
    expect(await shown()).toEqual([1, 3, 3]);
  });

  it('is in the segment at this moment', async () => {
    const plan = (...Values: string[]): WriteSegmentRequest => ({ Dimensions: { Attributes: { plan: { Values } } } });
    const gold = await makeSegment(plan('gold'));
    const based = await makeSegment({ SegmentGroups: { Groups: [{ SourceSegments: [{ Id: gold }] }] } });
    await create({ SegmentId: gold });
    await create({ SegmentId: based });
    await app('one', { Attributes: { plan: ['gold'] } });
    await app('two', { Attributes: { plan: ['silver'] } });
    const shown = async () => [(await messages('one')).length, (await messages('two')).length];
    expect(await shown()).toEqual([2, 0]);
    await app('one', { Attributes: { plan: ['silver'] } });
    await app('two', { Attributes: { plan: ['gold'] } });
    expect(await shown()).toEqual([0, 2]);
    // One campaign has pinned its segment; what the other one's is based on is the newest version.
    const WriteSegmentRequest = plan('silver');
    await client.send(new UpdateSegmentCommand({ ApplicationId, SegmentId: gold, WriteSegmentRequest }));
    await vi.waitFor(async () => expect(await shown()).toEqual([1, 1]), patience);
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId: gold }));
    await vi.waitFor(async () => expect(await shown()).toEqual([0, 0]), patience);
  });

  it('[26] is in one cohort, which says which message it is, and not held out', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `app-${index}`);
    for (let from = 0; from < ids.length; from += 100) {
      const Item = ids.slice(from, from + 100).map((Id) => ({ Id, ChannelType: 'IN_APP' as const, Address: Id }));
      await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
    }
    const AdditionalTreatments = [
      { SizePercent: 30, ...saying('B') },
      { SizePercent: 20, ...window({ StartTime: inHours(1) }) },
    ];
    const shares = { HoldoutPercent: 20, AdditionalTreatments };
    const CampaignId = await create({ ...saying('A'), ...shares });
    const expected: Record<string, unknown> = { '0': ['0', 'A'], '1': ['1', 'B'], '2': undefined, HOLDOUT: undefined };
    const counts: Record<string, number> = {};
    await Promise.all(
      ids.map(async (id) => {
        const [message] = await messages(id);
        const treatment = treatmentOf(CampaignId, id, shares);
        const header = message?.InAppMessage?.Content?.[0]?.HeaderConfig?.Header;
        expect(message && [message.TreatmentId, header]).toEqual(expected[treatment]);
        counts[treatment] = (counts[treatment] ?? 0) + 1;
      }),
    );
    expect(Object.keys(counts).toSorted()).toEqual(['0', '1', '2', 'HOLDOUT']);
    clock.advance(hour);
    const later = ids.find((id) => treatmentOf(CampaignId, id, shares) === '2') as string;
    expect((await messages(later)).map(({ TreatmentId }) => TreatmentId)).toEqual(['2']);
    expect(await headers(later)).toEqual(['A']);
  });
});

describe('a template', () => {
  const write = (TemplateName: string, header: string) => ({
    TemplateName,
    InAppTemplateRequest: { Layout: 'TOP_BANNER' as const, Content: [content(header)], TemplateDescription: 'd' },
  });
  const named = (Name: string, Version?: string): WriteCampaignRequest => ({
    TemplateConfiguration: { InAppTemplate: { Name, ...(Version !== undefined && { Version }) } },
  });

  it('goes before the message, in the version that is active now', async () => {
    await app('one');
    await client.send(new CreateInAppTemplateCommand(write('shown', 'v1')));
    await create(named('shown'));
    clock.advance(10);
    await create(named('shown', '1'));
    const [message] = await messages('one');
    expect(message?.InAppMessage).toEqual({ Layout: 'TOP_BANNER', Content: [content('v1')] });
    await client.send(new UpdateInAppTemplateCommand({ ...write('shown', 'v2'), CreateNewVersion: true }));
    const version = { TemplateName: 'shown', TemplateType: 'INAPP', TemplateActiveVersionRequest: { Version: '2' } };
    await client.send(new UpdateTemplateActiveVersionCommand(version));
    expect(await headers('one')).toEqual(['v2', 'v1']);
    await client.send(new DeleteInAppTemplateCommand({ TemplateName: 'shown' }));
    // [43] The copies that the campaigns have.
    expect(await headers('one')).toEqual(['v1', 'v1']);
  });
});

describe('changes', () => {
  it('are seen at once, on the node that made them and on the others', async () => {
    await app('one');
    const other = signWithTimeOf(clock, otherNode.client({ credentials: server.administrator }));
    const shown = async () => [(await messages('one')).length, (await messages('one', other)).length];
    expect(await shown()).toEqual([0, 0]);
    const CampaignId = await create();
    expect((await messages('one')).length).toBe(1);
    await vi.waitFor(async () => expect(await shown()).toEqual([1, 1]), patience);
    await update(CampaignId, saying('Changed'));
    expect(await headers('one')).toEqual(['Changed']);
    await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId }));
    expect((await messages('one')).length).toBe(0);
    await vi.waitFor(async () => expect(await shown()).toEqual([0, 0]), patience);
  });
});

describe('what Amplify shows of it (§13.3)', () => {
  const filter = (dimensions: object): Partial<Schedule> => ({
    EventFilter: {
      FilterType: 'ENDPOINT',
      Dimensions: { EventType: { Values: ['purchase'] }, ...dimensions },
    } as never,
  });
  const purchase = (more: Partial<AmplifyEvent> = {}): AmplifyEvent => ({ name: 'purchase', ...more });

  it('[77] is the one of the first priority, however many fit', async () => {
    await app('one');
    await create({ ...saying('third'), Priority: 3 });
    await create({ ...saying('first'), Priority: 1 });
    await create(saying('without'));
    const header = (shown: InAppMessageCampaign | undefined) => shown?.InAppMessage?.Content?.[0]?.HeaderConfig?.Header;
    expect(header(showAsAmplify(await messages('one'), purchase(), clock.now()))).toBe('first');
    expect(showAsAmplify(await messages('one'), { name: 'else' }, clock.now())).toBeUndefined();
  });

  it('is what its event, attributes and metrics ask for, until it ends', async () => {
    await app('one');
    await create(
      window({
        ...filter({
          Attributes: { sku: { Values: ['gloves', 'hat'] } },
          Metrics: { price: { ComparisonOperator: 'GREATER_THAN', Value: 10 } },
        }),
        EndTime: inHours(1),
      }),
    );
    const cached = await messages('one');
    const shows = (event: AmplifyEvent, after = 0) =>
      showAsAmplify(cached, event, new Date(clock.now().getTime() + after)) !== undefined;
    const fits = purchase({ attributes: { sku: 'hat' }, metrics: { price: 11 } });
    expect(shows(fits)).toBe(true);
    expect(shows({ ...fits, attributes: { sku: 'shoe' } })).toBe(false);
    expect(shows(purchase({ metrics: { price: 11 } }))).toBe(false);
    expect(shows({ ...fits, metrics: { price: 10 } })).toBe(false);
    // It keeps what it has when the answer is empty (§13.4): the end is what stops it.
    expect([shows(fits, hour - 1), shows(fits, hour + 1)]).toEqual([true, false]);
  });
});
