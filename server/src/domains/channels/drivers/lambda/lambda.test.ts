/** The custom channel as a Lambda function: the real SDK against a real HTTP server that speaks Lambda's protocol. */
import { describe, expect, it } from 'vitest';
import { customMessage, customOrigin } from '../../../../../tests/support/custom-messages.ts';
import { deliverAll, testDriverParts } from '../../../../../tests/support/driver-parts.ts';
import { answerJson, startProviderServer } from '../../../../../tests/support/provider-server.ts';
import { lambda, openLambda } from './index.ts';

const service = await startProviderServer();
const parts = testDriverParts();
const closedParts = testDriverParts({ allowed: [] });

const given = {
  ...{ AccessKeyId: 'AKIDEXAMPLE000000001', SecretAccessKey: 'secret-of-the-access-key-0001' },
  ...{ Region: 'eu-central-1', BaseUrl: service.origin },
};
const settings = lambda.readSettings(given);
const quick = { timeoutMilliseconds: 300, firstPauseMilliseconds: 5 };
const driver = openLambda(settings, parts, quick);

const people = (count: number, uri = 'send-letters') =>
  Array.from({ length: count }, (_, index) => customMessage(uri, `ep-${index}`));
const only = async (uri?: string, of = driver) => (await deliverAll(of, people(1, uri)))[0];
const accept = (reply: unknown = {}) => service.answerWith((_request, response) => answerJson(response, 200, reply));
const refuse = (status: number, name: string) =>
  service.answerWith((_request, response) =>
    answerJson(response, status, { Message: 'told so' }, { 'x-amzn-errortype': name }),
  );

describe('the call', () => {
  it('invokes the function with the documented payload, fifty endpoints at a time', async () => {
    accept();
    for (const outcome of await deliverAll(driver, people(120))) expect(outcome.status).toBe('SUCCESSFUL');
    expect(service.received).toHaveLength(3);
    for (const { method, path, headers, body } of service.received) {
      expect([method, path]).toEqual(['POST', '/2015-03-31/functions/send-letters/invocations']);
      expect(headers.authorization).toContain('/eu-central-1/lambda/aws4_request');
      expect(headers['x-amz-invocation-type'] ?? 'RequestResponse').toBe('RequestResponse');
      const { Endpoints, ...rest } = JSON.parse(body);
      expect(Object.keys(Endpoints).length).toBeLessThanOrEqual(50);
      expect(rest).toEqual({
        ...{ Message: {}, Data: '{"tpl":"winback"}', ApplicationId: customOrigin.applicationId },
        ...{ CampaignId: customOrigin.campaignId, TreatmentId: '0', ActivityId: customOrigin.activityId },
        ScheduledTime: customOrigin.scheduledTime,
      });
    }
  });

  it('goes to the region of the ARN', async () => {
    accept();
    const arn = 'arn:aws:lambda:us-west-2:123456789012:function:send-letters:live';
    expect(await only(arn)).toMatchObject({ status: 'SUCCESSFUL' });
    expect(service.received[0]?.headers.authorization).toContain('/us-west-2/lambda/aws4_request');
    expect(decodeURIComponent(service.received[0]?.path ?? '')).toBe(`/2015-03-31/functions/${arn}/invocations`);
  });

  it.each(['https://example.com/', '', 'a/b', 'arn:aws:sns:us-east-1:123456789012:topic', 'x'.repeat(65)])(
    'needs a function: %s',
    async (uri) => {
      accept();
      expect(await only(uri)).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
      expect(service.received).toHaveLength(0);
    },
  );

  it('hands attributes of the reply back', async () => {
    accept({ 'ep-1': { EventAttributes: { tier: 'gold' } } });
    const [first, second] = await deliverAll(driver, people(2));
    expect(first).not.toHaveProperty('eventAttributes');
    expect(second).toMatchObject({ status: 'SUCCESSFUL', eventAttributes: { tier: 'gold' } });
  });
});

