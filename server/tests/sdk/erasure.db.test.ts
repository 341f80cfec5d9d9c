/** Erasing people through our API and through Pinpoint's: requirements E2, E3, E14, E15, E17, E20, E23. */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  GetEndpointCommand,
  RemoveAttributesCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { Notifications } from '../../src/database/index.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { ended, erase, identity, importRows, newestRequest, newProject, plant, sendCode } from '../support/erasure.ts';
import { startProvider } from '../support/provider-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const deployment = { testDatabase: await openTestDatabase(), masterKey: new MasterKey(randomBytes(32)) };
const server = await startTestServer({
  deployment,
  environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8,::1' },
});
const client = server.client();
let made = 0;
let ApplicationId: string;
/** In lower case, and in nobody else's. */
let mark: string;
beforeEach(async () => {
  ApplicationId = await newProject(server);
  made += 1;
  mark = `zq${made}x${Math.floor(Math.random() * 1e9)}`;
});

const path = () => `/repoint/v1/apps/${ApplicationId}`;
const sha256 = (text: string) => hash('sha256', text);
const somebody = (suffix = '') => ({
  id: `e-${mark}${suffix}`,
  userId: `u-${mark}`,
  email: `m-${mark}${suffix}@example.com`,
});
const exists = (EndpointId: string) =>
  client.send(new GetEndpointCommand({ ApplicationId, EndpointId })).then(
    () => true,
    () => false,
  );
const placesOf = (body: { Locations: readonly { Name: string; Found: number; Erased?: number }[] }) =>
  Object.fromEntries(body.Locations.map(({ Name, Found, Erased }) => [Name, [Found, Erased]]));

describe('E2: whom identities stand for', () => {
  it.each([
    ['endpoint id', () => identity('ENDPOINT_ID', `E-${mark.toUpperCase()}`)],
    ['user id', () => identity('USER_ID', `u-${mark}`)],
    ['e-mail in another case', () => identity('EMAIL', `M-${mark}@EXAMPLE.com`)],
    ['hash of the endpoint id', () => identity('ENDPOINT_ID', sha256(`e-${mark}`), 'SHA256')],
    ['hash of the user id', () => identity('USER_ID', sha256(`u-${mark}`), 'SHA256')],
    ['hash of the e-mail', () => identity('EMAIL', sha256(`m-${mark}@example.com`), 'SHA256')],
  ])('%s leads to all endpoints of the user, and changes nothing', async (_name, make) => {
    await plant(server, ApplicationId, somebody());
    await plant(server, ApplicationId, somebody('-2'));
    await plant(server, ApplicationId, { id: 'another', userId: 'another', email: 'another@example.com' });
    const before = await tablesWith(server.database, mark);
    const { status, body } = await callApi(server, `POST ${path()}/erasure-previews`, {
      body: { Identities: [make()] },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Endpoints: 2, Users: 1, Addresses: 2, SharedWith: 0, UserIds: [`u-${mark}`] });
    expect(body.EndpointIds.toSorted()).toEqual([`e-${mark}`, `e-${mark}-2`]);
    expect(placesOf(body)).toMatchObject({ endpoints: [2, undefined], 'outbox messages to endpoints': [2, undefined] });
    expect(await tablesWith(server.database, mark)).toEqual(before);
  });

  it('a device that two users share leads from one of them to the other only when it is named', async () => {
    const put = (EndpointId: string, UserId: string) =>
      client.send(
        new UpdateEndpointCommand({
          ...{ ApplicationId, EndpointId },
          EndpointRequest: { ChannelType: 'GCM', Address: `t-${mark}`, User: { UserId } },
        }),
      );
    await put('one', `u1-${mark}`);
    await put('two', `u2-${mark}`);
    const preview = async (Identity: object) =>
      (await callApi(server, `POST ${path()}/erasure-previews`, { body: { Identities: [Identity] } })).body;
    expect(await preview(identity('USER_ID', `u1-${mark}`))).toMatchObject({ Endpoints: 1, SharedWith: 1 });
    expect(await preview(identity('DEVICE_TOKEN', `t-${mark}`))).toMatchObject({ Endpoints: 2, SharedWith: 0 });
  });

  it('look-alikes are others', async () => {
    await plant(server, ApplicationId, { ...somebody(), userId: `ana-${mark}` });
    const { body } = await callApi(server, `POST ${path()}/erasure-previews`, {
      body: { Identities: [identity('USER_ID', `аna-${mark}`), identity('USER_ID', `ANA-${mark}`)] },
    });
    expect(body).toMatchObject({ Endpoints: 0, EndpointIds: [] });
  });
});

