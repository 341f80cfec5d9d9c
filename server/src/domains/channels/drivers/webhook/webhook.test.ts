/** Webhooks of the custom channel against a real HTTPS server. Numbers in brackets: cases of dossier/messaging §18. */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { customEndpoint, customMessage, customOrigin } from '../../../../../tests/support/custom-messages.ts';
import { deliverAll, testDriverParts } from '../../../../../tests/support/driver-parts.ts';
import { answerJson, startProviderServer } from '../../../../../tests/support/provider-server.ts';
import { checkWebhookOwner, isWebhookUri, openWebhook, readWebhookUrl, webhook } from './index.ts';

const receiver = await startProviderServer({ secure: true });
const parts = testDriverParts();
const closedParts = testDriverParts({ allowed: [] });
const secretBytes = randomBytes(32);
const settings = webhook.readSettings({ Secret: `whsec_${secretBytes.toString('base64')}` });
const quick = { timeoutMilliseconds: 300, firstPauseMilliseconds: 5 };
const driver = openWebhook(settings, parts, quick);

const url = `${receiver.origin}/hooks/v1`;
const message = (endpointId: string, more = {}) => customMessage(url, endpointId, more);
const people = (count: number) => Array.from({ length: count }, (_, index) => message(`ep-${index}`));
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body));
const accept = (reply: unknown = {}) => receiver.answerWith((_request, response) => answerJson(response, 200, reply));
const answerInTurn = (...statuses: number[]) =>
  receiver.answerWith((_request, response) =>
    answerJson(response, statuses[receiver.received.length - 1] ?? statuses.at(-1) ?? 200, {}),
  );

