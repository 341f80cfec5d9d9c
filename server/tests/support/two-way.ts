/** A server with an SMSC, a topic and a webhook around it: what people write comes in, answers and publications go out. */
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateAppCommand, SendMessagesCommand, UpdateSmsChannelCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, vi } from 'vitest';
import { smppDriver } from '../../src/domains/channels/drivers/smpp/index.ts';
import { type ProviderAnswer, type ProviderRequest, startProvider } from './provider-server.ts';
import { type RecordingKind, recordingKind } from './recording-driver.ts';
import { callApi } from './repoint-api.ts';
import { type Smsc, type SmscBehaviour, startSmsc } from './smsc.ts';
import { type SnsServer, startSnsServer } from './sns-server.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export const webhookSecret = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;
export const topicArn = 'arn:aws:sns:eu-central-1:123456789012:two-way';
/** A number of ours that nothing is set for. */
export const ourNumber = '+4915735990001';

export interface TwoWayServer {
  readonly server: TestServer;
  readonly smsc: Smsc;
  readonly sns: SnsServer;
  readonly webhook: {
    readonly url: string;
    readonly requests: readonly ProviderRequest[];
    answer: () => ProviderAnswer;
  };
  /** A second provider, whose driver the test tells what to tell. */
  readonly gateway: RecordingKind;
  /** With the SMSC as its provider. */
  readonly ApplicationId: string;
  readonly projectNumber: number;
}

/** Everything ends after the tests of the file. */
export async function startTwoWayServer(behaviour: SmscBehaviour = {}): Promise<TwoWayServer> {
  const [smsc, sns] = [await startSmsc(behaviour), await startSnsServer()];
  let answer: () => ProviderAnswer = () => ({ status: 204 });
  const hook = await startProvider(() => answer());
  process.env['AWS_ENDPOINT_URL_SNS'] = sns.endpoint;
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const gateway = recordingKind('GATEWAY', ['SMS']);
  const server = await startTestServer({
    environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8,::1' },
    driverKinds: [smppDriver, gateway],
  });
  afterAll(async () => {
    await smsc.close();
    await hook.close();
  });
  const { ApplicationId, projectNumber } = await newProject(server);
  const Settings = { Host: '127.0.0.1', Port: smsc.port, SystemId: 'repoint', Password: 'secret' };
  const path = `/repoint/v1/apps/${ApplicationId}/providers/SMS`;
  const put = await callApi(server, `PUT ${path}`, { body: { Kind: 'SMPP', Settings } });
  expect(put).toMatchObject({ status: 200 });
  // Nothing was sent yet: the driver listens all the same.
  await soon(() => expect(smsc.sessions).toHaveLength(1));
  return {
    ...{ server, smsc, sns, gateway, ApplicationId, projectNumber },
    webhook: {
      url: `${hook.url}/inbound`,
      requests: hook.requests,
      get answer() {
        return answer;
      },
      set answer(next) {
        answer = next;
      },
    },
  };
}

export const soon = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 15_000, interval: 25 });

export async function newProject(server: TestServer): Promise<{ ApplicationId: string; projectNumber: number }> {
  const client = server.client();
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'two-way' } }));
  const ApplicationId = made.ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const { number } = await server.database.query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', ApplicationId)
    .executeTakeFirstOrThrow();
  return { ApplicationId, projectNumber: number };
}

let people = 0;
/** Nobody else's. */
export const newPerson = () => `+4915112${String(300_000 + people++)}`;

/** Somebody writes, over SMPP. Resolves when it is stored. */
export async function write({ smsc }: TwoWayServer, from: string, text: string, to = ourNumber): Promise<void> {
  const ton = (party: string) => (party.startsWith('+') ? 1 : 3);
  const answer = await smsc.deliver({
    ...{ source_addr: from.replace('+', ''), source_addr_ton: ton(from), source_addr_npi: 1 },
    ...{ destination_addr: to.replace('+', ''), dest_addr_ton: ton(to), dest_addr_npi: 1, short_message: text },
  });
  expect(answer.command_status).toBe(0);
}

/** What arrived on a phone, oldest first. */
export const arrived = ({ smsc }: TwoWayServer, person: string) =>
  smsc.submitted
    .filter(({ pdu }) => `+${pdu['destination_addr']}` === person)
    .map(({ pdu, text }) => ({ from: `${pdu['source_addr_ton'] === 1 ? '+' : ''}${pdu['source_addr']}`, text }));

/** What our API tells of somebody's messages, oldest first. */
export async function inboundOf({ server }: TwoWayServer, person: string) {
  const { body } = await callApi(server, 'GET /repoint/v1/sms/inbound?page-size=1000');
  return body.Item.filter(({ From }: { From: string }) => From === person).toReversed();
}

/** The newest message of somebody, once nothing about it is pending. */
export const settled = (two: TwoWayServer, person: string, messages = 1) =>
  soon(async () => {
    const all = await inboundOf(two, person);
    expect(all).toHaveLength(messages);
    const last = all.at(-1);
    expect([last.Answer?.Status, last.Topic?.Status, last.Webhook?.Status]).not.toContain('PENDING');
    return last;
  });

export async function setNumber(two: TwoWayServer, number: string, body: object): Promise<void> {
  const path = `/repoint/v1/sms/numbers/${encodeURIComponent(number)}`;
  expect(await callApi(two.server, `PUT ${path}`, { body })).toMatchObject({ status: 200 });
}

/** Why somebody is on the account's list, if they are. */
export async function listed({ server }: TwoWayServer, Address: string): Promise<string | undefined> {
  const body = { Channel: 'SMS', Address };
  const found = await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', { body });
  return found.status === 404 ? undefined : found.body.Reason;
}

/** One SMS through the SDK. */
export async function send({ server, ...two }: TwoWayServer, target: { address: string } | { endpoint: string }) {
  const isAddress = 'address' in target;
  const { MessageResponse } = await server.client().send(
    new SendMessagesCommand({
      ApplicationId: two.ApplicationId,
      MessageRequest: {
        ...(isAddress && { Addresses: { [target.address]: { ChannelType: 'SMS' } } }),
        ...(!isAddress && { Endpoints: { [target.endpoint]: {} } }),
        MessageConfiguration: { SMSMessage: { Body: 'Hello', OriginationNumber: ourNumber } },
      },
    }),
  );
  const results = isAddress ? MessageResponse?.Result : MessageResponse?.EndpointResult;
  return Object.values(results ?? {})[0];
}

/** Runs a job once more, as after a kill, and waits for its end. */
export async function runJob({ server: { database } }: TwoWayServer, name: string, payload: object): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json)`.execute(database.query);
  await soon(async () => {
    const left = await sql`select 1 from graphile_worker.jobs where id = ${rows[0]?.id}::bigint`.execute(
      database.query,
    );
    expect(left.rows).toEqual([]);
  });
}

/** As the libraries of Standard Webhooks check it. */
export function isSigned({ headers, body }: ProviderRequest): boolean {
  const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString()}`;
  const signature = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  const age = Date.now() / 1000 - Number(headers['webhook-timestamp']);
  return headers['webhook-signature'] === signature && Math.abs(age) < 300;
}

/** Long enough for something that must not come. */
export const aWhile = () => pause(400);
