/** Recommendations from a real HTTPS server and from functions behind the protocol of Lambda (dossier/messaging §15). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serverCertificate, trustCertificate } from '../../../tests/support/certificates.ts';
import { startLambdaServer } from '../../../tests/support/lambda-server.ts';
import { type HttpServer, serveHttp } from '../../../tests/support/provider-server.ts';
import type { PublicEndpoint } from '../../contract/pinpoint-types.ts';
import type { CallParts } from '../../outgoing/calls.ts';
import { OutgoingHttp } from '../../outgoing/http.ts';
import { LambdaFunctions } from '../../outgoing/lambda.ts';
import { OutgoingNetworks } from '../../outgoing/networks.ts';
import { recommend } from './recommend.ts';
import type { RecommenderConfiguration } from './store.ts';

interface Question {
  readonly endpointId?: string;
  readonly userId?: string;
  readonly numResults: number;
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

const http = new OutgoingHttp(new OutgoingNetworks(['127.0.0.0/8']));
const lambdaServer = await startLambdaServer();
const lambda = new LambdaFunctions({
  region: 'us-east-1',
  endpoint: lambdaServer.endpoint,
  credentials: { accessKeyId: 'A', secretAccessKey: 'S' },
});
const parts: CallParts = { http, lambda, pace: { timeoutMilliseconds: 15_000, pauseMilliseconds: 5 } };
const impatient: CallParts = { http, lambda, pace: { timeoutMilliseconds: 300, pauseMilliseconds: 5 } };

let provider: HttpServer;
let providerUri: string;
let questions: Question[] = [];
let answer: (question: Question) => Answer | 'never' | 'break off';

const itemsOf = (...items: string[]): Answer => ({ body: { itemList: items.map((itemId) => ({ itemId })) } });

beforeAll(async () => {
  const certificate = await serverCertificate();
  trustCertificate(certificate);
  provider = await serveHttp((request, response) => {
    const question = JSON.parse(request.body.toString()) as Question;
    questions.push(question);
    const { status = 200, body } = takeAnswer(question) ?? {};
    if (body === 'never') return;
    if (body === 'break off') return void response.destroy();
    expect([request.method, request.headers['content-type']]).toEqual(['POST', 'application/json']);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }, certificate);
  providerUri = `${provider.origin}/items?key=1`;
});

function takeAnswer(question: Question): Answer {
  const given = answer(question);
  return typeof given === 'string' ? { body: given } : given;
}

beforeEach(() => {
  questions = [];
  lambdaServer.invocations.length = 0;
  lambdaServer.answer = () => ({ status: 404, errorType: 'ResourceNotFoundException' });
  answer = ({ endpointId, userId }) => itemsOf(`item of ${endpointId ?? userId}`);
});

afterAll(async () => {
  await provider.close();
  await http.close();
  await lambda.close();
});

const configurationOf = (own: Partial<RecommenderConfiguration> = {}): RecommenderConfiguration => ({
  ...{ id: 'r', name: null, description: null, providerUri, providerRoleArn: 'arn:aws:iam::1:role/r' },
  ...{ providerIdType: 'PINPOINT_ENDPOINT_ID', recommendationsPerMessage: 5 },
  ...{
    transformerUri: null,
    displayName: 'Books',
    attributes: null,
    createdAt: new Date(0),
    lastModifiedAt: new Date(0),
  },
  ...own,
});
const transforming = { transformerUri: 'enrich', displayName: null, attributes: { title: 'Title' } };

async function ask(
  own: Partial<RecommenderConfiguration>,
  endpoints: Record<string, PublicEndpoint>,
  by: CallParts = parts,
  signal: AbortSignal = new AbortController().signal,
) {
  const request = {
    configuration: configurationOf(own),
    endpoints: new Map(Object.entries(endpoints)),
    settings: { ApplicationId: 'app', CampaignId: 'campaign' },
  };
  return Object.fromEntries(await recommend(request, by, signal));
}

describe('a provider behind an https URL', () => {
  it('is asked for each endpoint with its id, and how many items are wanted', async () => {
    const answers = await ask({ recommendationsPerMessage: 2 }, { e1: {}, e2: {} });
    expect(answers).toEqual({
      e1: { items: ['item of e1'], attributes: {} },
      e2: { items: ['item of e2'], attributes: {} },
    });
    expect(questions.toSorted((one, other) => String(one.endpointId).localeCompare(String(other.endpointId)))).toEqual([
      { endpointId: 'e1', numResults: 2 },
      { endpointId: 'e2', numResults: 2 },
    ]);
  });

  it('is asked for users where the configuration says so: once each, and never for an endpoint without one', async () => {
    const user = (UserId: string) => ({ User: { UserId } });
    const endpoints = { e1: user('u'), e2: user('u'), e3: user('v'), e4: {}, e5: user('') };
    expect(await ask({ providerIdType: 'PINPOINT_USER_ID' }, endpoints)).toEqual({
      e1: { items: ['item of u'], attributes: {} },
      e2: { items: ['item of u'], attributes: {} },
      e3: { items: ['item of v'], attributes: {} },
      e4: { failure: 'NO_USER_ID' },
      e5: { failure: 'NO_USER_ID' },
    });
    expect(questions.map(({ userId }) => userId).sort()).toEqual(['u', 'v']);
  });

  it('may answer with more items than were asked for, or with none', async () => {
    answer = ({ endpointId }) => (endpointId === 'e1' ? itemsOf('a', 'b', 'c', 'd') : itemsOf());
    expect(await ask({ recommendationsPerMessage: 3 }, { e1: {}, e2: {} })).toMatchObject({
      e1: { items: ['a', 'b', 'c'] },
      e2: { items: [] },
    });
  });

  it.each<[string, Answer | 'never' | 'break off']>([
    ['a fault of its own', { status: 500 }],
    ['too many requests', { status: 429 }],
    ['a broken connection', 'break off'],
    ['no answer in time', 'never'],
  ])('gets three attempts: %s', async (_what, fault) => {
    answer = () => (questions.length < 3 ? fault : itemsOf('at last'));
    expect(await ask({}, { e1: {} }, impatient)).toMatchObject({ e1: { items: ['at last'] } });
    expect(questions).toHaveLength(3);
    questions = [];
    answer = () => fault;
    expect(await ask({}, { e1: {} }, impatient)).toEqual({ e1: { failure: 'PROVIDER_FAILED' } });
    expect(questions).toHaveLength(3);
  });

  it('that refuses is not asked again', async () => {
    answer = () => ({ status: 403 });
    expect(await ask({}, { e1: {} })).toEqual({ e1: { failure: 'PROVIDER_FAILED' } });
    expect(questions).toHaveLength(1);
  });

  it('that fails for one person fails for that one alone', async () => {
    answer = ({ endpointId }) => (endpointId === 'e1' ? { status: 500 } : itemsOf('fine'));
    const endpoints = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`e${index}`, {}]));
    const answers = await ask({}, endpoints);
    expect(answers['e1']).toEqual({ failure: 'PROVIDER_FAILED' });
    expect(Object.values(answers).filter((one) => 'items' in one)).toHaveLength(19);
  });

  it('that does not answer at all is not waited for fifty times', async () => {
    answer = () => 'never';
    const endpoints = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`e${index}`, {}]));
    const answers = await ask({}, endpoints, impatient);
    expect(Object.values(answers)).toEqual(Array.from({ length: 50 }, () => ({ failure: 'PROVIDER_FAILED' })));
    expect(questions).toHaveLength(30);
  });

  it('whose answer has another form is not understood', async () => {
    answer = () => ({ body: { items: [] } });
    expect(await ask({}, { e1: {} })).toEqual({ e1: { failure: 'PROVIDER_ANSWER_INVALID' } });
  });

  it('whose answer is larger than 6 MB is not read', async () => {
    answer = () => ({ body: { itemList: [{ itemId: 'a', filler: 'x'.repeat(6 * 1024 * 1024) }] } });
    expect(await ask({}, { e1: {} })).toEqual({ e1: { failure: 'PROVIDER_FAILED' } });
    answer = () => ({ body: { itemList: [{ itemId: 'a', filler: 'x'.repeat(5 * 1024 * 1024) }] } });
    expect(await ask({}, { e1: {} })).toMatchObject({ e1: { items: ['a'] } });
  });

  it('in a closed network is not reached', async () => {
    const closed = new OutgoingHttp(new OutgoingNetworks([]));
    expect(await ask({}, { e1: {} }, { ...parts, http: closed })).toEqual({ e1: { failure: 'PROVIDER_FAILED' } });
    expect(questions).toEqual([]);
    await closed.close();
  });

  it('of any other kind fails at the send', async () => {
    const uris = ['http://127.0.0.1', 'ftp://x', 'arn:aws:personalize:us-east-1:123456789012:campaign/c', 'a b'];
    for (const uri of uris) {
      expect(await ask({ providerUri: uri }, { e1: {} })).toEqual({ e1: { failure: 'PROVIDER_NOT_SUPPORTED' } });
    }
  });

  it('is left alone when the process stops', async () => {
    answer = () => 'never';
    const stop = new AbortController();
    const asked = ask({}, { e1: {} }, parts, stop.signal);
    await expect.poll(() => questions.length).toBe(1);
    stop.abort(new Error('the process stops'));
    await expect(asked).rejects.toThrow('the process stops');
  });
});

describe('a provider that is a function', () => {
  it.each(['items', 'arn:aws:lambda:us-east-1:123456789012:function:items:live'])(
    '%s is asked the same',
    async (name) => {
      lambdaServer.answer = () => ({ payload: JSON.stringify({ itemList: [{ itemId: 'a' }] }) });
      expect(await ask({ providerUri: name }, { e1: {} })).toEqual({ e1: { items: ['a'], attributes: {} } });
      const payload = JSON.stringify({ endpointId: 'e1', numResults: 5 });
      expect(lambdaServer.invocations).toEqual([{ functionName: name, payload }]);
    },
  );

  it.each([
    ['it throws', { functionError: 'Unhandled', payload: '{"errorMessage":"x"}' } as const, 3],
    ['the service is busy', { status: 429, errorType: 'TooManyRequestsException' }, 3],
    ['the service fails', { status: 500, errorType: 'ServiceException' }, 3],
    ['nobody answers', 'never' as const, 3],
    ['it is unknown', { status: 404, errorType: 'ResourceNotFoundException' }, 1],
    ['it may not be called', { status: 403, errorType: 'AccessDeniedException' }, 1],
  ])('when %s, has failed after its attempts', async (_what, fault, attempts) => {
    lambdaServer.answer = () => fault;
    expect(await ask({ providerUri: 'items' }, { e1: {} }, impatient)).toEqual({ e1: { failure: 'PROVIDER_FAILED' } });
    expect(lambdaServer.invocations).toHaveLength(attempts);
  });
});

describe('a transformer', () => {
  type Event = { readonly Endpoints: Record<string, PublicEndpoint & { RecommendationItems: string[] }> };
  const events = () => lambdaServer.invocations.map(({ payload }) => JSON.parse(payload) as Event);
  /** Answers with what `of` makes of each endpoint. */
  const reply =
    (of: (id: string, items: string[]) => unknown, wrap = (endpoints: object): object => endpoints) =>
    ({ payload }: { payload: string }) => {
      const entries = Object.entries((JSON.parse(payload) as Event).Endpoints);
      const made = entries.map(([id, { RecommendationItems }]) => [id, of(id, RecommendationItems)]);
      return { payload: JSON.stringify(wrap(Object.fromEntries(made))) };
    };
  const titles = (_id: string, items: string[]) => ({
    Recommendations: { title: items.map((item) => `title of ${item}`) },
  });

  it.each([
    ['bare', (endpoints: object) => endpoints],
    ['under Endpoints', (Endpoints: object) => ({ Endpoints })],
  ])('gets the settings and the endpoints with their items, and answers with attributes, %s', async (_form, wrap) => {
    lambdaServer.answer = reply(titles, wrap);
    const e1: PublicEndpoint = { Address: 'a@example.com', ChannelType: 'EMAIL', Attributes: { a: ['b'] } };
    expect(await ask(transforming, { e1 })).toEqual({
      e1: { items: ['item of e1'], attributes: { title: ['title of item of e1'] } },
    });
    expect(lambdaServer.invocations[0]?.functionName).toBe('enrich');
    expect(events()).toEqual([
      {
        ...{ ApplicationId: 'app', CampaignId: 'campaign' },
        Endpoints: { e1: { ...e1, RecommendationItems: ['item of e1'] } },
      },
    ]);
  });

  it('gets fifty endpoints at most, and only those that have items', async () => {
    lambdaServer.answer = reply(titles);
    answer = ({ endpointId }) =>
      endpointId === 'e7' ? itemsOf() : endpointId === 'e8' ? { status: 400 } : itemsOf('i');
    const endpoints = Object.fromEntries(Array.from({ length: 122 }, (_, index) => [`e${index}`, {}]));
    const answers = await ask(transforming, endpoints);
    expect(events().map(({ Endpoints }) => Object.keys(Endpoints).length)).toEqual([50, 50, 20]);
    expect(answers['e7']).toEqual({ items: [], attributes: {} });
    expect(answers['e8']).toEqual({ failure: 'PROVIDER_FAILED' });
    expect(Object.values(answers).filter((one) => 'attributes' in one && 'title' in one.attributes)).toHaveLength(120);
  });

  it('that breaks a rule for one endpoint, or leaves it out, fails for that one', async () => {
    lambdaServer.answer = reply((id, items) =>
      id === 'e1' ? undefined : id === 'e2' ? { Recommendations: { unknown: 'x' } } : titles(id, items),
    );
    expect(await ask(transforming, { e1: {}, e2: {}, e3: {} })).toEqual({
      e1: { failure: 'TRANSFORMER_ANSWER_INVALID' },
      e2: { failure: 'TRANSFORMER_ANSWER_INVALID' },
      e3: { items: ['item of e3'], attributes: { title: ['title of item of e3'] } },
    });
  });

  it.each(['', 'x', 'null', '[]'])('that answers %j fails for all', async (payload) => {
    lambdaServer.answer = () => ({ payload });
    expect(await ask(transforming, { e1: {} })).toEqual({ e1: { failure: 'TRANSFORMER_ANSWER_INVALID' } });
    expect(lambdaServer.invocations).toHaveLength(1);
  });

  it('gets three attempts, then its batch has failed', async () => {
    lambdaServer.answer = (invocation) =>
      lambdaServer.invocations.length < 3 ? { functionError: 'Unhandled' } : reply(titles)(invocation);
    expect(await ask(transforming, { e1: {} })).toMatchObject({ e1: { attributes: { title: expect.any(Array) } } });
    lambdaServer.answer = () => 'never';
    expect(await ask(transforming, { e1: {} }, impatient)).toEqual({ e1: { failure: 'TRANSFORMER_FAILED' } });
    expect(lambdaServer.invocations).toHaveLength(6);
  });

  it('is not called with more than 6 MB, and its answer may not be larger', async () => {
    lambdaServer.answer = reply(titles);
    const large = { Attributes: { a: ['x'.repeat(6 * 1024 * 1024)] } };
    expect(await ask(transforming, { e1: large })).toEqual({ e1: { failure: 'TRANSFORMER_FAILED' } });
    expect(lambdaServer.invocations).toHaveLength(0);
    lambdaServer.answer = reply(() => ({ Recommendations: { title: 'x'.repeat(6 * 1024 * 1024) } }));
    expect(await ask(transforming, { e1: {} })).toEqual({ e1: { failure: 'TRANSFORMER_FAILED' } });
    expect(lambdaServer.invocations).toHaveLength(1);
  });

  it('is found by the standard AWS_ENDPOINT_URL_LAMBDA', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL_LAMBDA: lambdaServer.endpoint, AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' },
    });
    const standard = new LambdaFunctions({ region: 'us-east-1' });
    try {
      lambdaServer.answer = reply(titles);
      expect(await ask(transforming, { e1: {} }, { http, lambda: standard })).toMatchObject({
        e1: { attributes: { title: ['title of item of e1'] } },
      });
    } finally {
      process.env = before;
      await standard.close();
    }
  });
});
