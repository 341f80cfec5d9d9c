/** Web Push against a push service with TLS: a browser's side decrypts what came (RFC 8291) and checks who sent it (RFC 8292). */
import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterEach, beforeAll, expect, test } from 'vitest';
import webPushLibrary from 'web-push';
import {
  serverCertificate,
  type TestCertificate,
  trustCertificate,
} from '../../../../../tests/support/certificates.ts';
import { deliverAll } from '../../../../../tests/support/driver-parts.ts';
import { type ProviderAnswer, startProvider } from '../../../../../tests/support/provider-server.ts';
import { countStatuses, partsOf, pushMessage } from '../../../../../tests/support/push-drivers.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { webPush } from './index.ts';

const after: (() => Promise<unknown>)[] = [];
const vapid = webPushLibrary.generateVAPIDKeys();
const given = {
  VapidPublicKey: vapid.publicKey,
  VapidPrivateKey: vapid.privateKey,
  VapidSubject: 'mailto:push@example.com',
};
let certificate: TestCertificate;

beforeAll(async () => {
  certificate = await serverCertificate();
  trustCertificate(certificate);
});
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

interface Browser {
  readonly keys: ECDH;
  readonly secret: Buffer;
  address(url: string): string;
}

function browser(): Browser {
  const keys = createECDH('prime256v1');
  const p256dh = keys.generateKeys('base64url');
  const secret = randomBytes(16);
  return {
    keys,
    secret,
    address: (url) =>
      JSON.stringify({
        endpoint: `${url}/push/abc`,
        expirationTime: null,
        keys: { p256dh, auth: secret.toString('base64url') },
      }),
  };
}

/** RFC 8291 §3.4 and RFC 8188 §2, for one record. */
function decrypt(body: Buffer, { keys, secret }: Browser): string {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body.readUInt8(20));
  const sealed = body.subarray(21 + sender.length);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
  const material = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), secret, info, 32));
  const key = Buffer.from(hkdfSync('sha256', material, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', material, salt, 'Content-Encoding: nonce\0', 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8');
}

async function start(answer: ProviderAnswer | 'hang up', parts = partsOf()) {
  const service = await startProvider(() => answer, certificate);
  const driver = webPush.open(webPush.readSettings(given), parts);
  after.push(service.close, () => parts.http.close());
  return { driver, service };
}

const data = { 'pinpoint.notification.title': 'Grüße' };

test('a browser reads the data object, and the push service knows the sender', async () => {
  const reader = browser();
  const { driver, service } = await start({ status: 201, headers: { location: 'https://push.example/m/message-1' } });
  const payload = { data, android: { priority: 'HIGH', ttl: '60s', collapse_key: 'orders' } };
  expect(await deliverAll(driver, [pushMessage('GCM', reader.address(service.url), payload)])).toEqual([
    { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'MessageId: message-1', messageId: 'message-1' },
  ]);
  const [request] = service.requests;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/push/abc',
    headers: { ttl: '60', urgency: 'high', topic: 'orders', 'content-encoding': 'aes128gcm' },
  });
  expect(JSON.parse(decrypt(request?.body as Buffer, reader))).toEqual(data);

  const [, jwt = '', key] = /^vapid t=([^,]+), k=(.+)$/.exec(request?.headers.authorization ?? '') ?? [];
  expect(key).toBe(vapid.publicKey);
  const point = Buffer.from(vapid.publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const { payload: claims } = await jwtVerify(
    jwt,
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' }),
  );
  expect(claims).toMatchObject({ aud: service.url, sub: 'mailto:push@example.com' });
});

test('four weeks and normal urgency without a word; a key that is no topic becomes its hash', async () => {
  const { driver, service } = await start({ status: 201 });
  const address = browser().address(service.url);
  await deliverAll(driver, [
    pushMessage('GCM', address, { data }),
    pushMessage('GCM', address, { android: { collapse_key: 'ü!' } }),
  ]);
  expect(service.requests[0]?.headers).toMatchObject({ ttl: '2419200', urgency: 'normal' });
  expect(service.requests[1]?.headers['topic']).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test.each<[ProviderAnswer | 'hang up', object]>([
  [{ status: 404 }, { status: 'PERMANENT_FAILURE', statusCode: 404, statusMessage: 'HTTP 404', addressIsDead: true }],
  [
    { status: 410, body: 'gone' },
    { status: 'PERMANENT_FAILURE', statusCode: 410, statusMessage: 'gone', addressIsDead: true },
  ],
  [
    { status: 403, body: 'wrong key' },
    { status: 'PERMANENT_FAILURE', statusCode: 403, statusMessage: 'wrong key' },
  ],
  [{ status: 413 }, { status: 'PERMANENT_FAILURE', statusCode: 413, statusMessage: 'HTTP 413' }],
  [
    { status: 429, headers: { 'retry-after': '6' } },
    { status: 'THROTTLED', statusCode: 429, statusMessage: 'HTTP 429', retryAfterMilliseconds: 6_000 },
  ],
  [{ status: 503 }, { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage: 'HTTP 503' }],
  [
    'hang up',
    { status: 'UNKNOWN_FAILURE', statusCode: 502, statusMessage: 'the push service did not answer: broken off.' },
  ],
])('%j', async (answer, expected) => {
  const { driver, service } = await start(answer);
  expect(await deliverAll(driver, [pushMessage('GCM', browser().address(service.url), { data })])).toEqual([expected]);
});

test('addresses that are no subscription, or lead where they must not', async () => {
  const { driver, service } = await start({ status: 201 }, partsOf(undefined, new OutgoingNetworks([])));
  const good = JSON.parse(browser().address(service.url));
  const addresses = [
    'fcm-token',
    '{}',
    '[]',
    JSON.stringify({ ...good, endpoint: 'http://localhost/' }),
    JSON.stringify({ ...good, keys: { ...good.keys, p256dh: 'short' } }),
    JSON.stringify({ ...good, endpoint: 'https://127.0.0.1/' }),
    JSON.stringify(good),
  ];
  const outcomes = await deliverAll(
    driver,
    addresses.map((address) => pushMessage('GCM', address, { data })),
  );
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(outcome).not.toHaveProperty('providerIsDown');
  }
  expect(outcomes[4]?.statusMessage).not.toContain('short');
  expect(service.requests.length).toBe(0);
});

test('the process stops: what was sent is waited for, the rest was not sent', async () => {
  const { driver, service } = await start({ status: 201, afterMilliseconds: 300 });
  const address = browser().address(service.url);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 250);
  const counts = countStatuses(
    await deliverAll(
      driver,
      Array.from({ length: 200 }, () => pushMessage('GCM', address, { data })),
      stop.signal,
    ),
  );
  expect(counts).toEqual({ SUCCESSFUL: service.requests.length, TEMPORARY_FAILURE: 200 - service.requests.length });
});

test('settings', () => {
  const other = webPushLibrary.generateVAPIDKeys();
  expect(() => webPush.readSettings({ ...given, VapidPublicKey: other.publicKey })).toThrow(
    'VapidPublicKey must be the key',
  );
  expect(() => webPush.readSettings({ ...given, VapidPrivateKey: 'x' })).toThrow('VapidPrivateKey must be');
  expect(() => webPush.readSettings({ ...given, VapidSubject: 'me' })).toThrow('VapidSubject must be');
  expect(() => webPush.readSettings({})).toThrow('VapidPublicKey is required');
  expect(JSON.stringify(webPush.show(webPush.readSettings(given)))).not.toContain(vapid.privateKey);
});
