/** The steps of the demo, through the public API alone, as anybody's program would do them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateImportJobCommand,
  CreateSegmentCommand,
  GetCampaignActivitiesCommand,
  GetImportJobCommand,
  PinpointClient,
  UpdateCampaignCommand,
  UpdateEmailChannelCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { startRepoint } from '../../bench/processes.ts';
import type { CampaignProgress, CampaignRehearsal } from '../../server/src/contract/repoint-types.ts';
import { type ApiServer, callApi, watchApi } from '../../server/tests/support/repoint-api.ts';
import { openSink, type SinkMail } from '../../server/tests/support/smtp-sink.ts';
import { writePeople } from '../people/write-people.ts';
import type { Report } from './report.ts';

export interface DemoOptions {
  readonly people: number;
  /** Empty; whoever made it removes it. */
  readonly dataDirectory: string;
  /** Of the server, besides those of the demo. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  say(text: string): void;
}

const treatments = [
  { id: '0', name: 'plain', percent: 45, subject: 'News for ' },
  { id: '1', name: 'with the plan', percent: 45, subject: 'Your plan ' },
] as const;

const count = (value: number) => value.toLocaleString('en-US');

/** @throws when a step fails, or the signal comes; the server is stopped in any case */
export async function runDemo({ people, dataDirectory, settings, signal, say }: DemoOptions): Promise<Report> {
  const inbox = new Inbox();
  const sink = await openSink({
    extensions: ['PIPELINING', '8BITMIME'],
    keep: false,
    took: (mail) => inbox.take(mail),
  });
  try {
    say('starting a server and an SMTP server');
    const server = await startRepoint(dataDirectory, {
      ...{ REPOINT_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, REPOINT_LOG_LEVEL: 'error' },
      ...settings,
    });
    const credentials = { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey };
    const origin = `http://127.0.0.1:${server.port}`;
    const client = new PinpointClient({ region: 'us-east-1', endpoint: origin, credentials });
    try {
      const demo = { client, api: { origin, administrator: credentials }, signal, say };
      return await goThrough(demo, { people, dataDirectory, inbox });
    } finally {
      client.destroy();
      await server.stop();
    }
  } finally {
    await sink.close();
  }
}

interface Demo {
  readonly client: PinpointClient;
  readonly api: ApiServer;
  readonly signal: AbortSignal;
  say(text: string): void;
}

interface Given {
  readonly people: number;
  readonly dataDirectory: string;
  readonly inbox: Inbox;
}

async function goThrough(demo: Demo, { people, dataDirectory, inbox }: Given): Promise<Report> {
  const { say, signal } = demo;
  say(`generating ${count(people)} people`);
  const folder = join(dataDirectory, 'buckets/demo');
  mkdirSync(folder, { recursive: true });
  await writePeople(join(folder, 'people.ndjson.gz'), { endpoints: people });
  signal.throwIfAborted();
  const ApplicationId = await createProject(demo);
  say('importing them');
  await importPeople(demo, ApplicationId);
  const segment = await createSegment(demo, ApplicationId);
  say(`the segment of those with a mail address has ${count(segment.total)}`);
  const CampaignId = await createCampaign(demo, ApplicationId, campaignOf(segment.id));
  const rehearsal = await rehearse(demo, ApplicationId, CampaignId);
  say(`a rehearsal says that ${count(rehearsal.Messages)} of them would get a mail`);
  say('sending the campaign');
  await startNow(demo, ApplicationId, CampaignId);
  const run = await watch(demo, ApplicationId, CampaignId);
  say('reading what came of it');
  const reported = await readActivities(demo, ApplicationId, CampaignId);
  const [started, ended] = [run.StartedAt, run.EndedAt].map((time) => Date.parse(time ?? '')) as [number, number];
  return {
    people,
    segment: segment.total,
    recipients: inbox.recipients,
    treatments: treatments.map(({ id, name, percent, subject }) => ({
      ...{ id, name, percent, arrived: inbox.of(subject), reported: reported.get(id) ?? 0 },
    })),
    ...{ failed: run.Failed, skipped: run.Skipped },
    rehearsed: { messages: rehearsal.Messages, skipped: rehearsal.Total - rehearsal.Messages },
    mailsPerSecond: (run.Sent * 1000) / Math.max(1, ended - started),
  };
}

/** Mails as they arrive: only counted, so that any number of them fits. */
class Inbox {
  readonly #recipients = new Set<string>();
  readonly #bySubject = new Map<string, number>();

  take({ to, content }: SinkMail): void {
    this.#recipients.add(to);
    const line = /^Subject: (.*)$/m.exec(content)?.[1] ?? '';
    const subject = treatments.find((each) => decodeSubject(line).startsWith(each.subject))?.subject ?? 'unknown';
    this.#bySubject.set(subject, (this.#bySubject.get(subject) ?? 0) + 1);
  }

  get recipients(): number {
    return this.#recipients.size;
  }

  of(subject: string): number {
    return this.#bySubject.get(subject) ?? 0;
  }
}

