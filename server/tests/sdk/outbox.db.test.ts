/** The outbox: messages of channels without a provider, stored, shown, and gone after thirty days. */
import { CreateAppCommand, DeleteEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { simpleParser } from 'mailparser';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domains/channels/driver.ts';
import { channelJobs, Outbox } from '../../src/domains/channels/index.ts';
import type { MessageContent, OutgoingMessage } from '../../src/domains/channels/message.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { emailTo, newKey, smsTo } from '../support/outgoing-messages.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const clock = new ManualClock('2026-08-01T08:00:00Z');
const outbox = new Outbox({ database: server.database, clock, logger: createLogger('silent') });

let ApplicationId: string;
let projectNumber: number;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'outbox' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  ({ number: projectNumber } = await server.database.query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', ApplicationId)
    .executeTakeFirstOrThrow());
});

async function deliver(
  messages: readonly OutgoingMessage[],
  signal = new AbortController().signal,
): Promise<Outcome[]> {
  const outcomes = new Map<OutgoingMessage, Outcome>();
  await outbox
    .driverOf(projectNumber)
    .deliver(messages, (message, outcome) => void outcomes.set(message, outcome), signal);
  return messages.map((message) => outcomes.get(message) as Outcome);
}

const path = () => `/repoint/v1/apps/${ApplicationId}/outbox`;
const list = async (query = '') => (await callApi(server, `GET ${path()}${query}`)).body;
const show = async ({ key }: OutgoingMessage) => (await callApi(server, `GET ${path()}/${key}`)).body;
const message = (channelType: OutgoingMessage['channelType'], address: string, content: MessageContent) => ({
  ...{ key: newKey(), channelType, address, content },
});

