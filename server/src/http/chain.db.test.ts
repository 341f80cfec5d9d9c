/** The request chain with real parts around it: in which order it refuses, what a handler gets, what is remembered. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { sql } from 'kysely';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { operations } from '../contract/operations.ts';
import { ManualClock } from '../kernel/clock.ts';
import { badRequest, forbidden, tooManyRequests, unavailable } from '../kernel/errors.ts';
import type { AuditRecord } from '../operations/audit-record.ts';
import type { Call, HandlerTable, Project } from '../operations/call.ts';
import type { PolicyQuestion } from '../operations/policy-question.ts';
import { type Answer, answer, type ChainParts } from './chain.ts';
import { createRequestMetrics } from './metrics.ts';
import { createRouter } from './router.ts';
import { createAuthenticator } from './signature/authenticator.ts';

const { database } = await openTestDatabase();
await sql`create table things (name text primary key)`.execute(database.query);
await sql`create table entries (operation text, user_name text, project text, resource text, status int, code text)`.execute(
  database.query,
);

const clock = new ManualClock('2026-11-02T10:00:00Z');
const accountId = '123456789012';
const project: Project = {
  number: 7,
  accountId,
  region: 'eu-central-1',
  id: 'abc',
  name: 'Shop',
  createdAt: clock.now(),
  tags: { team: 'shop' },
};

/** What happened outside of the answers. */
const questions: PolicyQuestion[] = [];
const counted: AuditRecord[] = [];
const calls: { input: unknown; call: Call }[] = [];
const log: string[] = [];
let registry: Registry;
let parts: ChainParts;
let overQuota: boolean;
let auditFails: boolean;

beforeEach(async () => {
  for (const list of [questions, counted, calls, log]) list.length = 0;
  registry = new Registry();
  parts = createParts();
  overQuota = false;
  auditFails = false;
  await sql`truncate things, entries`.execute(database.query);
});

async function addThing(call: Call, name: string): Promise<void> {
  await call.transaction((tx) => sql`insert into things values (${name})`.execute(tx));
}

const handlers = {
  GetApp: async (input, call) => {
    calls.push({ input, call });
    return { Arn: 'arn', Id: call.project.id, Name: call.project.name, CreationDate: null as unknown as string };
  },
  CreateApp: async ({ CreateApplicationRequest: { Name } }, call) => {
    calls.push({ input: Name, call });
    await addThing(call, Name);
    call.audited(`made/${Name}`);
    return { Arn: 'arn', Id: Name, Name };
  },
  /** Fails within its transaction, behind its first statement. */
  DeleteApp: async (_input, call) =>
    call.transaction(async (tx) => {
      await sql`insert into things values ('half done')`.execute(tx);
      throw badRequest('Not today');
    }),
  /** Fails behind its transaction. */
  CreateUser: async (_input, call) => {
    await addThing(call, 'user');
    throw new Error('alice@example.com broke it');
  },
  UpdateApplicationSettings: async () => ({ ApplicationId: 'abc' }),
  TagResource: async () => undefined,
  GetApps: async () => {
    throw unavailable('The database cannot be reached at the moment.');
  },
  SignIn: async ({ SignInRequest }, call) => {
    calls.push({ input: SignInRequest, call });
    const secret = { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: '2026-11-02T11:00:00Z' };
    return { ...secret, AccountId: accountId, UserName: SignInRequest.UserName, Operates: true };
  },
} satisfies Partial<HandlerTable> as unknown as HandlerTable;

async function writeEntry(
  executor: Parameters<ChainParts['audit']['recordChange']>[0],
  record: AuditRecord,
): Promise<void> {
  if (auditFails) throw new Error('the log is full');
  await sql`insert into entries values (${record.operation}, ${record.caller.userName}, ${record.projectId ?? null},
    ${record.resource}, ${record.status}, ${record.errorCode ?? null})`.execute(executor);
}

const secrets: Record<string, string> = { AKIAFRIEND: 'friend', AKIASTRANGER: 'stranger' };
const authenticate = createAuthenticator({
  clock,
  used: () => undefined,
  findCredential: (accessKeyId) => {
    const userName = secrets[accessKeyId];
    if (userName === undefined) return undefined;
    const identity = { accountId, userName, arn: `arn:aws:iam::${accountId}:user/${userName}`, accessKeyId };
    return { secretAccessKey: userName, sessionTokenHash: undefined, identity: { ...identity, kind: 'access key' } };
  },
});

