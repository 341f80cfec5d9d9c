/**
 * A run of messages through the whole pipeline to a local SMTP sink: claimed with the cursor, delivered, settled with
 * their events. 5 KB of HTML and text, other words for each recipient; beside it a bare nodemailer pool that composes the
 * same mails and writes nothing down.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { claimRange, createWork, type Lease, type Transaction } from '../server/src/database/index.ts';
import { readTrustedSettings } from '../server/src/domains/channels/drivers/smtp/settings.ts';
import { openSmtp } from '../server/src/domains/channels/drivers/smtp/smtp.ts';
import type { OpenProvider } from '../server/src/domains/channels/index.ts';
import { EventLog } from '../server/src/domains/events/index.ts';
import { Pipeline, type RoutedSend } from '../server/src/domains/messaging/pipeline/pipeline.ts';
import { workRun } from '../server/src/domains/messaging/pipeline/work-run.ts';
import { settledEvents } from '../server/src/domains/messaging/sends/records.ts';
import { AddressHashes, messageKey, type Run } from '../server/src/domains/messaging/sends/send.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { OutgoingHttp } from '../server/src/outgoing/http.ts';
import { OutgoingNetworks } from '../server/src/outgoing/networks.ts';
import { openAudienceDatabase, projectNumber } from './audience-database.ts';
import { type Mail, mailFor, measureNodemailer, sizeOf, startSink } from './email.ts';
import { type Row, rate } from './table.ts';

const recipients = Number(process.env['REPOINT_BENCH_RECIPIENTS'] ?? 20_000);
const connections = 10;
const mails = Array.from({ length: 2_000 }, (_, index) => mailFor(index));

export async function benchPipeline(): Promise<Row[]> {
  const sink = await startSink();
  try {
    const { perSecond, megabytes } = await measureRun(sink.port);
    const theirs = await measureNodemailer(sink.port, mails);
    return [
      {
        workload: `pipeline, ${recipients.toLocaleString('en-US')} mails over SMTP, ${sizeOf(mails[0] as Mail)}, claimed and settled`,
        ...{ figure: rate(perSecond, 'mails/s'), memory: `${megabytes.toFixed(0)} MB` },
        ...{ ceiling: `nodemailer pool ${rate(theirs)}`, ratio: perSecond / theirs, aim: '≥ 1.50' },
      },
    ];
  } finally {
    sink.stop();
  }
}

async function measureRun(port: number): Promise<{ readonly perSecond: number; readonly megabytes: number }> {
  const { database, close } = await openAudienceDatabase();
  const logger = createLogger('warn');
  const networks = new OutgoingNetworks([]);
  const http = new OutgoingHttp(networks);
  const driver = openSmtp(readTrustedSettings(`smtp://127.0.0.1:${port}?connections=${connections}`), {
    ...{ http, networks, clock: systemClock, logger, received: async () => {} },
  });
  const provider: OpenProvider = { key: 'bench', kind: 'SMTP', driver, channel: undefined };
  const keySecret = randomBytes(32);
  const events = new EventLog([]);
  const pipeline = new Pipeline({
    ...{ database, clock: systemClock, logger, hashes: new AddressHashes(keySecret), keySecret },
    recorded: (tx, settled, now) =>
      events.append(
        tx,
        settled.flatMap((each) => settledEvents(each, messageKey(keySecret, each.send), now)),
      ),
    learnt: async () => {},
  });
  await sql`
    insert into endpoints (project_number, bucket, id, channel_type, address, opt_out, status, cohort, attributes, metrics,
                           demographic, location, user_attributes, created_at, effective_at, request_id)
    select ${projectNumber}, bucket_of(id), id, 'EMAIL', id || '@example.org', 'NONE', 'ACTIVE', 0, '{}', '{}', '{}', '{}',
           '{}', now(), now(), ''
    from (select 'person-' || number as id from generate_series(1, ${recipients}::int) as number) as people`.execute(
    database.query,
  );
  const run: Run = {
    ...{ id: 'run', accountId: '123456789012', region: 'us-east-1', projectNumber, applicationId: 'app' },
    ...{ startedAt: new Date(), kind: 'campaign' },
  };
  const work = { kind: 'bench run', workId: 'run' };
  await pipeline.prepare(run);
  await database.transaction((tx) => createWork(tx, work, 4));
  const source = {
    ...{ run, deadline: new Date(Date.now() + 3600_000) },
    next: (tx: Transaction, lease: Lease, cursor: unknown) => nextRecipients(tx, { lease, cursor, run, provider }),
    judged: async () => {},
    again: async () => [],
  };
  let megabytes = 0;
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, process.memoryUsage().rss / 1024 ** 2);
  }, 100);
  const begun = performance.now();
  const { signal } = new AbortController();
  for (;;) {
    const lease = await claimRange(database.query, work, 'bench');
    if (lease === undefined) break;
    await workRun({ database, pipeline }, lease, source, signal);
  }
  const perSecond = (recipients * 1000) / (performance.now() - begun);
  clearInterval(watch);
  await pipeline.stop();
  await driver.close();
  await http.close();
  await close();
  return { perSecond, megabytes };
}

interface Place {
  readonly lease: Lease;
  readonly cursor: unknown;
  readonly run: Run;
  readonly provider: OpenProvider;
}

async function nextRecipients(tx: Transaction, { lease, cursor, run, provider }: Place) {
  const [bucket, id] = (cursor as [number, string] | null) ?? [lease.firstBucket, ''];
  const { rows } = await sql<{ id: string; bucket: number; generation: number; address: string }>`
    select id, bucket, generation, address from endpoints
    where project_number = ${run.projectNumber} and (bucket, id) > (${bucket}::int, ${id}::text)
      and bucket < ${lease.endBucket} and bucket >= ${lease.firstBucket}
    order by bucket, id limit 200`.execute(tx);
  const last = rows.at(-1);
  const sends = rows.map(({ address, ...endpoint }, index): RoutedSend => {
    const content = mails[index % mails.length] as Mail;
    const { accountId, applicationId } = run;
    const origin = { kind: 'campaign', campaignId: 'c', activityId: run.id, treatmentId: '0' } as const;
    const email = { from: content.from, subject: content.subject };
    return {
      send: {
        ...{ run, channelType: 'EMAIL', address, content },
        recipient: { text: endpoint.id, bucket: endpoint.bucket },
        endpoint: { ...endpoint, mustBeActive: true },
        detail: { accountId, applicationId, address, origin, endpointId: endpoint.id, email },
      },
      findProvider: async () => provider,
    };
  });
  return { sends, cursor: last === undefined ? cursor : [last.bucket, last.id] };
}
