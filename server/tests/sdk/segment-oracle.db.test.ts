/** Random people, random definitions: what SQL answers against what an independent evaluator says of each endpoint. */
import { CreateAppCommand, CreateSegmentCommand, type EndpointBatchItem } from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { SegmentDimensions, SegmentGroup, WriteSegmentRequest } from '../../src/contract/pinpoint-types.ts';
import { endpointKey, findEndpoints } from '../../src/domains/audience/index.ts';
import { decideMember, findSource } from '../../src/domains/segments/index.ts';
import { callApi } from '../support/repoint-api.ts';
import { contains, type OracleEndpoint } from '../support/segment-oracle.ts';
import { startTestServer } from '../support/test-server.ts';

const people = 600;
const definitions = Number(process.env['REPOINT_TEST_DEFINITIONS'] ?? 100);

const server = await startTestServer();
const client = server.client();
const { query } = server.database;

const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const texts = pick('gold', 'silver', 'Gold', 'old', '100%', 'a_b', '漢字', "o'clock", '', 'il');
const dates = pick(
  '2026-01-01',
  '2026-01-01T10:15Z',
  '2026-02-28T23:59:59.999Z',
  '2026-02-30',
  '2027-01-01T00:00:00+02:00',
  'soon',
);
const values = fc.array(fc.oneof(texts, dates), { maxLength: 3 });
const names = pick('plan', 'since', '__proto__', "x'; --");
const coordinates = fc.record({
  Latitude: fc.integer({ min: -900, max: 900 }),
  Longitude: fc.integer({ min: -1800, max: 1800 }),
});

const person = fc.record({
  attributes: fc.dictionary(names, values, { maxKeys: 3, noNullPrototype: true }),
  userAttributes: fc.dictionary(names, values, { maxKeys: 2, noNullPrototype: true }),
  metrics: fc.dictionary(pick('cart', 'age'), pick(-1, 0, 2.5, 3, 1e9), { noNullPrototype: true }),
  demographic: fc.record(
    { Platform: pick('ios', 'IOS', 'android'), Make: pick('m', ''), AppVersion: pick('1', '2') },
    { requiredKeys: [] },
  ),
  country: maybe(pick('CH', 'ch', 'USA')),
  coordinates: maybe(coordinates),
  channel: maybe(pick('EMAIL', 'SMS', 'APNS', 'GCM', 'IN_APP')),
  user: maybe(fc.nat(400)),
  idleDays: pick(0, 3, 10, 20, 40),
});

