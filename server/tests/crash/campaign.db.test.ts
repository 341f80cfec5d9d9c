/**
 * A campaign while everything goes wrong: nodes are killed, the mail server is away, the database breaks off all
 * connections, two nodes make and work on the same run. No message is lost, few are sent twice, and the totals are whole.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  PinpointClient,
  UpdateEmailChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { totalsOf } from '../../src/domains/campaigns/run/counters.ts';
import { readCounts } from '../../src/domains/campaigns/run/counts-store.ts';
import { bucketOf } from '../../src/kernel/bucket.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { makeFolder, postmasterPid, startProcess } from '../support/embedded-processes.ts';
import { makeDataDirectory, type RunningProgram, readCredentials, startServer } from '../support/program.ts';
import { openSink } from '../support/smtp-sink.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';

const recipients = Number(process.env['REPOINT_TEST_SENDS'] ?? 3_000);
const kills = Number(process.env['REPOINT_TEST_KILLS'] ?? 3);
const awayMilliseconds = Number(process.env['REPOINT_TEST_AWAY'] ?? 3_000);
/** Of the whole database, on a cluster of its own; without any, all connections to it are broken once. */
const databaseKills = Number(process.env['REPOINT_TEST_DATABASE_KILLS'] ?? 0);
/** Connections of a node to the mail server, and answers that wait to be written (DESIGN decision 6). */
const twiceAKill = 10 + 32;

/** Its server is started again by the process that owns it. */
const cluster = databaseKills === 0 ? undefined : makeFolder();
const connection =
  cluster === undefined ? await createTestDatabase() : { url: await startProcess([cluster, 'serve']).next('url') };
const database = await openDatabase({ connection, logger: createLogger('silent') });
afterAll(async () => {
  await database.close();
  if (cluster === undefined) await dropTestDatabase(connection);
});
const { query } = database;

/** How often a mail to each address arrived. */
const arrived = new Map<string, number>();
/** Mails that the server had when it went away, without a word on them: nobody can know, and they are not sent again. */
const inDoubt = new Set<string>();
let isAway = false;
const sink = await openSink({
  keep: false,
  misbehave({ command, to }) {
    if (isAway && command === 'content') inDoubt.add(to);
    if (isAway) return 'close';
    if (command === 'content') arrived.set(to, (arrived.get(to) ?? 0) + 1);
    return undefined;
  },
});
afterAll(() => sink.close());

