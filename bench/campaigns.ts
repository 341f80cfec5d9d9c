/**
 * A campaign from its start to the last outcome: enumerated, judged, rendered for each recipient, claimed, delivered,
 * settled with its events and counters. To an outbox that keeps nothing, and over SMTP beside a bare nodemailer pool that
 * composes the same mails and writes nothing down.
 */
import { sql } from 'kysely';
import type { MessageConfiguration } from '../server/src/contract/pinpoint-types.ts';
import { type Campaign, type CampaignDefinition, treatmentsOf } from '../server/src/domains/campaigns/campaign.ts';
import { createRun } from '../server/src/domains/campaigns/run/create.ts';
import { insertCampaign } from '../server/src/domains/campaigns/store.ts';
import { newId } from '../server/src/kernel/ids.ts';
import { type CampaignServer, discard, openCampaignServer } from './campaign-server.ts';
import { type Mail, mailFor, measureNodemailer, sizeOf, startSink } from './email.ts';
import { type Row, rate } from './table.ts';

const recipients = Number(process.env['REPOINT_BENCH_RECIPIENTS'] ?? 100_000);
const mails = Number(process.env['REPOINT_BENCH_MAILS'] ?? 20_000);

export async function benchCampaigns(): Promise<Row[]> {
  return [
    await toOutbox(
      'GCM',
      { GCMMessage: { Title: 'Hello {{Attributes.Name}}', Body: 'News for {{User.UserAttributes.City}}' } },
      recipients,
    ),
    await toOutbox(
      'EMAIL',
      {
        EmailMessage: { Title: 'Hello {{Attributes.Name}}', HtmlBody: '<p>News for {{User.UserAttributes.City}}</p>' },
      },
      recipients,
    ),
    await overSmtp(),
  ];
}

export async function toOutbox(
  channelType: 'GCM' | 'EMAIL',
  message: MessageConfiguration,
  people: number,
  begins: (server: CampaignServer) => void | Promise<void> = () => {},
  ends: () => void | Promise<void> = () => {},
): Promise<Row> {
  const server = await openCampaignServer({ people, channelType, driverKinds: [discard] });
  try {
    await begins(server);
    const measured = await measure(server, message, people);
    await ends();
    return {
      workload: `campaign to ${people.toLocaleString('en-US')} endpoints (${channelType}), outbox without storing bodies`,
      ...{ figure: rate(measured.perSecond, 'messages/s'), memory: `${measured.megabytes.toFixed(0)} MB` },
      latency: `first after ${measured.firstMilliseconds.toFixed(0)} ms; ${measured.microseconds.toFixed(0)} µs of this process each`,
      aim: '≥ 10,000/s on two quiet cores',
    };
  } finally {
    await server.stop();
  }
}

async function overSmtp(): Promise<Row> {
  const sink = await startSink();
  const environment = { REPOINT_SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=10` };
  const server = await openCampaignServer({ people: mails, channelType: 'EMAIL', environment });
  try {
    const { subject, html, text } = mailFor(0);
    const message = { EmailMessage: { Title: `${subject} {{Attributes.Name}}`, HtmlBody: html, Body: text } };
    const measured = await measure(server, message, mails);
    const theirs = await measureNodemailer(
      sink.port,
      Array.from({ length: 2_000 }, (_, index) => mailFor(index)),
    );
    return {
      workload: `campaign of ${mails.toLocaleString('en-US')} mails over SMTP, ${sizeOf(mailFor(0) as Mail)}`,
      ...{ figure: rate(measured.perSecond, 'mails/s'), memory: `${measured.megabytes.toFixed(0)} MB` },
      latency: `first after ${measured.firstMilliseconds.toFixed(0)} ms`,
      ...{ ceiling: `nodemailer pool ${rate(theirs)}`, ratio: measured.perSecond / theirs, aim: '≥ 1.20' },
    };
  } finally {
    await server.stop();
    sink.stop();
  }
}

interface Measured {
  readonly perSecond: number;
  readonly firstMilliseconds: number;
  /** Of the processor, in this process. */
  readonly microseconds: number;
  readonly megabytes: number;
}

async function measure(server: CampaignServer, message: MessageConfiguration, count: number): Promise<Measured> {
  const { database, projectNumber } = server;
  await server.start();
  const campaign = await writeCampaign(server, message);
  const processor = process.cpuUsage();
  const begun = performance.now();
  const treatments = treatmentsOf(campaign.definition);
  const run = await database.transaction((tx) =>
    createRun(tx, campaign, { treatments, scheduledStart: new Date(), kind: 'SCHEDULED' }),
  );
  if (run === undefined) throw new Error('the run was not made');
  let megabytes = 0;
  let firstMilliseconds = Number.NaN;
  for (;;) {
    const { rows } = await sql<{ state: string; sent: number }>`
      select state, (select coalesce(sum(count), 0) from campaign_counts
                     where project_number = ${projectNumber} and counter = 'SUCCESSFUL') as sent
      from campaign_runs where id = ${run.id}`.execute(database.query);
    const [row] = rows;
    megabytes = Math.max(megabytes, process.memoryUsage().rss / 1024 ** 2);
    if (Number.isNaN(firstMilliseconds) && Number(row?.sent) > 0) firstMilliseconds = performance.now() - begun;
    if (row?.state === 'COMPLETED') {
      if (Number(row.sent) !== count) throw new Error(`${row.sent} of ${count} were sent`);
      break;
    }
    await new Promise((resume) => setTimeout(resume, 25));
  }
  const milliseconds = performance.now() - begun;
  const { user, system } = process.cpuUsage(processor);
  const perSecond = (count * 1000) / milliseconds;
  return { perSecond, firstMilliseconds, microseconds: (user + system) / count, megabytes };
}

async function writeCampaign({ database, projectNumber }: CampaignServer, message: MessageConfiguration) {
  const [id, segmentId] = [newId(), newId()];
  const now = new Date();
  const { query } = database;
  await sql`
    insert into segments (project_number, id, kind, version, name, created_at, last_modified_at)
    values (${projectNumber}, ${segmentId}, 'DIMENSIONAL', 1, 'all', ${now}, ${now})`.execute(query);
  await sql`
    insert into segment_versions (project_number, segment_id, version, name, definition, last_modified_at)
    values (${projectNumber}, ${segmentId}, 1, 'all', '{}', ${now})`.execute(query);
  const definition: CampaignDefinition = {
    ...{ Name: 'bench', SegmentId: segmentId, SegmentVersion: 1, Schedule: { StartTime: 'IMMEDIATE' } },
    MessageConfiguration: message,
  };
  const inherited = { limits: {} };
  await database.transaction((tx) =>
    insertCampaign(tx, { projectNumber, id, definition, inherited, isPaused: false, now }),
  );
  const { rows } = await sql<{ id: string }>`select id from projects where number = ${projectNumber}`.execute(query);
  const campaign: Campaign = {
    ...{ projectNumber, id, accountId: '123456789012', region: 'us-east-1', applicationId: rows[0]?.id ?? '' },
    ...{ version: 1, definition, inherited, isPaused: false, state: 'SCHEDULED', createdAt: now, lastModifiedAt: now },
  };
  return campaign;
}
