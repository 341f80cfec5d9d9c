/**
 * What a campaign names and must be there, and how many there may be, through the real SDK. Numbers in brackets are the
 * cases of dossier/messaging §18.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  CreateImportJobCommand,
  CreateSegmentCommand,
  DeleteCampaignCommand,
  DeleteEmailTemplateCommand,
  DeleteSegmentCommand,
  GetCampaignCommand,
  GetSegmentsCommand,
  UpdateCampaignCommand,
  UpdateEmailTemplateCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findKeptTemplate } from '../../src/domains/campaigns/kept-templates.ts';
import { startProviderServer } from '../support/provider-server.ts';
import { startTestServer } from '../support/test-server.ts';

const receiver = await startProviderServer({ secure: true });
// Without the scheduler nothing begins to run.
const server = await startTestServer({
  environment: { REPOINT_ROLES: 'api,worker', REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' },
});
const client = server.client();
const { query } = server.database;

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  ({ ApplicationId, SegmentId } = await makeProject());
});

async function makeProject(from = client) {
  const app = await from.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'campaigns' } }));
  const ApplicationId = app.ApplicationResponse?.Id as string;
  const segment = await from.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  return { ApplicationId, SegmentId: segment.SegmentResponse?.Id as string };
}

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });

const later = (request: WriteCampaignRequest = {}): WriteCampaignRequest => ({
  ...{ Name: 'spring', SegmentId, Schedule: { StartTime: '2100-01-01T00:00:00Z' } },
  MessageConfiguration: { EmailMessage: { Title: 't', Body: 'b' } },
  ...request,
});
const shown = {
  BackgroundColor: '#FFFFFF',
  HeaderConfig: { Header: 'h', TextColor: '#000000', Alignment: 'CENTER' as const },
  BodyConfig: { Body: 'b', TextColor: '#000000', Alignment: 'CENTER' as const },
};
const waiting = (Frequency: 'EVENT' | 'IN_APP_EVENT', StartTime = '2100-01-01T00:00:00Z'): WriteCampaignRequest =>
  later({
    Schedule: {
      ...{ Frequency, StartTime, EndTime: '2100-02-01T00:00:00Z' },
      EventFilter: { FilterType: 'ENDPOINT', Dimensions: { EventType: { Values: ['purchase'] } } },
    } as WriteCampaignRequest['Schedule'],
    ...(Frequency === 'IN_APP_EVENT' && { MessageConfiguration: { InAppMessage: { Content: [shown] } } }),
  });

async function create(WriteCampaignRequest: WriteCampaignRequest, from = client): Promise<string> {
  const made = await from.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return made.CampaignResponse?.Id as string;
}
const update = (CampaignId: string, WriteCampaignRequest: WriteCampaignRequest) =>
  client.send(new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest }));
const remove = (CampaignId: string) => client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId }));

async function importSegment(): Promise<string> {
  const folder = join(server.dataDirectory, 'buckets', 'people');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'one.csv'), 'Id,ChannelType,Address\none,EMAIL,one@example.com\n');
  const ImportJobRequest = {
    ...{ Format: 'CSV' as const, S3Url: 's3://people/one.csv', RoleArn: 'arn:aws:iam::123456789012:role/r' },
    ...{ DefineSegment: true, SegmentName: 'imported' },
  };
  await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
  return vi.waitUntil(
    async () => {
      const { SegmentsResponse } = await client.send(new GetSegmentsCommand({ ApplicationId }));
      return SegmentsResponse?.Item?.find(({ SegmentType }) => SegmentType === 'IMPORT')?.Id;
    },
    { timeout: 30_000, interval: 100 },
  );
}

describe('the segment', () => {
  it('is one of the project, in a version that is there', async () => {
    await expect(create(later({ SegmentId: 'nobody' }))).rejects.toEqual(bad(/SegmentId/));
    await expect(create(later({ SegmentVersion: 2 }))).rejects.toEqual(bad(/SegmentVersion/));
    const elsewhere = await makeProject();
    await expect(create(later({ SegmentId: elsewhere.SegmentId }))).rejects.toEqual(bad(/SegmentId/));
  });

  it('[29] of a campaign that waits for events is a dynamic one', async () => {
    const imported = await importSegment();
    await create(later({ SegmentId: imported }));
    await create({ ...waiting('EVENT'), SegmentId });
    await expect(create({ ...waiting('EVENT'), SegmentId: imported })).rejects.toEqual(bad(/dynamic/));
  });

  it('cannot go unnoticed while a campaign is made of it', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const project = await makeProject();
      ({ ApplicationId, SegmentId } = project);
      const [made] = await Promise.allSettled([
        create(later()),
        client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId })),
      ]);
      if (made.status === 'rejected') {
        expect(made.reason).toEqual(bad(/SegmentId/));
        continue;
      }
      const read = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId: made.value }));
      expect(read.CampaignResponse?.State?.CampaignStatus).toBe('DELETED');
    }
  });
});

describe('templates', () => {
  const write = (TemplateName: string, Subject: string) => ({ TemplateName, EmailTemplateRequest: { Subject } });
  const named = (EmailTemplate: { Name: string; Version?: string }): WriteCampaignRequest => ({
    TemplateConfiguration: { EmailTemplate },
  });

  it('are there when a campaign names them', async () => {
    await client.send(new CreateEmailTemplateCommand(write('news', 'one')));
    await create(later(named({ Name: 'news' })));
    await create(later(named({ Name: 'news', Version: '1' })));
    await create(later(named({ Name: 'news', Version: 'latest' })));
    const missing = bad(/TemplateConfiguration.EmailTemplate names/);
    await expect(create(later(named({ Name: 'News' })))).rejects.toEqual(missing);
    await expect(create(later(named({ Name: 'news', Version: '2' })))).rejects.toEqual(missing);
    await expect(create(later(named({ Name: 'news', Version: 'newest' })))).rejects.toEqual(missing);
    const treated = { AdditionalTreatments: [{ SizePercent: 10, ...named({ Name: 'other' }) }] };
    await expect(create(later(treated))).rejects.toEqual(bad(/AdditionalTreatments\[0\].TemplateConfiguration/));
  });

  it('[43] that are deleted stay with the campaigns that name them, as they were written last', async () => {
    await client.send(new CreateEmailTemplateCommand(write('gone', 'one')));
    const id = await create(later(named({ Name: 'gone' })));
    const { project_number } = await query
      .selectFrom('campaigns')
      .select('project_number')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const key = { projectNumber: Number(project_number), id };
    const kept = async () => (await findKeptTemplate(query, key, { type: 'EMAIL', name: 'gone' }))?.content.Subject;
    expect(await kept()).toBe('one');
    await client.send(new UpdateEmailTemplateCommand(write('gone', 'two')));
    await update(id, { Name: 'later' });
    expect(await kept()).toBe('two');
    await client.send(new DeleteEmailTemplateCommand({ TemplateName: 'gone' }));
    // It may change in all else, and nobody else may name it.
    await update(id, { Name: 'after' });
    expect(await kept()).toBe('two');
    await expect(create(later(named({ Name: 'gone' })))).rejects.toEqual(bad(/EmailTemplate/));
    await remove(id);
    expect(await kept()).toBeUndefined();
  });
});

describe('the URL of a custom channel', () => {
  const custom = (DeliveryUri: string): WriteCampaignRequest => ({
    MessageConfiguration: { CustomMessage: { Data: '{}' } },
    CustomDeliveryConfiguration: { DeliveryUri, EndpointTypes: ['EMAIL'] },
  });
  const owner = (accountId?: string) =>
    receiver.answerWith(
      (_request, response) =>
        void response.writeHead(200, accountId === undefined ? {} : { 'X-Amz-Pinpoint-AccountId': accountId }).end(),
    );

  it('[37] answers HEAD with the account, when it is named first', async () => {
    const { accountId } = server.administrator;
    owner();
    await expect(create(later(custom(`${receiver.origin}/a`)))).rejects.toEqual(bad(/X-Amz-Pinpoint-AccountId/));
    owner('000000000000');
    await expect(create(later(custom(`${receiver.origin}/a`)))).rejects.toEqual(bad(/X-Amz-Pinpoint-AccountId/));
    owner(accountId);
    const id = await create(later(custom(`${receiver.origin}/a`)));
    expect(receiver.received.map(({ method, path }) => [method, path])).toEqual([['HEAD', '/a']]);
    await update(id, { Name: 'n' });
    expect(receiver.received).toHaveLength(1);
    const AdditionalTreatments = [{ SizePercent: 10, ...custom(`${receiver.origin}/b`) }];
    await update(id, { AdditionalTreatments });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/a', '/b']);
    owner();
    await expect(update(id, custom(`${receiver.origin}/c`))).rejects.toEqual(bad(/X-Amz-Pinpoint-AccountId/));
  });

  it('is not asked when the campaign is wrong in itself, nor inside closed networks', async () => {
    owner(server.administrator.accountId);
    await expect(create(later({ ...custom(receiver.origin), Priority: 9 }))).rejects.toEqual(bad(/Priority/));
    expect(receiver.received).toEqual([]);
    await expect(create(later(custom('https://10.0.0.1/a')))).rejects.toEqual(bad(/refused address/));
  });
});

describe('quotas', () => {
  it('[29] are 25 campaigns that wait for events, and 25 for apps, of a project', async () => {
    const event: string[] = [];
    for (let made = 0; made < 25; made += 1) {
      event.push(await create(waiting('EVENT')));
      await create(waiting('IN_APP_EVENT'));
    }
    await expect(create(waiting('EVENT'))).rejects.toEqual(bad(/25 event campaigns/));
    await expect(create(waiting('IN_APP_EVENT'))).rejects.toEqual(bad(/25 in-app campaigns/));
    const once = await create(later());
    await expect(update(once, waiting('EVENT'))).rejects.toEqual(bad(/25 event campaigns/));
    // Pausing one does not make room; deleting one does.
    await update(event[0] as string, { IsPaused: true });
    await expect(create(waiting('EVENT'))).rejects.toEqual(bad(/25 event campaigns/));
    await remove(event[0] as string);
    await create(waiting('EVENT'));
    await update(event[1] as string, { Name: 'a change is not one more' });
    const elsewhere = await makeProject();
    ({ ApplicationId, SegmentId } = elsewhere);
    await create(waiting('EVENT'));
  });

  it('are 200 active campaigns of an account and Region, however many ask at once', async () => {
    const account = await server.addAccount();
    const other = server.client({ credentials: account });
    ({ ApplicationId, SegmentId } = await makeProject(other));
    const asked = await Promise.allSettled(Array.from({ length: 210 }, () => create(later(), other)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    const refused = asked.filter((result) => result.status === 'rejected');
    for (const { reason } of refused) expect(reason).toEqual(bad(/200 active campaigns/));
    const [first] = asked as [PromiseFulfilledResult<string>];
    const put = (CampaignId: string, WriteCampaignRequest: WriteCampaignRequest) =>
      other.send(new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest }));
    // A paused one is not active, until it is one again.
    await put(first.value, { IsPaused: true });
    await create(later({ IsPaused: true }), other);
    await create(later(), other);
    await expect(put(first.value, { IsPaused: false })).rejects.toEqual(bad(/200 active campaigns/));
    const elsewhere = server.client({ credentials: account, region: 'eu-central-1' });
    ({ ApplicationId, SegmentId } = await makeProject(elsewhere));
    await create(later(), elsewhere);
  });
});
