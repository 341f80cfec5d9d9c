/** Providers: our API for them, and through whom the messages of a project leave on another node. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAppCommand,
  DeleteApnsChannelCommand,
  UpdateApnsChannelCommand,
  UpdateApnsVoipSandboxChannelCommand,
  UpdateBaiduChannelCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifications } from '../../src/database/index.ts';
import { CallbackRefused, type Outcome, type ProviderNews } from '../../src/domains/channels/driver.ts';
import { type ChannelType, driverKinds, type NewsOrigin, Outbox, Providers } from '../../src/domains/channels/index.ts';
import type { OutgoingMessage } from '../../src/domains/channels/message.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';
import { smsTo } from '../support/outgoing-messages.ts';
import { newTokenKey } from '../support/push-credentials.ts';
import { type RecordingKind, recordingKind } from '../support/recording-driver.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const testDatabase = await openTestDatabase();
const masterKey = new MasterKey(randomBytes(32));
const gateway = recordingKind('GATEWAY', ['SMS', 'VOICE'], { callbacks: true });
const relay = recordingKind('RELAY', ['EMAIL']);
const link = recordingKind('LINK', ['SMS'], { listens: true });
const natives = [
  recordingKind('APNS', ['APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX'], { native: true }),
  recordingKind('FCM', ['GCM'], { native: true }),
  recordingKind('BAIDU', ['BAIDU'], { native: true }),
  recordingKind('SMTP', ['EMAIL'], { native: true }),
  recordingKind('WEBHOOK', ['CUSTOM'], { native: true }),
  recordingKind('LAMBDA', ['CUSTOM'], { native: true }),
];
const kinds = [gateway, relay, link, ...natives];
const openedOf = (name: string) => (kinds.find(({ kind }) => kind === name) as RecordingKind).opened;
const server = await startTestServer({ deployment: { testDatabase, masterKey }, driverKinds: kinds });
const client = server.client();

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
  // Whoever opened a driver has closed it.
  expect(kinds.flatMap(({ opened }) => opened).every(({ closed }) => closed)).toBe(true);
});

/** A process of its own, as far as the database can tell. */
async function startNode(options: { smtpUrl?: string; providerUrls?: Record<string, string>; listens?: boolean } = {}) {
  const { database, connection, logger } = testDatabase;
  const notifications = new Notifications(connection, logger);
  const networks = new OutgoingNetworks([]);
  const http = new OutgoingHttp(networks);
  const news: { told: readonly ProviderNews[]; from: NewsOrigin }[] = [];
  const outbox = new Outbox({ database, clock: systemClock, logger });
  const providers = new Providers({
    ...{ database, masterKey, notifications, clock: systemClock, logger, networks, http },
    ...{
      // Those of the test stand before the real ones of their name.
      kinds: [...kinds, ...driverKinds(outbox)],
      smtpUrl: options.smtpUrl,
      providerUrls: options.providerUrls ?? {},
    },
    received: [async (told, from) => void news.push({ told, from })],
    listens: options.listens ?? false,
  });
  await notifications.run();
  stops.push(async () => {
    await providers.drain();
    await providers.stop();
    await notifications.stop();
    await http.close();
  });
  return { providers, notifications, news };
}
const { providers, news, notifications } = await startNode();
// Nodes of one test end with it: whoever listens would be counted in the next.
afterEach(async () => {
  for (const stop of stops.splice(1)) await stop();
});

let ApplicationId: string;
let project: { number: number; accountId: string; region: string };
beforeEach(async () => {
  ({ ApplicationId, project } = await newProject());
});

async function newProject(region = 'us-east-1', credentials = server.administrator) {
  const { ApplicationResponse } = await server
    .client({ region, credentials })
    .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'providers' } }));
  const id = ApplicationResponse?.Id as string;
  const { number } = await server.database.query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { ApplicationId: id, project: { number, accountId: credentials.accountId, region } };
}

const ownerOf = ({ number, accountId, region }: typeof project) => ({ projectNumber: number, accountId, region });
const ofProject = (channelType: string) => `/repoint/v1/apps/${ApplicationId}/providers/${channelType}`;
const ofAccount = (channelType: string) => `/repoint/v1/providers/${channelType}`;
const put = (path: string, Kind: string, Settings?: object) =>
  callApi(server, `PUT ${path}`, { body: { Kind, Settings } });
/** News of changes come over the database. */
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const kindFor = async (channelType: ChannelType, of = project) => (await providers.driverFor(of, channelType))?.kind;