const createParts = (): ChainParts => ({
  router: createRouter(Object.values(operations)),
  handlers,
  database,
  clock,
  logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
  metrics: createRequestMetrics(registry),
  authenticate,
  authorise(caller, question) {
    questions.push(question);
    if (caller.userName === 'stranger') throw forbidden('No policy allows it');
  },
  findProject: async (account, region, id) =>
    account === accountId && region === project.region && id === project.id ? project : undefined,
  findTags: async (arn) => ({ of: arn }),
  takeQuota() {
    if (overQuota) throw tooManyRequests('Too many requests');
  },
  audit: {
    recordChange: writeEntry,
    record: (record) => database.transaction((tx) => writeEntry(tx, record)),
    count: (record) => {
      if (auditFails) throw new Error('no counting today');
      counted.push(record);
    },
  },
});

interface Ask {
  as?: 'friend' | 'stranger' | 'nobody';
  body?: unknown;
  region?: string;
}

async function ask(
  method: string,
  path: string,
  { as = 'friend', body = '', region }: Ask = {},
): Promise<Answer & { json: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signer = new SignatureV4({
    credentials: { accessKeyId: `AKIA${as.toUpperCase()}`, secretAccessKey: as },
    region: region ?? project.region,
    service: 'mobiletargeting',
    sha256: Sha256,
  });
  const plain = new HttpRequest({ method, path, headers: { host: 'repoint' }, body: text });
  const { headers } = as === 'nobody' ? plain : await signer.sign(plain, { signingDate: clock.now() });
  const answered = await answer(
    {
      requestId: 'request-1',
      method,
      rawPath: path,
      rawQuery: '',
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(text),
      sourceAddress: '192.0.2.1',
      secureTransport: true,
    },
    parts,
  );
  return { ...answered, json: answered.body === undefined ? undefined : JSON.parse(answered.body) };
}

const entries = async () =>
  (await sql<Record<string, unknown>>`select * from entries order by status`.execute(database.query)).rows;
const things = async () => (await sql<{ name: string }>`select name from things`.execute(database.query)).rows;

describe('refusals come in one order', () => {
  it.each<[number, string, string, string, Ask]>([
    // Each line has the faults of all lines below it too.
    [404, 'NotFoundException', 'POST', '/v1/apps/none/elsewhere', { as: 'nobody', body: '{' }],
    [405, 'MethodNotAllowedException', 'PATCH', '/v1/apps/none/segments', { as: 'nobody', body: '{' }],
    [400, 'BadRequestException', 'POST', '/v1/apps/%00/segments', { as: 'nobody', body: '{' }],
    [403, 'MissingAuthenticationToken', 'POST', '/v1/apps/none/segments', { as: 'nobody', body: '{' }],
    [403, 'ForbiddenException', 'POST', '/v1/apps/none/segments', { as: 'stranger', body: '{' }],
    [404, 'NotFoundException', 'POST', '/v1/apps/none/segments', { body: '{' }],
    [501, 'NotImplementedException', 'POST', '/v1/apps/abc/segments', { body: '{' }],
    [400, 'BadRequestException', 'PUT', '/v1/apps/abc/settings', { body: '{' }],
  ])('%i %s', async (status, code, method, path, details) => {
    const { errorCode, json, ...rest } = await ask(method, path, details);
    expect({ status: rest.status, errorCode }).toEqual({ status, errorCode: code });
    expect(json).toEqual({ Message: expect.stringMatching(/./), RequestID: 'request-1' });
  });

  it('429 stands between signature and policy', async () => {
    overQuota = true;
    expect((await ask('POST', '/v1/apps/none/segments', { as: 'nobody' })).status).toBe(403);
    expect((await ask('POST', '/v1/apps/none/segments', { as: 'stranger' })).status).toBe(429);
    expect(questions).toHaveLength(0);
  });

  it('a wrong signature is known before the project is looked for', async () => {
    const refused = await ask('GET', '/v1/apps/none', { as: 'friend', region: 'EU_1' });
    expect(refused).toMatchObject({ status: 400, errorCode: 'IncompleteSignature' });
  });

  it('a project of another Region is not found', async () => {
    const refused = await ask('GET', '/v1/apps/abc', { region: 'us-east-1' });
    expect(refused).toMatchObject({ status: 404, json: { Message: 'Application not found' } });
  });
});

