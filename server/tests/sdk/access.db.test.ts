/** Who may enter and what they may do: users, keys, sessions, policies, audit, through our own API. */
import { randomBytes } from 'node:crypto';
import { CreateAppCommand, GetAppCommand, GetAppsCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { callApi } from '../support/repoint-api.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { type Credentials, startTestServer } from '../support/test-server.ts';

const testDatabase = await openTestDatabase({ poolSize: 20 });
const deployment = { testDatabase, masterKey: new MasterKey(randomBytes(32)) };
const server = await startTestServer({ deployment });
const otherNode = await startTestServer({ deployment });
const clock = new ManualClock(new Date());
/** A node whose time is moved by hand. */
const timed = await startTestServer({ deployment, clock });
const password = 'a long enough password';

let made = 0;
/** A user with these policies. @returns its name */
async function createUser(policies: readonly string[], own: { Password?: string } = {}): Promise<string> {
  made += 1;
  const UserName = `user-${made}`;
  const { status } = await callApi(server, 'POST /repoint/v1/users', {
    body: { UserName, Policies: policies, ...own },
  });
  expect(status).toBe(201);
  return UserName;
}

async function createKey(userName: string): Promise<Credentials> {
  const { status, body } = await callApi(server, `POST /repoint/v1/users/${userName}/access-keys`);
  expect(status).toBe(201);
  return { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey };
}

async function createPolicy(document: object): Promise<string> {
  made += 1;
  const PolicyName = `policy-${made}`;
  const { status } = await callApi(server, 'POST /repoint/v1/policies', { body: { PolicyName, Document: document } });
  expect(status).toBe(201);
  return PolicyName;
}

const account = { AccountId: server.administrator.accountId };

async function signIn(UserName: string, Password = password, at = server) {
  return callApi(at, 'POST /repoint/v1/sign-in', { credentials: null, body: { ...account, UserName, Password } });
}

function sessionOf(body: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string }): Credentials {
  return {
    accessKeyId: body.AccessKeyId,
    secretAccessKey: body.SecretAccessKey,
    sessionToken: body.SessionToken,
  };
}

async function createApp(tags: Record<string, string> = {}): Promise<string> {
  const { ApplicationResponse } = await server
    .client()
    .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'x', tags } }));
  return ApplicationResponse?.Id as string;
}

const denied = expect.objectContaining({ name: 'ForbiddenException' });

