/**
 * A campaign from its start to the last outcome: enumerated, judged, rendered for each recipient, claimed, delivered,
 * settled with its events and counters. To an outbox that keeps nothing, and over SMTP beside a bare nodemailer pool that
 * composes the same mails and writes nothing down.
 */
import { sql } from 'kysely';
import type { MessageConfiguration } from '../server/src/contract/pinpoint-types.ts';
import { type Campaign, type CampaignDefinition, treatmentsOf } from '../server/src/domains/campaigns/campaign.ts';
import { createRun } from '../server/src/domains/campaigns/run/create.ts';
import { scheduleCampaign } from '../server/src/domains/campaigns/schedule/schedules.ts';
import { insertCampaign } from '../server/src/domains/campaigns/store.ts';
import { apns } from '../server/src/domains/channels/drivers/apns/index.ts';
import type { AnyDriverKind } from '../server/src/domains/channels/index.ts';
import type { OutgoingMessage } from '../server/src/domains/channels/message.ts';
import { newId } from '../server/src/kernel/ids.ts';
import { type CampaignServer, discard, openCampaignServer } from './campaign-server.ts';
import { type Mail, mailFor, measureNodemailer, sizeOf, startSink } from './email.ts';
import { startWorker } from './processes.ts';
import { apnsSettings, bareLoop, batchFor, startSink as startPushSink } from './push.ts';
import { type Row, rate } from './table.ts';

const recipients = Number(process.env['REPOINT_BENCH_RECIPIENTS'] ?? 100_000);
const mails = Number(process.env['REPOINT_BENCH_MAILS'] ?? 20_000);
const pushes = Number(process.env['REPOINT_BENCH_PUSHES'] ?? 50_000);
const leadMilliseconds = 1_500;

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
    await fromStartTime(recipients),
    await overPush(),
    await overSmtp(),
    await byTwoProcesses(recipients),
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

/** Of a campaign with a StartTime: until the first message has left. */
async function fromStartTime(people: number): Promise<Row> {
  const server = await openCampaignServer({ people, channelType: 'EMAIL', driverKinds: [discard] });
  try {
    await server.start();
    const StartTime = new Date(Date.now() + leadMilliseconds);
    const message = { EmailMessage: { Title: 'Hello', Body: 'Hello {{Attributes.Name}}' } };
    const campaign = await writeCampaign(server, message, { StartTime: StartTime.toISOString() });
    await server.database.transaction((tx) => scheduleCampaign(tx, campaign, new Date()));
    while ((await sentOf(server)) === 0) await new Promise((resume) => setTimeout(resume, 10));
    return {
      workload: `from StartTime to the first message, segment of ${people.toLocaleString('en-US')}`,
      figure: `${(Date.now() - StartTime.getTime()).toFixed(0)} ms`,
      aim: '≤ 2 s at 1,000,000',
    };
  } finally {
    await server.stop();
  }
}

async function sentOf({ database, projectNumber }: CampaignServer): Promise<number> {
  const { rows } = await sql<{ sent: number }>`
    select coalesce(sum(count), 0) as sent from campaign_counts
    where project_number = ${projectNumber} and counter = 'SUCCESSFUL'`.execute(database.query);
  return Number(rows[0]?.sent);
}

async function overPush(): Promise<Row> {
  const sink = await startPushSink();
  const inPlaceOfOutbox: AnyDriverKind = {
    ...{ kind: 'OUTBOX', channelTypes: ['APNS'], readSettings: () => ({}), show: () => ({}) },
    open: (_settings, parts) => apns.open(apns.readSettings(apnsSettings(sink.url)), parts),
  };
  const environment = { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128' };
  const server = await openCampaignServer({
    ...{ people: pushes, channelType: 'APNS', environment, driverKinds: [inPlaceOfOutbox] },
  });
  try {
    const message = { APNSMessage: { Title: 'Order shipped', Body: 'Arrives Friday {{Attributes.Name}}' } };
    const measured = await measure(server, message, pushes);
    const bare = await bareLoop(sink.url, batchFor('APNS', 1)[0] as OutgoingMessage);
    return {
      workload: `campaign of ${pushes.toLocaleString('en-US')} notifications over HTTP/2`,
      ...{ figure: rate(measured.perSecond, 'messages/s'), memory: `${measured.megabytes.toFixed(0)} MB` },
      latency: `first after ${measured.firstMilliseconds.toFixed(0)} ms; ${measured.microseconds.toFixed(0)} µs of this process each`,
      ceiling: `bare node:http2 ${rate(bare.perSecond)}`,
      ...{ ratio: measured.perSecond / bare.perSecond, aim: '≥ 0.60' },
    };
  } finally {
    await server.stop();
    sink.stop();
  }
}

/**
 * Processes of their own, to the outbox that stores: the same campaign by one of them, then by two. So many messages that
 * it is not the first seconds that are compared, in which each process still compiles its code.
 */
export async function byTwoProcesses(people: number): Promise<Row> {
  const rates: number[] = [];
  for (const processes of [1, 2]) {
    const server = await openCampaignServer({ people, channelType: 'EMAIL' });
    const { databaseUrl, masterKey } = server;
    const workers = await Promise.all(Array.from({ length: processes }, () => startWorker({ databaseUrl, masterKey })));
    try {
      const message = { EmailMessage: { Title: 'Hello {{Attributes.Name}}', Body: 'News' } };
      rates.push((await measure(server, message, people, async () => undefined)).perSecond);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await server.stop();
    }
  }
  const [one = 0, two = 0] = rates;
  return {
    workload: `campaign of ${people.toLocaleString('en-US')} mails to the outbox, two worker processes on one database`,
    ...{ figure: rate(two, 'messages/s'), ceiling: `one process ${rate(one)}`, ratio: two / one, aim: '≥ 1.00' },
  };
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

async function measure(
  server: CampaignServer,
  message: MessageConfiguration,
  count: number,
  start = () => server.start(),
): Promise<Measured> {
  const { database } = server;
  await start();
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
    const { rows } = await sql<{ state: string }>`select state from campaign_runs where id = ${run.id}`.execute(
      database.query,
    );
    const sent = await sentOf(server);
    megabytes = Math.max(megabytes, process.memoryUsage().rss / 1024 ** 2);
    if (Number.isNaN(firstMilliseconds) && sent > 0) firstMilliseconds = performance.now() - begun;
    if (rows[0]?.state === 'COMPLETED') {
      if (sent !== count) throw new Error(`${sent} of ${count} were sent`);
      break;
    }
    await new Promise((resume) => setTimeout(resume, 25));
  }
  const milliseconds = performance.now() - begun;
  const { user, system } = process.cpuUsage(processor);
  const perSecond = (count * 1000) / milliseconds;
  return { perSecond, firstMilliseconds, microseconds: (user + system) / count, megabytes };
}

async function writeCampaign(
  { database, projectNumber }: CampaignServer,
  message: MessageConfiguration,
  Schedule: CampaignDefinition['Schedule'] = { StartTime: 'IMMEDIATE' },
) {
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
    ...{ Name: 'bench', SegmentId: segmentId, SegmentVersion: 1, Schedule },
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
