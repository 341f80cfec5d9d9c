/** Campaign hooks against a real HTTPS server and functions behind the protocol of Lambda. In brackets: dossier/messaging §18. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { testDriverParts } from '../../../../tests/support/driver-parts.ts';
import { startLambdaServer } from '../../../../tests/support/lambda-server.ts';
import { answerJson, startProviderServer } from '../../../../tests/support/provider-server.ts';
import { LambdaFunctions } from '../../../outgoing/lambda.ts';
import type { EndpointDefinition } from '../../channels/index.ts';
import type { Campaign } from '../campaign.ts';
import { type FilterRequest, filterBatch, filterOf, type HookParts } from './filter.ts';

const receiver = await startProviderServer({ secure: true });
const functions = await startLambdaServer();
const lambda = new LambdaFunctions({
  region: 'us-east-1',
  endpoint: functions.endpoint,
  credentials: { accessKeyId: 'A', secretAccessKey: 'S' },
});
const { http, logger } = testDriverParts();
const parts: HookParts = { http, lambda, logger, pace: { timeoutMilliseconds: 15_000, pauseMilliseconds: 5 } };
const impatient: HookParts = { ...parts, pace: { timeoutMilliseconds: 150, pauseMilliseconds: 5 } };
afterAll(() => lambda.close());

const endpoint = (of: Partial<EndpointDefinition> = {}): EndpointDefinition => ({
  ...{ ChannelType: 'APNS', Address: 'ab12', EndpointStatus: 'ACTIVE', OptOut: 'NONE' },
  ...{ EffectiveDate: '2026-11-02T21:26:48.598Z', RequestId: 'r', Demographic: { Platform: 'iOS' } },
  ...{ Attributes: { tier: ['gold'] }, Metrics: { visits: 3 }, Location: { Country: 'DE' }, User: { UserId: 'u1' } },
  ...of,
});
const people = (count: number) => new Map(Array.from({ length: count }, (_each, index) => [`ep-${index}`, endpoint()]));

const byFunction = { LambdaFunctionName: 'choose', Mode: 'FILTER' } as const;
const byUrl = () => ({ WebUrl: `${receiver.origin}/hooks`, Mode: 'FILTER' }) as const;

function requestFor(own: Partial<FilterRequest> = {}): FilterRequest {
  return {
    hook: byFunction,
    run: { applicationId: 'app', campaignId: '77', scheduledStart: new Date('2026-12-01T09:00:00Z') },
    treatment: { id: '0', message: { APNSMessage: { Title: 'Hi', Body: 'Sale' } } },
    activityId: 'c1',
    endpoints: people(2),
    ...own,
  };
}

const ask = (own: Partial<FilterRequest> = {}, by = parts, signal = new AbortController().signal) =>
  filterBatch(by, requestFor(own), signal);

async function keptBy(reply: unknown, endpoints = people(2)) {
  functions.answer = () => ({ payload: typeof reply === 'string' ? reply : JSON.stringify(reply) });
  const answer = await ask({ endpoints });
  if (answer === 'HOOK_FAILURE') return answer;
  return Object.fromEntries(answer.kept);
}

beforeEach(() => {
  functions.invocations.length = 0;
  functions.answer = ({ payload }) => ({ payload: JSON.stringify(JSON.parse(payload).Endpoints) });
  receiver.answerWith((request, response) => answerJson(response, 200, JSON.parse(request.body).Endpoints));
});

describe('the question', () => {
  it('has the documented members, with MessageConfiguration and without Data [32]', async () => {
    await ask();
    expect(functions.invocations).toEqual([{ functionName: 'choose', payload: expect.any(String) }]);
    expect(JSON.parse(functions.invocations[0]?.payload as string)).toEqual({
      MessageConfiguration: {
        APNSMessage: { Title: 'Hi', Body: 'Sale' },
      },
      ...{ ApplicationId: 'app', CampaignId: '77', TreatmentId: '0', ActivityId: 'c1' },
      ScheduledTime: '2026-12-01T09:00:00.000Z',
      Endpoints: { 'ep-0': endpoint(), 'ep-1': endpoint() },
    });
  });

  it('is POSTed to a URL as the same JSON', async () => {
    await ask();
    expect(await ask({ hook: byUrl() })).toMatchObject({ kept: expect.any(Map) });
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hooks' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.body).toBe(functions.invocations[0]?.payload);
  });

  it('tells the message in the shape of direct sends', async () => {
    const push = {
      Title: 't',
      Body: 'b',
      ImageSmallIconUrl: 'https://x/i',
      JsonBody: '{"a":1,"b":"two"}',
      TimeToLive: 9,
    };
    await ask({
      treatment: {
        id: '1',
        message: {
          ...{ DefaultMessage: { Body: 'all', Title: 'of' }, GCMMessage: push, ADMMessage: push, BaiduMessage: push },
          APNSMessage: { ...push, MediaUrl: 'https://x/m', JsonBody: 'no json', SilentPush: true },
          EmailMessage: { Title: 'S', HtmlBody: '<p>', Body: 'text', FromAddress: 'a@b.c', Headers: [{ Name: 'X' }] },
          SMSMessage: { Body: 'sms', MessageType: 'PROMOTIONAL', SenderId: 'me' },
          ...{ CustomMessage: { Data: 'x' }, InAppMessage: { Layout: 'TOP_BANNER' } },
        },
      },
    });
    const android = { Title: 't', Body: 'b', SmallImageIconUrl: 'https://x/i', Data: { a: '1', b: 'two' } };
    expect(JSON.parse(functions.invocations[0]?.payload as string).MessageConfiguration).toEqual({
      DefaultMessage: { Body: 'all' },
      DefaultPushNotificationMessage: { Body: 'all', Title: 'of' },
      GCMMessage: { ...android, TimeToLive: 9 },
      ADMMessage: android,
      BaiduMessage: { ...android, TimeToLive: 9 },
      APNSMessage: { Title: 't', Body: 'b', MediaUrl: 'https://x/m', TimeToLive: 9, SilentPush: true },
      EmailMessage: {
        FromAddress: 'a@b.c',
        SimpleEmail: {
          ...{ Subject: { Data: 'S' }, HtmlPart: { Data: '<p>' }, TextPart: { Data: 'text' } },
          Headers: [{ Name: 'X' }],
        },
      },
      SMSMessage: { Body: 'sms', MessageType: 'PROMOTIONAL', SenderId: 'me' },
    });
    functions.invocations.length = 0;
    await ask({ treatment: { id: '0', message: undefined } });
    expect(JSON.parse(functions.invocations[0]?.payload as string).MessageConfiguration, 'a template').toEqual({});
  });

  it('has at most fifty endpoints', async () => {
    await expect(ask({ endpoints: people(51) })).rejects.toThrow(RangeError);
    expect(await ask({ endpoints: people(50) })).toMatchObject({ kept: { size: 50 } });
  });

  it('names endpoints whatever their ids', async () => {
    const ids = ['__proto__', 'constructor', 'a/b:ü', 'toString'];
    const answer = await ask({ endpoints: new Map(ids.map((id) => [id, endpoint()])) });
    expect(answer === 'HOOK_FAILURE' ? answer : [...answer.kept.keys()]).toEqual(ids);
  });
});

describe('the reply', () => {
  it('leaves out whoever leaves the run; strangers are passed over', async () => {
    const kept = await keptBy({ 'ep-1': {}, stranger: endpoint(), 'EP-0': {} });
    expect(kept).toEqual({ 'ep-1': { endpoint: endpoint(), title: undefined, body: undefined } });
  });

  it.each(['null', '{}', '', '{"ep-0":null}'])('keeps nobody: %j', async (reply) => {
    expect(await keptBy(reply)).toEqual({});
  });

  it.each(['[]', '"x"', '7', 'true', '{"ep-0":', 'thanks', '{"ep-0":"yes"}', '{"ep-0":[]}', '{"ep-0":{},"ep-1":3}'])(
    'that is no map of endpoints fails: %s',
    async (reply) => expect(await keptBy(reply)).toBe('HOOK_FAILURE'),
  );

  it('changes what messages know of an endpoint; numbers and lone values become lists of text', async () => {
    const kept = await keptBy({
      'ep-0': {
        Attributes: { CohortId: [42, 'x', null, true], lone: 7, none: [], deep: { a: 1 } },
        Metrics: { score: '4.5', bad: 'x', nothing: null, visits: 9 },
        Demographic: { Platform: 5, Make: null },
        Location: { City: 'Ulm', Latitude: '48.4', Longitude: 'east' },
        User: { UserId: 12, UserAttributes: { Name: 'Ana' } },
      },
      'ep-1': { Attributes: 'x', Metrics: [], User: null },
    });
    expect(kept).toMatchObject({ 'ep-1': { endpoint: endpoint() } });
    expect(kept).toMatchObject({
      'ep-0': {
        endpoint: {
          ...endpoint(),
          Attributes: { CohortId: ['42', 'x', 'true'], lone: ['7'] },
          Metrics: { score: 4.5, visits: 9 },
          Demographic: { Platform: '5' },
          Location: { City: 'Ulm', Latitude: 48.4 },
          User: { UserId: '12', UserAttributes: { Name: ['Ana'] } },
        },
      },
    });
  });

  it('changes neither whom a message reaches nor whether it may', async () => {
    const foreign = {
      ChannelType: 'SMS',
      Address: '+491',
      OptOut: 'NONE',
      EndpointStatus: 'ACTIVE',
      RequestId: 'x',
      a: 1,
    };
    const own = endpoint({ OptOut: 'ALL', EndpointStatus: 'INACTIVE' });
    expect(await keptBy({ 'ep-0': foreign }, new Map([['ep-0', own]]))).toMatchObject({ 'ep-0': { endpoint: own } });
  });

  it('has titles and bodies of its own for push and SMS, not for mails [33]', async () => {
    const channels = ['SMS', 'EMAIL', 'GCM', 'APNS_VOIP', 'BAIDU', 'CUSTOM', 'VOICE'] as const;
    const overrides = { TitleOverride: 'T', BodyOverride: 'B' };
    const kept = await keptBy(
      Object.fromEntries(channels.map((channel) => [channel, overrides])),
      new Map(channels.map((ChannelType) => [ChannelType, endpoint({ ChannelType })])),
    );
    for (const channel of ['SMS', 'GCM', 'APNS_VOIP', 'BAIDU']) {
      expect(kept).toMatchObject({ [channel]: { title: 'T', body: 'B' } });
    }
    for (const channel of ['EMAIL', 'CUSTOM', 'VOICE']) {
      expect(kept).toMatchObject({ [channel]: { title: undefined, body: undefined } });
    }
  });
});

describe('attempts', () => {
  it('are three when nothing comes in time, and then these endpoints fail [34]', async () => {
    functions.answer = () => 'never';
    expect(await ask({}, impatient)).toBe('HOOK_FAILURE');
    expect(functions.invocations).toHaveLength(3);
    receiver.answerWith(() => undefined);
    expect(await ask({ hook: byUrl() }, impatient)).toBe('HOOK_FAILURE');
    expect(receiver.received).toHaveLength(3);
  });

  it('end with the first that succeeds', async () => {
    receiver.answerWith((request, response) =>
      receiver.received.length < 3
        ? answerJson(response, 503, {})
        : answerJson(response, 200, JSON.parse(request.body).Endpoints),
    );
    expect(await ask({ hook: byUrl() })).toMatchObject({ kept: { size: 2 } });
    functions.answer = ({ payload }) =>
      functions.invocations.length < 2
        ? { functionError: 'Unhandled', payload: '{"errorMessage":"x"}' }
        : { payload: JSON.stringify(JSON.parse(payload).Endpoints) };
    expect(await ask()).toMatchObject({ kept: { size: 2 } });
  });

  it.each([400, 401, 404, 302])('are not repeated after %i', async (status) => {
    receiver.answerWith((_request, response) => void response.writeHead(status, { location: '/' }).end());
    expect(await ask({ hook: byUrl() })).toBe('HOOK_FAILURE');
    expect(receiver.received).toHaveLength(1);
  });

  it('fail for a function that is not there or throws each time', async () => {
    functions.answer = () => ({ status: 404, errorType: 'ResourceNotFoundException' });
    expect(await ask()).toBe('HOOK_FAILURE');
    expect(functions.invocations).toHaveLength(1);
    functions.answer = () => ({ functionError: 'Unhandled', payload: '{}' });
    expect(await ask()).toBe('HOOK_FAILURE');
    expect(functions.invocations).toHaveLength(4);
  });

  it('fail for an answer of 20 MB, and are not repeated', async () => {
    const large = JSON.stringify({ 'ep-0': { Attributes: { a: ['x'.repeat(20_000_000)] } } });
    receiver.answerWith((_request, response) => void response.end(large));
    expect(await ask({ hook: byUrl() })).toBe('HOOK_FAILURE');
    functions.answer = () => ({ payload: large });
    expect(await ask()).toBe('HOOK_FAILURE');
    expect([receiver.received.length, functions.invocations.length]).toEqual([1, 1]);
  });

  it('fail without a call for a question of more than 6 MB', async () => {
    const heavy = new Map([['ep-0', endpoint({ Attributes: { a: ['x'.repeat(6_300_000)] } })]]);
    expect(await ask({ endpoints: heavy })).toBe('HOOK_FAILURE');
    expect(functions.invocations).toHaveLength(0);
  });

  it('never lead into closed networks', async () => {
    const closed = { ...parts, http: testDriverParts({ allowed: [] }).http };
    expect(await ask({ hook: byUrl() }, closed)).toBe('HOOK_FAILURE');
    expect(receiver.received).toHaveLength(0);
  });

  it('end with the process, and nothing is said of the endpoints', async () => {
    const stop = new AbortController();
    functions.answer = () => {
      stop.abort(new Error('stopping'));
      return 'never';
    };
    await expect(ask({}, parts, stop.signal)).rejects.toThrow('stopping');
  });
});

describe('the hook of a campaign', () => {
  const campaignWith = (own: object, inherited: object = {}) =>
    ({ definition: own, inherited: { limits: {}, ...inherited } }) as Pick<Campaign, 'definition' | 'inherited'>;

  it('is its own before the project’s', () => {
    const project = { hook: { WebUrl: 'https://p', Mode: 'FILTER' } };
    expect(filterOf(campaignWith({ Hook: byFunction }, project))).toEqual(byFunction);
    expect(filterOf(campaignWith({}, project))).toEqual(project.hook);
    expect(filterOf(campaignWith({}))).toBeUndefined();
  });

  it('filters unless its mode is the one that is no more', () => {
    expect(filterOf(campaignWith({ Hook: { ...byFunction, Mode: 'DELIVERY' } }))).toBeUndefined();
    expect(filterOf(campaignWith({ Hook: { LambdaFunctionName: 'f' } }))).toEqual({ LambdaFunctionName: 'f' });
    expect(filterOf(campaignWith({ Hook: {} }))).toBeUndefined();
    expect(filterOf(campaignWith({ Hook: { LambdaFunctionName: '', WebUrl: '' } }))).toBeUndefined();
  });
});