describe('a handler', () => {
  it('gets a checked input and everything known of the call; its nulls are left out', async () => {
    expect(await ask('GET', '/v1/apps/abc')).toMatchObject({
      status: 200,
      json: { Arn: 'arn', Id: 'abc', Name: 'Shop' },
      body: '{"Arn":"arn","Id":"abc","Name":"Shop"}',
    });
    expect(calls[0]).toMatchObject({
      input: { ApplicationId: 'abc' },
      call: {
        requestId: 'request-1',
        operation: 'GetApp',
        region: 'eu-central-1',
        project,
        now: new Date('2026-11-02T10:00:00Z'),
        caller: {
          accountId,
          userName: 'friend',
          accessKeyId: 'AKIAFRIEND',
          sourceAddress: '192.0.2.1',
          secureTransport: true,
        },
      },
    });
  });

  it('of an anonymous operation is called for nobody, without policy or quota', async () => {
    overQuota = true;
    const body = { UserName: 'ada', Password: 'p' };
    expect((await ask('POST', '/repoint/v1/sign-in', { as: 'nobody', body })).status).toBe(200);
    expect(calls[0]).toMatchObject({
      input: body,
      call: { caller: { kind: 'anonymous', sourceAddress: '192.0.2.1' } },
    });
    expect(questions).toHaveLength(0);
    expect([await entries(), counted]).toEqual([[], []]);
  });

  it('of an anonymous operation gets small bodies only', async () => {
    const body = { UserName: 'ada', Password: 'p'.repeat(16 * 1024) };
    const refused = await ask('POST', '/repoint/v1/sign-in', { as: 'nobody', body });
    expect(refused).toMatchObject({ status: 413, errorCode: 'PayloadTooLargeException' });
    expect(calls).toHaveLength(0);
  });
});

describe('the policy question', () => {
  it('names action and resource, with the tags of the project', async () => {
    await ask('GET', '/v1/apps/abc');
    expect(questions).toEqual([
      {
        action: 'mobiletargeting:GetApp',
        resource: `arn:aws:mobiletargeting:eu-central-1:${accountId}:apps/abc`,
        resourceTags: { team: 'shop' },
        requestTags: {},
        tagKeys: [],
        now: clock.now(),
      },
    ]);
  });

  it('has the tags of the request, and those of whatever ARN stands in the path', async () => {
    const arn = `arn:aws:mobiletargeting:eu-central-1:${accountId}:apps/abc`;
    await ask('POST', `/v1/tags/${encodeURIComponent(arn)}`, { body: { tags: { team: 'x' } } });
    expect(questions[0]).toMatchObject({ resource: arn, resourceTags: { of: arn }, requestTags: { team: 'x' } });
  });

  it('has no tags of a request that is not valid', async () => {
    expect((await ask('POST', '/v1/apps', { body: { Name: 7, tags: { team: 'x' } } })).status).toBe(400);
    expect(questions[0]).toMatchObject({ requestTags: {} });
  });
});

