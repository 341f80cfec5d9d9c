/** FCM driver against servers that behave as Google's (OAuth over HTTP, v1 over HTTP/2) and as a legacy gateway. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { jwtVerify } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  serverCertificate,
  type TestCertificate,
  trustCertificate,
} from '../../../../../tests/support/certificates.ts';
import { deliverAll } from '../../../../../tests/support/driver-parts.ts';
import { bodyOf, startHttp2Server } from '../../../../../tests/support/http2-server.ts';
import { type ProviderAnswer, startProvider } from '../../../../../tests/support/provider-server.ts';
import { countStatuses, partsOf, pushMessage } from '../../../../../tests/support/push-drivers.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { ServiceError } from '../../../../kernel/errors.ts';
import type { Driver } from '../../driver.ts';
import { fcm } from './index.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const account = {
  project_id: 'shop-1',
  client_email: 'sender@shop-1.iam.gserviceaccount.com',
  private_key_id: 'kid-1',
  private_key: privateKey,
};
const payload = { data: { 'pinpoint.openApp': 'true' }, android: { priority: 'NORMAL' } };
const after: (() => Promise<unknown>)[] = [];
let certificate: TestCertificate;

beforeAll(async () => {
  certificate = await serverCertificate();
  trustCertificate(certificate);
});
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `undefined`: the stream is left without an answer. */
type Answer = (
  request: Request,
  number: number,
) => { status: number; body: string | object; headers?: Record<string, string> } | undefined;

const accept: Answer = (_request, number) => ({ status: 200, body: { name: `projects/shop-1/messages/${number}` } });

async function startGoogle(answer: Answer, token?: (number: number) => ProviderAnswer | 'hang up') {
  const requests: Request[] = [];
  const respond = async (stream: ServerHttp2Stream, number: number, headers: IncomingHttpHeaders) => {
    const request = { headers, body: await bodyOf(stream) };
    requests.push(request);
    const given = answer(request, number);
    if (given === undefined || stream.destroyed) return;
    stream.respond({ ':status': given.status, ...given.headers });
    stream.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
  };
  const server = await startHttp2Server(certificate, (stream, number, headers) => {
    void respond(stream, number, headers).catch(() => stream.destroy());
  });
  const oauth = await startProvider(
    (_request, number) =>
      token?.(number) ?? { status: 200, body: { access_token: `token-${number}`, expires_in: 3600 } },
  );
  after.push(server.close, oauth.close);
  const ServiceJson = JSON.stringify({ ...account, token_uri: `${oauth.url}/token` });
  return { settings: { ServiceJson, BaseUrl: server.origin }, requests, tokenRequests: oauth.requests, ...server };
}

function open(settings: Record<string, unknown>, parts = partsOf()): Driver {
  const driver = fcm.open(fcm.readSettings(settings), parts);
  after.push(
    () => driver.close(),
    () => parts.http.close(),
  );
  return driver;
}

const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => pushMessage('GCM', `device-${index}`, payload));

const errorBody = (code: number, status: string, errorCode?: string, extra: readonly object[] = []) => ({
  error: {
    code,
    status,
    message: 'In words.',
    details: [
      ...extra,
      ...(errorCode === undefined
        ? []
        : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]),
    ],
  },
});