describe('E3: an absent identity', () => {
  const bad: [string, unknown][] = [
    ['no list', {}],
    ['an empty list', { Identities: [] }],
    ['null in the list', { Identities: [null] }],
    ['no value', { Identities: [{ Type: 'USER_ID' }] }],
    ['null', { Identities: [{ Type: 'USER_ID', Value: null }] }],
    ['an empty text', { Identities: [identity('USER_ID', '')] }],
    ['blanks', { Identities: [identity('ENDPOINT_ID', ' \t\n')] }],
    ['a wildcard', { Identities: [identity('ENDPOINT_ID', '*')] }],
    ['wildcards in an address', { Identities: [identity('EMAIL', '*@example.com')] }],
    ['a pattern', { Identities: [identity('USER_ID', '%')] }],
    ['a hash that is none', { Identities: [identity('EMAIL', 'ana@example.com', 'SHA256')] }],
    ['one of several', { Identities: [identity('USER_ID', 'somebody'), identity('USER_ID', '')] }],
    ['no number', { Identities: [identity('PHONE', '12')] }],
    ['more than 5,000', { Identities: Array.from({ length: 5001 }, (_, index) => identity('USER_ID', `u${index}`)) }],
  ];
  it.each(bad)('%s is refused, and nothing is touched', async (_name, body) => {
    await client.send(
      new UpdateEndpointCommand({
        ApplicationId,
        EndpointId: `e-${mark}`,
        EndpointRequest: { ChannelType: 'EMAIL', Address: `m-${mark}@example.com` },
      }),
    );
    const before = await tablesWith(server.database, mark);
    for (const call of ['erasure-requests', 'erasure-previews', 'erasure-requests/find']) {
      const answer = await callApi(server, `POST ${path()}/${call}`, { body });
      expect(answer, call).toMatchObject({ status: 400, errorType: 'BadRequestException' });
      expect(JSON.stringify(answer.body)).not.toContain('ana@example.com');
    }
    expect((await callApi(server, `GET ${path()}/erasure-requests`)).body.Item).toEqual([]);
    expect(await tablesWith(server.database, mark)).toEqual(before);
  });
});

