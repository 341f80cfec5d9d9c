/** The generic HTTP driver against real servers: what they receive, what their answers mean, whose callbacks are believed. */
import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliverAll as deliver } from '../../../../../tests/support/driver-parts.ts';
import { type ReceivedRequest, serveHttp } from '../../../../../tests/support/provider-server.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { newId } from '../../../../kernel/ids.ts';
import { OutgoingHttp } from '../../../../outgoing/http.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { CallbackRefused, type Driver, type DriverParts } from '../../driver.ts';
import type { OutgoingMessage, SmsContent, VoiceContent } from '../../message.ts';
import { httpDriver } from './index.ts';

const now = new Date('2026-11-26T01:29:07Z');

type Received = Omit<ReceivedRequest, 'path'> & { readonly url: string };

async function gateway(answer: (response: ServerResponse, received: Received) => void) {
  const received: Received[] = [];
  const { origin, close } = await serveHttp(({ path, body, ...request }, response) => {
    const whole = { ...request, url: path, body: body.toString() };
    received.push(whole);
    answer(response, whole);
  });
  onTestFinished(close);
  return { received, origin };
}

const accept = (response: ServerResponse) =>
  response.writeHead(202).end('{"messages":[{"id":"abc"},{"id":90071992547409931}]}');

function partsOf(allowed: readonly string[] = ['127.0.0.0/8', '::1']): DriverParts {
  const networks = new OutgoingNetworks(allowed);
  const http = new OutgoingHttp(networks);
  onTestFinished(() => http.close());
  return {
    http,
    networks,
    clock: new ManualClock(now),
    logger: pino({ level: 'silent' }),
    received: async () => undefined,
  };
}

const usual = {
  Url: 'https://gateway.example.com/send',
  Body: '{"to":"{to}","text":"{body}"}',
  MessageIdPath: 'messages.0.id',
};

function open(settings: Readonly<Record<string, unknown>>, parts = partsOf()): Driver {
  return httpDriver.open(httpDriver.readSettings({ ...usual, ...settings }), parts);
}

function sms(body: string, content: Partial<SmsContent> & { readonly address?: string } = {}): OutgoingMessage {
  const { address = '+4915112345678', ...rest } = content;
  return {
    ...{ key: newId(), channelType: 'SMS', address },
    content: { kind: 'sms', body, messageType: 'TRANSACTIONAL', ...rest },
  };
}

const everything = Object.fromEntries(
  ['to', 'from', 'body', 'messageType', 'id', 'senderId', 'entityId', 'templateId', 'channel', 'voiceId'].map(
    (name) => [name, `{${name}}`],
  ),
);

