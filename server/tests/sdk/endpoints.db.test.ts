/**
 * Endpoints and users through the real SDK. Numbers in brackets are the cases of dossier/audience §13.
 */
import { randomBytes } from 'node:crypto';
import {
  CreateAppCommand,
  DeleteEndpointCommand,
  DeleteUserEndpointsCommand,
  type EndpointRequest,
  GetEndpointCommand,
  GetUserEndpointsCommand,
  RemoveAttributesCommand,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

let ApplicationId: string;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'people' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
});

const put = (EndpointId: string, EndpointRequest: EndpointRequest) =>
  client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
const get = async (EndpointId: string) =>
  (await client.send(new GetEndpointCommand({ ApplicationId, EndpointId }))).EndpointResponse;
const user = async (UserId: string) => {
  const { EndpointsResponse } = await client.send(new GetUserEndpointsCommand({ ApplicationId, UserId }));
  return EndpointsResponse?.Item ?? [];
};
const batch = (Item: (EndpointRequest & { Id?: string })[]) =>
  client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
const email = (Address: string): EndpointRequest => ({ ChannelType: 'EMAIL', Address });

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

describe('the wire', () => {
  it('[1] answers with the bare shape, [7] accepts with 202 and fills in what was left out', async () => {
    const { MessageBody, $metadata } = await put('e', email('lea@example.com'));
    expect($metadata.httpStatusCode).toBe(202);
    expect(MessageBody).toEqual({ Message: 'Accepted', RequestID: $metadata.requestId });
    const { body } = await callApi(server, `GET /v1/apps/${ApplicationId}/endpoints/e`, { service: 'mobiletargeting' });
    expect(body).toMatchObject({ EndpointStatus: 'ACTIVE', OptOut: 'NONE', ApplicationId, Id: 'e', User: {} });
    expect(body).toMatchObject({ Attributes: {}, Metrics: {}, RequestId: $metadata.requestId });
    expect(body.CohortId).toMatch(/^\d{1,2}$/);
    expect(body.CreationDate).toBe(body.EffectiveDate);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['Demographic']));
  });

  it('[3] changes nothing when the body is no JSON', async () => {
    await put('e', email('a@example.com'));
    const before = await get('e');
    const answer = await fetch(`${server.origin}/v1/apps/${ApplicationId}/endpoints/e`, {
      method: 'PUT',
      body: '{"Add',
    });
    expect(answer.status).toBe(403);
    await expect(put('e', { OptOut: 'PERHAPS' })).rejects.toEqual(bad(/OptOut/));
    expect(await get('e')).toEqual(before);
  });

  it('[4] takes ids with slashes, colons and unicode, [5] compares them without regard to case', async () => {
    for (const id of ['a/b:c', 'ü/漢 字', 'us-east-1:7c1c/x', '%2F', '...', 'constructor']) {
      await put(id, email('a@example.com'));
      expect((await get(id))?.Id).toBe(id);
    }
    await put('ABC', { Attributes: { a: ['1'] } });
    await put('aBc', { Attributes: { b: ['2'] } });
    expect(await get('abc')).toMatchObject({ Id: 'ABC', Attributes: { a: ['1'], b: ['2'] } });
  });

  it('[6] refuses ids with characters of template variables', async () => {
    for (const id of ['a$b', '{a', 'a}']) await expect(put(id, {})).rejects.toEqual(bad());
  });
});

