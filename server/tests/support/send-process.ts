/**
 * A process that sends a run of messages over SMTP until it is done or killed. Words: database URL, SMTP URL, id of the
 * project, number of the project, id of the run, start of the run.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import {
  claimRange,
  createWork,
  type Lease,
  openDatabase,
  releaseAll,
  type Transaction,
} from '../../src/database/index.ts';
import { readTrustedSettings } from '../../src/domains/channels/drivers/smtp/settings.ts';
import { openSmtp } from '../../src/domains/channels/drivers/smtp/smtp.ts';
import type { OpenProvider } from '../../src/domains/channels/index.ts';
import { Pipeline, type RoutedSend } from '../../src/domains/messaging/pipeline/pipeline.ts';
import { workRun } from '../../src/domains/messaging/pipeline/work-run.ts';
import { AddressHashes, type Run } from '../../src/domains/messaging/sends/send.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';

const [url = '', smtpUrl = '', applicationId = '', projectNumber = '', runId = '', startedAt = ''] =
  process.argv.slice(2);
const logger = createLogger('warn');
const database = await openDatabase({ connection: { url }, logger });
const networks = new OutgoingNetworks([]);
const http = new OutgoingHttp(networks);
const driver = openSmtp(readTrustedSettings(smtpUrl), {
  ...{ http, networks, clock: systemClock, logger, received: async () => {} },
});
const provider: OpenProvider = { key: 'test/smtp', kind: 'SMTP', driver, channel: undefined };
const keySecret = createHash('sha256').update('of all processes of this run').digest();
const pipeline = new Pipeline({
  ...{ database, clock: systemClock, logger, hashes: new AddressHashes(keySecret), keySecret },
  recorded: async () => {},
  learnt: async () => {},
});

const run: Run = {
  ...{ id: runId, accountId: '123456789012', region: 'us-east-1', applicationId, kind: 'campaign' },
  ...{ projectNumber: Number(projectNumber), startedAt: new Date(startedAt) },
};

interface Row {
  readonly id: string;
  readonly bucket: number;
  readonly generation: number;
  readonly address: string;
}

const columns = sql`id, bucket, generation, address`;

function toSend(row: Row): RoutedSend {
  const { id, bucket, generation, address } = row;
  const content = {
    ...{ kind: 'email' as const, from: 'Shop <shop@example.com>', replyTo: [], headers: [] },
    ...{ subject: `For ${id}`, text: `Hello ${address}` },
  };
  const origin = { kind: 'campaign', campaignId: 'c', activityId: runId, treatmentId: '0' } as const;
  return {
    send: {
      ...{ run, channelType: 'EMAIL', address, recipient: { text: id, bucket }, content },
      endpoint: { id, bucket, generation, mustBeActive: true },
      detail: { accountId: run.accountId, applicationId, address, origin, endpointId: id },
    },
    findProvider: async () => provider,
  };
}

async function next(tx: Transaction, lease: Lease, cursor: unknown) {
  const [bucket, id] = (cursor as [number, string] | null) ?? [lease.firstBucket, ''];
  const { rows } = await sql<Row>`
    select ${columns} from endpoints
    where project_number = ${run.projectNumber} and (bucket, id) > (${bucket}::int, ${id}::text)
      and bucket < ${lease.endBucket}
    order by bucket, id limit 200`.execute(tx);
  const last = rows.at(-1);
  return { sends: rows.map(toSend), cursor: last === undefined ? cursor : [last.bucket, last.id] };
}

async function again(
  unsettled: readonly { readonly recipient: string; readonly bucket: number; readonly attempts: number }[],
) {
  const { rows } = await sql<Row>`
    select ${columns} from endpoints
    where project_number = ${run.projectNumber} and id = any (${unsettled.map(({ recipient }) => recipient)}::text[])`.execute(
    database.query,
  );
  return rows.map((row) => ({ ...toSend(row), attempts: 1 }));
}

const work = { kind: 'test run', workId: runId };
await pipeline.prepare(run);
await database.transaction((tx) => createWork(tx, work, 8));
await releaseAll(database.query, 'sender');
const deadline = new Date(Date.now() + 3600_000);
const { signal } = new AbortController();
for (
  let lease = await claimRange(database.query, work, 'sender');
  lease !== undefined;
  lease = await claimRange(database.query, work, 'sender')
) {
  await workRun({ database, pipeline }, lease, { run, deadline, next, again, judged: async () => {} }, signal);
}
await pipeline.stop();
await driver.close();
await http.close();
await database.close();
