/** Twilio's driver against a real HTTP server in the form of its API of 2010-04-01, and its callbacks. */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { deliverAll, testDriverParts } from '../../../../../tests/support/driver-parts.ts';
import { answerJson, startProviderServer } from '../../../../../tests/support/provider-server.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { CallbackRefused, type CallbackRequest } from '../../driver.ts';
import type { OutgoingMessage, SmsContent, VoiceContent } from '../../message.ts';
import { twilio } from './index.ts';
import { twilioSignature } from './signature.ts';

const provider = await startProviderServer();
const clock = new ManualClock('2026-11-26T12:00:00Z');
const parts = testDriverParts({ clock });
const closedParts = testDriverParts({ allowed: [] });

const AccountSid = `AC${'0'.repeat(31)}1`;
const AuthToken = 'auth-token-of-the-account-01';
const given = { AccountSid, AuthToken, From: '+15005550006', BaseUrl: provider.origin };
const settings = twilio.readSettings(given);
const driver = twilio.open(settings, parts);

const sms = (content: Partial<SmsContent> = {}, address = '+12065550142'): OutgoingMessage => ({
  key: randomBytes(16).toString('hex'),
  channelType: 'SMS',
  address,
  content: { kind: 'sms', body: 'Hi & welcome, ≤ 5 €', messageType: 'TRANSACTIONAL', ...content },
});
const call = (content: Partial<VoiceContent> = {}): OutgoingMessage => ({
  ...{ key: randomBytes(16).toString('hex'), channelType: 'VOICE', address: '+12065550142' },
  content: { kind: 'voice', body: 'Hello', ...content },
});
const accept = (sid = 'SM1') => provider.answerWith((_request, response) => answerJson(response, 201, { sid }));
const refuse = (status: number, body: unknown, headers = {}) =>
  provider.answerWith((_request, response) => answerJson(response, status, body, headers));
const lastForm = () => Object.fromEntries(new URLSearchParams(provider.received.at(-1)?.body));
const only = async (message: OutgoingMessage, of = driver) => (await deliverAll(of, [message]))[0];

