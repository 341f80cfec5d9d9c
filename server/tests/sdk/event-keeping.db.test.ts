/** How long events are kept, project by project; and that the erasure of a person finds all that is about them. */
import {
  CreateAppCommand,
  DeleteEndpointCommand,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  campaignSend,
  EventLog,
  emailEvent,
  eventJobs,
  type NewEvent,
  smsEvent,
} from '../../src/domains/events/index.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { addressBucket, addressKey } from '../../src/kernel/address.ts';
import { bucketOf } from '../../src/kernel/bucket.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const client = server.client();
const log = new EventLog([]);
const append = (events: readonly NewEvent[]) => database.transaction((tx) => log.append(tx, events));

async function createProject(): Promise<EventProject> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'keep' } }),
  );
  const id = ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${id}`.execute(database.query);
  return { id, number: rows[0]?.number as number, accountId: server.administrator.accountId };
}

const days = async () => {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`.execute(
    database.query,
  );
  return rows.map(({ name }) => name);
};

describe('keeping', () => {
  const now = new Date('2027-03-10T08:00:00Z');
  const day = 24 * 3600 * 1000;
  const job = { id: '1', attempt: 1, signal: new AbortController().signal };
  const drop = () => eventJobs({ database, clock: new ManualClock(now), eventRetentionDays: 90 })[1]?.run({}, job);
  const retain = (project: EventProject, RetentionDays: number) =>
    callApi(server, `PUT /repoint/v1/apps/${project.id}/event-settings`, { body: { RetentionDays } });
  const ages = [0, 1, 9, 10, 11, 89, 90, 91, 400];
  const fill = (project: EventProject) =>
    append(
      ages.map((age) =>
        campaignSend(project, {
          ...{ id: 'ana', endpoint: {}, deliveryType: 'EMAIL', status: 'SUCCESS' },
          origin: { kind: 'campaign', campaignId: String(age), activityId: 'a', treatmentId: '0' },
          ...{ occurredAt: now, arrivedAt: new Date(now.getTime() - age * day) },
        }),
      ),
    );
  const kept = async (project: EventProject) => {
    const { rows } = await sql<{ age: number }>`
      select (attributes ->> 'campaign_id')::int as age from events where project_number = ${project.number}
      order by 1`.execute(database.query);
    return rows.map(({ age }) => age);
  };

  it('is as long as each project says, and whole days go when nobody keeps them', async () => {
    const [plain, brief, long, ever] = [
      await createProject(),
      await createProject(),
      await createProject(),
      await createProject(),
    ];
    for (const project of [plain, brief, long, ever]) await fill(project);
    await retain(brief, 10);
    await retain(long, 365);
    await retain(ever, 0);
    await drop();
    await drop();
    expect(await kept(plain)).toEqual([0, 1, 9, 10, 11, 89, 90]);
    expect(await kept(brief)).toEqual([0, 1, 9, 10]);
    expect(await kept(long)).toEqual([0, 1, 9, 10, 11, 89, 90, 91]);
    expect(await kept(ever)).toEqual(ages);
    expect(await days()).toContain('events_20260203');
    await retain(ever, 90);
    await drop();
    expect(await kept(ever)).toEqual([0, 1, 9, 10, 11, 89, 90]);
    expect(await kept(long)).toEqual([0, 1, 9, 10, 11, 89, 90, 91]);
    const left = await days();
    expect(left).not.toContain('events_20260203');
    expect(left).toContain('events_20261209');
    await retain(long, 90);
    await drop();
    expect(await days()).not.toContain('events_20261209');
  });

  it('of fingerprints is a week', async () => {
    const project = await createProject();
    const note = (hash: string, at: Date) =>
      sql`
      insert into event_fingerprints values (${project.number}, 1, ${Buffer.from(hash)}, ${at})`.execute(
        database.query,
      );
    await note('old', new Date(now.getTime() - 7 * day - 1));
    await note('new', new Date(now.getTime() - 7 * day));
    await drop();
    const { rows } = await sql<{ fingerprint: Buffer }>`
      select fingerprint from event_fingerprints where project_number = ${project.number}`.execute(database.query);
    expect(rows.map(({ fingerprint }) => String(fingerprint))).toEqual(['new']);
  });
});