/** The begin of a subject whose names are not ASCII (RFC 2047). */
function decodeSubject(line: string): string {
  const [, encoding, text = ''] = /^=\?utf-8\?([bq])\?([^?]*)\?=/i.exec(line) ?? [];
  if (encoding === undefined) return line;
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString('utf8');
  return text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

async function createProject({ client }: Demo): Promise<string> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'demo' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId,
      EmailChannelRequest: {
        ...{ FromAddress: 'Demo <demo@example.com>', Enabled: true },
        Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
      },
    }),
  );
  return ApplicationId;
}

async function importPeople({ client, signal }: Demo, ApplicationId: string): Promise<void> {
  const { ImportJobResponse } = await client.send(
    new CreateImportJobCommand({
      ApplicationId,
      ImportJobRequest: {
        ...{ Format: 'JSON', S3Url: 's3://demo/people.ndjson.gz', RegisterEndpoints: true },
        RoleArn: 'arn:aws:iam::123456789012:role/import',
      },
    }),
  );
  for (;;) {
    const job = await client.send(new GetImportJobCommand({ ApplicationId, JobId: ImportJobResponse?.Id }));
    const { JobStatus, Failures } = job.ImportJobResponse ?? {};
    if (JobStatus === 'COMPLETED') return;
    if (JobStatus === 'FAILED') throw new Error(`The import failed: ${Failures?.join(', ')}`);
    await pause(100, signal);
  }
}

async function createSegment({ client, api }: Demo, ApplicationId: string): Promise<{ id: string; total: number }> {
  const { SegmentResponse } = await client.send(
    new CreateSegmentCommand({
      ApplicationId,
      WriteSegmentRequest: {
        Name: 'with a mail address',
        Dimensions: { Demographic: { Channel: { DimensionType: 'INCLUSIVE', Values: ['EMAIL'] } } },
      },
    }),
  );
  const id = SegmentResponse?.Id as string;
  const estimate = await callApi(api, `GET /repoint/v1/apps/${ApplicationId}/segments/${id}/estimate`);
  return { id, total: estimate.body.Total };
}

function campaignOf(SegmentId: string): WriteCampaignRequest {
  const [plain, withPlan] = treatments;
  const html = '<p>Hello {{User.UserAttributes.FirstName}} {{User.UserAttributes.LastName}},</p><p>there is news.</p>';
  return {
    ...{ Name: 'demo', SegmentId, HoldoutPercent: 10, TreatmentName: plain.name },
    // Saved, and not sent before it was rehearsed.
    Schedule: { StartTime: new Date(Date.now() + 3_600_000).toISOString() },
    MessageConfiguration: {
      EmailMessage: { Title: `${plain.subject}{{User.UserAttributes.FirstName}}`, HtmlBody: html },
    },
    AdditionalTreatments: [
      {
        ...{ TreatmentName: withPlan.name, SizePercent: withPlan.percent },
        MessageConfiguration: {
          EmailMessage: {
            Title: `${withPlan.subject}{{Attributes.plan}}`,
            HtmlBody: `${html}<p>{{Attributes.plan}}</p>`,
          },
        },
      },
    ],
  };
}

async function rehearse({ api }: Demo, id: string, CampaignId: string): Promise<CampaignRehearsal> {
  const { status, body } = await callApi(api, `POST /repoint/v1/apps/${id}/campaigns/rehearse`, {
    body: { CampaignId },
  });
  if (status !== 200) throw new Error(`The rehearsal was refused: ${body.Message}`);
  return body;
}

async function createCampaign(
  { client }: Demo,
  ApplicationId: string,
  WriteCampaignRequest: WriteCampaignRequest,
): Promise<string> {
  const { CampaignResponse } = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return CampaignResponse?.Id as string;
}

async function startNow({ client }: Demo, ApplicationId: string, CampaignId: string): Promise<void> {
  const WriteCampaignRequest = { Schedule: { StartTime: 'IMMEDIATE' } };
  await client.send(new UpdateCampaignCommand({ ApplicationId, CampaignId, WriteCampaignRequest }));
}

/** Until the run has ended. @returns its last word */
async function watch(
  { api, signal, say }: Demo,
  ApplicationId: string,
  CampaignId: string,
): Promise<CampaignProgress['Runs'][number]> {
  for await (const { event, data } of watchApi(
    api,
    `GET /repoint/v1/apps/${ApplicationId}/campaigns/${CampaignId}/progress`,
  )) {
    signal.throwIfAborted();
    const progress = data as CampaignProgress;
    const [run] = progress.Runs;
    if (run !== undefined && event === 'progress') {
      say(`${count(run.Sent).padStart(10)} sent, ${count(Math.round(run.MessagesPerSecond))} a second`);
    }
    if (event !== 'end') continue;
    if (run?.State !== 'COMPLETED')
      throw new Error(`The campaign ended as ${progress.State}, its run as ${run?.State}`);
    return run;
  }
  throw new Error('The server ended the events before the run had ended');
}

async function readActivities({ client }: Demo, ApplicationId: string, CampaignId: string) {
  const { ActivitiesResponse } = await client.send(new GetCampaignActivitiesCommand({ ApplicationId, CampaignId }));
  const activities = ActivitiesResponse?.Item ?? [];
  return new Map(activities.map(({ TreatmentId, SuccessfulEndpointCount }) => [TreatmentId, SuccessfulEndpointCount]));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise((resume) => setTimeout(resume, milliseconds));
  signal.throwIfAborted();
}
