/** Segments through the real SDK. Numbers in brackets are the cases of dossier/audience §13. */
import {
  CreateAppCommand,
  CreateSegmentCommand,
  DeleteSegmentCommand,
  type EndpointRequest,
  GetSegmentCommand,
  GetSegmentsCommand,
  GetSegmentVersionCommand,
  GetSegmentVersionsCommand,
  ListTagsForResourceCommand,
  type SegmentDimensions,
  TagResourceCommand,
  UpdateEndpointsBatchCommand,
  UpdateSegmentCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

let ApplicationId: string;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'segments' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
});

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

async function create(request: WriteSegmentRequest) {
  const { SegmentResponse, $metadata } = await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: request }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  return SegmentResponse as NonNullable<typeof SegmentResponse>;
}

async function update(SegmentId: string | undefined, WriteSegmentRequest: WriteSegmentRequest) {
  const { SegmentResponse } = await client.send(
    new UpdateSegmentCommand({ ApplicationId, SegmentId, WriteSegmentRequest }),
  );
  return SegmentResponse;
}

const people = (endpoints: Record<string, EndpointRequest>) =>
  client.send(
    new UpdateEndpointsBatchCommand({
      ApplicationId,
      EndpointBatchRequest: { Item: Object.entries(endpoints).map(([Id, request]) => ({ Id, ...request })) },
    }),
  );

const path = () => `/repoint/v1/apps/${ApplicationId}`;

/** Ids of the members, in order; and the count must say the same. */
async function membersOf(request: WriteSegmentRequest): Promise<string[]> {
  const { Id } = await create(request);
  const listed = await callApi(server, `GET ${path()}/segments/${Id}/members`);
  const estimate = await callApi(server, `POST ${path()}/segments/estimate`, { body: request });
  const ids = listed.body.Item.map((member: { EndpointId: string }) => member.EndpointId).sort();
  expect([estimate.status, estimate.body.Total]).toEqual([200, ids.length]);
  expect(estimate.body.SampleEndpointIds.toSorted()).toEqual(ids);
  return ids;
}
const where = (Dimensions: SegmentDimensions) => membersOf({ Dimensions });