describe('the audit log', () => {
  it('has the entry of a change, written in the very transaction of the change', async () => {
    expect((await ask('POST', '/v1/apps', { body: { Name: 'Shop' } })).status).toBe(201);
    const made = { operation: 'CreateApp', user_name: 'friend', project: null, status: 201, code: null };
    expect(await entries()).toEqual([{ ...made, resource: `arn:aws:mobiletargeting:eu-central-1:${accountId}:apps` }]);
    const { rows } = await sql`select from things, entries where things.xmin = entries.xmin`.execute(database.query);
    expect(rows).toHaveLength(1);
  });

  it('has no change without its entry', async () => {
    auditFails = true;
    expect((await ask('POST', '/v1/apps', { body: { Name: 'Shop' } })).status).toBe(500);
    expect([await things(), await entries()]).toEqual([[], []]);
  });

  it('has an entry of a change that failed in its transaction, of which nothing is left', async () => {
    expect((await ask('DELETE', '/v1/apps/abc')).status).toBe(400);
    expect(await things()).toEqual([]);
    expect(await entries()).toMatchObject([
      { operation: 'DeleteApp', project: 'abc', status: 400, code: 'BadRequestException' },
    ]);
  });

  it('has both entries when a call failed behind its transaction', async () => {
    expect((await ask('POST', '/repoint/v1/users', { body: { UserName: 'u' } })).status).toBe(500);
    expect(await things()).toEqual([{ name: 'user' }]);
    expect(await entries()).toMatchObject([{ status: 201 }, { status: 500, code: 'InternalServerErrorException' }]);
  });

  it('has an entry of a change that needed no transaction', async () => {
    expect((await ask('PUT', '/v1/apps/abc/settings', { body: {} })).status).toBe(200);
    expect(await entries()).toMatchObject([{ operation: 'UpdateApplicationSettings', status: 200 }]);
  });

  it.each<[string, string, Ask, number]>([
    ['POST', '/v1/apps', { body: '{' }, 400],
    ['POST', '/v1/apps', { as: 'stranger' }, 403],
    ['POST', '/v1/apps/none/segments', {}, 404],
    ['POST', '/v1/apps/abc/segments', {}, 501],
    ['GET', '/v1/apps/abc', { as: 'stranger' }, 403],
  ])('has an entry of a refused %s %s (%j)', async (method, path, details, status) => {
    await ask(method, path, details);
    expect(await entries()).toMatchObject([{ status }]);
  });

  it('has none of reads, of other refusals of reads, and of callers that are not known', async () => {
    await ask('GET', '/v1/apps/abc');
    await ask('GET', '/v1/apps/none');
    await ask('POST', '/v1/apps', { as: 'nobody' });
    await ask('POST', '/v1/unknown');
    expect(await entries()).toEqual([]);
    expect(counted).toEqual([]);
  });

  it('has no entry of the data plane, which is counted instead, refused or not', async () => {
    await ask('PUT', '/v1/apps/abc/endpoints/x', { body: {} });
    await ask('PUT', '/v1/apps/abc/endpoints/x', { as: 'stranger' });
    expect(counted).toMatchObject([
      { operation: 'UpdateEndpoint', projectId: 'abc', status: 501 },
      {
        operation: 'UpdateEndpoint',
        status: 403,
        errorCode: 'ForbiddenException',
        caller: { accessKeyId: 'AKIASTRANGER' },
      },
    ]);
    expect(await entries()).toEqual([]);
  });

  it('may fail without taking the answer of a refusal with it', async () => {
    auditFails = true;
    expect((await ask('POST', '/v1/apps', { as: 'stranger' })).status).toBe(403);
    expect((await ask('PUT', '/v1/apps/abc/endpoints/x')).status).toBe(501);
    expect(log.map((line) => JSON.parse(line).msg)).toEqual(['request failed', 'request failed']);
  });
});

describe('faults', () => {
  it('answer 500 with nothing internal, and say in the log which request it was', async () => {
    const { json, body } = await ask('POST', '/repoint/v1/users', { body: { UserName: 'u' } });
    expect(json).toEqual({ Message: 'An internal error occurred', RequestID: 'request-1' });
    expect(body).not.toContain('alice');
    expect(JSON.parse(log[0] as string)).toMatchObject({ requestId: 'request-1', operation: 'CreateUser', level: 50 });
  });

  it('that are foreseen answer in their own words', async () => {
    expect(await ask('GET', '/v1/apps')).toMatchObject({
      status: 503,
      errorCode: 'ServiceUnavailableException',
      json: { Message: 'The database cannot be reached at the moment.' },
    });
    expect(log).toHaveLength(1);
  });

  it('of callers are not logged, nor is what is not answered yet', async () => {
    await ask('POST', '/v1/apps', { body: '{' });
    await ask('POST', '/v1/apps', { as: 'nobody' });
    await ask('POST', '/v1/apps/abc/segments');
    expect(log).toEqual([]);
  });

  it('leave no identity of the path in the log', async () => {
    auditFails = true;
    await ask('PUT', '/v1/apps/abc/endpoints/%2B491701234567', { body: { Address: '+491701234567' } });
    expect(log).toHaveLength(1);
    expect(log[0]).not.toContain('491701234567');
  });
});

describe('metrics', () => {
  it('count by operation and code; paths that lead nowhere have no names of their own', async () => {
    await ask('GET', '/v1/apps/abc');
    await ask('GET', '/v1/apps/none');
    await ask('GET', '/v1/+491701234567');
    const text = await registry.metrics();
    expect(text).toContain('repoint_requests_total{operation="GetApp",code="OK"} 1');
    expect(text).toContain('repoint_requests_total{operation="GetApp",code="NotFoundException"} 1');
    expect(text).toContain('repoint_requests_total{operation="none",code="NotFoundException"} 1');
    expect(text).not.toContain('491701234567');
  });
});
