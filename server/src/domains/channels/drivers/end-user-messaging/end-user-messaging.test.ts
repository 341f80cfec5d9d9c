/** The driver of AWS End User Messaging: the real SDK against a real HTTP server that speaks the service's protocol. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { deliverAll, testDriverParts } from '../../../../../tests/support/driver-parts.ts';
import { answerJson, startProviderServer } from '../../../../../tests/support/provider-server.ts';
import type { OutgoingMessage, SmsContent, VoiceContent } from '../../message.ts';
import { endUserMessaging } from './index.ts';

const provider = await startProviderServer();
const parts = testDriverParts();
const closedParts = testDriverParts({ allowed: [] });

const keys = { AccessKeyId: 'AKIDEXAMPLE000000001', SecretAccessKey: 'secret-of-the-access-key-0001' };
const given = { ...keys, Region: 'eu-central-1', BaseUrl: provider.origin };
const open = (more: Readonly<Record<string, unknown>> = {}, of = parts) =>
  endUserMessaging.open(endUserMessaging.readSettings({ ...given, ...more }), of);
const driver = open();

const sms = (content: Partial<SmsContent> = {}, address = '+12065550142'): OutgoingMessage => ({
  ...{ key: randomBytes(16).toString('hex'), channelType: 'SMS', address },
  content: { kind: 'sms', body: 'Grüße 😀', messageType: 'PROMOTIONAL', ...content },
});
const call = (content: Partial<VoiceContent> = {}): OutgoingMessage => ({
  ...{ key: randomBytes(16).toString('hex'), channelType: 'VOICE', address: '+12065550142' },
  content: { kind: 'voice', body: 'Hello', ...content },
});
const only = async (message: OutgoingMessage, of = driver) => (await deliverAll(of, [message]))[0];
const accept = () => provider.answerWith((_request, response) => answerJson(response, 200, { MessageId: 'id-1' }));
const refuse = (status: number, name: string, more = {}, headers = {}) =>
  provider.answerWith((_request, response) =>
    answerJson(response, status, { __type: `com.amazonaws#${name}`, Message: 'told so', ...more }, headers),
  );
const sent = () => JSON.parse(provider.received.at(-1)?.body ?? 'null');

describe('what is sent', () => {
  test('an SMS', async () => {
    accept();
    const message = sms();
    expect(await only(message)).toEqual({
      ...{ status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'MessageId: id-1', messageId: 'id-1' },
    });
    const { headers } = provider.received[0] ?? {};
    expect(headers).toMatchObject({ 'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage' });
    expect(headers?.['authorization']).toContain(`Credential=${keys.AccessKeyId}/`);
    expect(headers?.['authorization']).toContain('/eu-central-1/sms-voice/aws4_request');
    expect(sent()).toEqual({
      ...{ DestinationPhoneNumber: '+12065550142', MessageBody: 'Grüße 😀', MessageType: 'PROMOTIONAL' },
      Context: { RepointKey: message.key },
    });
  });

  test('with everything that may be configured, and the parameters of India', async () => {
    accept();
    const configured = { ConfigurationSetName: 'set', MaxPrice: '0.05', OriginationIdentity: 'pool-1' };
    await only(sms({ entityId: 'E1', templateId: 'T1', messageType: 'TRANSACTIONAL' }), open(configured));
    expect(sent()).toMatchObject({
      ...{ ...configured, MessageType: 'TRANSACTIONAL' },
      DestinationCountryParameters: { IN_ENTITY_ID: 'E1', IN_TEMPLATE_ID: 'T1' },
    });
    await only(sms({ senderId: 'ACME' }), open(configured));
    expect(sent()).toMatchObject({ OriginationIdentity: 'ACME' });
    await only(sms({ senderId: 'ACME', originationNumber: '+15550001111' }), open(configured));
    expect(sent()).toMatchObject({ OriginationIdentity: '+15550001111' });
  });

  test('a call, as text or SSML, in the voice of the message or of its language', async () => {
    accept();
    const voice = open({ OriginationIdentity: '+15550001111', MaxPrice: '0.50' });
    await only(call({ voiceId: 'Joanna' }), voice);
    expect(provider.received[0]?.headers).toMatchObject({ 'x-amz-target': 'PinpointSMSVoiceV2.SendVoiceMessage' });
    expect(sent()).toMatchObject({
      ...{ DestinationPhoneNumber: '+12065550142', OriginationIdentity: '+15550001111', MaxPricePerMinute: '0.50' },
      ...{ MessageBody: 'Hello', MessageBodyTextType: 'TEXT', VoiceId: 'JOANNA' },
    });
    await only(call({ body: '<speak>Hi</speak>', languageCode: 'de-DE' }), voice);
    expect(sent()).toMatchObject({ MessageBodyTextType: 'SSML', VoiceId: 'MARLENE' });
    await only(call({ languageCode: 'de-DE', voiceId: 'Vicki' }), voice);
    expect(sent()).toMatchObject({ VoiceId: 'VICKI' });
    await only(call({ languageCode: 'fr-FR', voiceId: 'Céline' }), voice);
    expect(sent()).toMatchObject({ VoiceId: 'CELINE' });
    await only(call({ languageCode: 'toString', voiceId: 'Nobody' }), voice);
    expect(sent()).not.toHaveProperty('VoiceId');
    expect(await only(call())).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
  });
});

describe('what the service answers', () => {
  it.each([
    [400, 'ThrottlingException', {}, { status: 'THROTTLED', statusCode: 429 }],
    [400, 'ValidationException', { Reason: 'OTHER' }, { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [400, 'ConflictException', { Reason: 'MESSAGE_TYPE_MISMATCH' }, { status: 'PERMANENT_FAILURE', statusCode: 409 }],
    [400, 'ResourceNotFoundException', { ResourceType: 'pool' }, { status: 'PERMANENT_FAILURE' }],
    [400, 'AccessDeniedException', {}, { status: 'PERMANENT_FAILURE', statusCode: 400, providerIsDown: true }],
    [400, 'UnrecognizedClientException', {}, { status: 'PERMANENT_FAILURE', providerIsDown: true }],
    [403, 'InvalidSignatureException', {}, { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [500, 'InternalServerException', { RequestId: 'r' }, { status: 'TEMPORARY_FAILURE', providerIsDown: true }],
    [503, 'ServiceUnavailable', {}, { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true }],
  ])('%i %s', async (status, name, more, expected) => {
    refuse(status, name, more);
    const outcome = await only(sms());
    expect(outcome).toMatchObject(expected);
    expect(outcome?.statusMessage).toContain(name);
    expect(outcome).not.toHaveProperty('addressIsDead');
    expect(outcome?.providerIsDown ?? false).toBe('providerIsDown' in expected);
    expect(provider.received, 'one attempt only: an attempt again may double a message').toHaveLength(1);
  });

  it('tells of a number that opted out, in the words that callers know', async () => {
    refuse(400, 'ConflictException', { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' });
    expect(await only(sms())).toEqual({
      ...{ status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'Destination phone number opted out' },
    });
  });

  it('tells of a number that is none', async () => {
    refuse(400, 'ValidationException', {
      Reason: 'FIELD_VALIDATION_FAILED',
      Fields: [{ Name: 'DestinationPhoneNumber' }],
    });
    expect(await only(sms())).toMatchObject({ status: 'PERMANENT_FAILURE', addressIsDead: true });
  });

  it('tells quotas of a number from those of the account', async () => {
    refuse(400, 'ServiceQuotaExceededException', { Reason: 'DAILY_DESTINATION_CALL_LIMIT' });
    expect(await only(sms())).toMatchObject({ status: 'THROTTLED', statusCode: 429 });
    refuse(400, 'ServiceQuotaExceededException', { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' });
    expect(await only(sms())).toMatchObject({ status: 'PERMANENT_FAILURE', providerIsDown: true });
  });

  it('may ask for a pause', async () => {
    refuse(429, 'TooManyRequestsException', {}, { 'retry-after': '3' });
    expect(await only(sms())).toMatchObject({ status: 'THROTTLED', retryAfterMilliseconds: 3_000 });
  });

  it('may be no answer of the service at all', async () => {
    provider.answerWith((_request, response) => void response.writeHead(502).end('<html>secret words'));
    const outcome = await only(sms());
    expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', statusCode: 502 });
    expect(outcome?.statusMessage).not.toContain('secret');
    for (const garbage of ['{"MessageId"', 'hello', '{}', '[]', '{"MessageId":""}']) {
      provider.answerWith((_request, response) => void response.writeHead(200).end(garbage));
      expect(await only(sms()), garbage).toMatchObject({ status: 'UNKNOWN_FAILURE' });
    }
    provider.answerWith((_request, response) => void response.destroy());
    expect(await only(sms())).toMatchObject({ status: 'UNKNOWN_FAILURE', providerIsDown: true });
    provider.answerWith((_request, response) => void response.writeHead(301, { location: 'http://127.0.0.1/' }).end());
    expect(await only(sms())).toMatchObject({ status: 'PERMANENT_FAILURE', providerIsDown: true });
    expect(provider.received).toHaveLength(1);
  });

  it('may be nothing, or must not be asked for', async () => {
    expect(await only(sms(), open({ BaseUrl: 'http://127.0.0.1:1' }))).toMatchObject({
      ...{ status: 'TEMPORARY_FAILURE', providerIsDown: true },
    });
    accept();
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1']) {
      const BaseUrl = provider.origin.replace('127.0.0.1', host);
      expect(await only(sms(), open({ BaseUrl }, closedParts)), host).toMatchObject({
        ...{ status: 'PERMANENT_FAILURE', statusCode: 400 },
      });
    }
    expect(provider.received).toHaveLength(0);
  });
});

describe('batches', () => {
  it('report every message once, whatever becomes of its neighbours', async () => {
    provider.answerWith(async (request, response) => {
      const { DestinationPhoneNumber: to } = JSON.parse(request.body) as { DestinationPhoneNumber: string };
      const last = Number(to.at(-1));
      if (last === 1) response.destroy();
      else if (last === 2) answerJson(response, 400, { __type: 'ThrottlingException', Message: 'slow down' });
      else if (last === 3)
        response.writeHead(200, { 'content-length': '50' }).write('{"Mess', () => response.destroy());
      else {
        if (last === 4) await pause(100);
        answerJson(response, 200, { MessageId: `id${to}` });
      }
    });
    const messages = Array.from({ length: 60 }, (_, index) => sms({}, `+1206555${String(index).padStart(4, '0')}`));
    for (const [index, outcome] of (await deliverAll(driver, messages)).entries()) {
      const expected = { 1: 'UNKNOWN_FAILURE', 2: 'THROTTLED', 3: 'UNKNOWN_FAILURE' }[index % 10] ?? 'SUCCESSFUL';
      expect(outcome.status).toBe(expected);
      if (expected === 'SUCCESSFUL') expect(outcome.messageId).toBe(`id${messages[index]?.address}`);
    }
  });

  it('wait for what was sent when the process stops, and send nothing more', { timeout: 15_000 }, async () => {
    const stop = new AbortController();
    provider.answerWith(async (_request, response) => {
      stop.abort();
      await pause(150);
      answerJson(response, 200, { MessageId: 'id' });
    });
    expect(await deliverAll(driver, [sms()], stop.signal)).toMatchObject([{ status: 'SUCCESSFUL' }]);
    expect(await deliverAll(driver, [sms()], stop.signal)).toMatchObject([{ status: 'TEMPORARY_FAILURE' }]);
    const again = new AbortController();
    provider.answerWith(() => again.abort());
    expect(await deliverAll(driver, [sms()], again.signal)).toMatchObject([{ status: 'UNKNOWN_FAILURE' }]);
    expect(provider.received).toHaveLength(1);
  });
});

describe('settings', () => {
  it.each([
    [{ ...given, AccessKeyId: undefined }, /AccessKeyId and SecretAccessKey/],
    [{ ...given, AccessKeyId: 'a b' }, /AccessKeyId must be/],
    [{ Region: 'x', SessionToken: 'token' }, /SessionToken is given together/],
    [{ ...given, Region: 'EU Central' }, /Region must be/],
    [{ ...given, MaxPrice: 5 }, /MaxPrice must be/],
    [{ ...given, OriginationIdentity: 'a b' }, /OriginationIdentity must be/],
    [{ ...given, MessagesPerSecond: '5' }, /MessagesPerSecond must be/],
    [{ ...given, Unknown: '5' }, /Settings may have/],
  ])('are checked: %#', (wrong, message) => {
    expect(() => endUserMessaging.readSettings(wrong)).toThrow(message);
  });

  it('may be empty, and are shown without secrets', async () => {
    expect(endUserMessaging.readSettings({})).toEqual({});
    const shown = JSON.stringify(
      endUserMessaging.show(endUserMessaging.readSettings({ ...given, MessagesPerSecond: 20 })),
    );
    expect(shown).toContain(keys.AccessKeyId);
    expect(shown).not.toContain(keys.SecretAccessKey);
    expect(open({ MessagesPerSecond: 20 }).limits).toMatchObject({ messagesPerSecond: 20 });
    await open().close();
    await driver.close();
  });
});
