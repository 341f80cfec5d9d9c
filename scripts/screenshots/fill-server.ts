/** Made-up people and what they got, through the public API: something to see on every page. */
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  CreateInAppTemplateCommand,
  CreateSegmentCommand,
  CreateSmsTemplateCommand,
  GetExportJobCommand,
  GetImportJobCommand,
  PinpointClient,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { type ApiServer, callApi } from '../../server/tests/support/repoint-api.ts';
import { fillAnalytics } from './fill-analytics.ts';
import { type FilledPrivacy, fillPrivacy } from './fill-privacy.ts';

export const person = { UserName: 'ada', Password: 'correct horse battery' };

export interface Filled extends FilledPrivacy {
  readonly projectId: string;
  readonly emptyProjectId: string;
  readonly endpointId: string;
  readonly segmentId: string;
  readonly importId: string;
  readonly exportId: string;
  readonly messageId: string;
  readonly campaignId: string;
  readonly funnelId: string;
  readonly eventCampaignId: string;
}

const RoleArn = 'arn:aws:iam::123456789012:role/console';
const names = [
  'Ana Lopes',
  'Bilal Haddad',
  'بلال حداد',
  'Chen Wei',
  'Dörte Müller',
  'Édouard Roy',
  'נועה לוי',
  'Fatima',
];
const plans = ['free', 'pro', 'team'];
const countries = ['PT', 'DE', 'FR', 'BR', 'US'];

export async function fillServer(server: ApiServer): Promise<Filled> {
  const client = new PinpointClient({
    ...{ region: 'us-east-1', endpoint: server.origin, credentials: server.administrator },
  });
  const api = async (call: string, body?: unknown) => {
    const answer = await callApi(server, call, body === undefined ? {} : { body });
    if (answer.status >= 400) throw new Error(`${call}: ${answer.status} ${answer.body?.Message}`);
    return answer.body;
  };
  try {
    await api('POST /repoint/v1/users', { ...person, Policies: ['administrator'] });
    const emptyProjectId = await createProject(client, 'New project');
    const ApplicationId = await createProject(client, 'Spring shop');
    await writePeople(client, ApplicationId);
    await putEvents(client, ApplicationId);
    await createTemplates(client);
    await createInAppTemplate(client);
    await createChannels(client, ApplicationId, api);
    const messageId = await sendMessages(client, ApplicationId, api);
    const segmentId = await createSegment(client, ApplicationId);
    return {
      ...{ projectId: ApplicationId, emptyProjectId, endpointId: 'person-2', messageId, segmentId },
      campaignId: await runCampaign(client, ApplicationId, segmentId),
      eventCampaignId: await waitForEvents(client, ApplicationId, segmentId),
      importId: await importFile(client, ApplicationId, api),
      exportId: await exportAll(client, ApplicationId),
      ...(await fillPrivacy(client, ApplicationId, api)),
      funnelId: await fillAnalytics(client, ApplicationId, api),
    };
  } finally {
    client.destroy();
  }
}

async function createProject(client: PinpointClient, Name: string): Promise<string> {
  const answer = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } }));
  return answer.ApplicationResponse?.Id as string;
}

async function writePeople(client: PinpointClient, ApplicationId: string): Promise<void> {
  const Item = Array.from({ length: 90 }, (_, index) => {
    const isMail = index % 3 !== 0;
    return {
      Id: `person-${index}`,
      ChannelType: isMail ? ('EMAIL' as const) : ('SMS' as const),
      Address: isMail ? `person${index}@example.com` : `+35191${String(1_000_000 + index)}`,
      OptOut: index % 11 === 0 ? 'ALL' : 'NONE',
      Attributes: { plan: [plans[index % 3] as string], name: [names[index % names.length] as string] },
      Metrics: { orders: index % 7 },
      Demographic: { Platform: index % 2 ? 'iOS' : 'Android', Timezone: 'Europe/Lisbon', Locale: 'pt_PT' },
      Location: { Country: countries[index % 5] as string, City: 'Lisboa' },
      User: { UserId: `user-${index % 60}`, UserAttributes: { since: ['2026-03-01'] } },
    };
  });
  await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
}

