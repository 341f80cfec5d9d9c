/**
 * PutEventStream, GetEventStream, DeleteEventStream through the SDK, and our own destinations beside them. Numbers in
 * brackets are the cases of dossier/events-journeys-console §8.
 */
import {
  CreateAppCommand,
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const clock = new ManualClock(new Date());
// Without readers: nothing that is configured here is sent anywhere.
const server = await startTestServer({ clock, environment: { REPOINT_ROLES: 'api' } });
const client = server.client();
const kinesis = 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks';
const firehose = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks.v2_a-b';
const RoleArn = 'arn:aws:iam::123456789012:role/pinpoint-events';
const secret = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;

let ApplicationId = '';
beforeEach(async () => {
  const created = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'streams' } }));
  ApplicationId = created.ApplicationResponse?.Id as string;
});

const put = (DestinationStreamArn: string, role = RoleArn) =>
  client.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream: { DestinationStreamArn, RoleArn: role } }));
const get = () => client.send(new GetEventStreamCommand({ ApplicationId }));
const remove = () => client.send(new DeleteEventStreamCommand({ ApplicationId }));
const ours = (method: string, body?: unknown) =>
  callApi(server, `${method} /repoint/v1/apps/${ApplicationId}/event-stream-destination`, {
    ...(body !== undefined && { body }),
  });