describe('an e-mail', () => {
  it('is shown with its parts, its headers and a source that mail programs can read', async () => {
    const email = emailTo('käthe@example.com', {
      ...{ from: '"Käse, Inc." <shop@example.com>', replyTo: ['help@example.com'], subject: 'Für dich ✓' },
      ...{ text: 'Grüße\n.\nund so weiter', html: '<p>Grüße</p>', returnPath: 'bounce@example.com' },
      headers: [{ name: 'List-Unsubscribe', value: '<https://example.com/u>' }],
    });
    const [outcome] = await deliver([email]);
    expect(outcome).toMatchObject({ status: 'SUCCESSFUL', statusCode: 200, messageId: email.key });
    const shown = await show(email);
    expect(shown).toEqual({
      ...{ MessageId: email.key, ChannelType: 'EMAIL', Address: 'käthe@example.com', Summary: 'Für dich ✓' },
      ...{ CreationDate: '2026-08-01T08:00:00.000Z', ExpirationDate: '2026-08-31T08:00:00.000Z' },
      Email: {
        ...{ From: '"Käse, Inc." <shop@example.com>', ReplyTo: ['help@example.com'], Subject: 'Für dich ✓' },
        ...{ Text: 'Grüße\n.\nund so weiter', Html: '<p>Grüße</p>', ReturnPath: 'bounce@example.com' },
        Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com/u>' }],
        Source: expect.any(String),
      },
    });
    const parsed = await simpleParser(shown.Email.Source);
    expect(parsed).toMatchObject({
      ...{ subject: 'Für dich ✓', html: '<p>Grüße</p>', messageId: `<${email.key}@example.com>` },
      ...{
        from: { value: [{ name: 'Käse, Inc.', address: 'shop@example.com' }] },
        date: new Date('2026-08-01T08:00:00Z'),
      },
      ...{ replyTo: { value: [{ address: 'help@example.com' }] }, to: { value: [{ address: 'käthe@example.com' }] } },
    });
    expect(parsed.text).toContain('Grüße\n.\nund so weiter');
    expect(parsed.headers.get('list')).toMatchObject({ unsubscribe: { url: 'https://example.com/u' } });
  });

  it('of raw MIME is kept byte for byte', async () => {
    const mime = Buffer.from('Subject: raw\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n');
    const raw = message('EMAIL', 'a@example.com', { kind: 'raw email', from: 'b@example.com', mime });
    await deliver([raw]);
    expect((await show(raw)).Email).toEqual({ From: 'b@example.com', ReplyTo: [], Headers: [], Source: String(mime) });
  });

  it('of ten megabytes does not keep others from being stored', async () => {
    const mime = Buffer.alloc(10_000_000, 'x');
    const large = [1, 2].map(() =>
      message('EMAIL', 'a@example.com', { kind: 'raw email', from: 'b@example.com', mime }),
    );
    const outcomes = await deliver([...large, ...[1, 2, 3].map(() => emailTo('b@example.com'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('SUCCESSFUL'));
    expect((await list()).Item).toHaveLength(5);
  });
});

describe('other messages', () => {
  it('are shown as they would have left', async () => {
    const push = { kind: 'push', payload: '{"aps":{"alert":"Hi"}}', headers: { 'apns-priority': '10' } } as const;
    const endpoint = { ChannelType: 'EMAIL', Address: 'a@example.com', Attributes: { plan: ['gold'] } } as const;
    const origin = {
      ...{ applicationId: ApplicationId, campaignId: 'c', treatmentId: 't', activityId: 'a' },
      scheduledTime: '2026-08-01T08:00:00Z',
    };
    const custom = {
      kind: 'custom',
      deliveryUri: 'https://hook.example',
      data: 'd',
      endpointId: 'e',
      endpoint,
    } as const;
    const sent = [
      smsTo('+4915100000001', 'Your code', { endpointId: 'phone' }),
      message('APNS', 'a1b2', { ...push, authentication: 'TOKEN' }),
      message('VOICE', '+4915100000001', { kind: 'voice', body: '<speak>Hi</speak>', voiceId: 'Vicki' }),
      message('CUSTOM', 'a@example.com', { ...custom, origin }),
    ];
    await deliver(sent);
    const [sms, apns, voice, hook] = await Promise.all(sent.map(show));
    expect(sms).toMatchObject({ Summary: 'Your code', EndpointId: 'phone' });
    expect(sms.Sms).toEqual({ Body: 'Your code', MessageType: 'TRANSACTIONAL' });
    expect(apns.Push).toEqual({ Payload: push.payload, Headers: push.headers, Authentication: 'TOKEN' });
    expect(voice.Voice).toEqual({ Body: '<speak>Hi</speak>', VoiceId: 'Vicki' });
    expect(hook.Custom).toEqual({
      ...{ DeliveryUri: 'https://hook.example', Data: 'd', CampaignId: 'c', TreatmentId: 't', ActivityId: 'a' },
      ...{ ScheduledTime: origin.scheduledTime, Endpoint: endpoint },
    });
  });

  it('to numbers of the simulator end as they say, and are stored all the same', async () => {
    const sent = [smsTo('+14254147755'), smsTo('+14254147167')];
    const [success, failure] = await deliver(sent);
    expect([success?.status, failure?.status]).toEqual(['SUCCESSFUL', 'PERMANENT_FAILURE']);
    expect((await list()).Item).toHaveLength(2);
  });

  it('that a template cut in the middle of a character are stored', async () => {
    const sent = smsTo('+4915100000001', `cut ${'😀'.slice(0, 1)} and \0`);
    expect(await deliver([sent])).toMatchObject([{ status: 'SUCCESSFUL' }]);
    expect((await show(sent)).Sms.Body).toBe('cut \u{fffd} and ');
  });
});

it('a message that is sent again stands there once', async () => {
  const sent = smsTo('+4915100000001');
  expect((await deliver([sent, sent])).map(({ messageId }) => messageId)).toEqual([sent.key, sent.key]);
  clock.advance(60_000);
  expect(await deliver([sent])).toMatchObject([{ status: 'SUCCESSFUL', messageId: sent.key }]);
  expect((await list()).Item).toHaveLength(1);
  // In another project it is another message.
  const before = ApplicationId;
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'neighbour' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  expect((await list()).Item).toEqual([]);
  expect((await callApi(server, `GET ${path()}/${sent.key}`)).status).toBe(404);
  ApplicationId = before;
});

it('is listed newest first, page by page, by channel type and by address', async () => {
  const sent: OutgoingMessage[] = [];
  for (let index = 0; index < 7; index += 1) {
    const next = index % 2 === 0 ? smsTo(`+491510000000${index}`) : emailTo('Ann@example.com');
    // Three and four have the same time.
    if (index !== 4) clock.advance(1_000);
    await deliver([next]);
    sent.push(next);
  }
  const ids: string[] = [];
  let token: string | undefined;
  do {
    const page = await list(`?page-size=3${token === undefined ? '' : `&token=${token}`}`);
    ids.push(...page.Item.map(({ MessageId }: { MessageId: string }) => MessageId));
    token = page.NextToken;
  } while (token !== undefined);
  const keys = sent.map(({ key }) => key).reverse();
  expect(ids).toHaveLength(7);
  expect([...ids.slice(0, 2), ...ids.slice(4)]).toEqual([...keys.slice(0, 2), ...keys.slice(4)]);
  expect(ids.slice(2, 4).sort()).toEqual(keys.slice(2, 4).sort());

  expect((await list('?channel-type=SMS')).Item).toHaveLength(4);
  expect((await list('?channel-type=VOICE')).Item).toHaveLength(0);
  const ofAnn = await list('?address=Ann%40example.com&page-size=2');
  expect(ofAnn.Item.map(({ MessageId }: { MessageId: string }) => MessageId)).toEqual([keys[1], keys[3]]);
  expect((await list('?address=ann%40example.com')).Item).toHaveLength(0);
  expect((await list('?address=Ann%40example.com&channel-type=SMS')).Item).toHaveLength(0);
  // A token belongs to its filter.
  expect((await callApi(server, `GET ${path()}?page-size=2&token=${ofAnn.NextToken}`)).status).toBe(400);
});

it('is emptied, message by message or as a whole', async () => {
  const sent = [smsTo('+4915100000001'), smsTo('+4915100000002'), emailTo('a@example.com')];
  await deliver(sent);
  expect((await callApi(server, `DELETE ${path()}/${sent[0]?.key}`)).status).toBe(204);
  expect((await callApi(server, `DELETE ${path()}/${sent[0]?.key}`)).status).toBe(404);
  expect((await callApi(server, `GET ${path()}/${sent[0]?.key}`)).status).toBe(404);
  expect((await callApi(server, `GET ${path()}/no-key`)).status).toBe(404);
  expect((await list()).Item).toHaveLength(2);
  expect((await callApi(server, `DELETE ${path()}`)).status).toBe(204);
  expect((await list()).Item).toHaveLength(0);
});

it('is forgotten after thirty days', async () => {
  await deliver([smsTo('+4915100000001')]);
  clock.advance(15 * 24 * 3600 * 1000);
  await deliver([smsTo('+4915100000002')]);
  const [sweep] = channelJobs({ database: server.database, clock });
  const run = () => sweep?.run({}, { id: '1', attempt: 1, signal: new AbortController().signal });
  await run();
  expect((await list()).Item).toHaveLength(2);
  clock.advance(15 * 24 * 3600 * 1000);
  await run();
  expect((await list()).Item).toMatchObject([{ Address: '+4915100000002' }]);
});

it('keeps nothing of an endpoint that is deleted', async () => {
  const trace = 'trace-b4e2';
  const EndpointRequest = { ChannelType: 'EMAIL', Address: `${trace}@example.com` } as const;
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: trace, EndpointRequest }));
  await deliver([
    { ...emailTo(`${trace}@example.com`), endpointId: trace },
    { ...emailTo('b@example.com'), endpointId: 'b' },
  ]);
  expect(await tablesWith(server.database, trace)).toContain('outbox_messages');
  await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: trace.toUpperCase() }));
  expect(await tablesWith(server.database, trace)).toEqual([]);
  expect((await list()).Item).toHaveLength(1);
});

describe('the driver', () => {
  it('stores nothing more when the process stops', async () => {
    const outcomes = await deliver([smsTo('+4915100000001')], AbortSignal.abort());
    expect(outcomes).toMatchObject([{ status: 'TEMPORARY_FAILURE', statusCode: 503 }]);
    expect((await list()).Item).toHaveLength(0);
  });

  it('reports a message that cannot be stored, and stores the others of its batch', async () => {
    const outcomes = await deliver([{ ...smsTo('+4915100000001'), key: 'no key' }, smsTo('+4915100000002')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['PERMANENT_FAILURE', 'SUCCESSFUL']);
  });
});
