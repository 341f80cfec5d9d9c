/** Rehearsals over our API. What they say is held against a real run of the same campaign: who got something, and why not. */
import {
  CreateEmailTemplateCommand,
  type EndpointBatchItem,
  UpdateApplicationSettingsCommand,
  UpdateCampaignCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CampaignRehearsal, CampaignRehearsalRequest } from '../../src/contract/repoint-types.ts';
import { type CampaignProject, immediately, mail, mailboxes, newCampaignProject } from '../support/campaign-project.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const hour = 3_600_000;
const inAnHour = () => new Date(Math.ceil(Date.now() / hour) * hour + hour);

let project: CampaignProject;
let SegmentId: string;
beforeEach(async () => {
  project = await newCampaignProject(server, client);
  SegmentId = await project.segment();
});

const path = () => `/repoint/v1/apps/${project.ApplicationId}/campaigns/rehearse`;
type Request = Omit<CampaignRehearsalRequest, 'Campaign'> & { readonly Campaign?: WriteCampaignRequest };

async function rehearse(request: Request): Promise<CampaignRehearsal> {
  const { status, body } = await callApi(server, `POST ${path()}`, { body: request });
  expect([status, body.Message]).toEqual([200, undefined]);
  return body;
}

const draft = (own: Partial<WriteCampaignRequest> = {}): WriteCampaignRequest => ({
  ...{ Name: 'draft', SegmentId, Schedule: immediately, ...mail },
  ...own,
});

/** Of all kinds that a run tells apart. */
function crowd(): EndpointBatchItem[] {
  return mailboxes(200, (index) => {
    switch (index % 20) {
      case 1:
        return { OptOut: 'ALL' };
      case 2:
        return { EndpointStatus: 'INACTIVE' };
      case 3:
        return { ChannelType: 'GCM', Address: `token-${index}` };
      case 4:
        return { ChannelType: 'SMS', Address: `+4479460${String(index).padStart(5, '0')}` };
      case 7:
        return { Address: `suppressed-${index}@example.com` };
      default:
        return {};
    }
  });
}

async function suppress(): Promise<void> {
  for (const { Address = '' } of crowd()) {
    if (!Address.startsWith('suppressed-')) continue;
    await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body: { Channel: 'EMAIL', Address } });
  }
}

/** As before the rule that one address has one endpoint: imports of old data, and races, leave such behind. */
async function share(): Promise<void> {
  await sql`
    update endpoints set address = case bucket % 2 when 0 then 'shared@example.com' else 'Shared@Example.com' end
    where project_number = ${project.number} and substr(id, 8)::int % 20 = 5`.execute(server.database.query);
}