describe("Pinpoint's event stream", () => {
  it('is put, read, replaced and deleted [16, 17]', async () => {
    await expect(get()).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(remove()).rejects.toMatchObject({ name: 'NotFoundException' });
    const { EventStream: first } = await put(kinesis);
    expect(first).toEqual({
      ApplicationId,
      DestinationStreamArn: kinesis,
      RoleArn,
      LastModifiedDate: clock.now().toISOString(),
      LastUpdatedBy: expect.stringMatching(/^arn:aws:iam::[0-9]{12}:user\//),
    });
    expect((await get()).EventStream).toEqual(first);
    clock.advance(1_000);
    const { EventStream: second } = await put(firehose);
    expect(second).toEqual({ ...first, DestinationStreamArn: firehose, LastModifiedDate: clock.now().toISOString() });
    expect((await remove()).EventStream).toEqual(second);
    await expect(get()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it.each([
    ['another service', 'arn:aws:sqs:us-east-1:123456789012:stream'],
    ['another Region', 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks'],
    ['no account', 'arn:aws:kinesis:us-east-1::stream/clicks'],
    ['a delivery stream of Kinesis', 'arn:aws:kinesis:us-east-1:123456789012:deliverystream/clicks'],
    ['a stream of Firehose', 'arn:aws:firehose:us-east-1:123456789012:stream/clicks'],
    ['no name', 'arn:aws:kinesis:us-east-1:123456789012:stream/'],
    ['a name with a slash', 'arn:aws:kinesis:us-east-1:123456789012:stream/a/b'],
    ['a long name', `arn:aws:firehose:us-east-1:123456789012:deliverystream/${'a'.repeat(65)}`],
    ['nothing', ''],
    ['a line end', `${kinesis}\n`],
  ])('is refused: %s [18]', async (_what, arn) => {
    await expect(put(arn)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('DestinationStreamArn'),
    });
    await expect(get()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('wants a role, in any account and partition', async () => {
    await expect(put(kinesis, 'nobody')).rejects.toMatchObject({ name: 'BadRequestException', message: /RoleArn/ });
    await put(
      'arn:aws-us-gov:kinesis:us-east-1:999999999999:stream/clicks',
      'arn:aws-us-gov:iam::999999999999:role/a/b',
    );
  });

  it('begins with the record of a test, for each configuration', async () => {
    await put(kinesis);
    await put(kinesis);
    const { rows } = await sql<{ type: string; application: string }>`
      select type, envelope::json -> 'application' ->> 'app_id' as application from events
      where envelope::json -> 'application' ->> 'app_id' = ${ApplicationId}`.execute(server.database.query);
    expect(rows).toEqual(Array(2).fill({ type: '_test.event_stream', application: ApplicationId }));
  });

  it("is of one project, and nobody else's", async () => {
    await put(kinesis);
    const stranger = server.client({ credentials: await server.addAccount() });
    await expect(stranger.send(new GetEventStreamCommand({ ApplicationId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(stranger.send(new DeleteEventStreamCommand({ ApplicationId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('further destinations', () => {
  const webhook = { Url: 'https://hooks.example.com/events', Secret: secret };

  it('are put, shown without secrets, and deleted', async () => {
    expect((await ours('GET')).status).toBe(404);
    const { status, body } = await ours('PUT', { Webhook: webhook });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ Kind: 'WEBHOOK', Webhook: { Url: webhook.Url, HasSecret: true } },
      ...{ SentRecords: 0, DroppedRecords: 0 },
    });
    const read = await ours('GET');
    expect(read.body).toMatchObject({ Kind: 'WEBHOOK', WaitingRecords: 1 });
    clock.advance(90_000);
    expect((await ours('GET')).body.LagSeconds).toBeGreaterThanOrEqual(90);
    expect(JSON.stringify(read.body)).not.toContain(secret);
    const { rows } = await sql<{ text: string }>`select event_streams::text as text from event_streams`.execute(
      server.database.query,
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(secret);
    expect((await ours('DELETE')).body).toMatchObject({ Kind: 'WEBHOOK' });
    expect((await ours('DELETE')).status).toBe(404);
  });

  it('are none to who knows the API of Pinpoint only, and its stream takes their place', async () => {
    await ours('PUT', { Files: { Url: 's3://lake/events' } });
    await expect(get()).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(remove()).rejects.toMatchObject({ name: 'NotFoundException' });
    await put(kinesis);
    expect((await ours('GET')).body).toMatchObject({ Kind: 'KINESIS', DestinationStreamArn: kinesis, RoleArn });
    await ours('PUT', { Nats: { Url: 'nats://nats.example.com', Subject: 'events.a' } });
    expect((await ours('GET')).body.Nats).toEqual({
      ...{ Url: 'nats://nats.example.com', Subject: 'events.a', HasCredentials: false },
    });
  });

  it('keep their secret where none is given, and no other', async () => {
    await ours('PUT', { Webhook: webhook });
    const moved = await ours('PUT', { Webhook: { Url: 'https://hooks.example.com/2' } });
    expect(moved.body.Webhook).toEqual({ Url: 'https://hooks.example.com/2', HasSecret: true });
    const nats = { Url: 'tls://nats.example.com:4223', Subject: 'events' };
    expect((await ours('PUT', { Nats: { ...nats, User: 'u', Password: 'p' } })).body.Nats.HasCredentials).toBe(true);
    expect((await ours('PUT', { Nats: { ...nats, Subject: 'e' } })).body.Nats.HasCredentials).toBe(true);
    const elsewhere = { ...nats, Url: 'tls://other.example.com' };
    expect((await ours('PUT', { Nats: elsewhere })).body.Nats.HasCredentials).toBe(false);
    expect(await ours('PUT', { Webhook: { Url: webhook.Url } })).toMatchObject({ status: 400 });
  });

  it.each([
    [{}, 'Exactly one'],
    [{ Webhook: webhook, Files: { Url: 's3://lake' } }, 'Exactly one'],
    [{ Webhook: { Url: 'ftp://example.com', Secret: secret } }, 'Webhook.Url'],
    [{ Webhook: { Url: 'https://u:p@example.com', Secret: secret } }, 'Webhook.Url'],
    [{ Webhook: { Url: 'https://example.com', Secret: 'short' } }, 'Webhook.Secret'],
    [{ Webhook: { Url: 'https://example.com' } }, 'Webhook.Secret'],
    [{ Nats: { Url: 'https://example.com', Subject: 'a' } }, 'Nats.Url'],
    [{ Nats: { Url: 'nats://example.com', Subject: 'a.*' } }, 'Nats.Subject'],
    [{ Nats: { Url: 'nats://example.com', Subject: 'a', Token: 't', User: 'u' } }, 'Only one'],
    [{ Nats: { Url: 'nats://example.com', Subject: 'a', Password: 'p' } }, 'Nats.User'],
    [{ Nats: { Url: 'nats://example.com', Subject: 'a', StreamName: 'a.b' } }, 'Nats.StreamName'],
    [{ Files: { Url: '/tmp/x' } }, 'Files.Url'],
    [{ Files: { Url: 's3://lake', Seconds: 0 } }, 'Seconds'],
  ])('are refused: %j', async (body, named) => {
    const answer = await ours('PUT', body);
    expect(answer).toMatchObject({ status: 400, errorType: 'BadRequestException' });
    expect(answer.body.Message).toContain(named);
    expect((await ours('GET')).status).toBe(404);
  });
});
