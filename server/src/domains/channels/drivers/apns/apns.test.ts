/** APNs driver against a server that behaves as Apple's: HTTP/2 with TLS, tokens verified, client certificates asked for. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { IncomingHttpHeaders, SecureServerOptions, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  clientCertificate,
  serverCertificate,
  type TestCertificate,
  trustCertificate,
} from '../../../../../tests/support/certificates.ts';
import { deliverAll } from '../../../../../tests/support/driver-parts.ts';
import { bodyOf, startHttp2Server, type TestHttp2Server } from '../../../../../tests/support/http2-server.ts';
import { countStatuses, partsOf, pushMessage } from '../../../../../tests/support/push-drivers.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { ServiceError } from '../../../../kernel/errors.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import type { Driver } from '../../driver.ts';
import type { OutgoingMessage, PushContent } from '../../message.ts';
import { apns } from './index.ts';
import { originOf } from './settings.ts';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Common name of the client's certificate. */
  readonly client: string | undefined;
}

type Answer = (
  request: Request,
  number: number,
) => { status: number; reason?: string; headers?: Record<string, string> } | undefined;

const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const tokenKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const token = { TokenKey: tokenKey, TokenKeyId: 'KEY1234567', TeamId: 'TEAM123456', BundleId: 'com.example.shop' };
const after: (() => Promise<unknown>)[] = [];
let certificate: TestCertificate;
let client: TestCertificate;

beforeAll(async () => {
  certificate = await serverCertificate();
  client = await clientCertificate('Apple Push Services: com.example.shop');
  trustCertificate(certificate);
});
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

const accept: Answer = () => ({ status: 200 });

async function start(
  answer: Answer,
  options: SecureServerOptions = {},
): Promise<TestHttp2Server & { requests: Request[] }> {
  const requests: Request[] = [];
  const respond = async (stream: ServerHttp2Stream, number: number, headers: IncomingHttpHeaders) => {
    const peer = (stream.session?.socket as TLSSocket | undefined)?.getPeerCertificate();
    const request = { headers, body: await bodyOf(stream), client: peer?.subject?.CN as string | undefined };
    requests.push(request);
    const given = answer(request, number);
    if (given === undefined || stream.destroyed) return;
    stream.respond({ ':status': given.status, 'apns-id': String(headers['apns-id']), ...given.headers });
    stream.end(given.reason === undefined ? undefined : JSON.stringify({ reason: given.reason }));
  };
  const server = await startHttp2Server(
    certificate,
    (stream, number, headers) => void respond(stream, number, headers).catch(() => stream.destroy()),
    options,
  );
  after.push(server.close);
  return { ...server, requests };
}

function open(settings: Record<string, unknown>, parts = partsOf()): Driver {
  const driver = apns.open(apns.readSettings(settings), parts);
  after.push(
    () => driver.close(),
    () => parts.http.close(),
  );
  return driver;
}

const messages = (count: number, rest: Partial<PushContent> = {}): OutgoingMessage[] =>
  Array.from({ length: count }, (_, index) =>
    pushMessage(
      'APNS',
      `${index}`.padStart(8, 'a'),
      { aps: { alert: 'x' } },
      { headers: { 'apns-push-type': 'alert' }, ...rest },
    ),
  );