describe('access keys', () => {
  it('work on every node as soon as they are made, and stop within a second of being switched off', async () => {
    const user = await createUser(['read-only']);
    const credentials = await createKey(user);
    const clients = [server.client({ credentials }), otherNode.client({ credentials })];
    for (const client of clients) await client.send(new GetAppsCommand({}));
    const change = (Status: string) =>
      callApi(server, `PUT /repoint/v1/access-keys/${credentials.accessKeyId}`, { body: { Status } });
    expect((await change('Inactive')).body.Status).toBe('Inactive');
    for (const client of clients) {
      await vi.waitFor(
        () =>
          expect(client.send(new GetAppsCommand({}))).rejects.toEqual(
            expect.objectContaining({ name: 'UnrecognizedClientException' }),
          ),
        { timeout: 1_000, interval: 20 },
      );
    }
    await change('Active');
    for (const client of clients) await vi.waitFor(() => client.send(new GetAppsCommand({})));
  });

  it('are listed with user and last use, and never with a secret', async () => {
    const user = await createUser(['read-only']);
    const credentials = await createKey(user);
    await server.client({ credentials }).send(new GetAppsCommand({}));
    const list = () => callApi(server, `GET /repoint/v1/access-keys?user=${user}`);
    expect(JSON.stringify((await list()).body)).not.toContain(credentials.secretAccessKey);
    await vi.waitFor(
      async () => {
        const { body } = await list();
        expect(body.Item).toMatchObject([{ AccessKeyId: credentials.accessKeyId, UserName: user, Status: 'Active' }]);
        expect(body.Item[0].LastUsed).toMatchObject({ Region: 'us-east-1', Operation: 'GetApps' });
      },
      { timeout: 8_000, interval: 200 },
    );
  });

  it('rotate: the new one works at once, the old one until the overlap is over', async () => {
    const user = await createUser(['read-only']);
    const old = await createKey(user);
    const { status, body } = await callApi(server, `POST /repoint/v1/access-keys/${old.accessKeyId}/rotate`, {
      body: { OverlapSeconds: 2 },
    });
    expect(status).toBe(201);
    const fresh = { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey };
    await server.client({ credentials: fresh }).send(new GetAppsCommand({}));
    const client = server.client({ credentials: old });
    await client.send(new GetAppsCommand({}));
    await vi.waitFor(() => expect(client.send(new GetAppsCommand({}))).rejects.toThrow(), { timeout: 4_000 });
    await server.client({ credentials: fresh }).send(new GetAppsCommand({}));
  });

  it('can be rotated as often as one likes: those that are over do not count', async () => {
    let key = await createKey(await createUser(['read-only']));
    for (let count = 0; count < 12; count += 1) {
      const { status, body } = await callApi(server, `POST /repoint/v1/access-keys/${key.accessKeyId}/rotate`, {
        body: { OverlapSeconds: 0 },
      });
      expect(status).toBe(201);
      key = { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey };
    }
    await server.client({ credentials: key }).send(new GetAppsCommand({}));
  });

  it('are ten a user at most, and go with the user', async () => {
    const user = await createUser(['read-only']);
    const keys = [];
    for (let count = 0; count < 10; count += 1) keys.push(await createKey(user));
    const eleventh = await callApi(server, `POST /repoint/v1/users/${user}/access-keys`);
    expect([eleventh.status, eleventh.errorType]).toEqual([400, 'BadRequestException']);
    expect((await callApi(server, `DELETE /repoint/v1/users/${user}`)).status).toBe(200);
    const client = otherNode.client({ credentials: keys[3] as Credentials });
    await vi.waitFor(() => expect(client.send(new GetAppsCommand({}))).rejects.toThrow(/security token/));
  });

  it('of one account are nobody else’s business', async () => {
    const stranger = await server.addAccount();
    const id = server.administrator.accessKeyId;
    for (const call of [`DELETE /repoint/v1/access-keys/${id}`, `POST /repoint/v1/access-keys/${id}/rotate`]) {
      expect((await callApi(server, call, { credentials: stranger })).status).toBe(404);
    }
    const { body } = await callApi(server, 'GET /repoint/v1/access-keys', { credentials: stranger });
    expect(body.Item.map((key: { AccessKeyId: string }) => key.AccessKeyId)).toEqual([stranger.accessKeyId]);
    expect((await callApi(server, 'GET /repoint/v1/users/user-1', { credentials: stranger })).status).toBe(404);
  });
});

