/** Streams to what is not Kinesis: Firehose, a signed webhook, NATS JetStream, files in a bucket. Each against a real server. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PutEventStreamCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventProject, EventRecord } from '../../src/domains/events/record.ts';
import { signWebhook } from '../../src/outgoing/standard-webhooks.ts';
import { expectInOrder, happened, newProject, numbersOf, openLog, soon } from '../support/event-source.ts';
import { startFirehoseServer } from '../support/firehose-server.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { type ProviderAnswer, startProvider } from '../support/provider-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const firehose = await startFirehoseServer(['clicks']);
const nats = await startNatsServer();
const server = await startTestServer({ environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8,::1' } });
const log = openLog(server.database);
const secret = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;
const kinds = { 'test.event': 'event', '_test.event_stream': 'test' } as Readonly<Record<string, string>>;

let project: EventProject;
beforeEach(async () => {
  project = await newProject(server);
});
const append = (endpointId: string, ...numbers: number[]) =>
  server.database.transaction((tx) =>
    log.append(
      tx,
      numbers.map((n) => happened(project, endpointId, n)),
    ),
  );
const configure = async (body: object) => {
  const answer = await callApi(server, `PUT /repoint/v1/apps/${project.id}/event-stream-destination`, { body });
  expect(answer).toMatchObject({ status: 200 });
};
const state = async () => (await callApi(server, `GET /repoint/v1/apps/${project.id}/event-stream-destination`)).body;
const recordsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as EventRecord);
const appendAll = async () => {
  for (let n = 0; n < 60; n += 3) await append(`ep-${n % 4}`, n, n + 1, n + 2);
};

describe('Firehose', () => {
  it('receives a line a record, each once, also when some are refused', async () => {
    let number = 0;
    firehose.way.refuses = () => {
      number += 1;
      return number % 5 === 0 ? 'ServiceUnavailableException' : undefined;
    };
    const DestinationStreamArn = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks';
    const WriteEventStream = { DestinationStreamArn, RoleArn: 'arn:aws:iam::123456789012:role/events' };
    await server.client().send(new PutEventStreamCommand({ ApplicationId: project.id, WriteEventStream }));
    await appendAll();
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 61, WaitingRecords: 0 }));
    const content = firehose.content('clicks');
    expect(content.endsWith('\n')).toBe(true);
    const records = recordsOf(content.slice(0, -1).split('\n'));
    expect(records).toHaveLength(61);
    expect(Math.max(...firehose.way.requests)).toBeLessThanOrEqual(500);
    expectInOrder(records);
  });
});

describe('a webhook', () => {
  it('receives signed requests, and the same id with what is repeated', async () => {
    let answers = 0;
    const hook = await startProvider((): ProviderAnswer => {
      answers += 1;
      return { status: answers <= 2 ? 503 : 204 };
    });
    afterAll(() => hook.close());
    await configure({ Webhook: { Url: `${hook.url}/events`, Secret: secret } });
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 1 }));
    const [first, second, third] = hook.requests;
    expect(new Set([first, second, third].map((request) => request?.headers['webhook-id'])).size).toBe(1);
    const body = third?.body.toString('utf8') ?? '';
    const at = new Date(Number(third?.headers['webhook-timestamp']) * 1000);
    expect(third?.headers).toMatchObject(signWebhook(secret, String(third?.headers['webhook-id']), at, body));
    await appendAll();
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 61, WaitingRecords: 0 }));
    const records = hook.requests.slice(3).flatMap((request) => JSON.parse(request.body.toString('utf8')).Records);
    expect(records).toHaveLength(60);
    expectInOrder(records);
  });

  it('in a closed network is not reached, and the stream says so', async () => {
    await configure({ Webhook: { Url: 'http://10.1.2.3/events', Secret: secret } });
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 0, Fault: 'refused address' }));
  });
});

describe('NATS JetStream', () => {
  it('receives each record once, in order, also over an outage of the server', { timeout: 90_000 }, async () => {
    await nats.create('EVENTS', 'events.shop');
    const Nats = { Url: nats.url, Subject: 'events.shop', StreamName: 'EVENTS', Token: nats.token };
    await configure({ Nats });
    await append('ana', 1, 2);
    await soon(async () => expect(await nats.read('EVENTS')).toHaveLength(3));
    await nats.stop();
    await append('ana', 3, 4);
    await append('bob', 1);
    await soon(async () => expect((await state()).Fault).toBeDefined());
    await nats.start();
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 6, WaitingRecords: 0 }), 60_000);
    const records = recordsOf(await nats.read('EVENTS'));
    expect(Object.fromEntries(numbersOf(records))).toEqual({ ana: [1, 2, 3, 4], bob: [1] });
    expect(records.map(({ event_type }) => kinds[event_type]).toSorted()).toEqual([...Array(5).fill('event'), 'test']);
  });

  it.each([
    ['without credentials', { Subject: 'events.shop' }],
    ['to a subject that no stream takes in', { Subject: 'nobody', Token: 'right' }],
    ['to a stream of another name', { Subject: 'events.shop', StreamName: 'OTHERS', Token: 'right' }],
  ])('refuses: %s', async (_what, { Token, ...nobody }: { Subject: string; Token?: string }) => {
    await configure({ Nats: { Url: nats.url, ...nobody, ...(Token && { Token: nats.token }) } });
    await soon(async () => expect((await state()).Fault).toMatch(/^[A-Za-z]+( [0-9]+)?$/));
    expect(await state()).toMatchObject({ SentRecords: 0, WaitingRecords: 1 });
  });
});

describe('files in a bucket', () => {
  it('are written by the hour, compressed, a line a record', async () => {
    await configure({ Files: { Url: 's3://lake/raw/events', Seconds: 2 } });
    await appendAll();
    await soon(async () => expect(await state()).toMatchObject({ SentRecords: 61, WaitingRecords: 0 }));
    const folder = join(server.dataDirectory, 'buckets/lake');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'));
    expect(files.length).toBeLessThanOrEqual(2);
    const form = new RegExp(
      `^raw/events/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{2}/${project.id}-[0-9]+-[0-9]+\\.ndjson\\.gz$`,
    );
    for (const file of files) expect(file).toMatch(form);
    const lines = files.flatMap((file) =>
      gunzipSync(readFileSync(join(folder, file)))
        .toString('utf8')
        .trimEnd()
        .split('\n'),
    );
    expect(lines).toHaveLength(61);
    expectInOrder(recordsOf(lines));
  });
});