describe('what is sent', () => {
  test('with a token that Apple can verify, used again until it is 45 minutes old', async () => {
    const { origin, requests } = await start(accept);
    const clock = new ManualClock('2026-11-02T10:00:00Z');
    const driver = open({ ...token, BaseUrl: origin }, partsOf(clock));
    const content = {
      headers: { 'apns-push-type': 'alert', 'apns-priority': '10', 'apns-expiration': '0', 'apns-collapse-id': 'c' },
    };
    const [message] = messages(1, content) as [OutgoingMessage];
    expect(await deliverAll(driver, [message])).toEqual([
      {
        status: 'SUCCESSFUL',
        statusCode: 200,
        statusMessage: expect.stringContaining('MessageId: '),
        messageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      },
    ]);
    clock.advance(44 * 60_000);
    await deliverAll(driver, messages(20));
    clock.advance(2 * 60_000);
    await deliverAll(driver, messages(20));

    const [first] = requests as [Request];
    expect(first.headers).toMatchObject({
      ':method': 'POST',
      ':path': `/3/device/${message.address}`,
      ...content.headers,
      'apns-topic': 'com.example.shop',
    });
    expect(String(first.headers['apns-id']).replaceAll('-', '')).toBe(message.key);
    expect(first.body).toBe('{"aps":{"alert":"x"}}');
    const tokens = [...new Set(requests.map(({ headers }) => String(headers.authorization)))];
    expect(tokens.length).toBe(2);
    const jwt = String(tokens[0]).replace(/^bearer /, '');
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
    const { payload } = await jwtVerify(jwt, createPublicKey(keys.privateKey), {
      currentDate: new Date('2026-11-02T10:00:00Z'),
    });
    expect(payload).toEqual({ iss: 'TEAM123456', iat: Date.parse('2026-11-02T10:00:00Z') / 1000 });
  });

  test('with a certificate, over connections of its own; a message chooses, without falling back', async () => {
    const { origin, requests, sessions } = await start(accept, { requestCert: true, rejectUnauthorized: false });
    const driver = open({
      ...token,
      Certificate: client.cert,
      PrivateKey: client.key,
      DefaultAuthenticationMethod: 'certificate',
      BaseUrl: origin,
    });
    await deliverAll(driver, messages(3));
    await deliverAll(driver, messages(2, { authentication: 'TOKEN' }));
    expect(requests.map((request) => [request.client, request.headers.authorization !== undefined])).toEqual([
      ...Array(3).fill(['Apple Push Services: com.example.shop', false]),
      ...Array(2).fill([undefined, true]),
    ]);
    expect(sessions.length).toBe(2);

    const tokenOnly = open({ ...token, BaseUrl: origin });
    expect(await deliverAll(tokenOnly, messages(1, { authentication: 'CERTIFICATE' }))).toEqual([
      { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: expect.stringContaining('no Certificate') },
    ]);
  });

  test.each([
    [false, 'alert', 'com.example.shop', 'alert'],
    [true, 'alert', 'com.example.shop.voip', 'voip'],
    [false, 'voip', 'com.example.shop.voip', 'voip'],
    [false, 'complication', 'com.example.shop.complication', 'complication'],
  ])('Voip %s, type %s: topic %s', async (Voip, given, topic, pushType) => {
    const { origin, requests } = await start(accept);
    await deliverAll(open({ ...token, Voip, BaseUrl: origin }), messages(1, { headers: { 'apns-push-type': given } }));
    expect(requests[0]?.headers).toMatchObject({ 'apns-topic': topic, 'apns-push-type': pushType });
  });

  test('an address that is no token cannot leave its place in the path', async () => {
    const { origin, requests } = await start(accept);
    await deliverAll(open({ ...token, BaseUrl: origin }), [pushMessage('APNS', '../../x y?', { aps: {} })]);
    expect(requests[0]?.headers[':path']).toBe('/3/device/..%2F..%2Fx%20y%3F');
  });
});