describe('a segment', () => {
  it('is created, read, listed and deleted, with its tags', async () => {
    const segment = await create({ Name: 'all', tags: { team: 'crm' } });
    expect(segment).toMatchObject({ Name: 'all', Version: 1, SegmentType: 'DIMENSIONAL', tags: { team: 'crm' } });
    expect(segment.Arn).toBe(
      `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:apps/${ApplicationId}/segments/${segment.Id}`,
    );
    const SegmentId = segment.Id;
    const read = await client.send(new GetSegmentCommand({ ApplicationId, SegmentId }));
    expect(read.SegmentResponse).toEqual(segment);
    await client.send(new TagResourceCommand({ ResourceArn: segment.Arn, TagsModel: { tags: { more: '1' } } }));
    // [41] Tags on an update are ignored.
    expect((await update(SegmentId, { tags: { other: '2' } }))?.tags).toEqual({ team: 'crm', more: '1' });
    const { SegmentResponse } = await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    expect(SegmentResponse?.Id).toBe(SegmentId);
    await expect(client.send(new GetSegmentCommand({ ApplicationId, SegmentId }))).rejects.toEqual(missing);
    await expect(client.send(new ListTagsForResourceCommand({ ResourceArn: segment.Arn }))).rejects.toEqual(missing);
  });

  it('[42] is written in one of two forms, and Dimensions are shown as a group as well', async () => {
    const Dimensions: SegmentDimensions = { Attributes: { plan: { AttributeType: 'INCLUSIVE', Values: ['gold'] } } };
    await expect(create({ Dimensions, SegmentGroups: { Groups: [] } })).rejects.toEqual(bad());
    const shown = await create({ Dimensions });
    expect(shown.Dimensions).toEqual(Dimensions);
    expect(shown.SegmentGroups).toEqual({
      Groups: [{ Dimensions: [Dimensions], SourceSegments: [], SourceType: 'ALL', Type: 'ALL' }],
      Include: 'ALL',
    });
    const SegmentGroups = { Include: 'ANY', Groups: [{ Type: 'NONE', Dimensions: [Dimensions] }] } as const;
    const grouped = await create({ SegmentGroups: SegmentGroups as never });
    expect([grouped.Dimensions, grouped.SegmentGroups]).toEqual([undefined, SegmentGroups]);
  });

  it('[50] has versions, each as it was written; a reference may pin one', async () => {
    await people({ g: { Attributes: { plan: ['gold'] } }, s: { Attributes: { plan: ['silver'] } } });
    const plan = (...Values: string[]): WriteSegmentRequest => ({ Dimensions: { Attributes: { plan: { Values } } } });
    const { Id: SegmentId } = await create({ Name: 'first', ...plan('gold') });
    await update(SegmentId, plan('silver'));
    expect(await update(SegmentId, { Name: 'third', ...plan('gold', 'silver') })).toMatchObject({ Version: 3 });
    const { SegmentsResponse } = await client.send(new GetSegmentVersionsCommand({ ApplicationId, SegmentId }));
    expect(SegmentsResponse?.Item?.map(({ Version, Name }) => [Version, Name])).toEqual([
      [3, 'third'],
      [2, 'first'],
      [1, 'first'],
    ]);
    const first = await client.send(new GetSegmentVersionCommand({ ApplicationId, SegmentId, Version: '1' }));
    expect(first.SegmentResponse?.Dimensions?.Attributes?.['plan']?.Values).toEqual(['gold']);
    const based = (Version?: number) =>
      membersOf({ SegmentGroups: { Groups: [{ SourceSegments: [{ Id: SegmentId, Version }] }] } });
    expect([await based(1), await based(2), await based()]).toEqual([['g'], ['s'], ['g', 's']]);
    const version = (Version: string) =>
      client.send(new GetSegmentVersionCommand({ ApplicationId, SegmentId, Version }));
    await expect(version('9')).rejects.toEqual(missing);
    await expect(version('one')).rejects.toEqual(bad());
  });

  it('[60] is found once in a listing by pages', async () => {
    const made = [];
    for (const Name of ['a', 'b', 'c', 'd', 'e']) made.push((await create({ Name })).Id);
    const seen: (string | undefined)[] = [];
    let Token: string | undefined;
    let pages = 0;
    do {
      const { SegmentsResponse } = await client.send(new GetSegmentsCommand({ ApplicationId, PageSize: '2', Token }));
      seen.push(...(SegmentsResponse?.Item ?? []).map(({ Id }) => Id));
      Token = SegmentsResponse?.NextToken;
      pages += 1;
    } while (Token);
    expect([pages, seen.toSorted()]).toEqual([3, made.toSorted()]);
  });

  it('is never based on itself, nor on a segment that is not there', async () => {
    const on = (Id: string, Version?: number): WriteSegmentRequest => ({
      SegmentGroups: { Groups: [{ SourceSegments: [{ Id, Version }] }] },
    });
    const a = await create({ Name: 'a' });
    const b = await create(on(a.Id as string));
    const c = await create(on(b.Id as string));
    for (const circle of [a, b, c]) await expect(update(a.Id, on(circle.Id as string))).rejects.toEqual(bad(/itself/));
    await update(a.Id, on(a.Id as string, 1));
    await expect(create(on('nobody'))).rejects.toEqual(bad(/not there/));
    await expect(create(on(a.Id as string, 7))).rejects.toEqual(bad(/not there/));
    // Whose base is deleted cannot be answered any more.
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId: a.Id }));
    const { status } = await callApi(server, `GET ${path()}/segments/${c.Id}/members`);
    expect(status).toBe(400);
  });

  it('is refused for what it cannot ask', async () => {
    const values = (count: number, length = 1) =>
      Array.from({ length: count }, (_, index) => `${index}`.padEnd(length));
    const refused: SegmentDimensions[] = [
      { Metrics: { m: { ComparisonOperator: 'NOT_EQUAL', Value: 1 } } },
      { Attributes: { a: { AttributeType: 'BETWEEN', Values: ['2026-01-01'] } } },
      { Attributes: { a: { AttributeType: 'BEFORE', Values: ['soon'] } } },
      { Attributes: { a: { Values: values(101) } } },
      { Attributes: { a: { Values: values(1, 101) } } },
      { Location: { GPSPoint: { Coordinates: { Latitude: 1, Longitude: 1 } } } },
      { Location: { GPSPoint: { Coordinates: { Latitude: 1, Longitude: 1 }, RangeInKilometers: -1 } } },
      { Attributes: Object.fromEntries(values(101).map((name) => [name, { Values: [] }])) },
    ];
    for (const Dimensions of refused) await expect(create({ Dimensions })).rejects.toEqual(bad());
  });
});