describe('requests', () => {
  it('of JSON, with every place filled and those without a value left out', async () => {
    const { received, origin } = await gateway(accept);
    const Body = JSON.stringify({
      ...everything,
      list: ['{entityId}', 'x', '{to}'],
      text: 'id {id}, {senderId}.',
      on: true,
    });
    const driver = open({ Url: `${origin}/send?key=1`, Body, Headers: { Authorization: 'Bearer token', 'X-A': 'b' } });
    const message = sms('Grüße "\\\n{to} €', { originationNumber: '+12065550199' });
    const [outcome] = await deliver(driver, [message]);
    expect(outcome).toEqual({
      status: 'SUCCESSFUL',
      statusCode: 200,
      statusMessage: 'MessageId: abc',
      messageId: 'abc',
    });
    const [request] = received as [Received];
    expect(request).toMatchObject({ method: 'POST', url: '/send?key=1' });
    expect(request.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-a': 'b',
      'content-type': 'application/json',
    });
    expect(JSON.parse(request.body)).toEqual({
      ...{ to: '+4915112345678', from: '+12065550199', body: 'Grüße "\\\n{to} €', messageType: 'TRANSACTIONAL' },
      ...{ id: message.key, channel: 'SMS', list: ['x', '+4915112345678'], text: `id ${message.key}, .`, on: true },
    });
  });

  it('of a form', async () => {
    const { received, origin } = await gateway(accept);
    const driver = open({
      Url: origin,
      BodyFormat: 'FORM',
      Body: 'To={to}&Text={body}&From={senderId}&E={entityId}&k=a+b%26',
    });
    await deliver(driver, [sms('a&b=c+d é\r\n', { senderId: 'Shop' })]);
    const [{ headers, body } = {} as Received] = received;
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(body)]).toEqual([
      ['To', '+4915112345678'],
      ['Text', 'a&b=c+d é\r\n'],
      ['From', 'Shop'],
      ['k', 'a b&'],
    ]);
  });

  it('with GET, in the query', async () => {
    const { received, origin } = await gateway(accept);
    const driver = open({ Url: `${origin}/send?u=x&to={to}&text={body}`, Method: 'GET', Body: undefined });
    await deliver(driver, [sms('50% & more#')]);
    const [{ method, url, body, headers } = {} as Received] = received;
    expect([method, body, headers['content-type']]).toEqual(['GET', '', undefined]);
    expect(Object.fromEntries(new URL(url, origin).searchParams)).toEqual({
      u: 'x',
      to: '+4915112345678',
      text: '50% & more#',
    });
  });

  it.each(['//other.example.com/x', '/a//b', '/%2e%2e/x'])('to the path as it was given: %s', async (path) => {
    const { received, origin } = await gateway(accept);
    const parts = partsOf();
    await deliver(open({ Url: `${origin}${path}` }, parts), [sms('x')]);
    await deliver(open({ Url: `${origin}${path}?to={to}` }, parts), [sms('x')]);
    expect(received).toHaveLength(2);
    expect(received[0]?.url).toBe(new URL(`${origin}${path}`).pathname);
    expect(received[1]?.url).toBe(`${received[0]?.url}?to=%2B4915112345678`);
  });

  it('for a call', async () => {
    const { received, origin } = await gateway(accept);
    const content: VoiceContent = {
      kind: 'voice',
      body: '<speak>Hi</speak>',
      voiceId: 'Joanna',
      originationNumber: '+12065550199',
    };
    const driver = open({ Url: origin, Body: JSON.stringify(everything) });
    const message: OutgoingMessage = { key: newId(), channelType: 'VOICE', address: '+4915112345678', content };
    expect(await deliver(driver, [message])).toMatchObject([{ status: 'SUCCESSFUL' }]);
    expect(JSON.parse(received[0]?.body as string)).toEqual({
      ...{ to: '+4915112345678', from: '+12065550199', body: '<speak>Hi</speak>', id: message.key, channel: 'VOICE' },
      voiceId: 'Joanna',
    });
  });

  it('no text can change their form', async () => {
    const { received, origin } = await gateway(accept);
    const parts = partsOf();
    const json = open({ Url: `${origin}/json` }, parts);
    const form = open({ Url: `${origin}/form?q={body}`, BodyFormat: 'FORM', Body: 'to={to}&text={body}' }, parts);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.string({ maxLength: 20 }),
        async (body, address) => {
          received.length = 0;
          await deliver(json, [sms(body, { address })]);
          await deliver(form, [sms(body, { address })]);
          expect(JSON.parse(received[0]?.body as string)).toEqual({ to: address, text: body });
          expect([...new URLSearchParams(received[1]?.body)]).toEqual([
            ['to', address],
            ['text', body],
          ]);
          expect([...new URL(received[1]?.url as string, origin).searchParams]).toEqual([['q', body]]);
        },
      ),
      { numRuns: 60 },
    );
  }, 30_000);

  it('without MessageIdPath receipts name the id of the request', async () => {
    const { origin } = await gateway((response) => response.writeHead(200).end('OK'));
    const message = sms('x');
    expect(await deliver(open({ Url: origin, MessageIdPath: undefined }), [message])).toMatchObject([
      { status: 'SUCCESSFUL', messageId: message.key },
    ]);
  });

  it('none for what is neither SMS nor voice', async () => {
    const { received, origin } = await gateway(accept);
    const message: OutgoingMessage = { ...sms('x'), content: { kind: 'push', payload: '{}', headers: {} } };
    expect(await deliver(open({ Url: origin }), [message])).toMatchObject([{ status: 'PERMANENT_FAILURE' }]);
    expect(received).toEqual([]);
  });
});