describe('sessions', () => {
  it('sign requests with their token, on every node, and not without it', async () => {
    const user = await createUser(['read-only'], { Password: password });
    const { status, body } = await signIn(user);
    expect(status).toBe(200);
    expect(Date.parse(body.Expiration) - Date.now()).toBeGreaterThan(11 * 3600 * 1000);
    const session = sessionOf(body);
    await otherNode.client({ credentials: session }).send(new GetAppsCommand({}));
    const { sessionToken: _token, ...without } = session;
    const refused = expect.objectContaining({ name: 'UnrecognizedClientException' });
    await expect(server.client({ credentials: without }).send(new GetAppsCommand({}))).rejects.toEqual(refused);
    const forged = { ...session, sessionToken: `${session.sessionToken}x` };
    await expect(server.client({ credentials: forged }).send(new GetAppsCommand({}))).rejects.toEqual(refused);
    const caller = await callApi(server, 'GET /repoint/v1/caller', { credentials: session });
    expect(caller.body).toMatchObject({ UserName: user, Policies: ['read-only'], AccountId: account.AccountId });
  });

  it('end by signing out, by a new password, and with the user', async () => {
    const user = await createUser(['read-only'], { Password: password });
    const ended = async (end: (session: Credentials) => Promise<unknown>) => {
      const session = sessionOf((await signIn(user)).body);
      const client = otherNode.client({ credentials: session });
      await client.send(new GetAppsCommand({}));
      await end(session);
      await vi.waitFor(() => expect(client.send(new GetAppsCommand({}))).rejects.toThrow(/security token/), {
        timeout: 1_000,
      });
    };
    await ended((credentials) => callApi(server, 'POST /repoint/v1/sign-out', { credentials }));
    await ended((credentials) =>
      callApi(server, `PUT /repoint/v1/users/${user}/password`, {
        ...{ credentials, body: { Password: password, CurrentPassword: password } },
      }),
    );
    await ended(() => callApi(server, `DELETE /repoint/v1/users/${user}`));
  });

  it('are refused alike for a wrong password, an unknown user, and a user without a password', async () => {
    const known = await createUser(['read-only'], { Password: password });
    const keyless = await createUser(['read-only']);
    const answers = [await signIn(known, 'wrong'), await signIn('nobody at all'), await signIn(keyless)];
    const texts = answers.map(({ status, errorType, body }) => `${status} ${errorType} ${body.Message}`);
    expect(new Set(texts).size).toBe(1);
    expect(answers[0]?.status).toBe(403);
  });

  it('are locked for a quarter of an hour after five wrong passwords, also when tried at once', async () => {
    clock.advance(Date.now() - clock.now().getTime());
    const user = await createUser(['read-only'], { Password: password });
    const guesses = await Promise.all(Array.from({ length: 9 }, () => signIn(user, 'wrong', timed)));
    expect(guesses.every(({ status }) => status === 403)).toBe(true);
    expect((await signIn(user, password, timed)).status).toBe(403);
    const { body } = await callApi(server, `GET /repoint/v1/users/${user}`);
    expect(Date.parse(body.LockedUntil)).toBeGreaterThan(Date.now() + 10 * 60_000);
    clock.advance(15 * 60_000 + 1_000);
    expect((await signIn(user, password, timed)).status).toBe(200);
    expect((await callApi(server, `GET /repoint/v1/users/${user}`)).body.LockedUntil).toBeUndefined();
  });

  it('start anew after a right password: four wrong ones before it do not count', async () => {
    const user = await createUser(['read-only'], { Password: password });
    for (let round = 0; round < 2; round += 1) {
      for (let guess = 0; guess < 4; guess += 1) await signIn(user, 'wrong');
      expect((await signIn(user)).status).toBe(200);
    }
  });
});