describe('HTTP v1', () => {
  test('an assertion signed by the service account buys a token; the payload leaves with the device token', async () => {
    const { settings, requests, tokenRequests } = await startGoogle(accept);
    const clock = new ManualClock('2026-11-02T10:00:00Z');
    const driver = open(settings, partsOf(clock));
    expect(await deliverAll(driver, messages(2))).toMatchObject([
      {
        status: 'SUCCESSFUL',
        statusCode: 200,
        statusMessage: 'MessageId: projects/shop-1/messages/0',
        messageId: 'projects/shop-1/messages/0',
      },
      { status: 'SUCCESSFUL' },
    ]);
    expect(requests[0]?.headers).toMatchObject({
      ':method': 'POST',
      ':path': '/v1/projects/shop-1/messages:send',
      authorization: 'Bearer token-0',
      'content-type': 'application/json',
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ message: { ...payload, token: 'device-0' } });

    const form = new URLSearchParams(tokenRequests[0]?.body.toString());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const assertion = await jwtVerify(form.get('assertion') ?? '', createPublicKey(keys.privateKey), {
      currentDate: clock.now(),
    });
    expect(assertion.protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'kid-1' });
    expect(assertion.payload).toEqual({
      scope: 'https://www.googleapis.com/auth/firebase.messaging',
      iss: account.client_email,
      aud: JSON.parse(settings.ServiceJson).token_uri,
      iat: clock.now().getTime() / 1000,
      exp: clock.now().getTime() / 1000 + 3600,
    });

    clock.advance(54 * 60_000);
    await deliverAll(driver, messages(1));
    clock.advance(2 * 60_000);
    await deliverAll(driver, messages(1));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      ['token-0', 'token-0', 'token-0', 'token-1'].map((token) => `Bearer ${token}`),
    );
  });

  test.each([
    [
      'UNREGISTERED',
      404,
      errorBody(404, 'NOT_FOUND', 'UNREGISTERED'),
      {},
      { status: 'PERMANENT_FAILURE', addressIsDead: true },
    ],
    ['no such project', 404, errorBody(404, 'NOT_FOUND'), {}, { status: 'PERMANENT_FAILURE', providerIsDown: true }],
    [
      'SENDER_ID_MISMATCH',
      403,
      errorBody(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH'),
      {},
      { status: 'PERMANENT_FAILURE' },
    ],
    [
      'PERMISSION_DENIED',
      403,
      errorBody(403, 'PERMISSION_DENIED'),
      {},
      { status: 'PERMANENT_FAILURE', providerIsDown: true },
    ],
    [
      'INVALID_ARGUMENT',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'),
      {},
      { status: 'PERMANENT_FAILURE' },
    ],
    [
      'INVALID_ARGUMENT: the token',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', [{ fieldViolations: [{ field: 'message.token' }] }]),
      {},
      { status: 'PERMANENT_FAILURE', addressIsDead: true },
    ],
    [
      'THIRD_PARTY_AUTH_ERROR',
      401,
      errorBody(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR'),
      {},
      { status: 'PERMANENT_FAILURE' },
    ],
    [
      'QUOTA_EXCEEDED',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'),
      { 'retry-after': '9' },
      { status: 'THROTTLED', retryAfterMilliseconds: 9_000 },
    ],
    [
      'QUOTA_EXCEEDED without a time',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'),
      {},
      { status: 'THROTTLED', retryAfterMilliseconds: 60_000 },
    ],
    [
      'UNAVAILABLE',
      503,
      errorBody(503, 'UNAVAILABLE', 'UNAVAILABLE'),
      { 'retry-after': '3' },
      { status: 'TEMPORARY_FAILURE', providerIsDown: true, retryAfterMilliseconds: 3_000 },
    ],
    [
      'INTERNAL',
      500,
      errorBody(500, 'INTERNAL', 'INTERNAL'),
      {},
      { status: 'TEMPORARY_FAILURE', providerIsDown: true },
    ],
    [
      'a page of something else',
      502,
      '<html>Bad gateway</html>',
      {},
      { status: 'TEMPORARY_FAILURE', providerIsDown: true },
    ],
    ['accepted, in unknown words', 200, 'garbage', {}, { status: 'UNKNOWN_FAILURE' }],
  ])('%s', async (_name, status, body, headers: Record<string, string>, expected) => {
    const { settings, tokenRequests } = await startGoogle(() => ({ status, body, headers }));
    const [outcome] = await deliverAll(open(settings), messages(1));
    const { statusCode, statusMessage, ...rest } = { ...outcome };
    expect(rest).toEqual(expected);
    expect(statusCode).toBe(status);
    expect(statusMessage).not.toBe('');
    expect(tokenRequests.length).toBe(1);
  });

  test('an access token that is no longer taken is renewed once for all', async () => {
    const { settings, tokenRequests, requests } = await startGoogle((request, number) =>
      request.headers.authorization === 'Bearer token-0'
        ? { status: 401, body: errorBody(401, 'UNAUTHENTICATED') }
        : accept(request, number),
    );
    expect(countStatuses(await deliverAll(open(settings), messages(40)))).toEqual({ SUCCESSFUL: 40 });
    expect(tokenRequests.length).toBe(2);
    expect(requests.length).toBe(80);
  });
});