describe('answers', () => {
  const later = new Date(now.getTime() + 90_000).toUTCString();
  it.each([
    [400, {}, { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [404, {}, { status: 'PERMANENT_FAILURE', statusCode: 404 }],
    [401, {}, { status: 'PERMANENT_FAILURE', statusCode: 401, providerIsDown: true }],
    [403, {}, { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [408, {}, { status: 'TEMPORARY_FAILURE', statusCode: 408 }],
    [429, { 'retry-after': '7' }, { status: 'THROTTLED', statusCode: 429, retryAfterMilliseconds: 7_000 }],
    [429, { 'retry-after': later }, { status: 'THROTTLED', statusCode: 429, retryAfterMilliseconds: 90_000 }],
    [429, { 'retry-after': 'soon' }, { status: 'THROTTLED', statusCode: 429 }],
    [500, {}, { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
    [
      503,
      { 'retry-after': '1' },
      { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true, retryAfterMilliseconds: 1_000 },
    ],
    [502, {}, { status: 'UNKNOWN_FAILURE', statusCode: 502, providerIsDown: true }],
    [504, {}, { status: 'UNKNOWN_FAILURE', statusCode: 504, providerIsDown: true }],
    [206, {}, { status: 'PERMANENT_FAILURE', statusCode: 206 }],
  ])('%i %j', async (status, headers, outcome) => {
    const { origin } = await gateway((response) => response.writeHead(status, headers).end('{"error":"words"}'));
    expect(await deliver(open({ Url: origin }), [sms('x')])).toEqual([
      { ...outcome, statusMessage: `HTTP ${status}: {"error":"words"}` },
    ]);
  });

  it.each([
    '',
    'OK',
    '{}',
    '{"messages":[]}',
    '{"messages":[{"id":""}]}',
    '{"messages":[{"id":{"a":1}}]}',
    '[',
    'null',
  ])('success without an id: %s', async (text) => {
    const { origin } = await gateway((response) => response.writeHead(200).end(text));
    const [outcome] = await deliver(open({ Url: origin }), [sms('x')]);
    expect(outcome).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 200 });
    expect(outcome).not.toHaveProperty('messageId');
  });

  it('paths of ids', async () => {
    const { origin } = await gateway(accept);
    const read = async (MessageIdPath: string) =>
      (await deliver(open({ Url: origin, MessageIdPath }), [sms('x')]))[0]?.messageId;
    expect([await read('messages.1.id'), await read('messages.length'), await read('constructor.name')]).toEqual([
      '90071992547409931',
      undefined,
      undefined,
    ]);
  });

  it('never quote our secrets', async () => {
    const { origin } = await gateway((response, { headers }) => response.writeHead(400).end(JSON.stringify(headers)));
    const Headers = { Authorization: 'Bearer s3cret-token', 'X-Key': 'another-secret' };
    const [outcome] = await deliver(open({ Url: origin, Headers }), [sms('x')]);
    expect(outcome?.statusMessage).not.toMatch(/s3cret-token|another-secret/);
    expect(outcome?.statusMessage).toContain('"x-key":"***"');
    expect(outcome?.statusMessage.length).toBeLessThan(320);
  });

  it('redirects lead nowhere, least of all into closed networks', async () => {
    const inside = await gateway((response) => response.end('secret of the inside'));
    const { origin } = await gateway((response) =>
      response.writeHead(302, { location: `${inside.origin}/admin` }).end(),
    );
    expect(await deliver(open({ Url: origin }), [sms('x')])).toMatchObject([
      { status: 'PERMANENT_FAILURE', statusCode: 302 },
    ]);
    expect(inside.received).toEqual([]);
  });

  it('closed networks are not connected to', async () => {
    const { origin, received } = await gateway(accept);
    for (const Url of [
      origin,
      origin.replace('127.0.0.1', 'localhost'),
      origin.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    ]) {
      const [outcome] = await deliver(open({ Url }, partsOf([])), [sms('x')]);
      expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', providerIsDown: true });
    }
    expect(received).toEqual([]);
  });

  it('no answer', async () => {
    const { origin } = await gateway((response, { url }) => {
      if (url === '/broken') response.destroy();
      if (url === '/large') response.end('x'.repeat(300_000));
      if (url === '/garbage') response.socket?.end('nothing of HTTP\r\n\r\n');
    });
    const parts = partsOf();
    const outcome = async (Url: string) => (await deliver(open({ Url, TimeoutSeconds: 1 }, parts), [sms('x')]))[0];
    expect(await outcome(`${origin}/slow`)).toMatchObject({
      status: 'UNKNOWN_FAILURE',
      statusCode: 504,
      providerIsDown: true,
    });
    expect(await outcome(`${origin}/broken`)).toMatchObject({ status: 'UNKNOWN_FAILURE', providerIsDown: true });
    expect(await outcome(`${origin}/garbage`)).toMatchObject({ status: 'UNKNOWN_FAILURE', providerIsDown: true });
    expect(await outcome(`${origin}/large`)).toMatchObject({ status: 'UNKNOWN_FAILURE', providerIsDown: false });
    expect(await outcome('http://127.0.0.1:1/')).toMatchObject({
      status: 'TEMPORARY_FAILURE',
      statusCode: 503,
      providerIsDown: true,
    });
  });
});

describe('deliveries', () => {
  it('all at once, each answer to its message', async () => {
    const { origin, received } = await gateway((response, { body }) => {
      const { to } = JSON.parse(body) as { to: string };
      setTimeout(() => response.end(JSON.stringify({ id: to })), Math.random() * 30);
    });
    const driver = open({ Url: origin, MessageIdPath: 'id' });
    expect(driver.limits).toEqual({ batch: 16, concurrency: 4 });
    const messages = Array.from({ length: 100 }, (_, at) => sms('x', { address: `+49151123456${at}` }));
    const outcomes = await deliver(driver, messages);
    expect(outcomes.map(({ messageId }) => messageId)).toEqual(messages.map(({ address }) => address));
    expect(received).toHaveLength(100);
  });

  it('a stop: what was sent is answered, what was not is temporary', async () => {
    const { origin } = await gateway((response) => setTimeout(() => accept(response), 100));
    const driver = open({ Url: origin });
    const stop = new AbortController();
    const delivered = deliver(driver, [sms('x'), sms('y')], stop.signal);
    await pause(30);
    stop.abort();
    expect(await delivered).toMatchObject([{ status: 'SUCCESSFUL' }, { status: 'SUCCESSFUL' }]);
    expect(await deliver(driver, [sms('z')], stop.signal)).toMatchObject([{ status: 'TEMPORARY_FAILURE' }]);
  });
});

it('a stop does not wait for ever', async () => {
  const { origin, received } = await gateway(() => undefined);
  const stop = new AbortController();
  const delivered = deliver(open({ Url: origin, TimeoutSeconds: 60 }), [sms('x')], stop.signal);
  while (received.length === 0) await pause(5);
  stop.abort();
  expect(await delivered).toMatchObject([{ status: 'UNKNOWN_FAILURE' }]);
}, 10_000);

describe('callbacks', () => {
  const CallbackSecret = 'a secret that is long enough';
  const sign = (body: string, secret = CallbackSecret) => createHmac('sha256', secret).update(body).digest('hex');
  const call = (
    body: string,
    headers: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>> = {},
  ) =>
    httpDriver.readCallback?.(
      httpDriver.readSettings({ ...usual, CallbackSecret, ...settings }),
      { method: 'POST', url: 'https://repoint.example.com/callback', headers, body: Buffer.from(body) },
      partsOf(),
    );
  const news = JSON.stringify({
    receipts: [
      { id: 'abc', status: 'DELIVERED', at: '2026-11-01T10:00:00+02:00' },
      { id: 'def', status: 'PENDING', channel: 'VOICE' },
    ],
    messages: [{ id: 'in-1', from: '4915112345678', to: '72345', body: 'STOP', at: null }],
  });

  it.each([
    ['x-signature', {}, ''],
    ['x-hub-signature', { SignatureHeader: 'X-Hub-Signature' }, 'sha256='],
  ])('signed in %s', async (header, settings, prefix) => {
    const answer = await call(news, { [header]: `${prefix}${sign(news)}` }, settings);
    expect(answer).toEqual({
      status: 204,
      news: [
        {
          ...{
            type: 'receipt',
            messageId: 'abc',
            channel: 'SMS',
            recordStatus: 'DELIVERED',
            delivered: true,
            final: true,
          },
          at: new Date('2026-11-01T08:00:00Z'),
        },
        {
          ...{
            type: 'receipt',
            messageId: 'def',
            channel: 'VOICE',
            recordStatus: 'PENDING',
            delivered: false,
            final: false,
          },
          at: now,
        },
        {
          ...{
            type: 'inbound message',
            inboundMessageId: 'in-1',
            from: '+4915112345678',
            to: '72345',
            body: 'STOP',
            at: now,
          },
        },
      ],
    });
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>]>([
    ['none', {}, {}],
    ['of another secret', { 'x-signature': sign(news, 'a secret of somebody else') }, {}],
    ['of another body', { 'x-signature': sign(`${news} `) }, {}],
    ['cut short', { 'x-signature': sign(news).slice(0, 40) }, {}],
    ['in another header', { 'x-other': sign(news) }, {}],
    ['where no secret is set', { 'x-signature': sign(news, '') }, { CallbackSecret: undefined }],
  ])('a signature %s is refused', async (_name, headers, settings) => {
    await expect(call(news, headers, settings)).rejects.toThrow(CallbackRefused);
  });

  it.each([
    'nothing',
    '[]',
    '{"receipts":{}}',
    '{"receipts":[1]}',
    '{"receipts":[{"status":"DELIVERED"}]}',
    '{"receipts":[{"id":"private","status":"toString"}]}',
    '{"receipts":[{"id":"private","status":"DELIVERED","at":"yesterday"}]}',
    '{"receipts":[{"id":"private","status":"DELIVERED","channel":"EMAIL"}]}',
    '{"messages":[{"id":"1","from":"private","to":"72345","body":"x"}]}',
    '{"messages":[{"id":"1","from":"+4915112345678","to":"72345","body":7}]}',
    `{"receipts":[${Array(1_001).fill('{"id":"a","status":"DELIVERED"}').join()}]}`,
  ])('of another form: 400, and nothing is taken %#', async (body) => {
    const answer = await call(body, { 'x-signature': sign(body) });
    expect(answer).toMatchObject({ status: 400, news: [] });
    expect(answer?.body).not.toContain('private');
  });
});

describe('settings', () => {
  it('are shown without secrets, and read from what was shown', () => {
    const given = {
      ...usual,
      Headers: { Authorization: 'Bearer x' },
      CallbackSecret: 'x'.repeat(16),
      ParallelRequests: 5,
    };
    const settings = httpDriver.readSettings(given);
    const shown = JSON.parse(JSON.stringify(httpDriver.show(settings)));
    expect(shown).toMatchObject({ HeaderNames: ['authorization'], HasCallbackSecret: true, ParallelRequests: 5 });
    expect(JSON.stringify(shown)).not.toMatch(/Bearer|xxxx/);
    expect(httpDriver.readSettings({ ...shown, Headers: given.Headers, CallbackSecret: given.CallbackSecret })).toEqual(
      settings,
    );
    expect(httpDriver.open(settings, partsOf()).limits).toEqual({ batch: 5, concurrency: 1 });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['Url', { Url: undefined }],
    ['Url', { Url: 'ftp://x' }],
    ['Url', { Url: 'https://user:password@x/' }],
    ['Url', { Url: 'https://{to}.example.com/' }],
    ['Url', { Url: 'https://x/{to}' }],
    ['Url', { Url: 'https://x/?a={nothing}' }],
    ['Method', { Method: 'DELETE' }],
    ['Body', { Method: 'GET' }],
    ['Body', { Body: '{"to":{to}}' }],
    ['Body', { Body: '{"to":"{number}"}' }],
    ['Body', { Body: 'to={number}', BodyFormat: 'FORM' }],
    ['BodyFormat', { BodyFormat: 'XML' }],
    ['Headers', { Headers: 'a: b' }],
    ['Headers', { Headers: { 'a b': 'c' } }],
    ['Headers', { Headers: { a: 'c\r\nd: e' } }],
    ['Headers', { Headers: { Host: 'x' } }],
    ['Headers', { Headers: { 'Content-Length': '1' } }],
    ['SuccessStatuses', { SuccessStatuses: [302] }],
    ['SuccessStatuses', { SuccessStatuses: [] }],
    ['MessageIdPath', { MessageIdPath: 'a..b' }],
    ['TimeoutSeconds', { TimeoutSeconds: 0 }],
    ['ParallelRequests', { ParallelRequests: 0 }],
    ['CallbackSecret', { CallbackSecret: 'short' }],
    ['SignatureHeader', { SignatureHeader: 'two words' }],
    ['Token', { Token: 'x' }],
  ])('%s: %j is refused', (name, given) => {
    expect(() => httpDriver.readSettings({ ...usual, ...given })).toThrow(
      expect.objectContaining({ name: 'BadRequestException', message: expect.stringContaining(name) }),
    );
  });
});