describe('a request', () => {
  it('E14, E17: takes somebody out of every table, tells it by place, and leaves others alone', async () => {
    await plant(server, ApplicationId, somebody());
    await plant(server, ApplicationId, somebody('-2'));
    await plant(server, ApplicationId, { id: 'other', userId: 'other', email: 'other@example.com' });
    const request = await erase(server, ApplicationId, { Identities: [identity('USER_ID', `u-${mark}`)] });
    expect(request).toMatchObject({
      ...{ State: 'COMPLETED', Mode: 'ERASE', Origin: 'API', Endpoints: 2, Users: 1, Addresses: 2 },
      ...{ Identities: { USER_ID: 1 }, Skipped: [], MessagesUnderWay: 0 },
    });
    expect(placesOf(request)).toMatchObject({
      endpoints: [2, 2],
      sends: [2, 2],
      'outbox messages to endpoints': [2, 2],
      'events of endpoints': [8, 8],
    });
    for (const { Name, LeftOver } of request.Locations) expect(LeftOver, Name).toBe(0);
    // Messages to a bare address, of which nobody knows whose it is, are not of this user.
    expect(await tablesWith(server.database, `e-${mark}`)).toEqual([]);
    expect(await tablesWith(server.database, `u-${mark}`)).toEqual([]);
    expect(await exists('other')).toBe(true);
    expect(await tablesWith(server.database, 'other@example.com')).toContain('sends');
  });

  it('E14: by an address reaches messages to it that went to no endpoint, codes, and answers that name it', async () => {
    const number = `+1206555${String(1000 + made)}`;
    await sendCode(server, ApplicationId, number);
    const spelt = `${number.slice(0, 5)} ${number.slice(5)}`;
    const request = await erase(server, ApplicationId, { Identities: [identity('PHONE', spelt)] });
    expect(request.State).toBe('COMPLETED');
    expect(placesOf(request)).toMatchObject({
      ...{ 'one-time passwords': [1, 1], sends: [1, 1], 'outbox messages to addresses': [1, 1] },
    });
    expect(await tablesWith(server.database, number)).toEqual([]);
  });

  it('E14: that matches nobody is completed, and says so', async () => {
    const request = await erase(server, ApplicationId, { Identities: [identity('USER_ID', `nobody-${mark}`)] });
    expect(request).toMatchObject({ State: 'COMPLETED', Endpoints: 0 });
    for (const { Found } of request.Locations) expect(Found).toBe(0);
  });

  it('E15: the same id and content again is the same request; other content is refused', async () => {
    const body = { RequestId: `r-${mark}`, Identities: [identity('USER_ID', 'a'), identity('USER_ID', 'b')] };
    const post = (sent: object) => callApi(server, `POST ${path()}/erasure-requests`, { body: sent });
    const [first, ...again] = await Promise.all([post(body), post(body), post(body)]);
    for (const { status, body: answer } of again) expect([status, answer.Id]).toEqual([202, first.body.Id]);
    const turned = { ...body, Identities: body.Identities.toReversed() };
    expect((await post(turned)).body.Id).toBe(first.body.Id);
    await ended(server, ApplicationId, first.body.Id);
    expect((await post(body)).body).toMatchObject({ Id: first.body.Id, State: 'COMPLETED' });
    for (const other of [
      { ...body, Mode: 'SUPPRESS' },
      { ...body, Identities: [identity('USER_ID', 'c')] },
    ]) {
      expect(await post(other)).toMatchObject({ status: 409, errorType: 'ConflictException' });
    }
  });

  it('E15: waits as long as it is told to, can be taken back that long, and not afterwards', async () => {
    await plant(server, ApplicationId, somebody());
    const body = { Identities: [identity('ENDPOINT_ID', `e-${mark}`)], WaitingDays: 3 };
    const { body: asked } = await callApi(server, `POST ${path()}/erasure-requests`, { body });
    const days = (new Date(asked.DueDate).getTime() - new Date(asked.CreationDate).getTime()) / 86_400_000;
    expect(days).toBe(3);
    const cancelled = await callApi(server, `DELETE ${path()}/erasure-requests/${asked.Id}`);
    expect(cancelled).toMatchObject({ status: 200, body: { State: 'CANCELLED' } });
    expect(await exists(`e-${mark}`)).toBe(true);
    const done = await erase(server, ApplicationId, { ...body, WaitingDays: 0 });
    expect(done.State).toBe('COMPLETED');
    expect(await callApi(server, `DELETE ${path()}/erasure-requests/${done.Id}`)).toMatchObject({ status: 409 });
    const listed = async (query: string) => {
      const { body: list } = await callApi(server, `GET ${path()}/erasure-requests?${query}`);
      return list.Item.map(({ Id }: { readonly Id: string }) => Id);
    };
    expect([await listed('state=CANCELLED'), await listed('state=COMPLETED')]).toEqual([[asked.Id], [done.Id]]);
    expect([await listed('state=WAITING'), await listed('')]).toEqual([[], [done.Id, asked.Id]]);
    expect(await callApi(server, `GET ${path()}/erasure-requests?state=done`)).toMatchObject({ status: 400 });
    expect(
      await callApi(server, `POST ${path()}/erasure-requests`, { body: { ...body, WaitingDays: 8 } }),
    ).toMatchObject({ status: 400 });
  });

  it('E20: keeps of whom it named a keyed hash, by which those find it who know them; the audit log names nobody', async () => {
    await plant(server, ApplicationId, somebody());
    const Identities = [identity('EMAIL', `m-${mark}@example.com`), identity('EMAIL', `direct-m-${mark}@example.com`)];
    const request = await erase(server, ApplicationId, { Identities });
    expect(await tablesWith(server.database, mark)).toEqual([]);
    const find = async (Identity: object) =>
      (await callApi(server, `POST ${path()}/erasure-requests/find`, { body: { Identities: [Identity] } })).body.Item;
    expect(await find(identity('EMAIL', `M-${mark}@example.com`))).toMatchObject([{ Id: request.Id }]);
    expect(await find(identity('EMAIL', sha256(`m-${mark}@example.com`), 'SHA256'))).toMatchObject([
      { Id: request.Id },
    ]);
    expect(await find(identity('EMAIL', 'stranger@example.com'))).toEqual([]);
    const { body: log } = await callApi(server, 'GET /repoint/v1/audit-log?page-size=20');
    expect(log.Item).toContainEqual(expect.objectContaining({ Operation: 'CreateErasureRequest' }));
    expect(JSON.stringify(log)).not.toContain(mark);
  });
});

