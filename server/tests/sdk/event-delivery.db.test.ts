/**
 * Events on their way to a stream of the Kinesis protocol: nothing is skipped, lost or out of its endpoint's order, whatever
 * happens to transactions, to the destination and to whoever reads. Numbers in brackets are the cases of
 * dossier/events-journeys-console §8.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteAppCommand,
  DeleteEndpointCommand,
  DeleteEventStreamCommand,
  PutEventStreamCommand,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateGcmChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../src/cli/doctor-database.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { readConfiguration } from '../../src/kernel/configuration.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { expectInOrder, happened, newProject, numbersOf, openLog, soon } from '../support/event-source.ts';
import { startKinesisServer } from '../support/kinesis-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const kinesis = await startKinesisServer();
const { way } = kinesis;
const testDatabase = await openTestDatabase({ poolSize: 20 });
const masterKeyText = randomBytes(32).toString('hex');
const deployment = { testDatabase, masterKey: MasterKey.parse(masterKeyText) };
const server = await startTestServer({ deployment });
const { database } = server;
const client = server.client();
const log = openLog(database);

let project: EventProject;
let stream = '';
let streams = 0;
beforeEach(async () => {
  Object.assign(way, { closed: false, losesAnswer: () => false, refuses: () => undefined, delayMilliseconds: 0 });
  streams += 1;
  stream = `stream-${streams}`;
  project = await newProject(server);
});

const configure = async () => {
  const DestinationStreamArn = await kinesis.create(stream);
  const WriteEventStream = { DestinationStreamArn, RoleArn: 'arn:aws:iam::123456789012:role/events' };
  await client.send(new PutEventStreamCommand({ ApplicationId: project.id, WriteEventStream }));
};
const append = (endpointId: string, ...numbers: number[]) =>
  database.transaction((tx) =>
    log.append(
      tx,
      numbers.map((n) => happened(project, endpointId, n)),
    ),
  );
const arrived = async () => (await kinesis.read(stream)).map(({ record }) => record);
const arrivedNumbers = async () => Object.fromEntries(numbersOf(await arrived()));
const state = async () => (await callApi(server, `GET /repoint/v1/apps/${project.id}/event-stream-destination`)).body;
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe('a stream', () => {
  it('begins with its configuration, and brings records as they are, keyed by their client', async () => {
    await append('before', 1);
    await configure();
    await append('Ana', 1, 2);
    await soon(async () => expect(await arrived()).toHaveLength(3));
    const [test, ...events] = (await kinesis.read(stream)).toSorted(
      (one, other) => one.record.event_timestamp - other.record.event_timestamp,
    );
    expect(test?.record.event_type).toBe('_test.event_stream');
    const { rows } = await sql<{ record: object }>`
      select event_record(events) as record from events where project_number = ${project.number} and endpoint_id = 'ana' order by sequence`.execute(
      database.query,
    );
    expect(events.map(({ record }) => record)).toEqual(rows.map(({ record }) => record));
    expect(events.map(({ partitionKey }) => partitionKey)).toEqual(['Ana', 'Ana']);
    expect(events.map(({ text }) => text).join()).not.toContain('\n');
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 3, WaitingRecords: 0, LagSeconds: 0 }));
  });

  it('ends with its deletion, and with that of the project [29]', async () => {
    await configure();
    await append('ana', 1);
    await soon(async () => expect(await arrivedNumbers()).toEqual({ ana: [1] }));
    await client.send(new DeleteEventStreamCommand({ ApplicationId: project.id }));
    await append('ana', 2);
    stream = `${stream}-again`;
    await configure();
    await append('ana', 3);
    await soon(async () => expect(await arrivedNumbers()).toEqual({ ana: [3] }));
    await client.send(new DeleteAppCommand({ ApplicationId: project.id }));
    await soon(async () => {
      const { rows } = await sql`
        select work_id from work_ranges where kind = 'event stream' and work_id = ${String(project.number)}
        union all select '' from event_streams where project_number = ${project.number}`.execute(database.query);
      expect(rows).toEqual([]);
    });
  });

  it('has no transactional push, and has transactional mail [20]', async () => {
    await configure();
    const GCMChannelRequest = { Enabled: true, ApiKey: 'key' };
    await client.send(new UpdateGcmChannelCommand({ ApplicationId: project.id, GCMChannelRequest }));
    const EmailChannelRequest = {
      FromAddress: 'shop@example.com',
      Identity: 'example.com',
    };
    await client.send(new UpdateEmailChannelCommand({ ApplicationId: project.id, EmailChannelRequest }));
    const body = { Kind: 'OUTBOX', Settings: {} };
    await callApi(server, `PUT /repoint/v1/apps/${project.id}/providers/GCM`, { body });
    const send = (ChannelType: 'GCM' | 'EMAIL', address: string) =>
      client.send(
        new SendMessagesCommand({
          ApplicationId: project.id,
          MessageRequest: {
            Addresses: { [address]: { ChannelType } },
            MessageConfiguration: {
              GCMMessage: { Title: 'Hello', Body: 'World' },
              EmailMessage: {
                FromAddress: 'shop@example.com',
                SimpleEmail: { Subject: { Data: 'Hello' }, TextPart: { Data: 'World' } },
              },
            },
          },
        }),
      );
    const push = await send('GCM', 'a-token');
    expect(push.MessageResponse?.Result?.['a-token']).toMatchObject({ DeliveryStatus: 'SUCCESSFUL' });
    const mail = await send('EMAIL', 'ana@example.com');
    expect(mail.MessageResponse?.Result?.['ana@example.com']).toMatchObject({ DeliveryStatus: 'SUCCESSFUL' });
    await soon(async () => expect((await arrived()).some(({ event_type }) => event_type === '_email.send')).toBe(true));
    const others = (await arrived()).map(({ event_type }) => event_type).filter((type) => !type.startsWith('_email.'));
    expect(others).toEqual(['_test.event_stream']);
  });

  it('brings an event within a second of its append', async () => {
    await configure();
    await soon(async () => expect(await arrived()).toHaveLength(1));
    const events = 150;
    const seen = new Map<number, number>();
    way.refuses = ({ Data }) => {
      const record = JSON.parse(Buffer.from(Data as string, 'base64').toString('utf8'));
      seen.set(Number(record.attributes.n), performance.now());
      return undefined;
    };
    const appended = new Map<number, number>();
    for (const n of range(0, events)) {
      appended.set(n, performance.now());
      await append(`ana-${n % 7}`, n);
      await pause(n % 50 === 49 ? 1_500 : 15);
    }
    await soon(() => expect(seen.size).toBe(events));
    const took = range(0, events)
      .map((n) => (seen.get(n) as number) - (appended.get(n) as number))
      .toSorted((one, other) => one - other);
    console.log(`event to record: p50 ${took[75]?.toFixed(0)} ms, p99 ${took[148]?.toFixed(0)} ms`);
    // Not p99, which `npm run bench` measures: here, transactions of other databases of the cluster are waited for as well.
    expect(took[75]).toBeLessThan(1_000);
  });

  it('drops what the destination can never take, and counts it', async () => {
    await configure();
    const large = happened(project, 'ana', 1);
    const attributes = { n: '1', text: randomBytes(600_000).toString('hex') };
    await database.transaction((tx) =>
      log.append(tx, [{ ...large, record: { ...large.record, attributes } }, happened(project, 'ana', 2)]),
    );
    await soon(async () => expect(await arrivedNumbers()).toEqual({ ana: [2] }));
    await soon(async () =>
      expect(await state()).toMatchObject({ SentRecords: 2, DroppedRecords: 1, WaitingRecords: 0 }),
    );
  });

  it('shows how far it is behind, in metrics and to doctor, and why', async () => {
    await configure();
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 1 }));
    const arn = (await state()).DestinationStreamArn;
    const missing = { DestinationStreamArn: `${arn}-missing`, RoleArn: 'arn:aws:iam::123456789012:role/events' };
    await client.send(new PutEventStreamCommand({ ApplicationId: project.id, WriteEventStream: missing }));
    await append('ana', ...range(0, 10));
    await soon(async () =>
      expect(await state()).toMatchObject({ WaitingRecords: 11, Fault: 'ResourceNotFoundException' }),
    );
    expect((await state()).LagSeconds).toBeGreaterThan(0);
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    const labels = `{project="${project.id}",kind="KINESIS"}`;
    expect(metrics).toContain(`repoint_event_stream_waiting_records${labels} 11`);
    expect(metrics).toMatch(
      new RegExp(`repoint_event_stream_lag_seconds${labels.replaceAll(/[{}]/g, '\\$&')} [0-9.]+`),
    );
    const settings = { REPOINT_DATABASE_URL: testDatabase.connection.url, REPOINT_MASTER_KEY: masterKeyText };
    const findings = await checkDatabase(readConfiguration({ ...settings, REPOINT_DATA_DIR: server.dataDirectory }));
    expect(findings).toContainEqual({
      state: 'warning',
      says: expect.stringMatching(
        `the event stream of project ${project.id} \\(KINESIS\\) lags [0-9]+ s, 11 event\\(s\\) wait: ResourceNotFoundException`,
      ),
    });
    // Where it was led astray, it goes on from where it was.
    await client.send(
      new PutEventStreamCommand({
        ApplicationId: project.id,
        WriteEventStream: { ...missing, DestinationStreamArn: arn },
      }),
    );
    await soon(async () => expect(await arrivedNumbers()).toEqual({ ana: range(0, 10) }));
    expect((await state()).Fault).toBeUndefined();
  });
});

describe('nothing is skipped', () => {
  it('of a transaction that commits after others that began later', async () => {
    await configure();
    await soon(async () => expect(await arrived()).toHaveLength(1));
    let commit = () => {};
    const committing = new Promise<void>((resume) => {
      commit = resume;
    });
    const late = database.transaction(async (tx) => {
      await log.append(tx, [happened(project, 'late', 1), happened(project, 'both', 1)]);
      await committing;
    });
    await pause(300);
    await append('early', 1);
    await append('both', 2);
    await pause(2_500);
    expect(await arrivedNumbers()).toEqual({});
    commit();
    await late;
    await soon(async () => expect(await arrivedNumbers()).toEqual({ late: [1], early: [1], both: [1, 2] }));
    await pause(500);
    expect(await arrivedNumbers()).toEqual({ late: [1], early: [1], both: [1, 2] });
  });

  it('of many writers at once', async () => {
    await configure();
    const writers = range(0, 8).map(async (writer) => {
      for (const n of range(0, 60)) {
        await database.transaction(async (tx) => {
          await log.append(tx, [happened(project, `writer-${writer}`, n)]);
          if (n % 7 === 0) await pause(Math.random() * 60);
        });
      }
    });
    await Promise.all(writers);
    await soon(async () => expect(await arrived()).toHaveLength(481));
    expect(await arrivedNumbers()).toEqual(
      Object.fromEntries(range(0, 8).map((writer) => [`writer-${writer}`, range(0, 60)])),
    );
  });

  it('after a restore into a server that counts transactions anew', async () => {
    way.closed = true;
    await configure();
    await append('sent', 1, 2);
    way.closed = false;
    await soon(async () => expect(await arrived()).toHaveLength(3));
    way.closed = true;
    await append('unsent', 1);
    await append('unsent', 2);
    // As a dump brings them: numbers of transactions far ahead of this server's, in marks and in events. What comes has
    // larger sequences; here, where sessions have some in hand, those of before are made smaller instead.
    await sql`update events set transaction_id = (transaction_id::text::bigint + 1000000)::text::xid8,
                                sequence = sequence - 1000000
              where project_number = ${project.number}`.execute(database.query);
    await sql`update event_streams set mark_transaction = (mark_transaction::text::bigint + 1000000)::text::xid8,
                                       mark_sequence = mark_sequence - 1000000, fence_sequence = -10000000
              where project_number = ${project.number}`.execute(database.query);
    await append('new', 1);
    // The next who takes the lease is the first who can see it.
    await sql`update work_ranges set epoch = epoch + 1, holder = null, lease_until = null
              where kind = 'event stream' and work_id = ${String(project.number)}`.execute(database.query);
    await pause(4_000);
    way.closed = false;
    await soon(async () => expect(Object.keys(await arrivedNumbers()).toSorted()).toEqual(['new', 'sent', 'unsent']));
    await append('new', 2);
    await soon(async () => expect((await arrivedNumbers())['new']).toEqual([1, 2]));
    expect(await arrivedNumbers()).toEqual({ sent: [1, 2], unsent: [1, 2], new: [1, 2] });
  });

  it('nor is anything sent that was erased while it waited', async () => {
    await configure();
    await soon(async () => expect(await arrived()).toHaveLength(1));
    way.closed = true;
    for (const EndpointId of ['mallory', 'trent']) {
      const EndpointRequest = { ChannelType: 'EMAIL', Address: `${EndpointId}@example.com` } as const;
      await client.send(new UpdateEndpointCommand({ ApplicationId: project.id, EndpointId, EndpointRequest }));
    }
    await append('mallory', 1, 2);
    await append('trent', 1, 2);
    await soon(async () => expect((await state()).Fault).toBe('no answer'));
    await client.send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId: 'mallory' }));
    way.closed = false;
    await soon(async () => expect(await arrivedNumbers()).toEqual({ trent: [1, 2] }));
    await pause(500);
    expect(await arrivedNumbers()).toEqual({ trent: [1, 2] });
  });
});

describe('a destination that falters', () => {
  it('for a while costs nothing but time', { timeout: 120_000 }, async () => {
    await configure();
    await soon(async () => expect(await arrived()).toHaveLength(1));
    const appendMany = async (first: number) => {
      const begun = performance.now();
      for (const batch of range(0, 50)) {
        await database.transaction((tx) =>
          log.append(
            tx,
            range(first + batch * 100, 100).map((n) => happened(project, `ep-${n % 500}`, n)),
          ),
        );
      }
      return performance.now() - begun;
    };
    way.closed = true;
    const took = await appendMany(0);
    await soon(async () => expect(await state()).toMatchObject({ WaitingRecords: 5_000, Fault: 'no answer' }));
    way.closed = false;
    await soon(async () => expect(await state()).toMatchObject({ WaitingRecords: 0 }), 60_000);
    const records = await arrived();
    const distinct = new Set(records.map(({ attributes }) => attributes['n']).filter(Boolean));
    const duplicates = records.length - 1 - distinct.size;
    console.log(
      `outage: 5000 events (appended in ${took.toFixed(0)} ms), ${distinct.size} received, ${duplicates} twice`,
    );
    expect(distinct.size).toBe(5_000);
    expect(duplicates).toBe(0);
    expectInOrder(records);
    expect(await state()).toMatchObject({ SentRecords: 5_001, DroppedRecords: 0 });
    expect((await state()).FailingSinceDate).toBeUndefined();
    console.log(
      `the same 5000 events, while the destination takes them: appended in ${(await appendMany(5_000)).toFixed(0)} ms`,
    );
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 10_001, WaitingRecords: 0 }), 60_000);
  });

  it('by refusing some records gets those once more, and each endpoint in its order', {
    timeout: 120_000,
  }, async () => {
    await configure();
    let refusals = 0;
    way.refuses = () => {
      if (Math.random() > 0.2) return undefined;
      refusals += 1;
      return 'ProvisionedThroughputExceededException';
    };
    for (const n of range(0, 300)) await append(`ep-${n % 20}`, n);
    await pause(3_000);
    const [most] = way.requests.toSorted((one, other) => other - one);
    way.refuses = () => undefined;
    await soon(async () => expect(await arrived()).toHaveLength(301), 60_000);
    expect(refusals).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(500);
    const numbers = await arrivedNumbers();
    for (const endpoint of range(0, 20)) {
      expect(numbers[`ep-${endpoint}`]).toEqual(range(0, 15).map((round) => round * 20 + endpoint));
    }
  });

  it('by losing its answers gets records twice, and none too few', async () => {
    await configure();
    let lost = 0;
    way.losesAnswer = () => {
      lost += 1;
      return lost <= 3;
    };
    for (const n of range(0, 40)) await append(`ep-${n % 4}`, n);
    await soon(async () => expect(await state()).toMatchObject({ WaitingRecords: 0 }));
    const records = await arrived();
    expect(new Set(records.map(({ attributes }) => attributes['n']).filter(Boolean)).size).toBe(40);
    expect(lost).toBeGreaterThan(3);
  });
});