describe('what comes back', () => {
  it.each([
    [429, 'TooManyRequestsException', 3, { status: 'THROTTLED', statusCode: 429 }],
    [500, 'ServiceException', 3, { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
    [404, 'ResourceNotFoundException', 1, { status: 'PERMANENT_FAILURE', statusCode: 404 }],
    [403, 'AccessDeniedException', 1, { status: 'PERMANENT_FAILURE', statusCode: 403 }],
    [403, 'UnrecognizedClientException', 1, { status: 'PERMANENT_FAILURE', providerIsDown: true }],
    [413, 'RequestTooLargeException', 1, { status: 'PERMANENT_FAILURE', statusCode: 413 }],
  ])('%i %s: %i attempts', async (status, name, attempts, expected) => {
    refuse(status, name);
    const outcome = await only();
    expect(outcome).toMatchObject(expected);
    expect(outcome?.providerIsDown ?? false).toBe('providerIsDown' in expected);
    expect(service.received).toHaveLength(attempts);
  });

  it('may be a function that failed: it is asked again', async () => {
    service.answerWith((_request, response) =>
      service.received.length < 3
        ? answerJson(response, 200, { errorMessage: 'secret words' }, { 'x-amz-function-error': 'Unhandled' })
        : answerJson(response, 200, {}),
    );
    expect(await only()).toMatchObject({ status: 'SUCCESSFUL' });
    service.answerWith((_request, response) =>
      answerJson(response, 200, { errorMessage: 'secret words' }, { 'x-amz-function-error': 'Unhandled' }),
    );
    const outcome = await only();
    expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', statusCode: 502 });
    expect(outcome?.statusMessage).not.toContain('secret');
  });

  it('may be nothing in time, or a connection that breaks off', async () => {
    service.answerWith(() => undefined);
    expect(await only()).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 504 });
    expect(service.received).toHaveLength(3);
    service.answerWith((_request, response) => void response.destroy());
    expect(await only()).toMatchObject({ status: 'UNKNOWN_FAILURE' });
  });

  it('may be garbage, which is a reply of a function like any other', async () => {
    service.answerWith((_request, response) => void response.writeHead(200).end('<html>'));
    expect(await only()).toMatchObject({ status: 'SUCCESSFUL' });
    service.answerWith((_request, response) => void response.writeHead(502).end('<html>'));
    expect(await only()).toMatchObject({ status: 'TEMPORARY_FAILURE', statusCode: 502 });
  });

  it('is refused where it must not be asked', async () => {
    accept();
    expect(await only('send-letters', openLambda(settings, closedParts, quick))).toMatchObject({
      ...{ status: 'PERMANENT_FAILURE', statusCode: 400 },
    });
    const away = openLambda(lambda.readSettings({ ...given, BaseUrl: 'http://127.0.0.1:1' }), parts, quick);
    expect(await only('send-letters', away)).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
    expect(service.received).toHaveLength(0);
    await away.close();
  });

  it('is waited for when the process stops, and not asked for again', async () => {
    const stop = new AbortController();
    service.answerWith((_request, response) => {
      stop.abort();
      answerJson(response, 500, { Message: 'x' }, { 'x-amzn-errortype': 'ServiceException' });
    });
    expect(await deliverAll(driver, people(2), stop.signal)).toMatchObject([
      { status: 'TEMPORARY_FAILURE', statusCode: 500 },
      { status: 'TEMPORARY_FAILURE', statusCode: 500 },
    ]);
    expect(service.received).toHaveLength(1);
  });
});

it('has settings that are checked, and shown without secrets', async () => {
  expect(() => lambda.readSettings({ ...given, SecretAccessKey: undefined })).toThrow(/SecretAccessKey/);
  expect(() => lambda.readSettings({ FunctionName: 'x' })).toThrow(/Settings may have/);
  expect(JSON.stringify(lambda.show(settings))).not.toContain(given.SecretAccessKey);
  expect(lambda.open(settings, parts).limits).toEqual({ batch: 50, concurrency: 16 });
  await driver.close();
});