describe('a rehearsal says what a run does', () => {
  /** Names in the log of sends; the rest of the run is what was sent. */
  const fatesOf = async () => {
    const { SUCCESSFUL = 0, ...skipped } = await project.statuses();
    return { Messages: SUCCESSFUL, Skipped: skipped };
  };

  it('of an unsaved campaign, reason by reason', async () => {
    await project.people(crowd());
    await suppress();
    await share();
    const told = await rehearse({ Campaign: draft() });
    expect(await project.statuses()).toEqual({});
    expect(await project.outbox()).toEqual([]);
    await project.until(await project.create(draft()), 'COMPLETED');
    const { Messages, Skipped } = told;
    expect({ Messages, Skipped }).toEqual(await fatesOf());
    expect(told).toMatchObject({ Total: 200, SegmentId, SegmentVersion: 1, Share: 1, Warnings: [] });
    expect(Object.keys(Skipped)).toEqual([
      ...['DUPLICATE_ADDRESS', 'ENDPOINT_CHANNEL_MISMATCH', 'ENDPOINT_INACTIVE', 'ENDPOINT_OPT_OUT', 'SUPPRESSED'],
    ]);
    expect(told.Channels).toEqual([
      { ChannelType: 'EMAIL', Messages, Skipped: 180 - Messages },
      { ChannelType: 'GCM', Messages: 0, Skipped: 10 },
      { ChannelType: 'SMS', Messages: 0, Skipped: 10 },
    ]);
  });

  it('of a saved one, with the very cohorts of its treatments', async () => {
    await project.people(mailboxes(300));
    const shares = { HoldoutPercent: 20, AdditionalTreatments: [{ SizePercent: 30, TreatmentName: 'bold' }] };
    const StartTime = inAnHour().toISOString();
    const CampaignId = await project.create(draft({ ...shares, Schedule: { StartTime } }));
    const told = await rehearse({ CampaignId });
    expect(told.At).toBe(StartTime);
    const { ApplicationId } = project;
    const now = { Schedule: immediately };
    await client.send(new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest: now }));
    await project.until(CampaignId, 'COMPLETED');
    const { Messages, Skipped } = told;
    expect({ Messages, Skipped }).toEqual(await fatesOf());
    const sent = (await project.activities(CampaignId)).map(({ TreatmentId, SuccessfulEndpointCount }) => [
      ...[TreatmentId, SuccessfulEndpointCount],
    ]);
    expect(told.Treatments).toEqual([
      { TreatmentId: '0', SizePercent: 50, Messages: new Map(sent as [string, number][]).get('0'), Skipped: {} },
      {
        ...{ TreatmentId: '1', TreatmentName: 'bold', SizePercent: 30, Skipped: {} },
        Messages: new Map(sent as [string, number][]).get('1'),
      },
      { TreatmentId: 'HOLDOUT', SizePercent: 20, Messages: 0, Skipped: { HOLDOUT: Skipped['HOLDOUT'] } },
    ]);
  });

  it('with caps: who had a message today gets no other', async () => {
    await project.people(mailboxes(30));
    const filter = { Dimensions: { Attributes: { Name: { AttributeType: 'INCLUSIVE', Values: ['N1', 'N2', 'N3'] } } } };
    const limited = { Limits: { Daily: 1, Total: 1 } };
    const project24 = { CampaignHook: {}, Limits: { Daily: 1 } };
    const { ApplicationId } = project;
    await client.send(
      new UpdateApplicationSettingsCommand({ ApplicationId, WriteApplicationSettingsRequest: project24 }),
    );
    await project.until(await project.create(draft({ SegmentId: await project.segment(filter) })), 'COMPLETED');
    expect(await rehearse({ Campaign: draft() })).toMatchObject({ Messages: 27, Skipped: { DAILY_CAP: 3 } });
    const tomorrow = new Date(Date.now() + 25 * hour).toISOString();
    expect(await rehearse({ Campaign: draft(), At: tomorrow })).toMatchObject({ Messages: 30, Skipped: {} });
    expect(await rehearse({ Campaign: draft(limited) })).toMatchObject({ Messages: 30 });
  });
});