describe('policies', () => {
  it('decide by action and resource, on every node, as soon as they are attached', async () => {
    const [mine, other] = [await createApp(), await createApp()];
    const policy = await createPolicy({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'mobiletargeting:Get*', Resource: `arn:aws:mobiletargeting:*:*:apps/${mine}*` },
      ],
    });
    const user = await createUser([]);
    const client = otherNode.client({ credentials: await createKey(user) });
    await expect(client.send(new GetAppCommand({ ApplicationId: mine }))).rejects.toEqual(denied);
    expect((await callApi(server, `PUT /repoint/v1/users/${user}/policies/${policy}`)).status).toBe(204);
    await vi.waitFor(() => client.send(new GetAppCommand({ ApplicationId: mine })));
    await expect(client.send(new GetAppCommand({ ApplicationId: other }))).rejects.toEqual(denied);
    await expect(
      client.send(new UpdateEndpointCommand({ ApplicationId: mine, EndpointId: 'e', EndpointRequest: {} })),
    ).rejects.toEqual(denied);
    expect((await callApi(server, `DELETE /repoint/v1/policies/${policy}`)).errorType).toBe('ConflictException');
    expect((await callApi(server, `DELETE /repoint/v1/users/${user}/policies/${policy}`)).status).toBe(204);
    await vi.waitFor(() => expect(client.send(new GetAppCommand({ ApplicationId: mine }))).rejects.toEqual(denied));
    expect((await callApi(server, `DELETE /repoint/v1/policies/${policy}`)).status).toBe(200);
  });

  it('ask for the tags of the project and of the request', async () => {
    const [blue, green] = [await createApp({ team: 'blue' }), await createApp({ team: 'green' })];
    const policy = await createPolicy({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['mobiletargeting:GetApp', 'mobiletargeting:ListTagsForResource'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } },
        },
        {
          Effect: 'Allow',
          Action: 'mobiletargeting:CreateApp',
          Resource: '*',
          Condition: { StringEquals: { 'aws:RequestTag/team': 'blue' } },
        },
      ],
    });
    const credentials = await createKey(await createUser([policy]));
    const client = server.client({ credentials });
    await client.send(new GetAppCommand({ ApplicationId: blue }));
    await expect(client.send(new GetAppCommand({ ApplicationId: green }))).rejects.toEqual(denied);
    const create = (team: string) =>
      client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'x', tags: { team } } }));
    await create('blue');
    await expect(create('green')).rejects.toEqual(denied);
    const tagsOf = async (id: string) => {
      const arn = `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:apps/${id}`;
      return callApi(server, `GET /v1/tags/${encodeURIComponent(arn)}`, { credentials, service: 'mobiletargeting' });
    };
    expect((await tagsOf(blue)).status).toBe(200);
    expect((await tagsOf(green)).errorType).toBe('ForbiddenException');
  });

  it('are no way to guess the tags of another account', async () => {
    const secret = await createApp({ team: 'blue' });
    const stranger = await server.addAccount();
    const asStranger = (call: string, body?: object) => callApi(server, call, { credentials: stranger, body });
    await asStranger('POST /repoint/v1/policies', {
      PolicyName: 'guess',
      Document: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'mobiletargeting:ListTagsForResource',
          Resource: '*',
          Condition: { StringLike: { 'aws:ResourceTag/team': 'b*' } },
        },
      },
    });
    await asStranger('POST /repoint/v1/users', { UserName: 'spy', Policies: ['guess'] });
    const { body } = await asStranger('POST /repoint/v1/users/spy/access-keys');
    const credentials = { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey };
    const arn = `arn:aws:mobiletargeting:us-east-1:${account.AccountId}:apps/${secret}`;
    const guess = await callApi(server, `GET /v1/tags/${encodeURIComponent(arn)}`, {
      credentials,
      service: 'mobiletargeting',
    });
    expect(guess.errorType).toBe('ForbiddenException');
  });

  it('say nothing of what is there to those who may not see it', async () => {
    const there = await createApp();
    const client = server.client({ credentials: await createKey(await createUser([])) });
    for (const ApplicationId of [there, 'f'.repeat(32)]) {
      await expect(client.send(new GetAppCommand({ ApplicationId }))).rejects.toEqual(denied);
    }
  });

  it('of the mobile client let an app write its endpoint in one project, and no more', async () => {
    const [mine, other] = [await createApp(), await createApp()];
    const body = { PolicyName: `app-${made}`, ReadyMade: 'mobile-client', ProjectId: mine };
    expect((await callApi(server, 'POST /repoint/v1/policies', { body })).status).toBe(201);
    const client = server.client({ credentials: await createKey(await createUser([body.PolicyName])) });
    const write = (ApplicationId: string) =>
      client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'device', EndpointRequest: {} }));
    await write(mine);
    await expect(write(other)).rejects.toEqual(denied);
    await expect(client.send(new GetAppCommand({ ApplicationId: mine }))).rejects.toEqual(denied);
  });

  it('are refused with the place of the fault', async () => {
    const { status, body } = await callApi(server, 'POST /repoint/v1/policies', {
      body: { PolicyName: 'broken', Document: { Version: '2012-10-17', Statement: [{ Effect: 'Perhaps' }] } },
    });
    expect([status, body.Message]).toEqual([400, expect.stringContaining('$.Statement[0].Effect')]);
    const readyMade = await callApi(server, 'GET /repoint/v1/policies');
    const names = readyMade.body.Item.map((policy: { PolicyName: string }) => policy.PolicyName);
    expect(names).toEqual(expect.arrayContaining(['administrator', 'privacy-officer', 'read-only', 'sender']));
    const change = { Document: { Version: '2012-10-17', Statement: [] } };
    expect((await callApi(server, 'PUT /repoint/v1/policies/read-only', { body: change })).status).toBe(400);
    expect((await callApi(server, 'DELETE /repoint/v1/policies/administrator')).errorType).toBe('ConflictException');
  });

  it('of a reader let a person sign in and look around in projects, and change nothing', async () => {
    const id = await createApp({ team: 'blue' });
    const credentials = sessionOf((await signIn(await createUser(['read-only'], { Password: password }))).body);
    const arn = `arn:aws:mobiletargeting:us-east-1:${account.AccountId}:apps/${id}`;
    const pinpoint = async (call: string, body?: object) =>
      (await callApi(server, call, { credentials, service: 'mobiletargeting', body })).status;
    for (const path of ['apps?page-size=5', `apps/${id}`, `apps/${id}/settings`, `tags/${encodeURIComponent(arn)}`]) {
      expect([path, await pinpoint(`GET /v1/${path}`)]).toEqual([path, 200]);
    }
    expect((await callApi(server, 'GET /repoint/v1/caller', { credentials })).status).toBe(200);
    expect(await pinpoint('POST /v1/apps', { Name: 'x' })).toBe(403);
    expect(await pinpoint(`PUT /v1/apps/${id}/settings`, {})).toBe(403);
    expect(await pinpoint(`DELETE /v1/apps/${id}`)).toBe(403);
    for (const path of ['users', 'access-keys', 'policies', 'audit-log']) {
      expect((await callApi(server, `GET /repoint/v1/${path}`, { credentials })).status).toBe(403);
    }
  });

  it('let people change their own password and nobody else’s', async () => {
    const user = await createUser(['read-only'], { Password: password });
    const credentials = sessionOf((await signIn(user)).body);
    const other = await createUser(['read-only'], { Password: password });
    const set = (whose: string) =>
      callApi(server, `PUT /repoint/v1/users/${whose}/password`, {
        ...{ credentials, body: { Password: `${password}!`, CurrentPassword: password } },
      });
    expect((await set(other)).errorType).toBe('ForbiddenException');
    expect((await set(user)).status).toBe(204);
    expect((await signIn(user, `${password}!`)).status).toBe(200);
  });
});

