/** What an operator asks of the whole server: its health, its background jobs, what policies would say, who did what. */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { createAccount } from '../../src/domains/accounts/index.ts';
import { defineJob, enqueue } from '../../src/jobs/index.ts';
import { callApi } from '../support/repoint-api.ts';
import { type Credentials, startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { query } = server.database;
const get = async (path: string) => (await callApi(server, `GET /repoint/v1/${path}`)).body;
const post = (path: string, body?: unknown) => callApi(server, `POST /repoint/v1/${path}`, { body });

/** Nobody handles it, so it stays in the queue. */
const stray = defineJob('test/stray', () => ({ secret: 'of a payload' }));

async function strayJob(changes: { attempts?: number; reason?: string } = {}, runAt?: Date): Promise<string> {
  await enqueue(query, stray, { secret: '' }, { attempts: 3, ...(runAt && { runAt }) });
  const { rows } = await sql<{ id: number }>`
    update graphile_worker._private_jobs set attempts = ${changes.attempts ?? 0}, last_error = ${changes.reason ?? null}
    where id = (select max(id) from graphile_worker._private_jobs) returning id`.execute(query);
  return String(rows[0]?.id);
}

describe('health', () => {
  it('tells of processes, database, disk, jobs, ledger, streams and sending', async () => {
    const health = await get('health');
    expect(health.Processes).toMatchObject([{ Roles: ['api', 'worker', 'scheduler'], Answered: true }]);
    expect(health.Database).toMatchObject({ Kind: 'EMBEDDED', Migration: expect.stringMatching(/^\d{4}_/) });
    expect(health.Database.MaxConnections).toBeGreaterThan(health.Database.Connections);
    expect(health.Disk.TotalBytes).toBeGreaterThan(health.Disk.FreeBytes);
    expect(health.Ledger.Place).toContain(server.dataDirectory);
    expect(health).toMatchObject({ Streams: { Streams: 0, Behind: 0 }, Sending: { ProvidersDown: 0 } });
    const areas = health.Findings.map(({ Area }: { Area: string }) => Area);
    expect(areas).toEqual(expect.arrayContaining(['PROCESSES', 'DATABASE', 'DISK', 'JOBS', 'SENDING']));
    expect(health.Schedules.map(({ JobName }: { JobName: string }) => JobName)).toContain('accounts/sweep');
  });

  it('warns of jobs that gave up, of processes that fell silent, and of roles that nobody has', async () => {
    await strayJob({ attempts: 3, reason: 'TypeError' });
    await sql`
      insert into nodes (node_id, host_name, process_id, roles, version, started_at, heartbeat_at)
      values ('gone/0', 'gone', 1, array['api'], '0.0.1', now(), now() - interval '20 seconds')`.execute(query);
    const health = await get('health');
    const says = health.Findings.map(({ Says }: { Says: string }) => Says).join('\n');
    expect(health.State).not.toBe('OK');
    expect(says).toContain('1 background job(s) were tried as often as they may be');
    expect(says).toContain('1 process(es) have not told of themselves');
    expect(says).toContain('processes run several versions, 0.0.1, ');
    await query
      .updateTable('nodes')
      .set({ roles: ['api'] })
      .execute();
    const without = await get('health');
    expect(without.State).toBe('WRONG');
    expect(without.Findings).toContainEqual(expect.objectContaining({ Area: 'PROCESSES', State: 'WRONG' }));
    await query.deleteFrom('nodes').where('node_id', '=', 'gone/0').execute();
  });
});

describe('background jobs', () => {
  it('are listed by state, newest first, page by page, without their payloads', async () => {
    const failed = await strayJob({ attempts: 3, reason: 'PostgresError 23505' });
    const retrying = await strayJob({ attempts: 1, reason: 'Error' });
    const scheduled = await strayJob({}, new Date(Date.now() + 3_600_000));
    const waiting = await strayJob();
    const all = await get('background-jobs?name=test%2Fstray');
    const states = Object.fromEntries(
      all.Item.map(({ JobId, State }: { JobId: string; State: string }) => [JobId, State]),
    );
    expect(states).toMatchObject({ [failed]: 'FAILED', [retrying]: 'RETRYING' });
    expect(states).toMatchObject({ [scheduled]: 'SCHEDULED', [waiting]: 'WAITING' });
    expect(JSON.stringify(all)).not.toContain('of a payload');
    expect(all.Counts).toMatchObject({ Failed: 2, Retrying: 1 });
    const first = await get('background-jobs?state=FAILED&page-size=1');
    expect(first.Item).toMatchObject([{ JobId: failed, Reason: 'PostgresError 23505', Attempts: 3, MaxAttempts: 3 }]);
    const second = await get(`background-jobs?state=FAILED&page-size=1&token=${encodeURIComponent(first.NextToken)}`);
    expect(second.Item).toMatchObject([{ Reason: 'TypeError' }]);
    expect(second.NextToken).toBeUndefined();
    expect(await callApi(server, 'GET /repoint/v1/background-jobs?state=GONE')).toMatchObject({ status: 400 });
  });

  it('are tried again at once, with all their attempts; one that runs is not', async () => {
    const failed = await strayJob({ attempts: 3, reason: 'TypeError' });
    expect(await post(`background-jobs/${failed}/retry`)).toMatchObject({
      status: 200,
      body: { JobId: failed, State: 'WAITING', Attempts: 0, Reason: 'TypeError' },
    });
    await sql`
      update graphile_worker._private_jobs set locked_at = now(), locked_by = 'somebody' where id = ${failed}::bigint`.execute(
      query,
    );
    expect(await post(`background-jobs/${failed}/retry`)).toMatchObject({ status: 409 });
    expect(await post('background-jobs/999999999/retry')).toMatchObject({ status: 404 });
    expect(await post('background-jobs/none/retry')).toMatchObject({ status: 404 });
    await vi.waitFor(async () => {
      const { Item } = await get('audit-log?operation=RetryBackgroundJob&outcome=SUCCEEDED');
      expect(Item).toMatchObject([
        { Resource: expect.stringMatching(`background-jobs/${failed}/retry$`), Status: 200 },
      ]);
    });
  });
});

describe('what concerns every account', () => {
  const wholeServer = ['GET /repoint/v1/health', 'GET /repoint/v1/background-jobs'];

  it('is answered to the first account alone, whatever the policies of others say', async () => {
    const other = await server.addAccount();
    const job = await strayJob({ attempts: 3, reason: 'TypeError' });
    for (const call of [...wholeServer, `POST /repoint/v1/background-jobs/${job}/retry`]) {
      const refused = await callApi(server, call, { credentials: other });
      expect(refused).toMatchObject({ status: 403, body: { Message: expect.stringContaining('first account') } });
      expect((await callApi(server, call)).status).toBe(200);
    }
    // Their own account is theirs to look at.
    expect(await callApi(server, 'GET /repoint/v1/users', { credentials: other })).toMatchObject({ status: 200 });
  });

  it('is told at sign-in, and of whoever asks who they are', async () => {
    const Password = 'correct horse battery';
    for (const [credentials, Operates] of [
      [server.administrator, true] as const,
      [await server.addAccount(), false] as const,
    ]) {
      const CreateUserRequest = { UserName: 'operator', Password, Policies: ['administrator'] };
      await callApi(server, 'POST /repoint/v1/users', { credentials, body: CreateUserRequest });
      const signIn = { AccountId: credentials.accountId, UserName: 'operator', Password };
      const signedIn = await callApi(server, 'POST /repoint/v1/sign-in', { credentials: null, body: signIn });
      expect(signedIn).toMatchObject({ status: 200, body: { AccountId: credentials.accountId, Operates } });
      const caller = await callApi(server, 'GET /repoint/v1/caller', { credentials });
      expect(caller).toMatchObject({ status: 200, body: { UserName: 'administrator', Operates } });
    }
  });

  it('is answered to the account that the configuration names, once there is one', async () => {
    const firstAccountId = '999999999999';
    const named = await startTestServer({ environment: { REPOINT_ACCOUNT_ID: firstAccountId } });
    const health = async (credentials: Credentials) =>
      (await callApi(named, 'GET /repoint/v1/health', { credentials })).status;
    expect(await health(named.administrator)).toBe(200);
    const { key } = await named.database.transaction((tx) =>
      createAccount(tx, named.masterKey, { accountId: firstAccountId, name: 'named', now: new Date() }),
    );
    expect([await health(named.administrator), await health(key)]).toEqual([403, 200]);
    const operates = async (credentials: Credentials) =>
      (await callApi(named, 'GET /repoint/v1/caller', { credentials })).body.Operates;
    expect([await operates(named.administrator), await operates(key)]).toEqual([false, true]);
  });
});

describe('a simulation of policies', () => {
  const arn = `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:apps/p1`;
  const ask = (body: object) =>
    post('policy-simulations', { Action: 'mobiletargeting:GetApp', Resource: arn, ...body });
  const allow = { Effect: 'Allow', Action: 'mobiletargeting:Get*', Resource: '*' };

  it('says what holds for a user, and which statements speak of it', async () => {
    await post('users', { UserName: 'reader', Policies: ['read-only'] });
    expect((await ask({ UserName: 'reader' })).body).toEqual({
      Decision: 'ALLOWED',
      Statements: [{ PolicyName: 'read-only', Index: 0, Effect: 'Allow' }],
    });
    const Document = { Statement: [{ Effect: 'Deny', Action: '*', Resource: arn }] };
    expect((await ask({ UserName: 'reader', Document })).body).toMatchObject({
      Decision: 'EXPLICIT_DENY',
      Statements: [{ PolicyName: 'read-only' }, { Index: 0, Effect: 'Deny' }],
    });
    expect((await ask({ PolicyNames: ['sender'], Action: 'mobiletargeting:DeleteApp' })).body).toEqual({
      Decision: 'NOT_ALLOWED',
      Statements: [],
    });
  });

  it('holds conditions against what it is told', async () => {
    const Condition = {
      StringEquals: { 'aws:ResourceTag/team': 'shop' },
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
    };
    const Document = { Statement: { ...allow, Condition } };
    const told = { Document, ResourceTags: { team: 'shop' }, SourceAddress: '192.0.2.7' };
    expect((await ask(told)).body).toMatchObject({ Decision: 'ALLOWED' });
    expect((await ask({ ...told, SourceAddress: '198.51.100.7' })).body).toMatchObject({ Decision: 'NOT_ALLOWED' });
    expect((await ask({ ...told, ResourceTags: {} })).body).toMatchObject({ Decision: 'NOT_ALLOWED' });
  });

  it('refuses a document with the place of its fault, and strangers', async () => {
    const Document = { Statement: [allow, { ...allow, Effect: 'Maybe' }] };
    expect(await ask({ Document })).toMatchObject({
      status: 400,
      body: { Message: '$.Statement[1].Effect: must be Allow or Deny' },
    });
    expect(await ask({})).toMatchObject({ status: 400 });
    expect(await ask({ PolicyNames: ['nobody'] })).toMatchObject({ status: 400 });
    expect(await ask({ UserName: 'nobody' })).toMatchObject({ status: 404 });
  });
});

it('shows the audit log by outcome', async () => {
  await server.client().send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'x' } }));
  await post('users', { UserName: 'not a name!', Policies: [] });
  const outcomes = async (outcome: string) =>
    (await get(`audit-log?outcome=${outcome}`)).Item.map(({ Status }: { Status: number }) => Status);
  await vi.waitFor(async () => expect(await outcomes('REFUSED')).toContain(400));
  expect((await outcomes('SUCCEEDED')).every((status: number) => status < 400)).toBe(true);
  expect((await outcomes('REFUSED')).every((status: number) => status >= 400 && status < 500)).toBe(true);
  expect(await outcomes('FAILED')).toEqual([]);
  expect(await callApi(server, 'GET /repoint/v1/audit-log?outcome=perhaps')).toMatchObject({ status: 400 });
});