describe('times', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', undefined, 'Mars/Olympus'];
  const travellers = () =>
    mailboxes(50, (index) => {
      const Timezone = zones[index % zones.length];
      return Timezone === undefined ? {} : { Demographic: { Timezone } };
    });
  const noon = () => {
    const day = new Date(Date.now() + 48 * hour);
    return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12));
  };
  const localHour = (at: Date, timeZone: string) =>
    Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(at));

  it('are one for everybody, at whatever hour that is to them', async () => {
    await project.people(travellers());
    const told = await rehearse({ Campaign: draft(), At: noon().toISOString() });
    expect(told.Times).toEqual([{ At: noon().toISOString(), Messages: 50 }]);
    const hours = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata'].map((zone) => localHour(noon(), zone));
    expect(told.LocalHours).toEqual([
      { Messages: 20 },
      ...hours.toSorted((one, other) => one - other).map((Hour) => ({ Hour, Messages: 10 })),
    ]);
  });

  it('are an instant for each zone by recipients’ clocks; those without one are left out', async () => {
    await project.people(travellers());
    const Schedule = { StartTime: noon().toISOString(), IsLocalTime: true, Timezone: 'UTC' };
    const told = await rehearse({ Campaign: draft({ Schedule }) });
    expect(told).toMatchObject({ Messages: 30, Skipped: { ENDPOINT_MISSING_TIMEZONE: 20 } });
    expect(told.LocalHours).toEqual([{ Hour: 12, Messages: 30 }]);
    expect(told.Times.map(({ TimeZones, Messages }) => [TimeZones, Messages])).toEqual([
      [['Asia/Kolkata'], 10],
      [['Europe/Berlin'], 10],
      [['America/New_York'], 10],
    ]);
    for (const { At, TimeZones } of told.Times) expect(localHour(new Date(At), TimeZones?.[0] ?? '')).toBe(12);
  });

  it('leave out zones where the hour is over', async () => {
    await project.people(travellers());
    const now = new Date();
    const StartTime = new Date(now.getTime() + 60_000).toISOString();
    const told = await rehearse({ Campaign: draft({ Schedule: { StartTime, IsLocalTime: true } }) });
    // In Berlin and Kolkata clocks are ahead of UTC.
    expect(told).toMatchObject({
      Messages: 10,
      Skipped: { ENDPOINT_TIMEZONE_MISMATCH: 20, ENDPOINT_MISSING_TIMEZONE: 20 },
    });
  });

  it('have their quiet hours', async () => {
    await project.people(travellers());
    const hourInBerlin = String(localHour(noon(), 'Europe/Berlin')).padStart(2, '0');
    const QuietTime = { Start: `${hourInBerlin}:00`, End: `${hourInBerlin}:59` };
    const Schedule = { StartTime: noon().toISOString(), QuietTime };
    expect(await rehearse({ Campaign: draft({ Schedule }) })).toMatchObject({
      Messages: 40,
      Skipped: { QUIET_TIME: 10 },
    });
  });

  it('of treatments with schedules of their own are their own', async () => {
    await project.people(mailboxes(40));
    const [first, second] = [noon(), new Date(noon().getTime() + 5 * hour)].map((date) => date.toISOString()) as [
      string,
      string,
    ];
    const AdditionalTreatments = [{ SizePercent: 50, Schedule: { StartTime: second } }];
    const told = await rehearse({ Campaign: draft({ Schedule: { StartTime: first }, AdditionalTreatments }) });
    const [standard, other] = told.Treatments;
    expect(told.Times).toEqual([
      { At: first, Messages: standard?.Messages },
      { At: second, Messages: other?.Messages },
    ]);
    expect(told.Messages).toBe(40);
  });
});

describe('samples', () => {
  it('are messages as they would leave, of every treatment and channel', async () => {
    await project.people([
      ...mailboxes(60),
      ...mailboxes(60, (index) => ({ Id: `sms-${index}`, ChannelType: 'SMS', Address: `+4479460${10_000 + index}` })),
    ]);
    const told = await rehearse({
      Campaign: draft({
        MessageConfiguration: {
          EmailMessage: {
            Title: 'Hello {{Attributes.Name}}',
            HtmlBody: '<a href="https://x.example/">{{Attributes.Nick}}</a>',
          },
          SMSMessage: { Body: 'Hi {{Attributes.Name}}', MessageType: 'PROMOTIONAL' },
        },
        AdditionalTreatments: [
          {
            SizePercent: 50,
            MessageConfiguration: { EmailMessage: { Title: 'B', Body: 'b' }, SMSMessage: { Body: 'b' } },
          },
        ],
      }),
    });
    expect(told.Samples).toHaveLength(10);
    const groups = new Set(told.Samples.map(({ TreatmentId, ChannelType }) => `${TreatmentId} ${ChannelType}`));
    expect([...groups].toSorted()).toEqual(['0 EMAIL', '0 SMS', '1 EMAIL', '1 SMS']);
    for (const { EndpointId, ChannelType, TreatmentId, Texts, Missing } of told.Samples) {
      const name = `N${EndpointId.split('-')[1]}`;
      if (TreatmentId === '1') expect(Texts.at(-1)?.Text).toBe('b');
      else if (ChannelType === 'SMS') expect(Texts).toEqual([{ Member: 'Body', Text: `Hi ${name}` }]);
      else {
        expect(Texts).toEqual([
          { Member: 'Subject', Text: `Hello ${name}` },
          { Member: 'HtmlPart', Text: '<a href="https://x.example/"></a>' },
        ]);
        expect(Missing).toEqual(['Attributes.Nick']);
      }
    }
    expect((await rehearse({ Campaign: draft(), Samples: 0 })).Samples).toEqual([]);
    expect((await rehearse({ Campaign: draft(), Samples: 3 })).Samples).toHaveLength(3);
  });

  it('say what is wrong with a message', async () => {
    await project.people(mailboxes(2));
    const MessageConfiguration = { EmailMessage: { Title: '{{Attributes.Name}}', FromAddress: 'a@example.com' } };
    const told = await rehearse({ Campaign: draft({ MessageConfiguration }) });
    expect(told.Samples).toMatchObject([{ Texts: [], Fault: expect.stringMatching(/no content/) }, {}]);
  });

  it('come from templates', async () => {
    await project.people(mailboxes(1));
    const TemplateName = `welcome-${project.ApplicationId}`;
    await client.send(
      new CreateEmailTemplateCommand({
        TemplateName,
        EmailTemplateRequest: { Subject: 'Dear {{Attributes.Name}}', TextPart: 'text' },
      }),
    );
    const told = await rehearse({
      Campaign: {
        Name: 'x',
        SegmentId,
        Schedule: immediately,
        TemplateConfiguration: { EmailTemplate: { Name: TemplateName } },
      },
    });
    expect(told.Samples[0]?.Texts).toEqual([
      { Member: 'Subject', Text: 'Dear N0' },
      { Member: 'TextPart', Text: 'text' },
    ]);
  });
});