async function putEvents(client: PinpointClient, ApplicationId: string): Promise<void> {
  const Timestamp = new Date().toISOString();
  const Session = { Id: 's-1', StartTimestamp: Timestamp };
  const Events = {
    one: { EventType: '_session.start', Timestamp, Session },
    two: { EventType: 'cart.add', Timestamp, Session, Attributes: { sku: 'GLV-9' }, Metrics: { price: 12.5 } },
  };
  await client.send(
    new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem: { 'person-2': { Endpoint: {}, Events } } } }),
  );
}

const html = `<html><body style="font-family: sans-serif; background: #f4f4f8; padding: 24px">
<div style="max-width: 520px; margin: auto; background: white; border-radius: 12px; padding: 24px">
<h1 style="color: #0b57d0">Hello {{Attributes.name.[0]}}</h1>
<p>Your plan is <strong>{{Attributes.plan.[0]}}</strong>.</p>
<p><a href="https://shop.example.com" style="background: #0b57d0; color: white; padding: 12px 20px; border-radius: 8px">
Go to the shop</a></p></div></body></html>`;

async function createTemplates(client: PinpointClient): Promise<void> {
  await client.send(
    new CreateEmailTemplateCommand({
      TemplateName: 'welcome',
      EmailTemplateRequest: {
        ...{ Subject: 'Hello {{Attributes.name.[0]}}', HtmlPart: html, TextPart: 'Hello {{Attributes.name.[0]}}' },
        TemplateDescription: 'For those who are new',
      },
    }),
  );
  await client.send(
    new CreateSmsTemplateCommand({
      TemplateName: 'reminder',
      SMSTemplateRequest: { Body: 'Your order is on its way, {{Attributes.name.[0]}}.' },
    }),
  );
}

async function createInAppTemplate(client: PinpointClient): Promise<void> {
  const texts = (Header: string, Body: string) => ({
    HeaderConfig: { Header, TextColor: '#FFFFFF', Alignment: 'LEFT' as const },
    BodyConfig: { Body, TextColor: '#E8F0FE', Alignment: 'LEFT' as const },
  });
  const button = (Text: string, BackgroundColor: string, TextColor: string) => ({
    DefaultConfig: {
      Text,
      BackgroundColor,
      TextColor,
      BorderRadius: 16,
      ButtonAction: 'LINK' as const,
      Link: 'https://shop.example.com/gift',
    },
  });
  const slide = { BackgroundColor: '#0B3D91', ImageUrl: 'https://shop.example.com/gift.png' };
  await client.send(
    new CreateInAppTemplateCommand({
      TemplateName: 'gift',
      InAppTemplateRequest: {
        Layout: 'CAROUSEL',
        Content: [
          {
            ...{ ...slide, ...texts('A gift for you', 'Until Sunday, with every order.') },
            PrimaryBtn: button('Show me', '#FFD54F', '#1B1B1B'),
            SecondaryBtn: { DefaultConfig: { Text: 'Later', ButtonAction: 'CLOSE' } },
          },
          { ...slide, ...texts('And another', 'For those who bring a friend.') },
        ],
        CustomConfig: { campaign: 'spring' },
      },
    }),
  );
}

type Api = (call: string, body?: unknown) => Promise<ReturnType<typeof JSON.parse>>;

async function createChannels(client: PinpointClient, ApplicationId: string, api: Api): Promise<void> {
  const EmailChannelRequest = { FromAddress: 'Shop <shop@example.com>', Identity: 'example.com', Enabled: true };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  await api('POST /repoint/v1/suppressed-addresses', { Channel: 'EMAIL', Address: 'gone@example.com' });
  await api('PUT /repoint/v1/sms/numbers/%2B12025550123', { HelpText: 'Shop: write to help@example.com.' });
  await api('PUT /repoint/v1/sms/numbers/%2B12025550123/keywords/HOURS', { Response: 'Open from 9 to 18.' });
}

async function sendMessages(client: PinpointClient, ApplicationId: string, api: Api): Promise<string> {
  const EmailMessage = {
    SimpleEmail: { Subject: { Data: 'Spring is here' }, HtmlPart: { Data: html.replaceAll(/\{\{.*?\}\}/g, 'Ana') } },
  };
  const MessageRequest = {
    Endpoints: { 'person-2': {}, 'person-4': {}, 'person-9': {} },
    MessageConfiguration: { EmailMessage, SMSMessage: { Body: 'Spring is here' } },
  };
  await client.send(new SendMessagesCommand({ ApplicationId, MessageRequest }));
  const { Item } = await api(`GET /repoint/v1/apps/${ApplicationId}/outbox?channel-type=EMAIL`);
  return Item[0].MessageId;
}