describe('the audit log', () => {
  const entries = async (query: string) => (await callApi(server, `GET /repoint/v1/audit-log?${query}`)).body.Item;

  it('has every change with who, what, where and outcome, in one transaction with it', async () => {
    const id = await createApp();
    const [entry] = await entries('operation=CreateApp&page-size=1');
    expect(entry).toMatchObject({
      UserName: 'administrator',
      AccessKeyId: server.administrator.accessKeyId,
      Operation: 'CreateApp',
      Resource: `arn:aws:mobiletargeting:us-east-1:${account.AccountId}:apps/${id}`,
      SourceAddress: '127.0.0.1',
      Status: 201,
      Region: 'us-east-1',
    });
    expect(entry.ErrorCode).toBeUndefined();
    await server.client().send(new GetAppCommand({ ApplicationId: id }));
    expect(await entries(`operation=GetApp&project=${id}`)).toEqual([]);
  });

  it('has refused changes, and reads that were not allowed', async () => {
    const user = await createUser([]);
    const client = server.client({ credentials: await createKey(user) });
    const id = await createApp();
    await expect(client.send(new GetAppCommand({ ApplicationId: id }))).rejects.toThrow();
    await expect(client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'x' } }))).rejects.toThrow();
    const seen = await entries(`user=${user}`);
    expect(seen).toMatchObject([
      { Operation: 'CreateApp', Status: 403, ErrorCode: 'ForbiddenException' },
      { Operation: 'GetApp', Status: 403, ErrorCode: 'ForbiddenException', ProjectId: id },
    ]);
    await callApi(server, 'POST /v1/apps', { service: 'mobiletargeting', body: { Name: 5 } });
    expect((await entries('operation=CreateApp&page-size=1'))[0]).toMatchObject({ Status: 400 });
  });

  it('has sign-ins, those that failed too', async () => {
    const user = await createUser(['read-only'], { Password: password });
    await signIn(user, 'wrong');
    const { body } = await signIn(user);
    expect(await entries(`user=${user}`)).toMatchObject([
      { Operation: 'SignIn', Status: 200, AccessKeyId: body.AccessKeyId },
      { Operation: 'SignIn', Status: 403, ErrorCode: 'ForbiddenException' },
    ]);
  });

  it('holds no endpoint or user id, only a keyed hash of one', async () => {
    const id = await createApp();
    const phone = '+4915112345678';
    const client = server.client({ credentials: await createKey(await createUser([])) });
    const arn = `arn:aws:mobiletargeting:us-east-1:${account.AccountId}:apps/${id}/endpoints/${phone}`;
    await callApi(server, `POST /v1/tags/${encodeURIComponent(arn)}`, {
      service: 'mobiletargeting',
      body: { tags: { a: 'b' } },
    });
    await callApi(server, `PUT /v1/apps/${id}/users/${encodeURIComponent(phone)}`, { service: 'mobiletargeting' });
    await expect(
      client.send(new UpdateEndpointCommand({ ApplicationId: id, EndpointId: phone, EndpointRequest: {} })),
    ).rejects.toEqual(denied);
    const all = JSON.stringify(await entries('page-size=1000'));
    expect(all).not.toContain('4915112345678');
    expect((await entries('operation=TagResource&page-size=1'))[0].Resource).toMatch(/endpoints\/[0-9a-f]{16}$/);
  });

  it('takes times with a zone, and none beyond what a calendar knows', async () => {
    const statusOf = async (time: string) =>
      (await callApi(server, `GET /repoint/v1/audit-log?start-time=${encodeURIComponent(time)}`)).status;
    for (const time of ['2026-11-25T10:00:00Z', '2026-11-25T10:00+02:00', '0000-01-01T00:00:00Z']) {
      expect([time, await statusOf(time)]).toEqual([time, 200]);
    }
    for (const time of ['-200000-01-01T00:00:00Z', '2026-13-01T00:00:00Z', 'yesterday', '7', '2026-11-25T10:00:00']) {
      expect([time, await statusOf(time)]).toEqual([time, 400]);
    }
  });

  it('counts calls of the data plane per key, operation and minute', async () => {
    const id = await createApp();
    const write = new UpdateEndpointCommand({ ApplicationId: id, EndpointId: 'e', EndpointRequest: {} });
    await server.client().send(write);
    await vi.waitFor(
      async () => {
        const { body } = await callApi(server, 'GET /repoint/v1/audit-counts?operation=UpdateEndpoint');
        const own = body.Item.filter((count: { ProjectId?: string }) => count.ProjectId === id);
        expect(own).toMatchObject([{ AccessKeyId: server.administrator.accessKeyId, Count: 1, StatusClass: '2xx' }]);
      },
      { timeout: 5_000, interval: 100 },
    );
    expect(await entries('operation=UpdateEndpoint')).toEqual([]);
  });

  it('is read page by page, newest first, and by its own account only', async () => {
    const times: string[] = [];
    let token = '';
    do {
      const { body } = await callApi(
        server,
        `GET /repoint/v1/audit-log?page-size=7&token=${token}`.replace(/&token=$/, ''),
      );
      times.push(...body.Item.map((entry: { Time: string }) => entry.Time));
      token = body.NextToken ?? '';
    } while (token !== '');
    expect(times).toEqual(times.toSorted().reverse());
    expect(times.length).toBeGreaterThan(20);
    const stranger = await server.addAccount();
    const { body } = await callApi(server, 'GET /repoint/v1/audit-log', { credentials: stranger });
    expect(body.Item).toEqual([]);
  });
});