describe('the erasure of a person', () => {
  let project: EventProject;
  beforeEach(async () => {
    project = await createProject();
  });
  const at = new Date();
  const mailTo = (address: string, endpointId?: string, generation?: number) =>
    emailEvent(project, {
      ...{ endpointId, clientId: endpointId ?? 'c1', origin: { kind: 'direct' }, occurrence: { type: 'send' } },
      mail: {
        messageId: 'm',
        from: 'a@b',
        to: [address],
        subject: 's',
        headers: [],
        headersTruncated: false,
        sentAt: at,
      },
      arrivedAt: at,
      ...(generation !== undefined && { generation }),
    });
  const textTo = (destinationNumber: string) =>
    smsEvent(project, {
      ...{ endpointId: undefined, origin: { kind: 'direct' }, recordStatus: 'DELIVERED', final: true, messageId: 'm' },
      ...{ senderRequestId: 'r', destinationNumber, parts: 1, messageType: 'TRANSACTIONAL' },
      ...{ occurredAt: at, arrivedAt: at },
    });
  const rowsOf = async () => {
    const { rows } = await sql<{
      bucket: number;
      endpoint: string | null;
      generation: string | null;
      key: string | null;
    }>`
      select bucket, endpoint_id as endpoint, generation::text, address_key::text as key from events
      where project_number = ${project.number} order by sequence`.execute(database.query);
    return rows;
  };
  const update = (EndpointId: string, ChannelType: 'EMAIL' | 'SMS', Address: string) =>
    client.send(
      new UpdateEndpointCommand({ ApplicationId: project.id, EndpointId, EndpointRequest: { ChannelType, Address } }),
    );
  const remove = (EndpointId: string) =>
    client.send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId }));

  it('is told by each row whose it is', async () => {
    await append([mailTo('Ana@Example.net'), mailTo('ana@example.net', 'Ana', 7), textTo('+351910000000')]);
    const key = addressKey('ana@example.net');
    const number = addressKey('+351910000000');
    expect(await rowsOf()).toEqual([
      { bucket: addressBucket(key), endpoint: null, generation: null, key },
      { bucket: bucketOf('ana'), endpoint: 'ana', generation: '7', key },
      { bucket: addressBucket(number), endpoint: null, generation: null, key: number },
    ]);
  });

  it('is told by those of messages that really were sent', async () => {
    await client.send(new UpdateSmsChannelCommand({ ApplicationId: project.id, SMSChannelRequest: { Enabled: true } }));
    await update('ana', 'SMS', '+351912345670');
    const endpoints = await sql<{ generation: string }>`
      select generation::text from endpoints where project_number = ${project.number}`.execute(database.query);
    const { MessageResponse } = await client.send(
      new SendMessagesCommand({
        ApplicationId: project.id,
        MessageRequest: {
          Endpoints: { ana: {} },
          Addresses: { '+351912345671': { ChannelType: 'SMS' } },
          MessageConfiguration: { SMSMessage: { Body: 'hello', MessageType: 'TRANSACTIONAL' } },
        },
      }),
    );
    expect(MessageResponse?.EndpointResult?.['ana']?.DeliveryStatus).toBe('SUCCESSFUL');
    const rows = await rowsOf();
    expect(rows.toSorted((one, other) => (one.endpoint ?? '').localeCompare(other.endpoint ?? ''))).toEqual([
      {
        ...{ endpoint: null, generation: null, key: addressKey('+351912345671') },
        bucket: addressBucket(addressKey('+351912345671')),
      },
      {
        ...{ endpoint: 'ana', generation: endpoints.rows[0]?.generation, key: addressKey('+351912345670') },
        bucket: bucketOf('ana'),
      },
    ]);
  });

  it('takes messages to the address along that went to no endpoint, however it is spelled', async () => {
    await update('zoe', 'EMAIL', 'Zoe@example.net');
    await update('yann', 'SMS', '+351 912-345-678');
    await update('other', 'EMAIL', 'other@example.net');
    const others = [mailTo('other@example.net'), mailTo('zoe@example.net', 'other'), textTo('+351912345679')];
    await append([mailTo('ZOE@example.net'), mailTo('zoe@example.net', 'zoe'), textTo('+351912345678'), ...others]);
    await remove('zoe');
    expect((await rowsOf()).map(({ endpoint }) => endpoint)).toEqual([null, null, 'other', null]);
    await remove('yann');
    expect(await tablesWith(database, '+351912345678')).toEqual([]);
    expect((await rowsOf()).map(({ key }) => key)).toEqual(
      ['other@example.net', 'zoe@example.net', '+351912345679'].map(addressKey),
    );
  });

  it('finds both by an index in every day', async () => {
    await client.send(
      new PutEventsCommand({
        ApplicationId: project.id,
        EventsRequest: {
          BatchItem: { ana: { Endpoint: {}, Events: { e: { EventType: 'x', Timestamp: at.toISOString() } } } },
        },
      }),
    );
    await append(
      Array.from({ length: 3_000 }, (_, index) => mailTo(`a${index}@example.net`, index % 2 ? 'e' : undefined)),
    );
    await sql`analyze events`.execute(database.query);
    const key = addressKey('a8@example.net');
    const plan = await sql<{ 'QUERY PLAN': string }>`
      explain delete from events
      where project_number = ${project.number} and bucket = any (${[addressBucket(key)]}::integer[])
        and address_key = any (${[key]}::bigint[]) and endpoint_id is null`.execute(database.query);
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Scan using events_\d+_project_number_bucket_address_key_idx/);
    // The planner reads days of a handful of rows whole.
    expect(text).not.toMatch(/Seq Scan on events_\d+ events_\d+ {2}\(cost=\d+\.\d+\.\.\d{2,}/);
  });
});