async function createSegment(client: PinpointClient, ApplicationId: string): Promise<string> {
  const answer = await client.send(
    new CreateSegmentCommand({
      ApplicationId,
      WriteSegmentRequest: {
        Name: 'Pro in Portugal',
        SegmentGroups: {
          Include: 'ALL',
          Groups: [
            {
              Type: 'ANY',
              Dimensions: [
                {
                  Attributes: { plan: { AttributeType: 'INCLUSIVE', Values: ['pro', 'team'] } },
                  Location: { Country: { DimensionType: 'INCLUSIVE', Values: ['PT'] } },
                },
                { Metrics: { orders: { ComparisonOperator: 'GREATER_THAN', Value: 4 } } },
              ],
            },
          ],
        },
      },
    }),
  );
  return answer.SegmentResponse?.Id as string;
}

async function runCampaign(client: PinpointClient, ApplicationId: string, SegmentId: string): Promise<string> {
  const TemplateConfiguration = { EmailTemplate: { Name: 'welcome' }, SMSTemplate: { Name: 'reminder' } };
  const Schedule = { StartTime: 'IMMEDIATE' };
  const WriteCampaignRequest = {
    ...{ Name: 'Spring sale', SegmentId, HoldoutPercent: 10, TreatmentName: 'A', TemplateConfiguration, Schedule },
    AdditionalTreatments: [{ TreatmentName: 'B', SizePercent: 45, TemplateConfiguration }],
  };
  const answer = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return answer.CampaignResponse?.Id as string;
}

async function waitForEvents(client: PinpointClient, ApplicationId: string, SegmentId: string): Promise<string> {
  const Schedule = {
    ...{ StartTime: 'IMMEDIATE', EndTime: new Date(Date.now() + 30 * 86_400_000).toISOString() },
    ...{ Frequency: 'EVENT' as const },
    EventFilter: {
      FilterType: 'ENDPOINT' as const,
      Dimensions: {
        EventType: { DimensionType: 'INCLUSIVE' as const, Values: ['cart.left'] },
        Attributes: { sku: { AttributeType: 'INCLUSIVE' as const, Values: ['GLV-9', 'HAT-2'] } },
        Metrics: { price: { ComparisonOperator: 'GREATER_THAN', Value: 10 } },
      },
    },
  };
  const TemplateConfiguration = { EmailTemplate: { Name: 'welcome' } };
  const WriteCampaignRequest = {
    ...{ Name: 'You left something', SegmentId, TemplateConfiguration, Schedule, Limits: { Daily: 1 } },
  };
  const answer = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return answer.CampaignResponse?.Id as string;
}

async function importFile(client: PinpointClient, ApplicationId: string, api: Api): Promise<string> {
  const Content = `ChannelType,Address,Attributes.plan\nEMAIL,new1@example.com,pro\nEMAIL,new2@example.com,free\nFAX,x,y\n`;
  const { FolderUrl } = await api(`POST /repoint/v1/apps/${ApplicationId}/file-uploads`, {
    ...{ FileName: 'newsletter.csv', Content },
  });
  const request = { Format: 'CSV' as const, S3Url: FolderUrl, RoleArn, RegisterEndpoints: true, DefineSegment: true };
  const ImportJobRequest = { ...request, SegmentName: 'Newsletter' };
  const { ImportJobResponse: job } = await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
  await until(async () => {
    const answer = await client.send(new GetImportJobCommand({ ApplicationId, JobId: job?.Id }));
    return answer.ImportJobResponse?.JobStatus;
  });
  return job?.Id as string;
}

async function exportAll(client: PinpointClient, ApplicationId: string): Promise<string> {
  const ExportJobRequest = { RoleArn, S3UrlPrefix: `s3://repoint-exports/${ApplicationId}` };
  const { ExportJobResponse: job } = await client.send(new CreateExportJobCommand({ ApplicationId, ExportJobRequest }));
  await until(async () => {
    const answer = await client.send(new GetExportJobCommand({ ApplicationId, JobId: job?.Id }));
    return answer.ExportJobResponse?.JobStatus;
  });
  return job?.Id as string;
}

async function until(status: () => Promise<string | undefined>): Promise<void> {
  const over = ['COMPLETED', 'FAILED'];
  while (!over.includes((await status()) ?? '')) await new Promise((resume) => setTimeout(resume, 50));
}