describe('the merge law', () => {
  it('[8] merges attributes by name and [9] replaces the whole list of a name', async () => {
    await put('e', { Attributes: { Source: ['x'], topics: ['a', 'b'] } });
    await put('e', { Attributes: { OptInTimestamp: ['t'], topics: ['c'] } });
    expect((await get('e'))?.Attributes).toEqual({ Source: ['x'], OptInTimestamp: ['t'], topics: ['c'] });
    await put('e', { Attributes: { topics: [] }, Metrics: { a: 1 } });
    await put('e', { Metrics: { b: 2.5 } });
    expect(await get('e')).toMatchObject({
      Attributes: { Source: ['x'], topics: [] },
      Metrics: { a: 1, b: 2.5 },
    });
  });

  it('[11] keeps the opt-out, and sets the status back to active', async () => {
    await put('e', { ...email('a@example.com'), OptOut: 'ALL', EndpointStatus: 'INACTIVE' });
    expect(await get('e')).toMatchObject({ OptOut: 'ALL', EndpointStatus: 'INACTIVE' });
    await put('e', { Attributes: { a: ['b'] } });
    expect(await get('e')).toMatchObject({ OptOut: 'ALL', EndpointStatus: 'ACTIVE' });
  });

  it('[12] merges demographics and location member by member, [13] and keeps coordinates to a tenth', async () => {
    await put('e', { Demographic: { Make: 'M', Model: 'N' }, Location: { Latitude: 47.61, Longitude: -122.33 } });
    await put('e', { Demographic: { Timezone: 'Europe/Zurich' }, Location: { Country: 'CH' } });
    expect(await get('e')).toMatchObject({
      Demographic: { Make: 'M', Model: 'N', Timezone: 'Europe/Zurich' },
      Location: { Latitude: 47.6, Longitude: -122.3, Country: 'CH' },
    });
    await put('e', { Location: { Latitude: -0.25, Longitude: 0.25 } });
    expect((await get('e'))?.Location).toMatchObject({ Latitude: -0.3, Longitude: 0.3 });
    await expect(put('e', { Location: { Latitude: 91 } })).rejects.toEqual(bad(/Latitude/));
  });

  it('[14] never changes cohort and creation date, and moves the effective date', async () => {
    await put('e', {});
    const first = await get('e');
    await put('e', {});
    const second = await get('e');
    expect(second).toMatchObject({ CohortId: first?.CohortId, CreationDate: first?.CreationDate });
    expect(Date.parse(second?.EffectiveDate as string)).toBeGreaterThan(Date.parse(first?.EffectiveDate as string));
  });

  it('[15] takes dates to the minute', async () => {
    await put('e', { EffectiveDate: '2026-01-01T10:15Z' });
    expect((await get('e'))?.EffectiveDate).toBe('2026-01-01T10:15:00.000Z');
    for (const EffectiveDate of ['yesterday', '2026-13-01T10:15Z']) {
      await expect(put('e', { EffectiveDate })).rejects.toEqual(bad());
    }
  });

  it('[16] takes an endpoint of nothing, and [17] an in-app one without address', async () => {
    await put('analytics', {});
    expect(Object.keys((await get('analytics')) ?? {})).not.toEqual(expect.arrayContaining(['Address', 'ChannelType']));
    await put('in-app', { ChannelType: 'IN_APP' });
    expect(await get('in-app')).toMatchObject({ ChannelType: 'IN_APP' });
  });

  it('[18] wants address and channel together, [19] in what is stored, not in what is sent', async () => {
    await expect(put('e', { ChannelType: 'APNS' })).rejects.toEqual(bad(/^Missing Address$/));
    await expect(put('e', { Address: 'x' })).rejects.toEqual(bad(/^Missing ChannelType$/));
    await expect(get('e')).rejects.toEqual(missing);
    await put('e', { ChannelType: 'APNS', Address: 'token' });
    await put('e', { ChannelType: 'APNS' });
    expect(await get('e')).toMatchObject({ ChannelType: 'APNS', Address: 'token' });
  });

  it('[20] refuses what is too long or too much, and stores nothing of it', async () => {
    const refused: EndpointRequest[] = [
      { Attributes: { ['n'.repeat(51)]: ['v'] } },
      { Attributes: { n: ['v'.repeat(101)] } },
      { User: { UserAttributes: { n: Array.from({ length: 51 }, () => 'v') } } },
      { Metrics: { ['n'.repeat(51)]: 1 } },
      { Attributes: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, ['v'.repeat(100)]])) },
    ];
    for (const request of refused) await expect(put('e', request)).rejects.toEqual(bad());
    await expect(get('e')).rejects.toEqual(missing);
  });

  it('refuses ids of endpoints and users that no index can hold, and stores the longest that one can', async () => {
    // Chance has no pattern: the database cannot shorten it.
    const text = (bytes: number) => randomBytes(bytes).toString('hex').slice(0, bytes);
    await expect(put(text(2_001), {})).rejects.toEqual(bad(/at most 2000 bytes/));
    // Two bytes as written, three when folded.
    await expect(put('İ'.repeat(999), {})).rejects.toEqual(bad(/at most 2000 bytes/));
    await expect(put('e', { User: { UserId: text(2_001) } })).rejects.toEqual(bad(/at most 2000 bytes/));
    const [id, UserId] = [text(2_000), text(2_000)];
    await put(id, { User: { UserId } });
    expect((await get(id))?.User?.UserId).toBe(UserId);
  });

  it('[21] allows 250 names a project, and no more', async () => {
    const names = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${from + index}`, ['v']]));
    await put('one', { Attributes: names(0, 150) });
    await put('two', { Attributes: names(100, 100), Metrics: { m: 1 }, User: { UserAttributes: names(0, 49) } });
    await expect(put('three', { Metrics: { more: 1 } })).rejects.toEqual(bad(/Too many custom attributes/));
    await put('three', { Attributes: names(100, 100) });
    await Promise.all(Array.from({ length: 20 }, () => put('four', { Attributes: names(0, 150) })));
    // Another project has room of its own.
    const { ApplicationResponse } = await client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'other' } }),
    );
    ApplicationId = ApplicationResponse?.Id as string;
    await put('one', { Metrics: { more: 1 } });
  });

  it('[22] takes lone values for user attributes', async () => {
    const { status } = await callApi(server, `PUT /v1/apps/${ApplicationId}/endpoints/e`, {
      service: 'mobiletargeting',
      body: { User: { UserId: 'u', UserAttributes: { FirstName: 'Wang', Age: 39, Tags: ['a', 'b'] } } },
    });
    expect(status).toBe(202);
    expect((await get('e'))?.User?.UserAttributes).toEqual({ FirstName: ['Wang'], Age: ['39'], Tags: ['a', 'b'] });
  });

  it('keeps what looks like the innards of JavaScript or SQL', async () => {
    const names = JSON.parse(`{"__proto__": ["p"], "constructor": ["c"], "a'; drop table endpoints; --": ["%"]}`);
    await callApi(server, `PUT /v1/apps/${ApplicationId}/endpoints/e`, {
      service: 'mobiletargeting',
      body: { Attributes: names, User: { UserAttributes: names } },
    });
    const { body } = await callApi(server, `GET /v1/apps/${ApplicationId}/endpoints/e`, { service: 'mobiletargeting' });
    expect(Object.entries(body.Attributes).sort()).toEqual(Object.entries(names).sort());
    expect(Object.entries(body.User.UserAttributes).sort()).toEqual(Object.entries(names).sort());
  });
});

describe('one address', () => {
  const apns = (Address: string): EndpointRequest => ({ ChannelType: 'APNS', Address });
  const statuses = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await get(id))?.EndpointStatus));

  it('[23] has one active endpoint: the last one written', async () => {
    await put('e1', apns('T'));
    await put('e2', apns('T'));
    expect(await statuses('e1', 'e2')).toEqual(['INACTIVE', 'ACTIVE']);
    await put('e1', {});
    expect(await statuses('e1', 'e2')).toEqual(['ACTIVE', 'INACTIVE']);
    await put('e2', { EndpointStatus: 'INACTIVE' });
    expect(await statuses('e1', 'e2')).toEqual(['ACTIVE', 'INACTIVE']);
  });

  it('[24] of another channel or project is another one; e-mail addresses compare without case', async () => {
    await put('sms', { ChannelType: 'SMS', Address: '+41791112233' });
    await put('voice', { ChannelType: 'VOICE', Address: '+41791112233' });
    expect(await statuses('sms', 'voice')).toEqual(['ACTIVE', 'ACTIVE']);
    await put('m1', email('Lea@Example.com'));
    await put('m2', email('lea@example.com'));
    await put('t1', apns('token'));
    await put('t2', apns('TOKEN'));
    expect(await statuses('m1', 'm2', 't1', 't2')).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  it('has one active endpoint however many write at once', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `at-once-${index}`);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(ids.map((id) => put(id, apns('shared token'))));
      const active = (await statuses(...ids)).filter((status) => status === 'ACTIVE');
      expect(active).toHaveLength(1);
    }
    await batch(ids.map((Id) => ({ Id, ...apns('shared token') })));
    expect((await statuses(...ids)).lastIndexOf('ACTIVE')).toBe(ids.length - 1);
  });
});

describe('fifteen endpoints a user', () => {
  const fill = (count: number, request: (index: number) => EndpointRequest, UserId = 'u') =>
    batch(Array.from({ length: count }, (_, index) => ({ Id: `f${index}`, ...request(index), User: { UserId } })));
  const token = (ChannelType: 'APNS' | 'GCM' | 'APNS_SANDBOX', index: number, EffectiveDate?: string) => ({
    ...{ ChannelType, Address: `${ChannelType}${index}` },
    ...(EffectiveDate && { EffectiveDate }),
  });

  it('[25] refuses a sixteenth, [29] and lets the fifteen change', async () => {
    await fill(15, (index) => email(`${index}@example.com`));
    const limit = bad(/^Exceeded maximum endpoint per user count: 15$/);
    await expect(put('more', { ...email('x@example.com'), User: { UserId: 'u' } })).rejects.toEqual(limit);
    await expect(put('more', { ...token('APNS', 1), User: { UserId: 'u' } })).rejects.toEqual(limit);
    await expect(put('more', { User: { UserId: 'u' } })).rejects.toEqual(limit);
    expect((await user('u')).map(({ Id }) => Id).sort()).toEqual(
      Array.from({ length: 15 }, (_, index) => `f${index}`).sort(),
    );
    await put('f3', { ...email('new@example.com'), User: { UserId: 'u' } });
    await put('f3', { User: { UserId: '' } });
    await put('more', { User: { UserId: 'u' } });
    expect(await user('u')).toHaveLength(15);
  });

  it('[26] puts out a push endpoint for a push endpoint, [28] the one with the oldest date', async () => {
    await fill(13, (index) => email(`${index}@example.com`));
    await put('new date', { ...token('GCM', 1, '2026-03-01T00:00Z'), User: { UserId: 'u' } });
    await put('old date', {
      ...token('GCM', 2, '2026-02-01T00:00Z'),
      User: { UserId: 'u', UserAttributes: { a: ['b'] } },
    });
    await put('phone', { ...token('APNS', 1), User: { UserId: 'u' } });
    const out = await get('old date');
    expect(out).toMatchObject({ EndpointStatus: 'INACTIVE', User: { UserAttributes: { a: ['b'] } } });
    expect(out?.User?.UserId).toBeUndefined();
    const ids = (await user('u')).map(({ Id }) => Id);
    expect(ids).toHaveLength(15);
    expect(ids).toEqual(expect.arrayContaining(['new date', 'phone']));
  });

  it('[27] does not count the sandbox as a push endpoint', async () => {
    await fill(15, (index) => token('APNS', index));
    await expect(put('sandbox', { ...token('APNS_SANDBOX', 1), User: { UserId: 'u' } })).rejects.toEqual(bad());
  });

  it('holds however many join at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => put(`at-once-${index}`, { User: { UserId: 'crowd' } })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
    expect(await user('crowd')).toHaveLength(15);
  });
});

describe('users', () => {
  it('[30] lose an endpoint that is unlinked, which keeps a copy of their attributes', async () => {
    await put('e', { User: { UserId: 'u', UserAttributes: { a: ['1'] } } });
    await put('e', { User: { UserId: '' } });
    await expect(user('u')).rejects.toEqual(missing);
    expect((await get('e'))?.User).toEqual({ UserAttributes: { a: ['1'] } });
  });

  it('[31] have one set of attributes on all their endpoints', async () => {
    await put('e1', { User: { UserId: 'u', UserAttributes: { Name: ['Lea'] } } });
    await put('e2', { User: { UserId: 'u', UserAttributes: { City: ['Bern'] } } });
    const before = await get('e2');
    await put('e1', { User: { UserAttributes: { Age: ['39'] } } });
    const after = await get('e2');
    expect(after?.User?.UserAttributes).toEqual({ Name: ['Lea'], City: ['Bern'], Age: ['39'] });
    expect(after?.EffectiveDate).toBe(before?.EffectiveDate);
  });

  it('tell what only a joining endpoint knew, and take its word over their own', async () => {
    await put('e1', { User: { UserId: 'u', UserAttributes: { a: ['user'], b: ['user'] } } });
    await put('e2', { User: { UserAttributes: { a: ['local'], c: ['local'] } } });
    await put('e2', { User: { UserId: 'u', UserAttributes: { b: ['request'] } } });
    expect((await get('e1'))?.User?.UserAttributes).toEqual({ a: ['user'], b: ['request'], c: ['local'] });
    await put('e2', { User: { UserId: 'v' } });
    expect((await get('e2'))?.User).toEqual({ UserId: 'v' });
    expect((await user('u')).map(({ Id }) => Id)).toEqual(['e1']);
  });

  it('[32] go with all their endpoints', async () => {
    await batch(['e1', 'e2', 'e3'].map((Id) => ({ Id, User: { UserId: 'u' } })));
    const { EndpointsResponse, $metadata } = await client.send(
      new DeleteUserEndpointsCommand({ ApplicationId, UserId: 'u' }),
    );
    expect($metadata.httpStatusCode).toBe(202);
    expect(EndpointsResponse?.Item).toHaveLength(3);
    for (const id of ['e1', 'e2', 'e3']) await expect(get(id)).rejects.toEqual(missing);
    await expect(client.send(new DeleteUserEndpointsCommand({ ApplicationId, UserId: 'u' }))).rejects.toEqual(missing);
    await expect(user('u')).rejects.toEqual(missing);
  });

  it('have ids that compare exactly', async () => {
    await put('e1', { User: { UserId: 'U/1:é' } });
    await put('e2', { User: { UserId: 'u/1:é' } });
    expect((await user('U/1:é')).map(({ Id }) => Id)).toEqual(['e1']);
  });
});

describe('deleting', () => {
  it('[33] answers with the whole endpoint, once; written again, it is a new one', async () => {
    await put('Gone', { ...email('a@example.com'), Attributes: { a: ['b'] }, User: { UserId: 'u' } });
    const before = await get('gone');
    const { EndpointResponse, $metadata } = await client.send(
      new DeleteEndpointCommand({ ApplicationId, EndpointId: 'gone' }),
    );
    expect([$metadata.httpStatusCode, EndpointResponse]).toEqual([202, before]);
    await expect(client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'gone' }))).rejects.toEqual(
      missing,
    );
    await expect(user('u')).rejects.toEqual(missing);
    await put('gone', {});
    const again = await get('gone');
    expect(again).toMatchObject({ Id: 'gone', Attributes: {}, CohortId: before?.CohortId });
    expect(again?.CreationDate).not.toBe(before?.CreationDate);
  });

  it('leaves no trace of the person in any table', async () => {
    const trace = 'trace-7f3a';
    await put(trace, { ...email(`${trace}@example.com`), Attributes: { a: [trace] }, User: { UserId: trace } });
    await put(trace, { User: { UserAttributes: { a: [trace] } } });
    expect(await tablesWith(server.database, trace)).toEqual([
      'audience_users',
      'endpoint_addresses',
      'endpoint_facets',
      'endpoints',
    ]);
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: trace.toUpperCase() }));
    expect(await tablesWith(server.database, trace)).toEqual([]);
  });
});

describe('RemoveAttributes', () => {
  const remove = async (AttributeType: string, Blacklist: string[]) =>
    (
      await client.send(
        new RemoveAttributesCommand({ ApplicationId, AttributeType, UpdateAttributesRequest: { Blacklist } }),
      )
    ).AttributesResource;

  it('refuses a name that no attribute could have, instead of failing to store it', async () => {
    const long = randomBytes(3_000).toString('hex');
    await expect(remove('endpoint-custom-attributes', ['plan', long])).rejects.toEqual(bad(/at most 200 characters/));
    await put('e', { Attributes: { plan: ['gold'] } });
    expect((await get('e'))?.Attributes).toEqual({ plan: ['gold'] });
  });

  it('[34] stops the capture and keeps what is stored', async () => {
    await put('e', { Attributes: { tmp_x: ['old'], plan: ['gold'] }, Metrics: { tmp_x: 1 } });
    const { body } = await callApi(server, `PUT /v1/apps/${ApplicationId}/attributes/endpoint-custom-attributes`, {
      service: 'mobiletargeting',
      body: { Blacklist: ['tmp_*', 'legacy'] },
    });
    expect(body).toEqual({
      ApplicationId,
      AttributeType: 'endpoint-custom-attributes',
      Attributes: ['tmp_x', 'legacy'],
    });
    await put('e', { Attributes: { tmp_x: ['new'], tmp_y: ['new'], plan: ['silver'] }, Metrics: { tmp_x: 2 } });
    expect(await get('e')).toMatchObject({ Attributes: { tmp_x: ['old'], plan: ['silver'] }, Metrics: { tmp_x: 2 } });
    expect(Object.keys((await get('e'))?.Attributes ?? {})).not.toContain('tmp_y');
    await expect(remove('endpoint-nonsense', ['a'])).rejects.toEqual(bad());
    expect((await remove('endpoint-user-attributes', []))?.Attributes).toEqual([]);
  });

  it('gives the names back to the quota', async () => {
    const names = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`n${index}`, ['v']]));
    await put('e', { Attributes: names });
    await expect(put('e', { Metrics: { m: 1 } })).rejects.toEqual(bad(/Too many/));
    await remove('endpoint-custom-attributes', ['n1?']);
    await put('other', { Metrics: { m: 1 } });
  });
});

describe('batches', () => {
  it('are written as a whole or not at all', async () => {
    const good = { Id: 'good', ...email('good@example.com') };
    await expect(batch([good, { Id: 'worse', Address: 'x' }])).rejects.toEqual(bad(/Missing ChannelType/));
    await expect(batch([good, { ...email('x@example.com') }])).rejects.toEqual(bad(/Id/));
    await expect(batch([])).rejects.toEqual(bad(/Item/));
    await expect(batch(Array.from({ length: 101 }, (_, index) => ({ Id: `e${index}` })))).rejects.toEqual(bad(/Item/));
    await expect(get('good')).rejects.toEqual(missing);
  });

  it('apply one id several times in the order of the list', async () => {
    await batch([
      { Id: 'E', Attributes: { a: ['1'], b: ['1'] } },
      { Id: 'e', Attributes: { a: ['2'] }, User: { UserId: 'u' } },
      { Id: 'E', Attributes: { a: ['3'] }, User: { UserId: 'v' } },
    ]);
    expect(await get('e')).toMatchObject({ Id: 'E', Attributes: { a: ['3'], b: ['1'] }, User: { UserId: 'v' } });
    await expect(user('u')).rejects.toEqual(missing);
  });

  it('that cross each other all succeed', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `x${index}`);
    const item = (Id: string, round: number) => ({
      Id,
      ...email(`${(Number(Id.slice(1)) + round) % 40}@example.com`),
      User: { UserId: `u${(Number(Id.slice(1)) * 7 + round) % 10}`, UserAttributes: { round: [String(round)] } },
    });
    await Promise.all(
      Array.from({ length: 12 }, (_, round) =>
        batch((round % 2 === 0 ? ids : ids.toReversed()).map((Id) => item(Id, round))),
      ),
    );
    const people = await Promise.all(Array.from({ length: 10 }, (_, index) => user(`u${index}`).catch(() => [])));
    const seen = people.flat().map(({ Id }) => Id);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    for (const endpoints of people) {
      const attributes = endpoints.map(({ User }) => JSON.stringify(User?.UserAttributes));
      expect(new Set(attributes).size).toBeLessThanOrEqual(1);
    }
  });
});
