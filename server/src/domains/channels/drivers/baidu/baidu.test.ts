/** Baidu driver: its signature, its form, its error codes, against a server that checks what came. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { deliverAll } from '../../../../../tests/support/driver-parts.ts';
import { type ProviderAnswer, startProvider } from '../../../../../tests/support/provider-server.ts';
import { countStatuses, partsOf, pushMessage } from '../../../../../tests/support/push-drivers.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { baidu } from './index.ts';
import { signatureOf } from './signature.ts';

const after: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('signature', () => {
  test("the example of Baidu's documentation", () => {
    const parameters = { expires: '1313293565', timestamp: '1427180905', apikey: 'Ljc710pzAa99GULCo8y48NvB' };
    expect(
      signatureOf(
        'POST',
        'http://api.tuisong.baidu.com/rest/3.0/test/echo',
        parameters,
        '87772555E1C16715EBA5C85341684C58',
      ),
    ).toBe(
      md5(
        'POSThttp%3A%2F%2Fapi.tuisong.baidu.com%2Frest%2F3.0%2Ftest%2Fechoapikey%3DLjc710pzAa99GULCo8y48NvB' +
          'expires%3D1313293565timestamp%3D142718090587772555E1C16715EBA5C85341684C58',
      ),
    );
  });
  test('encodes as PHP does', () => {
    expect(signatureOf('', '', { msg: `{"a":"x @ !'()*~ ü"}` }, '')).toBe(
      md5('msg%3D%7B%22a%22%3A%22x+%40+%21%27%28%29%2A%7E+%C3%BC%22%7D'),
    );
  });
});

async function start(answer: ProviderAnswer | 'hang up') {
  const server = await startProvider(() => answer);
  const parts = partsOf(new ManualClock('2026-11-02T10:00:00Z'));
  after.push(server.close, () => parts.http.close());
  const settings = baidu.readSettings({ ApiKey: 'key', SecretKey: 's3cret', BaseUrl: server.url });
  return { driver: baidu.open(settings, parts), server };
}

const payload = { msg_type: 1, msg_expires: 3600, msg: { title: 'T', description: 'B', custom_content: { a: 'b c' } } };
const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => pushMessage('BAIDU', `channel-${index}`, payload));

test('a signed form', async () => {
  const { driver, server } = await start({
    status: 200,
    body: { request_id: 1, response_params: { msg_id: '42', send_time: 1 } },
  });
  expect(await deliverAll(driver, messages(1))).toEqual([
    { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'MessageId: 42', messageId: '42' },
  ]);
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/rest/3.0/push/single_device',
    headers: {
      'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
      'user-agent': expect.stringMatching(/^BCCS_SDK\/3\.0/),
    },
  });
  const { sign, ...form } = Object.fromEntries(new URLSearchParams(String(request?.body)));
  expect(form).toEqual({
    apikey: 'key',
    channel_id: 'channel-0',
    device_type: '3',
    msg: '{"title":"T","description":"B","custom_content":{"a":"b c"}}',
    msg_expires: '3600',
    msg_type: '1',
    timestamp: '1793613600',
  });
  expect(sign).toBe(signatureOf('POST', `${server.url}/rest/3.0/push/single_device`, form, 's3cret'));
});

test.each<[ProviderAnswer | 'hang up', object]>([
  [
    { status: 404, body: { error_code: 30608, error_msg: 'Bind Relation Not Found' } },
    {
      status: 'PERMANENT_FAILURE',
      statusCode: 404,
      statusMessage: '30608: Bind Relation Not Found',
      addressIsDead: true,
    },
  ],
  [
    { status: 400, body: { error_code: 30602, error_msg: 'Request Params Not Valid' } },
    { status: 'PERMANENT_FAILURE', statusCode: 400 },
  ],
  [
    { status: 400, body: { error_code: 30603, error_msg: 'Authentication Failed' } },
    { status: 'PERMANENT_FAILURE', providerIsDown: true },
  ],
  [
    { status: 200, body: { error_code: 30603, error_msg: 'Authentication Failed' } },
    { status: 'PERMANENT_FAILURE', statusCode: 400, providerIsDown: true },
  ],
  [
    { status: 402, body: { error_code: 30604, error_msg: 'Quota Use Up' } },
    { status: 'THROTTLED', statusCode: 402 },
  ],
  [
    { status: 400, body: { error_code: 30699, error_msg: 'Too frequent' }, headers: { 'retry-after': '2' } },
    { status: 'THROTTLED', retryAfterMilliseconds: 2_000 },
  ],
  [
    { status: 500, body: { error_code: 30600, error_msg: 'Internal Server Error' } },
    { status: 'TEMPORARY_FAILURE', providerIsDown: true },
  ],
  [
    { status: 429, headers: { 'retry-after': '3' } },
    { status: 'THROTTLED', retryAfterMilliseconds: 3_000 },
  ],
  [{ status: 200, body: 'garbage' }, { status: 'UNKNOWN_FAILURE' }],
  ['hang up', { status: 'UNKNOWN_FAILURE', statusCode: 502, providerIsDown: true }],
])('%j', async (answer, expected) => {
  const { driver } = await start(answer);
  expect(await deliverAll(driver, messages(1))).toMatchObject([expected]);
});

test('the process stops: what was sent is waited for, the rest was not sent', async () => {
  const { driver, server } = await start({
    status: 200,
    body: { response_params: { msg_id: '1' } },
    afterMilliseconds: 150,
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const counts = countStatuses(await deliverAll(driver, messages(80), stop.signal));
  expect(counts).toEqual({ SUCCESSFUL: server.requests.length, TEMPORARY_FAILURE: 80 - server.requests.length });
});

test('settings', () => {
  expect(() => baidu.readSettings({ ApiKey: 'key' })).toThrow('SecretKey is required');
  expect(baidu.show(baidu.readSettings({ ApiKey: 'key', SecretKey: 's3cret' }))).toEqual({ ApiKey: 'key' });
});