const attributeDimension = fc.oneof(
  fc.record({
    AttributeType: maybe(pick('INCLUSIVE', 'EXCLUSIVE', 'CONTAINS')),
    Values: fc.array(texts, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    AttributeType: pick('BEFORE', 'AFTER', 'ON'),
    Values: pick(['2026-01-01T10:15:00Z'], ['2026-02-28T00:00:00Z']),
  }),
  fc.record({ AttributeType: pick('BETWEEN'), Values: pick(['2026-01-01T00:00:00Z', '2026-01-01T10:15:00Z']) }),
);
const setDimension = (...members: string[]) =>
  fc.record({
    DimensionType: maybe(pick('INCLUSIVE', 'EXCLUSIVE')),
    Values: fc.array(pick(...members), { minLength: 1, maxLength: 2 }),
  });

const dimensionSet = fc.record(
  {
    Attributes: fc.dictionary(names, attributeDimension, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    UserAttributes: fc.dictionary(names, attributeDimension, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    Metrics: fc.dictionary(
      pick('cart', 'age'),
      fc.record({
        ComparisonOperator: pick('GREATER_THAN', 'LESS_THAN', 'GREATER_THAN_OR_EQUAL', 'LESS_THAN_OR_EQUAL', 'EQUAL'),
        Value: pick(0, 2.5, 3),
      }),
      { minKeys: 1, noNullPrototype: true },
    ),
    Demographic: fc.record(
      {
        Platform: setDimension('ios', 'android'),
        Make: setDimension('m', 'n'),
        AppVersion: setDimension('1'),
        Channel: setDimension('EMAIL', 'push', 'SMS'),
        DeviceType: setDimension('x'),
      },
      { requiredKeys: [] },
    ),
    Location: fc.record(
      {
        Country: setDimension('CH', 'usa'),
        GPSPoint: fc.record({
          Coordinates: fc.record({ Latitude: pick(0, 47.37, -33.9), Longitude: pick(0, 8.54, 179.9) }),
          RangeInKilometers: pick(0, 777.7, 5_003, 12_000),
        }),
      },
      { requiredKeys: [] },
    ),
    Behavior: fc.record({
      Recency: fc.record({
        Duration: pick('HR_24', 'DAY_7', 'DAY_14', 'DAY_30'),
        RecencyType: pick('ACTIVE', 'INACTIVE'),
      }),
    }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<SegmentDimensions>;

const quantifier = maybe(pick('ALL', 'ANY', 'NONE'));
const definition = (bases: readonly string[]) => {
  const group = fc.record({
    SourceSegments: fc
      .uniqueArray(pick(...bases), { maxLength: bases.length > 1 ? 3 : 0 })
      .map((ids) => ids.map((Id) => ({ Id }))),
    SourceType: quantifier,
    Type: quantifier,
    Dimensions: fc.array(dimensionSet, { maxLength: 3 }),
  }) as fc.Arbitrary<SegmentGroup>;
  return fc.oneof(
    dimensionSet.map((Dimensions): WriteSegmentRequest => ({ Dimensions })),
    fc
      .record({ Include: quantifier, Groups: fc.array(group, { maxLength: 3 }) })
      .map((SegmentGroups) => ({ SegmentGroups }) as WriteSegmentRequest),
  );
};

it(`agrees on ${definitions} definitions over ${people} endpoints`, { timeout: 240_000 }, async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'oracle' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const endpoints = await makePeople(ApplicationId);
  const now = Date.now();

  const segments = new Map<string, WriteSegmentRequest>();
  const disagreements: unknown[] = [];
  const { number: projectNumber } = await query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', ApplicationId)
    .executeTakeFirstOrThrow();
  const keys = [...endpoints].map(([id]) => endpointKey(Number(projectNumber), id));
  const stored = (await findEndpoints(query, keys)).filter((endpoint) => endpoint !== undefined);
  expect(stored).toHaveLength(people);
  let decisions = 0;
  const decide = async (segmentId: string, members: readonly string[]) => {
    const source = await findSource(query, Number(projectNumber), segmentId);
    if (source === undefined) throw new Error('The segment is not there.');
    const isMember = new Set(members);
    const answers = stored.map((endpoint) => [endpoint.id, decideMember(source, endpoint)] as const);
    const given = answers.filter(([, answer]) => answer !== undefined);
    const wrong = given.filter(([id, answer]) => answer !== isMember.has(id)).map(([id]) => id);
    return { right: given.length - wrong.length, wrong };
  };
  const seeds = fc.sample(fc.nat(), { numRuns: definitions, seed: 7 });
  for (const seed of seeds) {
    // Later definitions are based on earlier ones.
    const bases = ['none', ...[...segments.keys()].slice(-6)];
    const [request] = fc.sample(definition(bases.length > 1 ? bases.slice(1) : bases), { numRuns: 1, seed }) as [
      WriteSegmentRequest,
    ];
    const { status, body } = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/segments/estimate`, {
      body: request,
    });
    if (status === 400 && /at most/.test(body.Message)) continue;
    expect(status, JSON.stringify({ request, body })).toBe(200);
    const expected = [...endpoints]
      .filter(([, endpoint]) => contains(request, endpoint, now, segments))
      .map(([id]) => id);
    const { SegmentResponse } = await client.send(
      new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: request as never }),
    );
    const id = SegmentResponse?.Id as string;
    segments.set(id, request);
    const members = await listMembers(ApplicationId, id);
    const decided = await decide(id, members);
    decisions += decided.right;
    if (decided.wrong.length > 0) disagreements.push({ request, wronglyDecided: decided.wrong });
    if (body.Total !== expected.length || members.join() !== expected.sort().join()) {
      disagreements.push({ request, counted: body.Total, expected: expected.length, listed: members.length });
    }
    const samples: string[] = body.SampleEndpointIds;
    if (samples.length !== Math.min(20, expected.length) || !samples.every((id) => expected.includes(id))) {
      disagreements.push({ request, samples, expected: expected.length });
    }
  }
  expect(disagreements).toEqual([]);
  // What is decided without the database is a good part of it.
  expect(decisions).toBeGreaterThan(definitions * people * 0.3);
  for (const [id, endpoint] of [...endpoints].slice(0, 20)) {
    const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/endpoints/${id}/segments`);
    const found = body.Item.map((segment: { SegmentId: string }) => segment.SegmentId);
    const expected = [...segments]
      .filter(([, request]) => contains(request, endpoint, now, segments))
      .map(([key]) => key);
    expect(found.sort()).toEqual(expected.sort());
  }
  expect(segments.size).toBeGreaterThan(definitions * 0.8);
});

async function listMembers(ApplicationId: string, segmentId: string): Promise<string[]> {
  const path = `/repoint/v1/apps/${ApplicationId}/segments/${segmentId}/members?page-size=1000`;
  const { body } = await callApi(server, `GET ${path}`);
  return body.Item.map((member: { EndpointId: string }) => member.EndpointId).sort();
}

/** Writes random people through the API, and says of each what the evaluator needs to know. */
async function makePeople(ApplicationId: string): Promise<ReadonlyMap<string, OracleEndpoint>> {
  const drawn = fc.sample(person, { numRuns: people, seed: 42 });
  const items = drawn.map((one, index): EndpointBatchItem => {
    const { coordinates: at } = one;
    return {
      Id: `e${index}`,
      Attributes: one.attributes,
      Metrics: one.metrics,
      Demographic: one.demographic,
      Location: {
        ...(one.country && { Country: one.country }),
        ...(at && { Latitude: at.Latitude / 10, Longitude: at.Longitude / 10 }),
      },
      ...(one.channel && { ChannelType: one.channel, Address: `address ${index}` }),
      User: { UserAttributes: one.userAttributes, ...(one.user !== undefined && { UserId: `u${one.user}` }) },
      EffectiveDate: new Date(Date.now() - one.idleDays * 86_400_000 - 3_600_000).toISOString(),
    } as EndpointBatchItem;
  });
  for (let from = 0; from < items.length; from += 100) {
    const Item = items.slice(from, from + 100);
    // The SDK drops a name like __proto__: sent as JSON.
    const { status, body } = await callApi(server, `PUT /v1/apps/${ApplicationId}/endpoints`, {
      service: 'mobiletargeting',
      body: { Item },
    });
    expect([status, body.Message]).toEqual([202, 'Accepted']);
  }
  const { rows } = await sql<{ id: string; attributes: object; last_active_at: Date }>`
    select e.id, coalesce(u.attributes, e.user_attributes) as attributes, f.last_active_at
    from endpoints e join endpoint_facets f using (project_number, bucket, id)
    left join audience_users u on u.project_number = e.project_number and u.user_id = e.user_id`.execute(
    server.database.query,
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  expect(stored.size).toBe(people);
  return new Map(
    drawn.map((one, index): [string, OracleEndpoint] => {
      const row = stored.get(`e${index}`);
      return [
        `e${index}`,
        {
          attributes: one.attributes,
          userAttributes: row?.attributes as OracleEndpoint['userAttributes'],
          metrics: one.metrics,
          demographic: one.demographic,
          country: one.country,
          coordinates: one.coordinates && [one.coordinates.Latitude / 10, one.coordinates.Longitude / 10],
          channelType: one.channel,
          lastActive: row?.last_active_at.getTime() as number,
        },
      ];
    }),
  );
}