async function deliver(message: OutgoingMessage): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  const provider = await providers.driverFor(project, message.channelType);
  await provider?.driver.deliver([message], (_message, reported) => (outcome = reported), new AbortController().signal);
  return outcome;
}

describe('the API', () => {
  it('keeps, shows, lists and removes a provider of a project', async () => {
    const made = await put(ofProject('SMS'), 'GATEWAY', { Account: 'a-1', Secret: 'find-me-3c9d' });
    expect([made.status, made.body]).toEqual([
      200,
      {
        ...{ ChannelType: 'SMS', Kind: 'GATEWAY', Settings: { Account: 'a-1' }, Version: 1 },
        LastModifiedBy: `arn:aws:iam::${project.accountId}:user/administrator`,
        CallbackPath: expect.stringMatching(/^\/repoint\/v1\/callbacks\/[\w-]{20,}$/),
        ...{ CreationDate: expect.any(String), LastModifiedDate: made.body.CreationDate },
      },
    ]);
    expect(await tablesWith(server.database, 'find-me-3c9d')).toEqual([]);
    const changed = await put(ofProject('SMS'), 'GATEWAY', { Account: 'a-2' });
    expect(changed.body).toMatchObject({
      Version: 2,
      Settings: { Account: 'a-2' },
      CallbackPath: made.body.CallbackPath,
    });
    const read = await callApi(server, `GET ${ofProject('SMS')}`);
    expect(read.body).toEqual(changed.body);
    const listed = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/providers`);
    expect(listed.body).toEqual({ Item: [changed.body] });
    const removed = await callApi(server, `DELETE ${ofProject('SMS')}`);
    expect([removed.status, removed.body]).toEqual([200, changed.body]);
    expect((await callApi(server, `GET ${ofProject('SMS')}`)).status).toBe(404);
    expect((await callApi(server, `DELETE ${ofProject('SMS')}`)).status).toBe(404);
    const again = await put(ofProject('SMS'), 'GATEWAY', { Account: 'a-2' });
    expect(again.body.CallbackPath).not.toBe(made.body.CallbackPath);
  });

  it('keeps those of an account apart by Region and account', async () => {
    const other = await server.addAccount();
    await put(ofAccount('EMAIL'), 'RELAY', { Account: 'all' });
    const region = 'eu-west-1';
    expect((await callApi(server, 'GET /repoint/v1/providers')).body.Item).toHaveLength(1);
    expect((await callApi(server, 'GET /repoint/v1/providers', { region })).body.Item).toEqual([]);
    expect((await callApi(server, 'GET /repoint/v1/providers', { credentials: other })).body.Item).toEqual([]);
    const removal = await callApi(server, `DELETE ${ofAccount('EMAIL')}`, { credentials: other });
    expect(removal.status).toBe(404);
    expect((await callApi(server, `DELETE ${ofAccount('EMAIL')}`)).status).toBe(200);
  });

  it('refuses what cannot be meant, naming the member', async () => {
    const refusals = await Promise.all([
      put(ofProject('SMS'), 'RELAY', {}),
      put(ofProject('sms'), 'GATEWAY', { Account: 'a' }),
      put(ofProject('IN_APP'), 'OUTBOX'),
      put(ofProject('SMS'), 'GATEWAY', { Secret: 'hidden' }),
      put(ofProject('SMS'), 'GATEWAY', { Account: 'a'.repeat(262_144) }),
      callApi(server, `GET ${ofProject('sms')}`),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect(refusals.map(({ body }) => body.Message)).toEqual([
      expect.stringMatching(/^Kind must be one of GATEWAY, LINK, SMPP, .*OUTBOX for SMS$/),
      expect.stringMatching(/^channel-type must be one of ADM, APNS, .*SMS, VOICE$/),
      expect.stringMatching(/^channel-type must be one of/),
      'Account must be given',
      'Settings must have at most 262144 characters',
      expect.stringMatching(/^channel-type must be one of/),
    ]);
    ApplicationId = '0'.repeat(32);
    expect((await put(ofProject('SMS'), 'OUTBOX')).status).toBe(404);
  });

  it('lets nobody have requests with the operator’s AWS credentials sent where they like', async () => {
    const BaseUrl = 'https://functions.example';
    const own = { AccessKeyId: 'AKIDEXAMPLE000000001', SecretAccessKey: 'secret-of-the-access-key-0001' };
    for (const [channelType, kind] of [
      ['EMAIL', 'SES'],
      ['VOICE', 'END_USER_MESSAGING'],
    ] as const) {
      const refused = await put(ofProject(channelType), kind, { BaseUrl });
      expect([refused.status, refused.body.Message]).toEqual([400, 'BaseUrl is given together with AccessKeyId']);
      expect((await put(ofProject(channelType), kind, { BaseUrl, ...own })).status).toBe(200);
    }
  });

  it('tells which kinds there are', async () => {
    const { body } = await callApi(server, 'GET /repoint/v1/provider-kinds');
    expect(body.Item).toContainEqual(expect.objectContaining({ Kind: 'OUTBOX', HasCallback: false }));
    expect(body.Item).toContainEqual({ Kind: 'GATEWAY', ChannelTypes: ['SMS', 'VOICE'], HasCallback: true });
  });
});

describe('messages leave', () => {
  it('into the outbox when nothing is configured, and nowhere for what is no channel', async () => {
    const provider = await providers.driverFor(project, 'SMS');
    expect(provider).toMatchObject({ key: `outbox/${project.number}`, kind: 'OUTBOX', channel: undefined });
    expect(await providers.driverFor(project, 'IN_APP')).toBeUndefined();
  });

  it('through the account’s provider, the project’s own before it, and the outbox where that is asked for', async () => {
    await put(ofAccount('SMS'), 'GATEWAY', { Account: 'all' });
    await soon(async () => expect(await kindFor('SMS')).toBe('GATEWAY'));
    const { project: neighbour } = await newProject();
    const { project: abroad } = await newProject('eu-west-1');
    const [mine, theirs] = await Promise.all([
      providers.driverFor(project, 'SMS'),
      providers.driverFor(neighbour, 'SMS'),
    ]);
    // One account-wide provider: one key, one connection.
    expect(theirs?.key).toBe(mine?.key);
    expect(theirs?.driver).toBe(mine?.driver);
    expect(await kindFor('SMS', abroad)).toBe('OUTBOX');

    await put(ofProject('SMS'), 'OUTBOX');
    await soon(async () => expect(await kindFor('SMS')).toBe('OUTBOX'));
    expect(await kindFor('SMS', neighbour)).toBe('GATEWAY');
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'own' });
    await soon(async () => expect(await kindFor('SMS')).toBe('GATEWAY'));
    expect((await providers.driverFor(project, 'SMS'))?.key).not.toBe(theirs?.key);
    await callApi(server, `DELETE ${ofProject('SMS')}`);
    await soon(async () => expect((await providers.driverFor(project, 'SMS'))?.key).toBe(theirs?.key));
    await callApi(server, `DELETE ${ofAccount('SMS')}`);
    await soon(async () => expect(await kindFor('SMS', neighbour)).toBe('OUTBOX'));
  });

  it('through the service itself when its channel has credentials', async () => {
    const TokenKey = newTokenKey();
    const APNSChannelRequest = {
      TokenKey,
      TokenKeyId: 'ABCDE12345',
      TeamId: 'TEAM123456',
      BundleId: 'com.example.app',
    };
    await client.send(new UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest }));
    const APNSVoipSandboxChannelRequest = APNSChannelRequest;
    await client.send(new UpdateApnsVoipSandboxChannelCommand({ ApplicationId, APNSVoipSandboxChannelRequest }));
    const apns = await providers.driverFor(project, 'APNS');
    expect(apns).toMatchObject({
      ...{ key: `channel/${project.number}/APNS`, kind: 'APNS' },
      channel: { enabled: true, BundleId: 'com.example.app', DefaultAuthenticationMethod: 'TOKEN' },
    });
    expect(openedOf('APNS').at(-1)?.settings).toEqual({
      ...{ ...APNSChannelRequest, Environment: 'production', Voip: false },
    });
    await providers.driverFor(project, 'APNS_VOIP_SANDBOX');
    expect(openedOf('APNS').at(-1)?.settings).toMatchObject({ TokenKey, Environment: 'sandbox', Voip: true });
    expect(await kindFor('APNS_SANDBOX')).toBe('OUTBOX');

    await client.send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { ApiKey: 'legacy' } }));
    const gcm = await providers.driverFor(project, 'GCM');
    expect(gcm).toMatchObject({ kind: 'FCM', channel: { DefaultAuthenticationMethod: 'KEY' } });
    expect(openedOf('FCM').at(-1)?.settings).toEqual({ ApiKey: 'legacy' });
    const BaiduChannelRequest = { ApiKey: 'a', SecretKey: 's' };
    await client.send(new UpdateBaiduChannelCommand({ ApplicationId, BaiduChannelRequest }));
    expect((await providers.driverFor(project, 'BAIDU'))?.kind).toBe('BAIDU');

    await client.send(new DeleteApnsChannelCommand({ ApplicationId }));
    await soon(async () => expect(await kindFor('APNS')).toBe('OUTBOX'));
    expect((await providers.driverFor(project, 'APNS'))?.channel).toEqual({ enabled: false });
  });

  it('although their channel is disabled: only campaigns and journeys ask for that [64]', async () => {
    const EmailChannelRequest = { FromAddress: 'a@example.com', Identity: 'example.com', ConfigurationSet: 'set' };
    await client.send(
      new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest: { ...EmailChannelRequest, Enabled: false } }),
    );
    const email = await providers.driverFor(project, 'EMAIL');
    expect(email).toMatchObject({ kind: 'OUTBOX', channel: { enabled: false, ...EmailChannelRequest } });
    await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { SenderId: 'Shop' } }));
    expect((await providers.driverFor(project, 'SMS'))?.channel).toEqual({ enabled: true, SenderId: 'Shop' });
  });

  it('through the mail server of the deployment when there is one, after everything else', async () => {
    const node = await startNode({ smtpUrl: 'smtp://mail.example' });
    expect(await node.providers.driverFor(project, 'EMAIL')).toMatchObject({ key: 'deployment/SMTP', kind: 'SMTP' });
    const opened = openedOf('SMTP').at(-1);
    expect(opened?.settings).toEqual({ Url: 'smtp://mail.example' });
    // The operator named it: it may stand on this machine, where nothing that users name may.
    expect(['127.0.0.1', '::1', '10.0.0.1'].every((address) => opened?.parts.networks.permits(address))).toBe(true);
    await put(ofProject('EMAIL'), 'RELAY', { Account: 'named by a user' });
    await soon(async () => expect((await node.providers.driverFor(project, 'EMAIL'))?.kind).toBe('RELAY'));
    expect(openedOf('RELAY').at(-1)?.parts.networks.permits('127.0.0.1')).toBe(false);
    await put(ofProject('EMAIL'), 'OUTBOX');
    await soon(async () => expect((await node.providers.driverFor(project, 'EMAIL'))?.kind).toBe('OUTBOX'));
    expect((await node.providers.driverFor(project, 'SMS'))?.kind).toBe('OUTBOX');
  });

  it('to where the operator says, unless the settings say otherwise', async () => {
    const node = await startNode({ providerUrls: { GATEWAY: 'https://gateway.example', FCM: 'https://fcm.example' } });
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'a' });
    await put(ofProject('VOICE'), 'GATEWAY', { Account: 'a', BaseUrl: 'https://own.example' });
    await client.send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { ApiKey: 'legacy' } }));
    await node.providers.driverFor(project, 'SMS');
    expect(gateway.opened.at(-1)?.settings).toMatchObject({ BaseUrl: 'https://gateway.example' });
    await node.providers.driverFor(project, 'VOICE');
    expect(gateway.opened.at(-1)?.settings).toMatchObject({ BaseUrl: 'https://own.example' });
    await node.providers.driverFor(project, 'GCM');
    expect(openedOf('FCM').at(-1)?.settings).toMatchObject({ BaseUrl: 'https://fcm.example' });
    expect((await callApi(server, `GET ${ofProject('SMS')}`)).body.Settings).toEqual({ Account: 'a' });
  });

  it('of custom channels where their campaign says, unless they are to stay', async () => {
    const to = async (uri: string) => (await providers.customDriverFor(project, uri))?.kind;
    const [url, name] = ['https://hook.example/x', 'arn:aws:lambda:eu-west-1:123456789012:function:send'];
    expect([await to(url), await to(name)]).toEqual(['WEBHOOK', 'LAMBDA']);
    expect((await providers.customDriverFor(project, url))?.key).toBe('deployment/WEBHOOK');
    await put(ofProject('CUSTOM'), 'WEBHOOK', { Secret: 'own' });
    await soon(async () => expect((await providers.customDriverFor(project, url))?.key).toMatch(/^provider\//));
    expect(openedOf('WEBHOOK').at(-1)?.settings).toEqual({ Secret: 'own' });
    expect((await providers.customDriverFor(project, name))?.key).toBe('deployment/LAMBDA');
    await put(ofProject('CUSTOM'), 'OUTBOX');
    await soon(async () => expect([await to(url), await to(name)]).toEqual(['OUTBOX', 'OUTBOX']));
  });

  it('through nobody when the kind is not known, or what was sealed cannot be opened', async () => {
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'a' });
    await put(ofProject('VOICE'), 'GATEWAY', { Account: 'a' });
    const of = server.database.query.updateTable('providers').where('project_number', '=', project.number);
    await of.set({ kind: 'FUTURE' }).where('channel_type', '=', 'SMS').execute();
    await of
      .set({ sealed_settings: randomBytes(60) })
      .where('channel_type', '=', 'VOICE')
      .execute();
    expect(await providers.driverFor(project, 'SMS')).toBeUndefined();
    expect(await providers.driverFor(project, 'VOICE')).toBeUndefined();
    const shown = await callApi(server, `GET ${ofProject('SMS')}`);
    expect(shown.body).toMatchObject({ Kind: 'FUTURE', Settings: {} });
  });
});

describe('a driver', () => {
  it('is opened once for all who ask, and found in memory afterwards', async () => {
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'a' });
    await soon(async () => expect(await kindFor('SMS')).toBe('GATEWAY'));
    const before = gateway.opened.length;
    const all = await Promise.all(Array.from({ length: 50 }, () => providers.driverFor(project, 'SMS')));
    expect(new Set(all.map((provider) => provider?.driver)).size).toBe(1);
    expect(gateway.opened.length).toBe(before);
    await soon(() => expect(providers.driverFor(project, 'SMS')).toBe(providers.driverFor(project, 'SMS')));
  });

  it('that was replaced ends what is under way, closes, and sends nothing more', async () => {
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'old' });
    await soon(async () => expect(await kindFor('SMS')).toBe('GATEWAY'));
    const old = await providers.driverFor(project, 'SMS');
    const opened = gateway.opened.at(-1);
    const release = gateway.hold();
    const underWay = deliver(smsTo('+4915100000001'));
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'new' });
    await soon(async () => expect((await providers.driverFor(project, 'SMS'))?.driver).not.toBe(old?.driver));
    expect((await providers.driverFor(project, 'SMS'))?.key).toBe(old?.key);
    expect(opened?.closed).toBe(false);
    release();
    expect(await underWay).toMatchObject({ status: 'SUCCESSFUL' });
    await soon(() => expect(opened?.closed).toBe(true));

    const outcomes: Outcome[] = [];
    const late = smsTo('+4915100000002');
    await old?.driver.deliver([late], (_message, outcome) => outcomes.push(outcome), new AbortController().signal);
    expect(outcomes).toMatchObject([{ status: 'TEMPORARY_FAILURE' }]);
    expect(await deliver(late)).toMatchObject({ status: 'SUCCESSFUL' });
    expect(gateway.opened.at(-1)).toMatchObject({ settings: { Account: 'new' }, delivered: [late] });
  });

  it('is closed after news that were missed, unless nothing has changed', async () => {
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'stays' });
    await put(ofProject('VOICE'), 'GATEWAY', { Account: 'goes' });
    await soon(async () => expect([await kindFor('SMS'), await kindFor('VOICE')]).toEqual(['GATEWAY', 'GATEWAY']));
    const [goes, stays] = ['goes', 'stays'].map((account) =>
      gateway.opened.findLast(({ settings }) => settings['Account'] === account),
    );
    const staying = await providers.driverFor(project, 'SMS');
    await server.database.query
      .deleteFrom('providers')
      .where('project_number', '=', project.number)
      .where('channel_type', '=', 'VOICE')
      .execute();
    await endNotifications();
    await soon(() => expect(goes?.closed).toBe(true));
    expect(stays?.closed).toBe(false);
    expect((await providers.driverFor(project, 'SMS'))?.driver).toBe(staying?.driver);
    expect(await kindFor('VOICE')).toBe('OUTBOX');
  });

  it('tells news as those of its provider', async () => {
    await put(ofProject('SMS'), 'GATEWAY', { Account: 'teller' });
    await soon(async () => expect(await kindFor('SMS')).toBe('GATEWAY'));
    const provider = await providers.driverFor(project, 'SMS');
    const told: ProviderNews = {
      ...{ type: 'inbound message', inboundMessageId: '1', from: '+4915100000001', to: '12345', body: 'STOP' },
      at: new Date(0),
    };
    await gateway.opened.findLast(({ settings }) => settings['Account'] === 'teller')?.parts.received([told]);
    expect(news.at(-1)).toEqual({
      told: [told],
      from: { key: provider?.key, kind: 'GATEWAY', ...ownerOf(project) },
    });
  });
});

describe('a driver that listens', () => {
  const listening = (Account: string) =>
    link.opened.filter(({ settings, closed }) => settings['Account'] === Account && !closed).length;

  it('is opened where the node starts, when it is configured, and again when it changes', async () => {
    await put(ofProject('SMS'), 'LINK', { Account: 'first' });
    // The server itself listens.
    await soon(() => expect(listening('first')).toBe(1));
    const node = await startNode({ listens: true });
    await node.providers.run();
    await soon(() => expect(listening('first')).toBe(2));
    await put(ofAccount('SMS'), 'LINK', { Account: 'shared' });
    await soon(() => expect(listening('shared')).toBe(2));
    await put(ofProject('SMS'), 'LINK', { Account: 'second' });
    await soon(() => expect([listening('first'), listening('second')]).toEqual([0, 2]));
    await callApi(server, `DELETE ${ofProject('SMS')}`);
    await soon(() => expect([listening('second'), listening('shared')]).toEqual([0, 2]));
    await callApi(server, `DELETE ${ofAccount('SMS')}`);
    await soon(() => expect(listening('shared')).toBe(0));
  });

  it('is opened though the database could not be asked at first, and closed though it could not be asked about that', async () => {
    await put(ofProject('SMS'), 'LINK', { Account: 'late' });
    await soon(() => expect(listening('late')).toBe(1));
    const { query } = server.database;
    const whileUnreadable = async (work: () => Promise<void>) => {
      await sql`alter table providers rename to providers_elsewhere`.execute(query);
      await work();
      // Long enough for the first attempt.
      await pause(100);
      await sql`alter table providers_elsewhere rename to providers`.execute(query);
    };
    const node = await startNode({ listens: true });
    await whileUnreadable(() => node.providers.run());
    await soon(() => expect(listening('late')).toBe(2));
    await whileUnreadable(async () => {
      await endNotifications();
      await sql`delete from providers_elsewhere where project_number = ${project.number}`.execute(query);
    });
    await soon(() => expect(listening('late')).toBe(0));
  });

  it('is found by the key under which it told something, as long as it is there', async () => {
    await put(ofProject('SMS'), 'LINK', { Account: 'found' });
    const key = (await providers.driverFor(project, 'SMS'))?.key as string;
    const found = await providers.findByKey(key);
    expect(found).toMatchObject({ key, kind: 'LINK', channel: undefined });
    expect(found?.driver).toBe((await providers.driverFor(project, 'SMS'))?.driver);
    expect(await providers.findByKey(`outbox/${project.number}`)).toBeUndefined();
    await callApi(server, `DELETE ${ofProject('SMS')}`);
    expect(await providers.findByKey(key)).toBeUndefined();
  });
});

describe('a callback', () => {
  const request = (signature: string) => ({
    ...{ method: 'POST', url: 'https://repoint.example/x', headers: { 'x-signature': signature } },
    body: Buffer.from('message-1'),
  });

  it('is found by its token and read by its kind', async () => {
    const { body } = await put(ofProject('SMS'), 'GATEWAY', { Account: 'a', Secret: 's' });
    const token = body.CallbackPath.slice('/repoint/v1/callbacks/'.length);
    const callback = await providers.callbacks.find(token);
    expect(callback?.origin).toMatchObject({ kind: 'GATEWAY', projectNumber: project.number, channelType: 'SMS' });
    expect(callback?.origin.key).toBe((await providers.driverFor(project, 'SMS'))?.key);
    expect(await callback?.read(request('s'))).toMatchObject({ status: 200, news: [{ messageId: 'message-1' }] });
    await expect(callback?.read(request('wrong'))).rejects.toBeInstanceOf(CallbackRefused);

    const [number, mac = ''] = token.split(/-(.*)/);
    const forged = `${number}-${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
    const others = [forged, `${Number(number) + 1}-${mac}`, `${number}-`, '', 'x', `${token}x`];
    for (const wrong of others) expect(await providers.callbacks.find(wrong)).toBeUndefined();
    await callApi(server, `DELETE ${ofProject('SMS')}`);
    expect(await providers.callbacks.find(token)).toBeUndefined();
  });
});

/** As a firewall would: the database ends the connection, and it is made anew. */
async function endNotifications(): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'repoint notifications'`.execute(
    server.database.query,
  );
  await soon(() => expect(notifications.listening).toBe(true));
}