describe('E8: what is told of a deletion', () => {
  it('to other processes and to the stream names nobody', async () => {
    const told: string[] = [];
    const news = new Notifications(deployment.testDatabase.connection, deployment.testDatabase.logger);
    news.subscribe({ topic: 'erased', changed: (payload) => told.push(payload), forgetAll() {} });
    await news.run();
    const received = await startProvider(() => ({ status: 200 }));
    try {
      await plant(server, ApplicationId, somebody());
      const stream = { Webhook: { Url: received.url, Secret: `whsec_${Buffer.alloc(32, 's').toString('base64')}` } };
      const put = await callApi(server, `PUT ${path()}/event-stream-destination`, { body: stream });
      expect(put.status, JSON.stringify(put.body)).toBe(200);
      await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
      await newestRequest(server, ApplicationId);
      await erase(server, ApplicationId, { Identities: [identity('USER_ID', `u-${mark}`)] });
      // Somebody else's event is streamed: whatever was to be told before has been by then.
      await plant(server, ApplicationId, { id: 'other', userId: 'other', email: 'other@example.com' });
      await expect
        .poll(() => received.requests.map(({ body }) => String(body)).join(), { timeout: 10_000 })
        .toContain('other');
      expect(told.length).toBeGreaterThan(0);
      const all = [...told, ...received.requests.map(({ body }) => String(body))].join('\n').toLowerCase();
      expect(all).not.toContain(mark);
    } finally {
      await news.stop();
      await received.close();
    }
  });
});