describe('dimensions', () => {
  it('[43] compare values, [10] of which a cleared attribute has none', async () => {
    await people({
      gold: { Attributes: { plan: ['gold'] } },
      silver: { Attributes: { plan: ['silver'] } },
      none: {},
      cleared: { Attributes: { plan: ['gold'] } },
    });
    await people({ cleared: { Attributes: { plan: [] } } });
    const plan = (AttributeType: 'INCLUSIVE' | 'EXCLUSIVE' | 'CONTAINS', ...Values: string[]) =>
      where({ Attributes: { plan: { AttributeType, Values } } });
    expect(await plan('INCLUSIVE', 'gold')).toEqual(['gold']);
    expect(await plan('EXCLUSIVE', 'gold')).toEqual(['cleared', 'none', 'silver']);
    expect(await plan('CONTAINS', 'il')).toEqual(['silver']);
    expect(await plan('CONTAINS', 'IL')).toEqual([]);
    expect(await plan('CONTAINS', '%')).toEqual([]);
    expect(await plan('CONTAINS', '.*', '(', '\\')).toEqual([]);
  });

  it('[44] read dates: strictly before and after, on a day whatever the time', async () => {
    await people({
      early: { Attributes: { since: ['2026-01-01T00:00:00Z'] } },
      noon: { Attributes: { since: ['2026-01-01T12:00:00+00:00'] } },
      day: { Attributes: { since: ['2026-01-02'] } },
      never: { Attributes: { since: ['whenever'] } },
    });
    const since = (AttributeType: 'BEFORE' | 'AFTER' | 'ON' | 'BETWEEN', ...Values: string[]) =>
      where({ Attributes: { since: { AttributeType, Values } } });
    expect(await since('BEFORE', '2026-01-01T12:00Z')).toEqual(['early']);
    expect(await since('AFTER', '2026-01-01T12:00Z')).toEqual(['day']);
    expect(await since('ON', '2026-01-01T23:00Z')).toEqual(['early', 'noon']);
    expect(await since('BETWEEN', '2026-01-01T12:00Z', '2026-01-02T00:00Z')).toEqual(['day', 'noon']);
  });

  it('read dates at both ends of the calendar, and refuse a year 0', async () => {
    await people({
      first: { Attributes: { since: ['0001-01-01'] } },
      last: { Attributes: { since: ['9999-12-31T23:59:59Z'] } },
      behind: { Attributes: { since: ['9999-12-31T23:59:59-12:00'] } },
      none: { Attributes: { since: ['0000-01-01'] } },
    });
    const since = (AttributeType: 'BEFORE' | 'AFTER' | 'ON' | 'BETWEEN', ...Values: string[]) =>
      where({ Attributes: { since: { AttributeType, Values } } });
    expect(await since('ON', '9999-12-31T23:00:00-14:00')).toEqual(['behind']);
    expect(await since('ON', '0001-01-01', '9999-12-31')).toEqual(['first', 'last']);
    expect(await since('AFTER', '9999-12-31T23:00:00-12:00')).toEqual(['behind']);
    expect(await since('BEFORE', '0001-01-01T00:00:00+14:00')).toEqual([]);
    expect(await since('BETWEEN', '0001-01-01T00:00:00+14:00', '9999-12-31')).toEqual(['first']);
    await expect(since('BEFORE', '0000-01-01')).rejects.toEqual(bad(/ISO 8601/));
  });

  it('[45] compare metrics, and an endpoint without one is in none', async () => {
    await people({ two: { Metrics: { m: 2 } }, three: { Metrics: { m: 3 } }, none: { Metrics: { other: 9 } } });
    const m = (ComparisonOperator: string) => where({ Metrics: { m: { ComparisonOperator, Value: 3 } } });
    expect(await m('GREATER_THAN_OR_EQUAL')).toEqual(['three']);
    expect(await m('LESS_THAN')).toEqual(['two']);
    expect(await m('EQUAL')).toEqual(['three']);
  });

  it('[46] measure distance', async () => {
    await people({
      winterthur: { Location: { Latitude: 47.5, Longitude: 8.7 } },
      bern: { Location: { Latitude: 46.9, Longitude: 7.4 } },
      nowhere: {},
    });
    const zurich = { Coordinates: { Latitude: 47.37, Longitude: 8.54 } };
    expect(await where({ Location: { GPSPoint: { ...zurich, RangeInKilometers: 50 } } })).toEqual(['winterthur']);
    expect(await where({ Location: { GPSPoint: { ...zurich, RangeInKilometers: 150 } } })).toEqual([
      'bern',
      'winterthur',
    ]);
  });

  it('[47] split everybody by recency', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await people({ now: {}, six: { EffectiveDate: daysAgo(6) }, eight: { EffectiveDate: daysAgo(8) } });
    const seen = (RecencyType: 'ACTIVE' | 'INACTIVE') =>
      where({ Behavior: { Recency: { Duration: 'DAY_7', RecencyType } } });
    expect([await seen('ACTIVE'), await seen('INACTIVE')]).toEqual([['now', 'six'], ['eight']]);
  });

  it('follow the attributes of a user to all of its endpoints, and changes at once', async () => {
    await people({ one: { User: { UserId: 'u' } }, two: { User: { UserId: 'u' } }, other: { User: { UserId: 'v' } } });
    const vip = () => where({ UserAttributes: { vip: { Values: ['yes'] } } });
    expect(await vip()).toEqual([]);
    await people({ one: { User: { UserAttributes: { vip: ['yes'] } } } });
    expect(await vip()).toEqual(['one', 'two']);
    await people({ two: { User: { UserId: 'v' } } });
    expect(await vip()).toEqual(['one']);
  });
});