describe('the call', () => {
  it('has the documented payload, member for member', async () => {
    accept();
    expect(await deliverAll(driver, [message('ep-1'), message('ep-2')])).toMatchObject([
      { status: 'SUCCESSFUL', statusCode: 200 },
      { status: 'SUCCESSFUL', statusCode: 200 },
    ]);
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hooks/v1' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.body).toBe(
      JSON.stringify({
        ...{ Message: {}, Data: '{"tpl":"winback"}', ApplicationId: customOrigin.applicationId },
        ...{ CampaignId: customOrigin.campaignId, TreatmentId: '0', ActivityId: customOrigin.activityId },
        ScheduledTime: '2026-12-01T19:00:16.843Z',
        Endpoints: { 'ep-1': customEndpoint, 'ep-2': customEndpoint },
      }),
    );
  });

  it('carries at most fifty endpoints of one origin [32]', async () => {
    accept();
    const other = { origin: { ...customOrigin, treatmentId: '1' } };
    const messages = [...people(120), message('ep-1', other), message('ep-2', { data: 'else' }), message('ep-3')];
    for (const outcome of await deliverAll(driver, messages)) expect(outcome.status).toBe('SUCCESSFUL');
    const sizes = bodies().map(({ Endpoints }) => Object.keys(Endpoints).length);
    expect(sizes.toSorted((one, two) => one - two)).toEqual([1, 1, 21, 50, 50]);
    expect(bodies().map(({ TreatmentId, Data }) => [TreatmentId, Data])).toContainEqual(['1', '{"tpl":"winback"}']);
  });

  it('names an endpoint once, whatever its id', async () => {
    accept();
    const ids = ['__proto__', 'constructor', 'a/b:ü', 'twice', 'twice'];
    for (const outcome of await deliverAll(
      driver,
      ids.map((id) => message(id)),
    )) {
      expect(outcome.status).toBe('SUCCESSFUL');
    }
    expect(receiver.received.map(({ body }) => body.match(/"__proto__":\{"Ch/)?.length ?? 0)).toEqual([1, 0]);
    expect(bodies().map(({ Endpoints }) => Object.keys(Endpoints))).toEqual([
      ['__proto__', 'constructor', 'a/b:ü', 'twice'],
      ['twice'],
    ]);
  });

  it('is signed per Standard Webhooks', async () => {
    accept();
    await deliverAll(driver, people(2));
    await deliverAll(driver, people(2));
    await deliverAll(driver, people(3));
    const ids = receiver.received.map(({ headers, body }) => {
      const [id, at, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
      const expected = createHmac('sha256', secretBytes).update(`${id}.${at}.${body}`).digest('base64');
      expect(signature).toBe(`v1,${expected}`);
      expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(10);
      return id;
    });
    expect(new Set(ids).size, 'the same messages are the same call').toBe(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('is not signed without a secret, and says which call it is all the same', async () => {
    accept();
    await deliverAll(openWebhook(webhook.readSettings({}), parts, quick), people(1));
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(receiver.received[0]?.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
  });
});

describe('the reply', () => {
  it('hands attributes back to each endpoint', async () => {
    accept({
      'ep-0': { EventAttributes: { tier: 'gold', score: 3, vip: true } },
      'ep-9': { EventAttributes: { a: 'b' } },
    });
    const [first, second] = await deliverAll(driver, people(2));
    expect(first).toMatchObject({ eventAttributes: { tier: 'gold', score: '3', vip: 'true' } });
    expect(second).not.toHaveProperty('eventAttributes');
  });

  it('has at most five attributes, with names and values of 128 characters', async () => {
    const long = 'x'.repeat(129);
    const many = { [long]: 'a', a: long, b: 'x'.repeat(128), c: null, d: {}, 1: 'a', e: '1', f: '2', g: '3', h: '4' };
    accept({ 'ep-0': { EventAttributes: many } });
    const [outcome] = await deliverAll(driver, people(1));
    expect(outcome?.eventAttributes).toEqual({ 1: 'a', b: 'x'.repeat(128), e: '1', f: '2', g: '3' });
  });

  it.each(['', 'thanks', '[]', 'null', '"x"', '{"ep-0":7}', '{"ep-0":{"EventAttributes":"x"}}', '{"ep-0"'])(
    'may be anything else: %s',
    async (text) => {
      receiver.answerWith((_request, response) => void response.writeHead(202).end(text));
      const [outcome] = await deliverAll(driver, people(1));
      expect(outcome).toEqual({ status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'Accepted' });
    },
  );
});

describe('attempts', () => {
  const only = async () => (await deliverAll(driver, people(1)))[0];

  it('are repeated until one succeeds, as the same call', async () => {
    answerInTurn(500, 429, 204);
    expect(await only()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.received).toHaveLength(3);
  });

  it.each([
    [500, { status: 'TEMPORARY_FAILURE', statusCode: 500 }],
    [429, { status: 'THROTTLED', statusCode: 429 }],
  ])('are three after %i', async (status, expected) => {
    answerInTurn(status);
    expect(await only()).toMatchObject(expected);
    expect(receiver.received).toHaveLength(3);
  });

  it.each([400, 404, 410, 301, 302, 307])('are not repeated after %i, and nothing is followed', async (status) => {
    receiver.answerWith((_request, response) => void response.writeHead(status, { location: `${url}/else` }).end());
    expect(await only()).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: status });
    expect(receiver.received).toHaveLength(1);
  });

  it('are three when nothing comes in time [34]', async () => {
    receiver.answerWith(() => undefined);
    expect(await only()).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 504 });
    expect(receiver.received).toHaveLength(3);
  });

  it('stay uncertain once one of them may have been heard', async () => {
    receiver.answerWith((_request, response) => {
      if (receiver.received.length === 1) response.destroy();
      else answerJson(response, 500, {});
    });
    expect(await only()).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 500 });
  });

  it('respect Retry-After', async () => {
    receiver.answerWith((_request, response) =>
      receiver.received.length === 1
        ? answerJson(response, 429, {}, { 'retry-after': '1' })
        : answerJson(response, 200, {}),
    );
    const begun = performance.now();
    expect(await only()).toMatchObject({ status: 'SUCCESSFUL' });
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  it('are not repeated for an answer that is too large', async () => {
    receiver.answerWith((_request, response) => void response.end('x'.repeat(2 * 1024 * 1024)));
    expect(await only()).toMatchObject({ status: 'UNKNOWN_FAILURE' });
    expect(receiver.received).toHaveLength(1);
  });

  it('end when the process stops; what was not sent is given back', async () => {
    const stop = new AbortController();
    receiver.answerWith(async (_request, response) => {
      stop.abort();
      await pause(50);
      answerJson(response, 503, {});
    });
    const outcomes = await deliverAll(driver, people(60), stop.signal);
    for (const outcome of outcomes) expect(outcome.status).toBe('TEMPORARY_FAILURE');
    expect(receiver.received.length).toBeLessThanOrEqual(2);
    accept();
    expect(await deliverAll(driver, people(1), stop.signal)).toMatchObject([{ status: 'TEMPORARY_FAILURE' }]);
    expect(receiver.received).toHaveLength(0);
  });

  it('of one batch say nothing of another', async () => {
    receiver.answerWith((request, response) => {
      if (request.body.includes('"ep-70"')) response.destroy();
      else answerJson(response, 200, {});
    });
    const outcomes = await deliverAll(driver, people(110));
    const statuses = outcomes.map(({ status }) => status);
    expect(statuses.slice(0, 50)).toEqual(Array(50).fill('SUCCESSFUL'));
    expect(statuses.slice(50, 100)).toEqual(Array(50).fill('UNKNOWN_FAILURE'));
    expect(statuses.slice(100)).toEqual(Array(10).fill('SUCCESSFUL'));
    expect(outcomes.every((outcome) => outcome.providerIsDown === undefined)).toBe(true);
  });
});

describe('where it leads', () => {
  test.each([
    'https://127.0.0.1',
    'https://localhost',
    'https://2130706433',
    'https://169.254.169.254',
    'https://10.0.0.1',
  ])('closed networks are refused: %s', async (origin) => {
    accept();
    const { port } = new URL(receiver.origin);
    const [outcome] = await deliverAll(openWebhook(settings, closedParts, quick), [
      customMessage(`${origin}:${port}/`, 'ep-1'),
    ]);
    expect(outcome).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(receiver.received).toHaveLength(0);
    await expect(checkWebhookOwner(closedParts.http, `${origin}:${port}/`, '1')).rejects.toThrow(/refused address/);
  });

  const wrong = [
    ...['http://example.com/x', 'https://example.com/?a=b', 'https://example.com/a&b', 'https://example.com/%41'],
    ...[
      'https://user@example.com/',
      'https://?x',
      'https://example.com/ü',
      'ftp://x',
      ' https://example.com',
      'my-function',
    ],
  ];
  test.each(wrong)('[36] %s is no URL of a webhook', async (deliveryUri) => {
    expect(() => readWebhookUrl(deliveryUri)).toThrow(
      expect.objectContaining({ name: 'BadRequestException', message: expect.not.stringContaining(deliveryUri) }),
    );
    expect(await deliverAll(driver, [customMessage(deliveryUri, 'ep-1')])).toMatchObject([
      { status: 'PERMANENT_FAILURE', statusCode: 400 },
    ]);
  });

  test('what is one', () => {
    expect(readWebhookUrl('https://a-b.example:8443/p/q.php?x#y').href).toBe('https://a-b.example:8443/p/q.php?x#y');
    expect(isWebhookUri('http://example.com')).toBe(true);
    expect(isWebhookUri('arn:aws:lambda:us-east-1:123456789012:function:f')).toBe(false);
    expect(() => readWebhookUrl(`https://example.com/${'x'.repeat(3_000)}`)).toThrow(/DeliveryUri/);
  });

  test('messages of other channels are not delivered here', async () => {
    const sms = { ...message('x'), content: { kind: 'sms', body: 'x', messageType: 'PROMOTIONAL' } as const };
    accept();
    expect(await deliverAll(driver, [sms, message('ep-1')])).toMatchObject([
      { status: 'PERMANENT_FAILURE' },
      { status: 'SUCCESSFUL' },
    ]);
  });
});

describe('the owner [37]', () => {
  const account = '123456789012';
  const bad = (text: RegExp) =>
    expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(text) });

  it('answers HEAD with the account', async () => {
    receiver.answerWith(
      (_request, response) => void response.writeHead(200, { 'X-Amz-Pinpoint-AccountId': account }).end(),
    );
    await expect(checkWebhookOwner(parts.http, url, account)).resolves.toBeUndefined();
    expect(receiver.received[0]?.method).toBe('HEAD');
    await expect(checkWebhookOwner(parts.http, url, '210987654321')).rejects.toEqual(bad(/AccountId/));
  });

  it('is not who answers without it, elsewhere or not at all', async () => {
    accept();
    await expect(checkWebhookOwner(parts.http, url, account)).rejects.toEqual(bad(/AccountId/));
    receiver.answerWith((_request, response) => void response.writeHead(302, { location: url }).end());
    await expect(checkWebhookOwner(parts.http, url, account)).rejects.toEqual(bad(/AccountId/));
    expect(receiver.received).toHaveLength(1);
    receiver.answerWith((_request, response) => void response.destroy());
    await expect(checkWebhookOwner(parts.http, url, account)).rejects.toEqual(bad(/broken off/));
    await expect(checkWebhookOwner(parts.http, 'http://example.com', account)).rejects.toEqual(bad(/https/));
  });
});

describe('settings', () => {
  it.each([{ Secret: 'x' }, { Secret: `whsec_${'A'.repeat(30)}` }, { Secret: 5 }, { Url: 'https://x' }])(
    'are checked: %j',
    (given) => expect(() => webhook.readSettings(given)).toThrow(/Secret/),
  );

  it('are shown without the secret', async () => {
    expect(webhook.show(settings)).toEqual({ HasSecret: true });
    expect(webhook.show({})).toEqual({ HasSecret: false });
    expect(webhook.open(settings, parts).limits).toEqual({ batch: 50, concurrency: 16 });
    await driver.close();
  });
});
