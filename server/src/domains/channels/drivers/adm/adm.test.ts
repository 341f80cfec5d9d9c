/** ADM driver against a server that behaves as Amazon's: client credentials, then messages. */
import { afterEach, describe, expect, test } from 'vitest';
import { deliverAll } from '../../../../../tests/support/driver-parts.ts';
import {
  type ProviderAnswer,
  type ProviderRequest,
  startProvider,
} from '../../../../../tests/support/provider-server.ts';
import { countStatuses, partsOf, pushMessage } from '../../../../../tests/support/push-drivers.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { adm } from './index.ts';

const after: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

type Answer = (request: ProviderRequest, number: number) => ProviderAnswer | 'hang up';

const accept: Answer = ({ path }) => ({
  status: 200,
  headers: { 'x-amzn-RequestId': 'request-1' },
  body: { registrationID: decodeURIComponent(path.split('/')[3] ?? '') },
});

async function start(answer: Answer, token?: Answer, parts = partsOf()) {
  let tokens = 0;
  let sends = 0;
  const server = await startProvider((request) => {
    if (request.path !== '/auth/O2/token') return answer(request, sends++);
    return token?.(request, tokens++) ?? { status: 200, body: { access_token: `token-${tokens++}`, expires_in: 3600 } };
  });
  const driver = adm.open(adm.readSettings({ ClientId: 'client', ClientSecret: 's3cret', BaseUrl: server.url }), parts);
  // Ended in reverse: a server that hangs up ends what is still awaited.
  after.push(() => parts.http.close(), server.close);
  const ofTokens = () => server.requests.filter(({ path }) => path === '/auth/O2/token');
  const ofMessages = () => server.requests.filter(({ path }) => path !== '/auth/O2/token');
  return { driver, ofTokens, ofMessages };
}

const payload = { data: { a: 'b' }, expiresAfter: 60 };
const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => pushMessage('ADM', `amzn1.adm/${index}`, payload));

test('credentials buy a token for all; the payload leaves as it is', async () => {
  const { driver, ofTokens, ofMessages } = await start(accept);
  const outcomes = await deliverAll(driver, messages(70));
  expect(outcomes).toEqual(
    Array(70).fill({
      status: 'SUCCESSFUL',
      statusCode: 200,
      statusMessage: 'MessageId: request-1',
      messageId: 'request-1',
    }),
  );
  expect(ofTokens().length).toBe(1);
  expect(Object.fromEntries(new URLSearchParams(String(ofTokens()[0]?.body)))).toEqual({
    grant_type: 'client_credentials',
    scope: 'messaging:push',
    client_id: 'client',
    client_secret: 's3cret',
  });
  const first = ofMessages().find(({ path }) => path.includes('%2F0/'));
  expect(first).toMatchObject({
    method: 'POST',
    path: '/messaging/registrations/amzn1.adm%2F0/messages',
    headers: {
      authorization: 'Bearer token-0',
      'content-type': 'application/json',
      'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
      'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
    },
  });
  expect(JSON.parse(String(first?.body))).toEqual(payload);
});

test('another registration id in the answer is the new address', async () => {
  const { driver } = await start(() => ({ status: 200, body: { registrationID: 'new' } }));
  expect(await deliverAll(driver, messages(1))).toMatchObject([{ status: 'SUCCESSFUL', updatedAddress: 'new' }]);
});

test('an expired token is renewed once for all', async () => {
  const { driver, ofTokens } = await start((request, number) =>
    request.headers.authorization === 'Bearer token-0'
      ? { status: 401, body: { reason: 'AccessTokenExpired' } }
      : accept(request, number),
  );
  expect(countStatuses(await deliverAll(driver, messages(20)))).toEqual({ SUCCESSFUL: 20 });
  expect(ofTokens().length).toBe(2);
});