describe('groups', () => {
  it('[48] combine by ALL, ANY and NONE: sources, dimensions and groups', async () => {
    const sets = { a: ['1', '2', '3', '4'], b: ['2', '3', '5', '6'], c: ['3', '4', '6', '7'] };
    const ids = ['0', '1', '2', '3', '4', '5', '6', '7'];
    await people(
      Object.fromEntries(
        ids.map((id) => [
          id,
          {
            Attributes: Object.fromEntries(
              Object.entries(sets).map(([name, set]) => [name, [String(set.includes(id))]]),
            ),
          },
        ]),
      ),
    );
    const inSet = (name: string): SegmentDimensions => ({ Attributes: { [name]: { Values: ['true'] } } });
    const sources: string[] = [];
    for (const name of ['a', 'b']) sources.push((await create({ Dimensions: inSet(name) })).Id as string);
    const quantifiers = ['ALL', 'ANY', 'NONE'] as const;
    const combine = (quantifier: (typeof quantifiers)[number], results: boolean[]) =>
      quantifier === 'ALL'
        ? results.every(Boolean)
        : quantifier === 'ANY'
          ? results.some(Boolean)
          : !results.some(Boolean);
    let rows = 0;
    for (const SourceType of quantifiers) {
      for (const Type of quantifiers) {
        for (const Include of quantifiers) {
          const found = await membersOf({
            SegmentGroups: {
              Include,
              Groups: [
                {
                  SourceType,
                  Type,
                  SourceSegments: sources.map((Id) => ({ Id })),
                  Dimensions: [inSet('b'), inSet('c')],
                },
                { Dimensions: [inSet('a')] },
              ],
            },
          });
          const has = (name: keyof typeof sets, id: string) => sets[name].includes(id);
          const expected = ids.filter((id) => {
            const base = combine(SourceType, [has('a', id), has('b', id)]);
            const filter = combine(Type, [has('b', id), has('c', id)]);
            return combine(Include, [base && filter, has('a', id)]);
          });
          expect(found, `${SourceType} ${Type} ${Include}`).toEqual(expected);
          rows += 1;
        }
      }
    }
    expect(rows).toBe(27);
  });
});

