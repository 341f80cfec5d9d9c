/**
 * Data as an enemy would send it: every field a script, words from right to left, names that never end, in everything that
 * has a page. Nothing of it may ever run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  CreateInAppTemplateCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  DeleteAppCommand,
  type EndpointRequest,
  GetExportJobCommand,
  GetImportJobCommand,
  type PinpointClient,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import type { FilledPrivacy } from '../../../scripts/screenshots/fill-privacy.ts';
import type { Filled } from '../../../scripts/screenshots/fill-server.ts';
import { type ApiServer, callApi } from '../support/repoint-api.ts';

/** Whoever runs it leaves a mark in the page. */
const mark = 'window.__ran=(window.__ran||0)+1';
export const script = `"><img src=x onerror="${mark}"><script>${mark}</script>`;
/** The first override never ends. */
const rightToLeft = '\u202Eمحمد <svg/onload=x>';
const endless = 'W'.repeat(90);

export const hostileHtml = `<html><head><base href="https://evil.example"><link rel="stylesheet" href="https://evil.example/x.css">
<style>@import url(https://evil.example/y.css); .big { color: rgb(1, 2, 3); background: url(https://evil.example/z.png) }</style></head>
<body style="background: rgb(250, 240, 230)" onload="${mark}">
<h1 class="big" style="font-size: 40px">Offer</h1><script>${mark}</script><img src="https://evil.example/pixel.gif" onerror="${mark}">
<a href="javascript:${mark}" onclick="${mark}">here</a><iframe srcdoc="<script>parent.${mark}</script>"></iframe>
<form action="https://evil.example"><input autofocus onfocus="${mark}"></form><svg onload="${mark}"></svg>
<p>Price 3 < 4 and style="kept as text"</p><math href="javascript:${mark}">x</math><details open ontoggle="${mark}">y</details></body></html>`;

export const hostileId = 'enemy';
export const hostileTemplates = { EMAIL: 'welcome', INAPP: 'gift' } as const;

const RoleArn = 'arn:aws:iam::123456789012:role/console';

/** Named as `pagesOf` of the screenshots names what it shows, so that every page there is also met here. */
export async function writeHostileData(server: ApiServer, client: PinpointClient): Promise<Filled> {
  const projectId = await createProject(client, `P ${script}`.slice(0, 64), { محمد: 'محمد' });
  const emptyProjectId = await createProject(client, `${rightToLeft}${endless}`.slice(0, 64), {});
  await writePerson(client, projectId);
  await createTemplates(client);
  const segment = await client.send(
    new CreateSegmentCommand({
      ApplicationId: projectId,
      WriteSegmentRequest: {
        Name: `Segment ${script}`.slice(0, 120),
        Dimensions: { Attributes: { name: { AttributeType: 'EXCLUSIVE', Values: [script.slice(0, 100)] } } },
      },
    }),
  );
  const segmentId = segment.SegmentResponse?.Id as string;
  const { Item } = await asked(server, `GET /repoint/v1/apps/${projectId}/outbox`);
  return {
    ...{ projectId, emptyProjectId, endpointId: hostileId, segmentId, messageId: Item[0].MessageId },
    campaignId: await createCampaign(client, { projectId, segmentId, waits: false }),
    eventCampaignId: await createCampaign(client, { projectId, segmentId, waits: true }),
    importId: await importFile(server, client, projectId),
    exportId: await exportAll(client, projectId),
    funnelId: await createFunnel(server, projectId),
    ...(await writePrivacy((call, body) => asked(server, call, body), client, projectId)),
  };
}

async function createFunnel(server: ApiServer, projectId: string): Promise<string> {
  const step = { Name: script.slice(0, 60), Filter: { EventType: script.slice(0, 50) } };
  const { Id } = await asked(server, `POST /repoint/v1/apps/${projectId}/funnels`, {
    ...{
      Name: `${script}${rightToLeft}`.slice(0, 100),
      WindowSeconds: 3600,
      Steps: [step, { ...step, Name: rightToLeft }],
    },
  });
  return Id;
}