const masterKey = randomBytes(32).toString('hex');
/** Two nodes, each with its own directory: what names a node to the others lies there. */
const nodes = [makeDataDirectory(), makeDataDirectory()].map((dataDirectory) => ({
  REPOINT_DATA_DIR: dataDirectory,
  REPOINT_DATABASE_URL: connection.url,
  REPOINT_MASTER_KEY: masterKey,
  REPOINT_SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=10`,
  REPOINT_LOG_LEVEL: 'fatal',
}));
type Settings = (typeof nodes)[number];

async function writePeople(ApplicationId: string): Promise<void> {
  const ids = Array.from({ length: recipients }, (_each, number) => `person-${number}`);
  const given = sql`
    unnest(${ids}::text[], ${ids.map((id) => bucketOf(id))}::int[]) as given (id, bucket),
    (select number from projects where id = ${ApplicationId}) as project`;
  await sql`
    insert into endpoints (project_number, bucket, id, channel_type, address, opt_out, status, cohort, attributes, metrics,
                           demographic, location, user_attributes, created_at, effective_at, request_id)
    select number, bucket, id, 'EMAIL', id || '@example.com', 'NONE', 'ACTIVE', 0, '{}', '{}', '{}', '{}', '{}', now(),
           now(), ''
    from ${given}`.execute(query);
  await sql`
    insert into endpoint_facets (project_number, bucket, id, channel_type, eligible, tokens, last_active_at)
    select number, bucket, id, 'EMAIL', true, '{}', now() from ${given}`.execute(query);
}

/** @returns its id */
async function createCampaign({ origin }: RunningProgram, { REPOINT_DATA_DIR: directory }: Settings): Promise<string> {
  const client = new PinpointClient({
    ...{ region: 'us-east-1', endpoint: origin, credentials: readCredentials(directory) },
  });
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'crash' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const Identity = 'arn:aws:ses:us-east-1:123456789012:identity/example.com';
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId,
      EmailChannelRequest: { FromAddress: 'shop@example.com', Identity, Enabled: true },
    }),
  );
  await writePeople(ApplicationId);
  const { SegmentResponse } = await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }),
  );
  const { CampaignResponse } = await client.send(
    new CreateCampaignCommand({
      ApplicationId,
      WriteCampaignRequest: {
        ...{ Name: 'crash', SegmentId: SegmentResponse?.Id, Schedule: { StartTime: 'IMMEDIATE' } },
        MessageConfiguration: { EmailMessage: { Title: 'Hello', Body: 'Hello {{Address}}' } },
      },
    }),
  );
  client.destroy();
  return CampaignResponse?.Id as string;
}

async function untilMore(count: number): Promise<void> {
  const before = arrived.size;
  for (let looks = 0; arrived.size < Math.min(recipients, before + count) && looks < 6_000; looks += 1) await pause(5);
}

const state = async () => {
  const { rows } = await sql<{ state: string }>`select state from campaigns`.execute(query);
  return rows[0]?.state;
};

/** Resolves when the next one answers. */
async function killDatabase(folder: string): Promise<void> {
  process.kill(postmasterPid(folder) as number, 'SIGKILL');
  // Backends see it a moment later.
  await pause(500);
  while ((await state().catch(() => undefined)) === undefined) await pause(50);
}

it(`reaches everybody, with ${kills} kills`, { timeout: 1_800_000 }, async () => {
  // The first one makes the account.
  const running: RunningProgram[] = [];
  for (const settings of nodes) running.push(await startServer(settings));
  const campaign = await createCampaign(running[0] as RunningProgram, nodes[0] as Settings);
  const step = Math.floor(recipients / (kills + 3));
  for (let kill = 0; kill < kills; kill += 1) {
    await untilMore(step);
    await pause(Math.random() * 200);
    const victim = kill % 2;
    await (running[victim] as RunningProgram).end('SIGKILL');
    running[victim] = await startServer(nodes[victim] as Settings);
  }
  for (let kill = 0; kill < databaseKills; kill += 1) {
    await killDatabase(cluster as string);
    await untilMore(step / 4);
  }
  await untilMore(20);
  isAway = true;
  await pause(awayMilliseconds);
  isAway = false;
  await untilMore(20);
  if (cluster === undefined) {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'repoint tests'
        and backend_type = 'client backend'`.execute(query);
  }
  for (let looks = 0; (await state().catch(() => undefined)) !== 'COMPLETED' && looks < 9_000; looks += 1) {
    await pause(100);
  }
  await Promise.all(running.map((server) => server.end()));
  const doubled = [...arrived.values()].reduce((sum, times) => sum + times - 1, 0);
  const unknown = [...inDoubt].filter((to) => !arrived.has(to)).length;
  const lost = recipients - arrived.size - unknown;
  console.log(`${recipients} recipients, ${kills} kills: ${lost} lost, ${doubled} sent twice, ${unknown} in doubt`);
  expect(await state()).toBe('COMPLETED');
  expect(lost).toBe(0);
  // Broken connections to the mail server, and to the database, leave as many in doubt as a kill.
  expect(doubled).toBeLessThanOrEqual((kills + (1 + Math.max(databaseKills, 1)) * nodes.length) * twiceAKill);
  const { rows: statuses } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from sends group by 1 order by 1`.execute(query);
  const failed = statuses.find(({ status }) => status === 'UNKNOWN_FAILURE')?.count ?? 0;
  expect(failed).toBeGreaterThanOrEqual(unknown);
  expect(failed).toBeLessThanOrEqual(inDoubt.size);
  expect(statuses[0]).toEqual({ status: 'SUCCESSFUL', count: recipients - failed });
  const { rows } = await sql<{ id: string; projectNumber: number }>`
    select id, project_number as "projectNumber" from campaign_activities where campaign_id = ${campaign}`.execute(
    query,
  );
  // One run, whoever of the schedulers made it.
  expect(rows).toHaveLength(1);
  const [activity] = rows as [(typeof rows)[number]];
  const counts = (await readCounts(query, activity.projectNumber, [activity.id])).get(activity.id) ?? {};
  expect(totalsOf(counts)).toEqual({
    ...{ targeted: recipients, sent: recipients - failed, failed, skipped: {}, open: 0 },
  });
});