describe('what our own API tells', () => {
  it('counts who may be reached, by channel', async () => {
    await people({
      mail: { ChannelType: 'EMAIL', Address: 'a@example.com' },
      out: { ChannelType: 'EMAIL', Address: 'b@example.com', OptOut: 'ALL' },
      off: { ChannelType: 'SMS', Address: '+41791112233', EndpointStatus: 'INACTIVE' },
      bare: {},
    });
    const { body } = await callApi(server, `POST ${path()}/segments/estimate`, { body: {} });
    expect(body).toMatchObject({ Total: 4, Eligible: 1 });
    expect(body.Channels).toEqual(
      expect.arrayContaining([
        { ChannelType: 'EMAIL', Total: 2, Eligible: 1 },
        { ChannelType: 'SMS', Total: 1, Eligible: 0 },
        { Total: 1, Eligible: 0 },
      ]),
    );
  });

  it('pages through members, and lists the segments of an endpoint', async () => {
    await people(
      Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`E${index}`, { Metrics: { m: index } }])),
    );
    const { Id } = await create({
      Name: 'big',
      Dimensions: { Metrics: { m: { ComparisonOperator: 'GREATER_THAN', Value: 4 } } },
    });
    const seen: string[] = [];
    let token = '';
    do {
      const page = await callApi(
        server,
        `GET ${path()}/segments/${Id}/members?page-size=7${token && `&token=${token}`}`,
      );
      seen.push(...page.body.Item.map((member: { EndpointId: string }) => member.EndpointId));
      token = page.body.NextToken ?? '';
    } while (token !== '');
    expect([seen.length, new Set(seen).size, seen.includes('E5')]).toEqual([20, 20, true]);
    const segments = async (id: string) => (await callApi(server, `GET ${path()}/endpoints/${id}/segments`)).body;
    expect(await segments('e5')).toEqual({ Item: [{ SegmentId: Id, Name: 'big', Version: 1 }] });
    expect(await segments('E1')).toEqual({ Item: [] });
    expect((await segments('nobody')).Message).toBe('Resource not found');
  });

  it('knows names in use and their most frequent values', async () => {
    await people({
      a: {
        Attributes: { plan: ['gold'], 'x/y': ['1'] },
        Metrics: { m: 3 },
        User: { UserAttributes: { vip: ['yes'] } },
      },
      b: { Attributes: { plan: ['gold', 'new'] } },
    });
    const names = await callApi(server, `GET ${path()}/attributes`);
    expect(names.body).toEqual({ Attributes: ['plan', 'x/y'], Metrics: ['m'], UserAttributes: ['vip'] });
    const values = async (of: string) => (await callApi(server, `GET ${path()}/attributes/${of}/values`)).body;
    expect(await values('attribute/plan')).toEqual({
      Item: [
        { Value: 'gold', Count: 2 },
        { Value: 'new', Count: 1 },
      ],
      SampledEndpoints: 2,
    });
    expect((await values('metric/m')).Item).toEqual([{ Value: '3', Count: 1 }]);
    expect((await values('user-attribute/vip')).Item).toEqual([{ Value: 'yes', Count: 1 }]);
    expect((await values('attribute/x%2Fy')).Item).toEqual([{ Value: '1', Count: 1 }]);
    expect((await values('nonsense/x')).Message).toMatch(/kind/);
  });
});