describe('what is rehearsed', () => {
  it('may be a saved campaign with changes, which it does not get', async () => {
    await project.people(mailboxes(10));
    const CampaignId = await project.create(draft({ Schedule: { StartTime: inAnHour().toISOString() } }));
    const changed = await rehearse({ CampaignId, Campaign: { HoldoutPercent: 100 } });
    expect(changed).toMatchObject({ CampaignId, Messages: 0, Skipped: { HOLDOUT: 10 } });
    expect(await rehearse({ CampaignId })).toMatchObject({ CampaignId, Messages: 10, Skipped: {} });
  });

  it('may have a hook, which is not asked', async () => {
    await project.people(mailboxes(3));
    const Hook = { WebUrl: 'https://hooks.example.com/', Mode: 'FILTER' } as const;
    const told = await rehearse({ Campaign: draft({ Hook }) });
    expect(told).toMatchObject({ Messages: 3, Warnings: [expect.stringMatching(/hook/)] });
  });

  it('may be a segment of nobody', async () => {
    expect(await rehearse({ Campaign: draft() })).toMatchObject({
      ...{ Total: 0, Messages: 0, Skipped: {}, Channels: [], LocalHours: [], Times: [], Samples: [] },
      Treatments: [{ TreatmentId: '0', SizePercent: 100, Messages: 0, Skipped: {} }],
    });
  });

  it.each<[object, RegExp]>([
    [{}, /CampaignId or Campaign/],
    [{ Campaign: { Name: 'x' } }, /SegmentId is required/],
    [{ Campaign: { Name: 'x', SegmentId: 'nothing', Schedule: immediately, ...mail } }, /SegmentId/],
    [{ Campaign: {}, Samples: 11 }, /Samples must be at most 10/],
    [{ Campaign: {}, At: 'tomorrow' }, /At/],
  ])('is checked: %j', async (request, message) => {
    const { status, body } = await callApi(server, `POST ${path()}`, { body: request });
    expect([status, body.Message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('is checked as a campaign is', async () => {
    for (const [own, message] of [
      [{ HoldoutPercent: 101 }, /HoldoutPercent/],
      [{ Limits: { Daily: 1000 } }, /Limits.Daily/],
      [{ Schedule: { StartTime: 'IMMEDIATE', IsLocalTime: true, Timezone: 'UTC-01' } }, /Timezone/],
    ] as const) {
      const { status, body } = await callApi(server, `POST ${path()}`, { body: { Campaign: draft(own) } });
      expect([status, body.Message]).toEqual([400, expect.stringMatching(message)]);
    }
    expect((await callApi(server, `POST ${path()}`, { body: { CampaignId: 'nobody' } })).status).toBe(404);
  });
});