test.each<[ProviderAnswer | 'hang up', object]>([
  [
    { status: 400, body: { reason: 'InvalidRegistrationId' } },
    { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'InvalidRegistrationId', addressIsDead: true },
  ],
  [
    { status: 400, body: { reason: 'Unregistered' } },
    { status: 'PERMANENT_FAILURE', addressIsDead: true },
  ],
  [
    { status: 400, body: { reason: 'InvalidData' } },
    { status: 'PERMANENT_FAILURE', statusMessage: 'InvalidData' },
  ],
  [
    { status: 401, body: { reason: 'AccessTokenExpired' } },
    { status: 'PERMANENT_FAILURE', providerIsDown: true },
  ],
  [
    { status: 413, body: { reason: 'MessageTooLarge' } },
    { status: 'PERMANENT_FAILURE', statusCode: 413 },
  ],
  [
    { status: 429, body: { reason: 'MaxRateExceeded' }, headers: { 'retry-after': '4' } },
    { status: 'THROTTLED', retryAfterMilliseconds: 4_000 },
  ],
  [
    { status: 500, body: 'garbage' },
    { status: 'TEMPORARY_FAILURE', statusMessage: 'HTTP 500', providerIsDown: true },
  ],
  [
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 'TEMPORARY_FAILURE', retryAfterMilliseconds: 1_000 },
  ],
  [{ status: 200, body: 'garbage' }, { status: 'UNKNOWN_FAILURE' }],
  ['hang up', { status: 'UNKNOWN_FAILURE', statusCode: 502 }],
])('%j', async (answer, expected) => {
  const { driver } = await start(() => answer);
  const [outcome] = await deliverAll(driver, messages(1));
  expect(outcome).toMatchObject(expected);
  if (!('addressIsDead' in expected)) expect(outcome).not.toHaveProperty('addressIsDead');
});

describe('whatever happens, each message is reported once', () => {
  test('hangs up in the middle of a batch', async () => {
    const { driver } = await start((request, number) => (number % 10 === 9 ? 'hang up' : accept(request, number)));
    expect(countStatuses(await deliverAll(driver, messages(100)))).toEqual({ SUCCESSFUL: 90, UNKNOWN_FAILURE: 10 });
  });
  test('wrong credentials', async () => {
    const { driver, ofMessages } = await start(accept, () => ({ status: 401, body: { error: 'invalid_client' } }));
    const outcomes = await deliverAll(driver, messages(40));
    expect(countStatuses(outcomes)).toEqual({ PERMANENT_FAILURE: 40 });
    expect(outcomes[0]).toMatchObject({
      statusMessage: 'ADM refused the credentials: invalid_client',
      providerIsDown: true,
    });
    expect(ofMessages().length).toBe(0);
  });
  test('closed networks', async () => {
    const { driver } = await start(accept, undefined, partsOf(undefined, new OutgoingNetworks([])));
    expect(countStatuses(await deliverAll(driver, messages(3)))).toEqual({ PERMANENT_FAILURE: 3 });
  });
  /** Stops once as many messages are under way as the driver sends at once. */
  async function stopWhenFull(afterMilliseconds: number) {
    const stop = new AbortController();
    const started = await start((request, number) => {
      if (number === 31) stop.abort();
      return { ...(accept(request, number) as ProviderAnswer), afterMilliseconds };
    });
    return { ...started, signal: stop.signal };
  }
  test('the process stops: what was sent is waited for, the rest was not sent', async () => {
    const { driver, signal, ofMessages } = await stopWhenFull(100);
    expect(countStatuses(await deliverAll(driver, messages(80), signal))).toEqual({
      SUCCESSFUL: 32,
      TEMPORARY_FAILURE: 48,
    });
    expect(ofMessages().length).toBe(32);
  });
  test('the process stops and no answer comes', async () => {
    const { driver, signal } = await stopWhenFull(20_000);
    expect(countStatuses(await deliverAll(driver, messages(40), signal))).toEqual({
      UNKNOWN_FAILURE: 32,
      TEMPORARY_FAILURE: 8,
    });
  }, 15_000);
  test('the process stops while the token is still awaited', async () => {
    const stop = new AbortController();
    const { driver, ofMessages } = await start(accept, () => {
      stop.abort();
      return { status: 200, body: { access_token: 't' } };
    });
    expect(countStatuses(await deliverAll(driver, messages(40), stop.signal))).toEqual({ TEMPORARY_FAILURE: 40 });
    expect(ofMessages().length).toBe(0);
  });
});

test('settings', () => {
  expect(() => adm.readSettings({ ClientId: 'c' })).toThrow('ClientSecret is required');
  expect(() => adm.readSettings({ ClientSecret: 's3cret' })).toThrow('ClientId is required');
  expect(JSON.stringify(adm.show(adm.readSettings({ ClientId: 'c', ClientSecret: 's3cret' })))).not.toContain('s3cret');
});