describe('what is sent', () => {
  test('an SMS', async () => {
    accept('SM9');
    expect(await only(sms())).toEqual({
      ...{ status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'MessageId: SM9', messageId: 'SM9' },
    });
    const [request] = provider.received;
    expect(request).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${AccountSid}/Messages.json` });
    expect(request?.headers.authorization).toBe(`Basic ${btoa(`${AccountSid}:${AuthToken}`)}`);
    expect(lastForm()).toEqual({ To: '+12065550142', From: '+15005550006', Body: 'Hi & welcome, ≤ 5 €' });
  });

  test('who sends: number of the message, its sender id, the messaging service, the number of the settings', async () => {
    accept();
    const MessagingServiceSid = `MG${'a'.repeat(32)}`;
    const CallbackUrl = 'https://repoint.example/callbacks/x?y=1';
    const service = twilio.open(twilio.readSettings({ ...given, MessagingServiceSid, CallbackUrl }), parts);
    await only(sms(), service);
    expect(lastForm()).toMatchObject({ MessagingServiceSid, StatusCallback: CallbackUrl });
    expect(lastForm()).not.toHaveProperty('From');
    await only(sms({ senderId: 'ACME' }), service);
    expect(lastForm()).toMatchObject({ From: 'ACME' });
    await only(sms({ senderId: 'ACME', originationNumber: '+15005550009' }), service);
    expect(lastForm()).toMatchObject({ From: '+15005550009' });
    expect(lastForm()).not.toHaveProperty('MessagingServiceSid');
  });

  test('an API key signs in the place of the token', async () => {
    accept();
    const { AuthToken: _none, ...rest } = given;
    const keys = { ApiKeySid: `SK${'b'.repeat(32)}`, ApiKeySecret: 'secret-of-the-api-key' };
    await only(sms(), twilio.open(twilio.readSettings({ ...rest, ...keys }), parts));
    const [request] = provider.received;
    expect(request?.headers.authorization).toBe(`Basic ${btoa(`${keys.ApiKeySid}:${keys.ApiKeySecret}`)}`);
  });

  test('a call speaks the body: language, voice, nothing of it is TwiML', async () => {
    accept('CA1');
    const body = 'Tom & "Jerry" </Say><Dial>+1900</Dial>\u0007';
    expect(await only(call({ body, languageCode: 'en-GB', voiceId: 'Amy' }))).toMatchObject({ messageId: 'CA1' });
    expect(provider.received[0]?.path).toBe(`/2010-04-01/Accounts/${AccountSid}/Calls.json`);
    expect(lastForm()).toEqual({
      ...{ To: '+12065550142', From: '+15005550006' },
      Twiml:
        '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-GB" voice="Polly.Amy">' +
        'Tom &amp; &quot;Jerry&quot; &lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;</Say></Response>',
    });
  });

  test('SSML is passed on', async () => {
    accept();
    const inner = `Your code is <say-as interpret-as='digits'>12</say-as><break time="1s"/> &amp; <amazon:effect name="x">bye</amazon:effect>`;
    await only(call({ body: `<speak xml:lang="en-US">${inner}</speak>` }));
    expect(lastForm()['Twiml']).toContain(`<Say>${inner}</Say>`);
  });

  test.each([
    '<speak>a</Say><Dial>+1900</Dial><Say>b</speak>',
    '<speak><Dial>+1900</Dial></speak>',
    '<speak><p>a</speak>',
    '<speak><p>a</s></speak>',
    '<speak>a & b</speak>',
    '<speak>a <!-- c --></speak>',
    '<speak><![CDATA[</Say>]]></speak>',
    '<speak><p a="<">a</p></speak>',
    '<speak>a',
  ])('SSML that is not well-formed goes nowhere: %s', async (body) => {
    accept();
    expect(await only(call({ body }))).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(provider.received).toHaveLength(0);
  });

  test('a call needs a number to call from', async () => {
    const { From: _none, ...rest } = given;
    const service = twilio.open(twilio.readSettings({ ...rest, MessagingServiceSid: `MG${'a'.repeat(32)}` }), parts);
    expect(await only(call(), service)).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    accept('CA2');
    expect(await only(call({ originationNumber: '+15005550001' }), service)).toMatchObject({ status: 'SUCCESSFUL' });
    expect(lastForm()).toMatchObject({ From: '+15005550001' });
  });
});

describe('what Twilio answers', () => {
  it.each([
    [400, 21610, { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'told so (21610)' }],
    [400, 21211, { status: 'PERMANENT_FAILURE', statusCode: 400, addressIsDead: true }],
    [400, 21614, { status: 'PERMANENT_FAILURE', statusCode: 400, addressIsDead: true }],
    [400, 21602, { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [401, 20003, { status: 'PERMANENT_FAILURE', statusCode: 401, providerIsDown: true }],
    [403, 20005, { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [404, 20404, { status: 'PERMANENT_FAILURE', statusCode: 404, providerIsDown: true }],
    [400, 21611, { status: 'THROTTLED', statusCode: 429 }],
    [429, 20429, { status: 'THROTTLED', statusCode: 429 }],
    [500, 20500, { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
    [503, 20503, { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true }],
  ])('%i with %i', async (status, code, expected) => {
    refuse(status, { status, code, message: 'told so', more_info: 'https://www.twilio.com/docs' });
    const outcome = await only(sms());
    expect(outcome).toMatchObject(expected);
    expect(outcome?.addressIsDead ?? false).toBe(code === 21211 || code === 21614);
    expect(outcome?.messageId).toBeUndefined();
  });

  it('may ask for a pause, in seconds or as a date', async () => {
    refuse(429, { code: 20429, message: 'slow down' }, { 'retry-after': '7' });
    expect(await only(sms())).toMatchObject({ retryAfterMilliseconds: 7_000 });
    refuse(503, {}, { 'retry-after': 'Thu, 26 Nov 2026 12:00:30 GMT' });
    expect(await only(sms())).toMatchObject({ status: 'TEMPORARY_FAILURE', retryAfterMilliseconds: 30_000 });
    refuse(429, {}, { 'retry-after': 'soon' });
    expect(await only(sms())).not.toHaveProperty('retryAfterMilliseconds');
  });

  it('may be no answer of Twilio at all', async () => {
    provider.answerWith((_request, response) => void response.writeHead(502).end('<html>bad gateway'));
    expect(await only(sms())).toMatchObject({ status: 'TEMPORARY_FAILURE', statusMessage: 'Twilio answered 502' });
    for (const garbage of ['{"sid', '[]', 'null', '"sid"', '{"sid":5}']) {
      provider.answerWith((_request, response) => void response.writeHead(201).end(garbage));
      expect(await only(sms())).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 502 });
    }
    provider.answerWith((_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end());
    expect(await only(sms())).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 302, providerIsDown: true });
    expect(provider.received).toHaveLength(1);
    provider.answerWith((_request, response) => void response.end('x'.repeat(2 * 1024 * 1024)));
    expect(await only(sms())).toMatchObject({
      status: 'UNKNOWN_FAILURE',
      statusMessage: expect.stringMatching(/too large/),
    });
  });

  it('has a length', async () => {
    refuse(400, { code: 21601, message: 'x\n'.repeat(5_000) });
    expect((await only(sms()))?.statusMessage.length).toBeLessThanOrEqual(500);
  });

  it('may be nothing', async () => {
    const nobody = twilio.open(twilio.readSettings({ ...given, BaseUrl: 'http://127.0.0.1:1' }), parts);
    expect(await only(sms(), nobody)).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
    const closed = twilio.open(settings, closedParts);
    accept();
    expect(await only(sms(), closed)).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(provider.received).toHaveLength(0);
  });
});

describe('batches', () => {
  it('report every message once, whatever becomes of its neighbours', async () => {
    provider.answerWith(async (request, response) => {
      const to = new URLSearchParams(request.body).get('To') ?? '';
      const last = Number(to.at(-1));
      if (last < 3) answerJson(response, 201, { sid: `SM${to}` });
      else if (last === 3) response.destroy();
      else if (last === 4)
        response.writeHead(200, { 'content-length': '100' }).write('{"sid"', () => response.destroy());
      else if (last === 5) answerJson(response, 429, { code: 20429 });
      else {
        await pause(last * 10);
        answerJson(response, 201, { sid: `SM${to}` });
      }
    });
    const messages = Array.from({ length: 120 }, (_, index) => sms({}, `+1206555${String(index).padStart(4, '0')}`));
    const outcomes = await deliverAll(driver, messages);
    for (const [index, outcome] of outcomes.entries()) {
      const expected = { 3: 'UNKNOWN_FAILURE', 4: 'UNKNOWN_FAILURE', 5: 'THROTTLED' }[index % 10] ?? 'SUCCESSFUL';
      expect(outcome.status).toBe(expected);
      if (expected === 'SUCCESSFUL') expect(outcome.messageId).toBe(`SM${messages[index]?.address}`);
    }
  });

  it('wait for what was sent when the process stops, and send nothing more', async () => {
    const stop = new AbortController();
    provider.answerWith(async (_request, response) => {
      stop.abort();
      await pause(150);
      answerJson(response, 201, { sid: 'SM1' });
    });
    expect(await deliverAll(driver, [sms()], stop.signal)).toMatchObject([{ status: 'SUCCESSFUL' }]);
    expect(await deliverAll(driver, [sms(), sms()], stop.signal)).toMatchObject([
      { status: 'TEMPORARY_FAILURE' },
      { status: 'TEMPORARY_FAILURE' },
    ]);
    expect(provider.received).toHaveLength(1);
  });

  it('wait for a few seconds only', { timeout: 15_000 }, async () => {
    const stop = new AbortController();
    provider.answerWith(() => stop.abort());
    const begun = performance.now();
    expect(await deliverAll(driver, [sms()], stop.signal)).toMatchObject([{ status: 'UNKNOWN_FAILURE' }]);
    expect(performance.now() - begun).toBeGreaterThan(4_000);
  });
});

describe('settings', () => {
  it.each([
    [{ ...given, AccountSid: 'AC12' }, /AccountSid must be/],
    [{ ...given, AccountSid: undefined }, /AccountSid is required/],
    [{ ...given, AuthToken: '' }, /AuthToken or ApiKeySid is required/],
    [{ ...given, AuthToken: 'short' }, /AuthToken must be/],
    [{ ...given, ApiKeySid: `SK${'b'.repeat(32)}` }, /ApiKeySid and ApiKeySecret/],
    [{ ...given, From: undefined }, /From or MessagingServiceSid/],
    [{ ...given, From: 'not a sender id' }, /From must be/],
    [{ ...given, BaseUrl: 'ftp://x' }, /BaseUrl must be/],
    [{ ...given, BaseUrl: 'https://user:pass@x/' }, /BaseUrl must be/],
    [{ ...given, MessagesPerSecond: 0 }, /MessagesPerSecond must be/],
    [{ ...given, Passwort: 'x' }, /Settings may have AccountSid/],
    [
      {
        AccountSid,
        From: '+15005550006',
        ApiKeySid: `SK${'b'.repeat(32)}`,
        ApiKeySecret: 'secret-of-the-key-1',
        CallbackUrl: 'https://x/',
      },
      /AuthToken is required with CallbackUrl/,
    ],
  ])('are checked: %#', (wrong, message) => {
    expect(() => twilio.readSettings(wrong)).toThrow(message);
    for (const value of Object.values(wrong)) {
      if (typeof value !== 'string' || value.length < 5) continue;
      expect(() => twilio.readSettings(wrong)).not.toThrow(value);
    }
  });

  it('are shown without secrets', () => {
    const shown = JSON.stringify(twilio.show(twilio.readSettings({ ...given, MessagesPerSecond: 5 })));
    expect(shown).toContain(AccountSid);
    expect(shown).toContain('"HasAuthToken":true');
    expect(shown).not.toContain(AuthToken);
  });

  it('limit the driver', () => {
    expect(twilio.open(twilio.readSettings({ ...given, MessagesPerSecond: 5 }), parts).limits).toEqual({
      ...{ batch: 32, concurrency: 2, messagesPerSecond: 5 },
    });
    expect(driver.limits).not.toHaveProperty('messagesPerSecond');
  });
});

describe('callbacks', () => {
  const url = 'https://repoint.example/callbacks/abc?x=1';

  /** As Twilio's own documentation describes it: the URL, then names and values in the order of the names. */
  function signed(form: Record<string, string>, { at = url, token = AuthToken } = {}): CallbackRequest {
    const data =
      at +
      Object.keys(form)
        .sort()
        .map((name) => name + form[name])
        .join('');
    const signature = createHmac('sha1', token).update(Buffer.from(data, 'utf8')).digest('base64');
    const body = Buffer.from(new URLSearchParams(form).toString());
    return { method: 'POST', url, headers: { 'x-twilio-signature': signature }, body };
  }
  const read = (request: CallbackRequest, of = settings) => twilio.readCallback?.(of, request, parts);
  const receipt = (form: Record<string, string>) => read(signed({ MessageSid: 'SM1', SmsSid: 'SM1', ...form }));

  it.each([
    ['+14158675310', 'GvWf1cFY/Q7PnoempGyD5oXAezc='],
    ['+12349013030', '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
  ])("has the signature of Twilio's documentation: %s", (caller, signature) => {
    const form = { Digits: '1234', To: '+18005551212', From: caller, Caller: caller, CallSid: 'CA1234567890ABCDE' };
    const at = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(twilioSignature(at, new URLSearchParams(form), '12345').toString('base64')).toBe(signature);
  });

  it.each([
    [{ MessageStatus: 'delivered' }, { delivered: true, final: true, recordStatus: 'DELIVERED' }],
    [{ MessageStatus: 'sent' }, { delivered: false, final: false, recordStatus: 'SUCCESSFUL' }],
    [
      { MessageStatus: 'undelivered', ErrorCode: '30003' },
      { final: true, recordStatus: 'UNREACHABLE' },
    ],
    [
      { MessageStatus: 'undelivered', ErrorCode: '30006' },
      { final: true, recordStatus: 'CARRIER_UNREACHABLE' },
    ],
    [
      { MessageStatus: 'failed', ErrorCode: '21610' },
      { final: true, delivered: false, recordStatus: 'OPTED_OUT' },
    ],
    [
      { MessageStatus: 'failed', ErrorCode: '99999' },
      { final: true, recordStatus: 'UNKNOWN' },
    ],
    [{ MessageStatus: 'failed' }, { final: true, recordStatus: 'UNKNOWN' }],
  ])('tells what became of an SMS: %j', async (form, expected) => {
    expect(await receipt(form as Record<string, string>)).toMatchObject({
      ...{ status: 200, contentType: 'text/xml', body: expect.stringContaining('<Response/>') },
      news: [{ type: 'receipt', channel: 'SMS', messageId: 'SM1', at: clock.now(), ...expected }],
    });
  });

  it.each(['queued', 'sending', 'accepted', 'toString'])('has no news while a message is %s', async (MessageStatus) => {
    expect((await receipt({ MessageStatus }))?.news).toEqual([]);
    expect((await read(signed({ CallSid: 'CA1', CallStatus: MessageStatus })))?.news).toEqual([]);
  });

  it('tells what became of a call', async () => {
    const told = await read(signed({ CallSid: 'CA1', CallStatus: 'busy' }));
    expect(told?.news).toMatchObject([{ channel: 'VOICE', messageId: 'CA1', delivered: false, final: true }]);
    expect((await read(signed({ CallSid: 'CA1', CallStatus: 'completed' })))?.news).toMatchObject([
      { delivered: true },
    ]);
  });

  it('tells of a message that somebody wrote', async () => {
    const form = { MessageSid: 'SM7', SmsStatus: 'received', From: '+12065550142', To: '+15005550006', Body: 'Stop ü' };
    expect(await read(signed(form))).toMatchObject({
      body: expect.stringContaining('<Response/>'),
      news: [
        {
          ...{ type: 'inbound message', inboundMessageId: 'SM7', from: '+12065550142', to: '+15005550006' },
          ...{ body: 'Stop ü', at: clock.now() },
        },
      ],
    });
  });

  it('takes GET, whose parameters are in the URL', async () => {
    const at = `${url}&MessageSid=SM3&MessageStatus=delivered`;
    const request = { ...signed({}, { at }), url: at, method: 'GET', body: Buffer.alloc(0) };
    expect((await read(request))?.news).toMatchObject([{ messageId: 'SM3' }]);
  });

  it('takes a signature over the URL with or without the port of its scheme', async () => {
    const at = 'https://repoint.example:443/callbacks/abc?x=1';
    expect((await read(signed({ MessageSid: 'SM1', MessageStatus: 'sent' }, { at })))?.news).toHaveLength(1);
  });

  it('refuses what Twilio did not sign', async () => {
    const form = { MessageSid: 'SM1', MessageStatus: 'delivered' };
    const good = signed(form);
    const forged: CallbackRequest[] = [
      { ...good, headers: {} },
      { ...good, headers: { 'x-twilio-signature': '' } },
      { ...good, headers: { 'x-twilio-signature': 'AAAA' } },
      { ...good, url: `${url}2` },
      { ...good, body: Buffer.from(`${good.body.toString()}&To=x`) },
      { ...good, body: Buffer.from(good.body.toString().replace('SM1', 'SM2')) },
      { ...good, method: 'GET' },
      signed(form, { token: 'another-token-of-nobody' }),
      signed(form, { at: 'https://elsewhere.example/callbacks/abc?x=1' }),
    ];
    for (const request of forged) await expect(read(request)).rejects.toThrow(CallbackRefused);
    await expect(read(good)).resolves.toMatchObject({ status: 200 });
  });

  it('refuses everything where no token is configured', async () => {
    const { AuthToken: _none, ...rest } = given;
    const keys = { ApiKeySid: `SK${'b'.repeat(32)}`, ApiKeySecret: 'secret-of-the-api-key' };
    const request = signed({ MessageSid: 'SM1', MessageStatus: 'sent' }, { token: '' });
    await expect(read(request, twilio.readSettings({ ...rest, ...keys }))).rejects.toThrow(CallbackRefused);
  });
});