describe('no access token: nothing is sent', () => {
  test.each<[string, ProviderAnswer | 'hang up', object]>([
    [
      'the account is refused',
      { status: 400, body: { error: 'invalid_grant', error_description: 'Account deleted' } },
      {
        status: 'PERMANENT_FAILURE',
        statusCode: 400,
        statusMessage: 'FCM refused the credentials: invalid_grant: Account deleted',
        providerIsDown: true,
      },
    ],
    [
      'garbage',
      { status: 200, body: '<html>' },
      { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true },
    ],
    [
      'a token that fits no header',
      { status: 200, body: { access_token: 'a\nb' } },
      { status: 'TEMPORARY_FAILURE', providerIsDown: true },
    ],
    ['hangs up', 'hang up', { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true }],
    [
      'too often',
      { status: 429, headers: { 'retry-after': '5' } },
      { status: 'THROTTLED', retryAfterMilliseconds: 5_000, providerIsDown: true },
    ],
    ['down', { status: 500 }, { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
  ])('%s', async (_name, answer, expected) => {
    const { settings, requests, tokenRequests } = await startGoogle(accept, () => answer);
    const outcomes = await deliverAll(open(settings), messages(3));
    for (const outcome of outcomes) expect(outcome).toMatchObject(expected);
    expect(requests.length).toBe(0);
    expect(tokenRequests.length).toBe(1);
  });
});

describe('whatever happens, each message is reported once', () => {
  test('the connection is cut in the middle of a batch', async () => {
    const server = await startGoogle((request, number) => (number === 120 ? undefined : accept(request, number)));
    const cut = setInterval(() => {
      if (server.streams() < 121) return;
      clearInterval(cut);
      for (const session of server.sessions) session.destroy();
    }, 5);
    const counts = countStatuses(await deliverAll(open(server.settings), messages(300)));
    clearInterval(cut);
    expect((counts.SUCCESSFUL ?? 0) + (counts.UNKNOWN_FAILURE ?? 0)).toBe(300);
    expect(counts.UNKNOWN_FAILURE).toBeGreaterThanOrEqual(1);
  });
  test('the process stops while the token is still awaited', async () => {
    const stop = new AbortController();
    const { settings, requests } = await startGoogle(accept, () => {
      stop.abort();
      return { status: 200, body: { access_token: 't' } };
    });
    expect(countStatuses(await deliverAll(open(settings), messages(20), stop.signal))).toEqual({
      TEMPORARY_FAILURE: 20,
    });
    expect(requests.length).toBe(0);
  });
});

describe('the legacy form', () => {
  test('server keys alone have nobody to go to', async () => {
    const [outcome] = await deliverAll(open({ ApiKey: 'key-1' }), messages(1));
    expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(outcome?.statusMessage).toContain('ServiceJson');
  });
  test('a message that asks for a method without credentials', async () => {
    const [outcome] = await deliverAll(open({ ApiKey: 'key-1' }), [
      pushMessage('GCM', 'a', payload, { authentication: 'TOKEN' }),
    ]);
    expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
  });
  test('to a gateway: the same data, and the new token of a device', async () => {
    const gateway = await startProvider(() => ({
      status: 200,
      body: { success: 1, canonical_ids: 1, results: [{ message_id: '1:08', registration_id: 'device-new' }] },
    }));
    after.push(gateway.close);
    const message = {
      ...payload,
      notification: { title: 'T' },
      android: {
        priority: 'HIGH',
        ttl: '60s',
        collapse_key: 'c',
        restricted_package_name: 'com.example',
        notification: { channel_id: 'n', icon: 'i' },
      },
    };
    expect(
      await deliverAll(open({ ApiKey: 'key-1', BaseUrl: `${gateway.url}/fcm/send` }), [
        pushMessage('GCM', 'device-0', message),
      ]),
    ).toEqual([
      {
        status: 'SUCCESSFUL',
        statusCode: 200,
        statusMessage: 'MessageId: 1:08',
        messageId: '1:08',
        updatedAddress: 'device-new',
      },
    ]);
    const [request] = gateway.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/fcm/send', headers: { authorization: 'key=key-1' } });
    expect(JSON.parse(String(request?.body))).toEqual({
      to: 'device-0',
      data: payload.data,
      notification: { title: 'T', icon: 'i', android_channel_id: 'n' },
      priority: 'high',
      time_to_live: 60,
      collapse_key: 'c',
      restricted_package_name: 'com.example',
    });
  });
  test.each<[ProviderAnswer, object]>([
    [
      { status: 200, body: { results: [{ error: 'NotRegistered' }] } },
      { status: 'PERMANENT_FAILURE', statusMessage: 'NotRegistered', addressIsDead: true },
    ],
    [
      { status: 200, body: { results: [{ error: 'MismatchSenderId' }] } },
      { status: 'PERMANENT_FAILURE', statusCode: 400 },
    ],
    [
      { status: 200, body: { results: [{ error: 'Unavailable' }] }, headers: { 'retry-after': '2' } },
      { status: 'TEMPORARY_FAILURE', retryAfterMilliseconds: 2_000 },
    ],
    [
      { status: 200, body: { results: [{ error: 'DeviceMessageRateExceeded' }] } },
      { status: 'THROTTLED', statusCode: 429 },
    ],
    [{ status: 200, body: 'garbage' }, { status: 'UNKNOWN_FAILURE' }],
    [{ status: 401 }, { status: 'PERMANENT_FAILURE', providerIsDown: true }],
    [{ status: 503 }, { status: 'TEMPORARY_FAILURE', providerIsDown: true }],
  ])('%j', async (answer, expected) => {
    const gateway = await startProvider(() => answer);
    after.push(gateway.close);
    const [outcome] = await deliverAll(open({ ApiKey: 'key-1', BaseUrl: gateway.url }), messages(1));
    expect(outcome).toMatchObject(expected);
  });
});

describe('settings', () => {
  const ServiceJson = JSON.stringify(account);
  test('TOKEN when the service account is all there is, otherwise the default of the contract', () => {
    expect(fcm.readSettings({ ServiceJson }).DefaultAuthenticationMethod).toBe('TOKEN');
    expect(fcm.readSettings({ ServiceJson, ApiKey: 'k' }).DefaultAuthenticationMethod).toBe('KEY');
    expect(fcm.readSettings({ ApiKey: 'k' }).DefaultAuthenticationMethod).toBe('KEY');
    expect(
      fcm.readSettings({ ServiceJson, ApiKey: 'k', DefaultAuthenticationMethod: 'token' }).DefaultAuthenticationMethod,
    ).toBe('TOKEN');
  });
  test('no secret is shown', () => {
    const shown = fcm.show(fcm.readSettings({ ServiceJson, ApiKey: 'key-1' }));
    expect(shown).toMatchObject({ HasFcmServiceCredentials: true, HasApiKey: true, ProjectId: 'shop-1' });
    expect(JSON.stringify(shown)).not.toMatch(/PRIVATE|key-1|client_email/);
  });
  test.each([
    ['ServiceJson or ApiKey', {}],
    ['ServiceJson is required', { ApiKey: 'k', DefaultAuthenticationMethod: 'TOKEN' }],
    ['ServiceJson must be JSON', { ServiceJson: 'secret{' }],
    ['member project_id', { ServiceJson: '{}' }],
    ['member private_key', { ServiceJson: JSON.stringify({ ...account, private_key: undefined }) }],
    [
      'private_key of ServiceJson must be a private key',
      { ServiceJson: JSON.stringify({ ...account, private_key: 'secret' }) },
    ],
    [
      'must be https on googleapis.com',
      { ServiceJson: JSON.stringify({ ...account, token_uri: 'http://oauth2.googleapis.com/token' }) },
    ],
    [
      'must be https on googleapis.com',
      { ServiceJson: JSON.stringify({ ...account, token_uri: 'https://googleapis.com.secret.example/' }) },
    ],
    [
      'must be https on googleapis.com',
      { ServiceJson: JSON.stringify({ ...account, token_uri: 'https://secret@evilgoogleapis.com/' }) },
    ],
    ['DefaultAuthenticationMethod must be', { ServiceJson, DefaultAuthenticationMethod: 'CERTIFICATE' }],
  ])('%s', (words, given) => {
    const read = () => fcm.readSettings(given);
    expect(read).toThrow(ServiceError);
    expect(read).toThrow(words);
    expect(read).not.toThrow('secret');
  });
});