/** Somebody who is nobody's favourite asks for everything that there is. */
async function writePrivacy(
  api: (call: string, body?: unknown) => ReturnType<typeof asked>,
  client: PinpointClient,
  projectId: string,
): Promise<FilledPrivacy> {
  const app = `/repoint/v1/apps/${projectId}`;
  const Identities = [{ Type: 'ENDPOINT_ID', Value: 'nobody' }];
  const EndDate = new Date(Date.now() + 24 * 3_600_000).toISOString();
  await api(`POST ${app}/erasure-holds`, { Fields: ['sends.*'], Reason: script, EndDate });
  const access = await api(`POST ${app}/access-requests`, { Identities: [{ Type: 'ENDPOINT_ID', Value: hostileId }] });
  await over(async () => ({ JobStatus: (await api(`GET ${app}/access-requests/${access.Id}`)).State }));
  const erasure = await api(`POST ${app}/erasure-requests`, { Identities, RequestId: script.slice(0, 60) });
  await over(async () => ({ JobStatus: (await api(`GET ${app}/erasure-requests/${erasure.Id}`)).State }));
  const waiting = await api(`POST ${app}/erasure-requests`, { Identities, RequestId: rightToLeft, WaitingDays: 7 });
  const files = await api(`POST ${app}/file-erasures`, { Action: 'REWRITE', Identities });
  await over(async () => ({ JobStatus: (await api(`GET ${app}/file-erasures/${files.Id}`)).Status }));
  const gone = await createProject(client, `${script}`.slice(0, 64), {});
  await client.send(new DeleteAppCommand({ ApplicationId: gone }));
  const { Item } = await api('GET /repoint/v1/project-erasures');
  await api(`POST ${app}/erasure-targets`, { Url: `https://evil.example/?${encodeURIComponent(script)}` });
  return {
    ...{ erasureId: erasure.Id, waitingErasureId: waiting.Id, accessRequestId: access.Id, fileErasureId: files.Id },
    projectErasureId: Item[0].ErasureId,
  };
}

async function asked(server: ApiServer, call: string, body?: unknown) {
  const answer = await callApi(server, call, body === undefined ? {} : { body });
  if (answer.status >= 300) throw new Error(`${call}: ${answer.status} ${answer.body?.Message}`);
  return answer.body;
}

async function createProject(client: PinpointClient, Name: string, tags: Record<string, string>): Promise<string> {
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name, tags } }));
  return made.ApplicationResponse?.Id as string;
}

async function writePerson(client: PinpointClient, ApplicationId: string): Promise<void> {
  const EndpointRequest: EndpointRequest = {
    ...{ ChannelType: 'EMAIL', Address: 'enemy@example.com' },
    Attributes: { [`n${script}`.slice(0, 50)]: [script.slice(0, 100)], name: [rightToLeft], long: [endless] },
    Metrics: { __proto__x: 1 },
    Demographic: { Make: script, Model: rightToLeft, Platform: script, AppVersion: script, Locale: script },
    Location: { City: rightToLeft, Region: script, PostalCode: script },
    User: { UserId: script, UserAttributes: { [rightToLeft]: [rightToLeft] } },
  };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: hostileId, EndpointRequest }));
  const EmailChannelRequest = { FromAddress: 'shop@example.com', Identity: 'example.com', Enabled: true };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  const Event = { EventType: script.slice(0, 50), Timestamp: new Date().toISOString(), Attributes: { a: script } };
  await client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: { BatchItem: { [hostileId]: { Endpoint: {}, Events: { e: Event } } } },
    }),
  );
  const SimpleEmail = { Subject: { Data: script }, HtmlPart: { Data: hostileHtml }, TextPart: { Data: script } };
  await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Endpoints: { [hostileId]: {} },
        MessageConfiguration: { EmailMessage: { FromAddress: 'shop@example.com', SimpleEmail } },
      },
    }),
  );
}

async function createTemplates(client: PinpointClient): Promise<void> {
  const EmailTemplateRequest = {
    ...{ Subject: script, HtmlPart: hostileHtml, TextPart: script, TemplateDescription: script },
  };
  await client.send(new CreateEmailTemplateCommand({ TemplateName: hostileTemplates.EMAIL, EmailTemplateRequest }));
  await client.send(new CreateSmsTemplateCommand({ TemplateName: 'reminder', SMSTemplateRequest: { Body: script } }));
  const button = { DefaultConfig: { Text: script, ButtonAction: 'LINK' as const, Link: `javascript:${mark}` } };
  const slide = {
    ...{ BackgroundColor: 'red;background:url(https://evil.example/x)', ImageUrl: 'https://evil.example/pixel.png' },
    HeaderConfig: { Header: script, TextColor: script, Alignment: 'LEFT' as const },
    BodyConfig: {
      Body: `${rightToLeft}${endless}`,
      TextColor: 'url(https://evil.example/y)',
      Alignment: 'LEFT' as const,
    },
    ...{ PrimaryBtn: button, SecondaryBtn: button },
  };
  const InAppTemplateRequest = {
    ...{ Layout: 'CAROUSEL' as const, Content: [slide, slide], CustomConfig: { [script]: script } },
  };
  await client.send(new CreateInAppTemplateCommand({ TemplateName: hostileTemplates.INAPP, InAppTemplateRequest }));
}