describe('what Apple answers', () => {
  test.each([
    [400, 'BadDeviceToken', {}, { status: 'PERMANENT_FAILURE', statusCode: 400, addressIsDead: true }],
    [400, 'DeviceTokenNotForTopic', {}, { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [410, 'Unregistered', {}, { status: 'PERMANENT_FAILURE', statusCode: 410, addressIsDead: true }],
    [403, 'InvalidProviderToken', {}, { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [413, 'PayloadTooLarge', {}, { status: 'PERMANENT_FAILURE', statusCode: 413 }],
    [
      429,
      'TooManyRequests',
      { 'retry-after': '7' },
      { status: 'THROTTLED', statusCode: 429, retryAfterMilliseconds: 7_000 },
    ],
    [500, 'InternalServerError', {}, { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
    [
      503,
      'Shutdown',
      { 'retry-after': 'Mon, 02 Nov 2026 10:01:00 GMT' },
      { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true, retryAfterMilliseconds: 60_000 },
    ],
  ] as const)('%i %s', async (status, reason, headers, expected) => {
    const { origin } = await start(() => ({ status, reason, headers }));
    const driver = open({ ...token, BaseUrl: origin }, partsOf(new ManualClock('2026-11-02T10:00:00Z')));
    expect(await deliverAll(driver, messages(1))).toEqual([{ statusMessage: reason, ...expected }]);
  });

  test('an expired token is renewed once for all, and the messages are sent again', async () => {
    let refused: string | undefined;
    const { origin, requests } = await start(({ headers }) => {
      refused ??= headers.authorization;
      return headers.authorization === refused ? { status: 403, reason: 'ExpiredProviderToken' } : { status: 200 };
    });
    const clock = new ManualClock('2026-11-02T10:00:00Z');
    const driver = open({ ...token, BaseUrl: origin }, partsOf(clock));
    expect(countStatuses(await deliverAll(driver, messages(50)))).toEqual({ SUCCESSFUL: 50 });
    expect(new Set(requests.map(({ headers }) => headers.authorization)).size).toBe(2);
    expect(requests.length).toBe(100);
  });
  test('tokens that stay expired are not made again and again', async () => {
    const { origin, requests } = await start(() => ({ status: 403, reason: 'ExpiredProviderToken' }));
    const driver = open({ ...token, BaseUrl: origin });
    for (let round = 0; round < 3; round += 1) {
      expect(await deliverAll(driver, messages(1))).toMatchObject([
        { status: 'PERMANENT_FAILURE', providerIsDown: true },
      ]);
    }
    expect(new Set(requests.map(({ headers }) => headers.authorization)).size).toBe(2);
    expect(requests.length).toBe(4);
  });
});

describe('whatever happens, each message is reported once', () => {
  test('an answer that is no JSON', async () => {
    const server = await startHttp2Server(certificate, (stream) => {
      stream.respond({ ':status': 400 });
      stream.end('<html>\u0000 garbage');
    });
    after.push(server.close);
    expect(await deliverAll(open({ ...token, BaseUrl: server.origin }), messages(1))).toEqual([
      { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'HTTP 400' },
    ]);
  });
  test('the connection is cut in the middle of a batch', async () => {
    const server = await startHttp2Server(certificate, (stream, number) => {
      if (number === 150) stream.session?.destroy();
      else {
        stream.respond({ ':status': 200 });
        stream.end();
      }
    });
    after.push(server.close);
    const counts = countStatuses(await deliverAll(open({ ...token, BaseUrl: server.origin }), messages(400)));
    expect((counts.SUCCESSFUL ?? 0) + (counts.UNKNOWN_FAILURE ?? 0)).toBe(400);
    expect(counts.UNKNOWN_FAILURE).toBeGreaterThan(0);
    expect(counts.UNKNOWN_FAILURE).toBeLessThanOrEqual(100);
  });
  test('a server whose certificate nobody trusts', async () => {
    const server = await startHttp2Server(await serverCertificate(), (stream) => stream.end());
    after.push(server.close);
    const outcomes = await deliverAll(open({ ...token, BaseUrl: server.origin }), messages(5));
    expect(outcomes).toEqual(
      Array(5).fill({
        status: 'TEMPORARY_FAILURE',
        statusCode: 503,
        statusMessage: 'APNs cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT).',
        providerIsDown: true,
      }),
    );
  });
  test('a server that does not take our certificate', async () => {
    const { origin, requests } = await start(accept, { requestCert: true, rejectUnauthorized: true });
    const driver = open({
      Certificate: client.cert,
      PrivateKey: client.key,
      BundleId: 'com.example.shop',
      BaseUrl: origin,
    });
    const outcomes = await deliverAll(driver, messages(5));
    expect(countStatuses(outcomes)).toEqual({ TEMPORARY_FAILURE: 5 });
    expect(outcomes.every(({ providerIsDown }) => providerIsDown)).toBe(true);
    expect(requests.length).toBe(0);
  });
  test('closed networks are not connected to', async () => {
    const { origin, sessions } = await start(accept);
    const driver = open({ ...token, BaseUrl: origin }, partsOf(undefined, new OutgoingNetworks([])));
    expect(await deliverAll(driver, messages(2))).toMatchObject(
      Array(2).fill({ status: 'PERMANENT_FAILURE', statusCode: 400 }),
    );
    expect(sessions.length).toBe(0);
  });
  test('the process stops: what was sent is waited for, the rest was not sent', async () => {
    const stop = new AbortController();
    const server = await startHttp2Server(
      certificate,
      (stream, number) => {
        if (number === 7) stop.abort();
        setTimeout(() => {
          if (stream.destroyed) return;
          stream.respond({ ':status': 200 });
          stream.end();
        }, 200);
      },
      { settings: { maxConcurrentStreams: 5 } },
    );
    after.push(server.close);
    const driver = open({ ...token, BaseUrl: server.origin });
    const outcomes = await deliverAll(driver, messages(300), stop.signal);
    const counts = countStatuses(outcomes);
    expect(server.streams()).toBeGreaterThanOrEqual(8);
    expect(counts).toEqual({ SUCCESSFUL: server.streams(), TEMPORARY_FAILURE: 300 - server.streams() });
    expect(outcomes.some(({ providerIsDown }) => providerIsDown)).toBe(false);
    expect(await deliverAll(driver, messages(2), stop.signal)).toMatchObject(
      Array(2).fill({ status: 'TEMPORARY_FAILURE' }),
    );
  });
  test('no push notification', async () => {
    const message: OutgoingMessage = { ...pushMessage('APNS', 'aa', {}), content: { kind: 'voice', body: 'x' } };
    expect(await deliverAll(open(token), [message])).toMatchObject([{ status: 'PERMANENT_FAILURE', statusCode: 400 }]);
  });
});

describe('settings', () => {
  const certificateSettings = () => ({ Certificate: client.cert, PrivateKey: client.key });
  test('hosts by environment', () => {
    expect(originOf(apns.readSettings(token))).toBe('https://api.push.apple.com');
    expect(originOf(apns.readSettings({ ...token, Environment: 'sandbox' }))).toBe(
      'https://api.sandbox.push.apple.com',
    );
  });
  test('the method whose credentials are there, token first', () => {
    expect(apns.readSettings({ ...token, ...certificateSettings() }).DefaultAuthenticationMethod).toBe('TOKEN');
    expect(apns.readSettings(certificateSettings()).DefaultAuthenticationMethod).toBe('CERTIFICATE');
    expect(apns.readSettings({ ...token, DefaultAuthenticationMethod: 'KEY' }).DefaultAuthenticationMethod).toBe(
      'TOKEN',
    );
  });
  test('a key as it is pasted: without header, with escaped line breaks', () => {
    const bare = tokenKey.replaceAll(/-----.*-----|\n/g, '');
    expect(apns.readSettings({ ...token, TokenKey: bare }).TokenKey).toBe(tokenKey);
    expect(apns.readSettings({ ...token, TokenKey: tokenKey.trim().replaceAll('\n', '\\n') }).TokenKey).toBe(tokenKey);
  });
  test('what was read can be read again', () => {
    const settings = apns.readSettings({ ...token, ...certificateSettings(), Environment: 'sandbox', Voip: true });
    expect(apns.readSettings({ ...settings })).toEqual(settings);
  });
  test('no secret is shown', () => {
    const shown = apns.show(apns.readSettings({ ...token, ...certificateSettings() }));
    expect(shown).toMatchObject({ TeamId: 'TEAM123456', HasTokenKey: true, HasCertificate: true });
    expect(JSON.stringify(shown)).not.toMatch(/PRIVATE|BEGIN|MII/);
  });
  test.each<[string, () => Record<string, unknown>]>([
    ['TokenKey with', () => ({})],
    ['TokenKey must be a private key', () => ({ ...token, TokenKey: 'secret' })],
    [
      'TokenKey must be an elliptic',
      () => ({
        ...token,
        TokenKey: generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey.export({
          type: 'pkcs8',
          format: 'pem',
        }),
      }),
    ],
    ['BundleId is required', () => ({ ...token, BundleId: '' })],
    ['TokenKeyId is required', () => ({ ...token, TokenKeyId: undefined })],
    ['PrivateKey is required', () => ({ Certificate: client.cert })],
    ['Certificate is required', () => ({ PrivateKey: client.key })],
    ['Certificate must be', () => ({ Certificate: 'secret', PrivateKey: client.key })],
    ['PrivateKey does not belong', () => ({ Certificate: client.cert, PrivateKey: tokenKey })],
    ['Environment must be', () => ({ ...token, Environment: 'staging' })],
    ['DefaultAuthenticationMethod must be', () => ({ ...token, DefaultAuthenticationMethod: 'password' })],
    ['BaseUrl must be', () => ({ ...token, BaseUrl: 'ftp://secret' })],
    ['Voip must be', () => ({ ...token, Voip: 'yes' })],
    ['TeamId must be', () => ({ ...token, TeamId: 5 })],
  ])('%s', (words, given) => {
    const read = () => apns.readSettings(given());
    expect(read).toThrow(ServiceError);
    expect(read).toThrow(words);
    expect(read).not.toThrow('secret');
  });
});