describe('E23: deletions of Pinpoint’s own API', () => {
  it('DeleteEndpoint answers as ever, and everything of the endpoint goes', async () => {
    await plant(server, ApplicationId, somebody());
    mkdirSync(join(server.dataDirectory, 'buckets/crm'), { recursive: true });
    writeFileSync(join(server.dataDirectory, `buckets/crm/${made}.json`), `{"Id":"e-${mark}"}\n`);
    await importRows(server, ApplicationId, `s3://crm/${made}.json`);
    expect(await tablesWith(server.database, `e-${mark}`)).toContain('segment_endpoints');
    const { EndpointResponse } = await client.send(
      new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }),
    );
    expect(EndpointResponse).toMatchObject({ Id: `e-${mark}`, Address: `m-${mark}@example.com` });
    expect(await tablesWith(server.database, `e-${mark}`)).toEqual([]);
    const begun = performance.now();
    const request = await newestRequest(server, ApplicationId);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(request).toMatchObject({ State: 'COMPLETED', Origin: 'DELETE_ENDPOINT', Identities: { ENDPOINT_ID: 1 } });
    expect(placesOf(request)).toMatchObject({
      endpoints: [1, 1],
      sends: [1, 1],
      'endpoints of imported segments': [1, 1],
    });
  });

  it('DeleteUserEndpoints does so for all endpoints of the user', async () => {
    await plant(server, ApplicationId, somebody());
    await plant(server, ApplicationId, somebody('-2'));
    const { EndpointsResponse } = await client.send(
      new DeleteUserEndpointsCommand({ ApplicationId, UserId: `u-${mark}` }),
    );
    expect(EndpointsResponse?.Item).toHaveLength(2);
    const request = await newestRequest(server, ApplicationId);
    expect(request).toMatchObject({ State: 'COMPLETED', Origin: 'DELETE_USER_ENDPOINTS', Endpoints: 2, Users: 1 });
    expect(await tablesWith(server.database, `e-${mark}`)).toEqual([]);
    expect(await tablesWith(server.database, `u-${mark}`)).toEqual([]);
  });

  it('RemoveAttributes answers as ever, leaves values where they are, and takes them away where a setting says so', async () => {
    const put = (EndpointId: string, UserId: string | undefined) =>
      client.send(
        new UpdateEndpointCommand({
          ...{ ApplicationId, EndpointId },
          EndpointRequest: {
            Attributes: { tmp_a: [`value-${mark}`], kept: ['k'] },
            User: { ...(UserId !== undefined && { UserId }), UserAttributes: { tmp_u: [`user-${mark}`], kept: ['k'] } },
          },
        }),
      );
    for (const [id, user] of [
      ['one', 'u1'],
      ['two', undefined],
    ] as const)
      await put(id, user);
    const remove = async (AttributeType: string) => {
      const UpdateAttributesRequest = { Blacklist: ['tmp_*'] };
      const answer = await client.send(
        new RemoveAttributesCommand({ ApplicationId, AttributeType, UpdateAttributesRequest }),
      );
      return answer.AttributesResource;
    };
    expect(await remove('endpoint-custom-attributes')).toMatchObject({ ApplicationId, Attributes: ['tmp_a'] });
    expect(await tablesWith(server.database, `value-${mark}`)).toContain('endpoints');
    await callApi(server, `PUT ${path()}/erasure-settings`, { body: { EraseRemovedAttributes: true } });
    const changed: Record<string, unknown> = {};
    for (const type of ['endpoint-custom-attributes', 'endpoint-user-attributes']) {
      expect(await remove(type)).toMatchObject({ ApplicationId, AttributeType: type });
      const request = await newestRequest(server, ApplicationId);
      expect(request).toMatchObject({ State: 'COMPLETED', Origin: 'REMOVE_ATTRIBUTES' });
      Object.assign(changed, { [type]: placesOf(request) });
    }
    expect(changed).toEqual({
      'endpoint-custom-attributes': { 'attributes of endpoints': [2, 2] },
      'endpoint-user-attributes': { 'attributes of endpoints': [1, 1], 'attributes of users': [1, 1] },
    });
    for (const value of [`value-${mark}`, `user-${mark}`]) expect(await tablesWith(server.database, value)).toEqual([]);
    for (const EndpointId of ['one', 'two']) {
      const { EndpointResponse } = await client.send(new GetEndpointCommand({ ApplicationId, EndpointId }));
      expect([EndpointResponse?.Attributes, EndpointResponse?.User?.UserAttributes]).toEqual([
        { kept: ['k'] },
        { kept: ['k'] },
      ]);
    }
    // What segments know of endpoints is made anew: nobody is found by what is gone.
    const { rows } = await sql<{ tokens: number }>`
      select cardinality(tokens) as tokens from endpoint_facets join projects on number = project_number
      where projects.id = ${ApplicationId}`.execute(server.database.query);
    expect(rows).toEqual([{ tokens: 4 }, { tokens: 4 }]);
  });

  it('a setting turns that off: the endpoint goes, what happened stays', async () => {
    const put = await callApi(server, `PUT ${path()}/erasure-settings`, { body: { FullErasure: false } });
    expect(put.body).toEqual({ FullErasure: false, EraseRemovedAttributes: false, WaitingDays: 0 });
    await plant(server, ApplicationId, somebody());
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    expect(await exists(`e-${mark}`)).toBe(false);
    const places = await tablesWith(server.database, `e-${mark}`);
    expect(places).toEqual(expect.arrayContaining(['events', 'sends', 'outbox_messages']));
    expect(places).not.toContain('endpoints');
    expect((await callApi(server, `GET ${path()}/erasure-requests`)).body.Item).toEqual([]);
  });
});