interface HostileCampaign {
  readonly projectId: string;
  readonly segmentId: string;
  readonly waits: boolean;
}

async function createCampaign(
  client: PinpointClient,
  { projectId, segmentId, waits }: HostileCampaign,
): Promise<string> {
  const dimensions = {
    EventType: { DimensionType: 'INCLUSIVE' as const, Values: [script.slice(0, 50)] },
    Attributes: { [rightToLeft]: { AttributeType: 'INCLUSIVE' as const, Values: [script.slice(0, 100)] } },
  };
  const waiting = {
    ...{ StartTime: 'IMMEDIATE', EndTime: new Date(Date.now() + 3_600_000).toISOString(), Frequency: 'EVENT' as const },
    EventFilter: { FilterType: 'ENDPOINT' as const, Dimensions: dimensions },
  };
  const TemplateConfiguration = { EmailTemplate: { Name: hostileTemplates.EMAIL } };
  const made = await client.send(
    new CreateCampaignCommand({
      ApplicationId: projectId,
      WriteCampaignRequest: {
        ...{ Name: `${script}${rightToLeft}`.slice(0, 120), SegmentId: segmentId, TemplateConfiguration },
        ...{
          Description: script,
          TreatmentName: script.slice(0, 60),
          Schedule: waits ? waiting : { StartTime: 'IMMEDIATE' },
        },
        AdditionalTreatments: waits ? [] : [{ TreatmentName: rightToLeft, SizePercent: 50, TemplateConfiguration }],
      },
    }),
  );
  return made.CampaignResponse?.Id as string;
}

async function importFile(server: ApiServer, client: PinpointClient, ApplicationId: string): Promise<string> {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const Content = [
    'ChannelType,Address,Attributes.plan',
    `EMAIL,other@example.com,${quoted(script)}`,
    `${quoted(script)},${quoted(script)},x`,
  ].join('\n');
  const upload = { FileName: 'people.csv', Content };
  const { FolderUrl } = await asked(server, `POST /repoint/v1/apps/${ApplicationId}/file-uploads`, upload);
  const ImportJobRequest = {
    ...{ Format: 'CSV' as const, S3Url: FolderUrl, RoleArn, RegisterEndpoints: true, DefineSegment: true },
    SegmentName: `Import ${script}`.slice(0, 120),
  };
  const { ImportJobResponse } = await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
  const JobId = ImportJobResponse?.Id as string;
  await over(async () => (await client.send(new GetImportJobCommand({ ApplicationId, JobId }))).ImportJobResponse);
  await asked(server, 'PUT /repoint/v1/sms/numbers/%2B12025550123', { HelpText: script });
  await asked(server, 'PUT /repoint/v1/sms/numbers/%2B12025550123/keywords/HOURS', { Response: rightToLeft });
  const Address = 'enemy+"<script>"@example.com';
  await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body: { Channel: 'EMAIL', Address } });
  const Document = { Version: '2012-10-17', Statement: [{ Sid: script, Effect: 'Deny', Action: '*', Resource: '*' }] };
  await asked(server, 'POST /repoint/v1/policies', { PolicyName: 'enemy', Description: script, Document });
  return JobId;
}

async function exportAll(client: PinpointClient, ApplicationId: string): Promise<string> {
  const ExportJobRequest = { RoleArn, S3UrlPrefix: `s3://repoint-exports/${ApplicationId}` };
  const { ExportJobResponse } = await client.send(new CreateExportJobCommand({ ApplicationId, ExportJobRequest }));
  const JobId = ExportJobResponse?.Id as string;
  await over(async () => (await client.send(new GetExportJobCommand({ ApplicationId, JobId }))).ExportJobResponse);
  return JobId;
}

async function over(look: () => Promise<{ readonly JobStatus?: string | undefined } | undefined>): Promise<void> {
  while (!/COMPLETED|FAILED/.test((await look())?.JobStatus ?? '')) await pause(50);
}
