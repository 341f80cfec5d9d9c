/** Whatever happens at once, the tables of the audience agree with each other in the end. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { facetsOf } from '../../src/domains/audience/facets.ts';
import type { StoredEndpoint } from '../../src/domains/audience/index.ts';
import { addressKey, normaliseAddress } from '../../src/kernel/address.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const steps = Number(process.env['REPOINT_TEST_STEPS'] ?? 600);
const atOnce = 24;
/** The steps are always the same; which of them meet is up to the moment. */
const seed = Number(process.env['REPOINT_TEST_SEED'] ?? 11);

const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const id = pick(...Array.from({ length: 40 }, (_, index) => `e${index}`));
const user = pick('', ...Array.from({ length: 4 }, (_, index) => `u${index}`));
const address = pick('a@example.com', 'A@example.com', 'token-1', 'token-2', '+41791112233');
const attributes = fc.dictionary(pick('plan', 'city'), fc.array(pick('x', 'y'), { maxLength: 2 }), {
  noNullPrototype: true,
});

const endpoint = fc.record(
  {
    ChannelType: pick('EMAIL', 'SMS', 'APNS', 'GCM'),
    Address: address,
    OptOut: pick('ALL', 'NONE'),
    EndpointStatus: pick('ACTIVE', 'INACTIVE'),
    Attributes: attributes,
    Metrics: fc.dictionary(pick('m'), fc.nat(5), { noNullPrototype: true }),
    User: fc.record({ UserId: user, UserAttributes: attributes }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('put' as const), id, body: endpoint }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('batch' as const),
      items: fc.array(fc.tuple(id, endpoint), { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete user' as const), user }) },
);

it(`agree after ${steps} random steps, ${atOnce} at once`, { timeout: 120_000 }, async () => {
  const created = await callApi(server, 'POST /v1/apps', { service: 'mobiletargeting', body: { Name: 'x' } });
  const path = `/v1/apps/${created.body.Id}`;
  const queue = fc.sample(step, { numRuns: steps, seed });
  const statuses = new Map<number, number>();
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { status } = await perform(path, next);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  // Refusals are part of it (fifteen a user, a missing address); faults are not.
  expect([...statuses.keys()].filter((status) => ![202, 400, 404].includes(status))).toEqual([]);
  expect(statuses.get(202)).toBeGreaterThan(steps / 3);
  await checkUsers();
  await checkAddresses();
  await checkFacets();
});

function perform(path: string, next: typeof step extends fc.Arbitrary<infer Step> ? Step : never) {
  const service = 'mobiletargeting' as const;
  switch (next.kind) {
    case 'put':
      return callApi(server, `PUT ${path}/endpoints/${next.id}`, { service, body: next.body });
    case 'batch':
      return callApi(server, `PUT ${path}/endpoints`, {
        service,
        body: { Item: next.items.map(([Id, body]) => ({ Id, ...body })) },
      });
    case 'delete':
      return callApi(server, `DELETE ${path}/endpoints/${next.id}`, { service });
    case 'delete user':
      return callApi(server, `DELETE ${path}/users/${next.user === '' ? 'nobody' : next.user}`, { service });
  }
}

async function allEndpoints(): Promise<(StoredEndpoint & { sharedAttributes: StoredEndpoint['attributes'] | null })[]> {
  const { rows } = await sql<StoredEndpoint & { sharedAttributes: StoredEndpoint['attributes'] | null }>`
    select e.project_number as "projectNumber", e.bucket, e.id, e.channel_type as "channelType", e.address,
           e.opt_out as "optOut", e.status, e.user_id as "userId", e.attributes, e.metrics, e.demographic, e.location,
           e.user_attributes as "userAttributes", u.attributes as "sharedAttributes"
    from endpoints e
    left join audience_users u on u.project_number = e.project_number and u.user_id = e.user_id
    order by e.id`.execute(server.database.query);
  return rows;
}

async function checkUsers(): Promise<void> {
  const endpoints = await allEndpoints();
  const { rows: users } = await sql<{ userId: string; endpointIds: string[] }>`
    select user_id as "userId", endpoint_ids as "endpointIds" from audience_users`.execute(server.database.query);
  const expected = new Map<string, string[]>();
  for (const { userId, id: endpointId } of endpoints) {
    if (userId !== null) expected.set(userId, [...(expected.get(userId) ?? []), endpointId]);
  }
  const found = new Map(users.map(({ userId, endpointIds }) => [userId, endpointIds.toSorted()]));
  expect([...found].sort()).toEqual([...expected].map(([name, ids]) => [name, ids.toSorted()]).sort());
  for (const ids of found.values()) expect(ids.length).toBeLessThanOrEqual(15);
}

/** One active endpoint for each address and channel, and the row of the address knows it. */
async function checkAddresses(): Promise<void> {
  const endpoints = await allEndpoints();
  const { rows } = await sql<{ key: string; endpointIds: string[] }>`
    select address_key::text as key, endpoint_ids as "endpointIds" from endpoint_addresses`.execute(
    server.database.query,
  );
  const holders = new Map(rows.map(({ key, endpointIds }) => [key, endpointIds]));
  const active = new Set<string>();
  for (const { address: at, channelType, status, id: endpointId } of endpoints) {
    if (at === null || status !== 'ACTIVE') continue;
    const place = `${channelType} ${normaliseAddress(at)}`;
    expect(active.has(place), `two are active at ${place}`).toBe(false);
    active.add(place);
    expect(holders.get(addressKey(at)) ?? []).toContain(endpointId);
  }
  // Nothing is left of endpoints that are gone, nor at addresses that were left.
  const here = new Set(
    endpoints.flatMap(({ address: at, id: endpointId }) => (at === null ? [] : [`${addressKey(at)} ${endpointId}`])),
  );
  const listed = [...holders].flatMap(([key, ids]) => ids.map((endpointId) => `${key} ${endpointId}`));
  expect(listed.filter((pair) => !here.has(pair))).toEqual([]);
}

/** What segments are told is what the endpoint and its user say. */
async function checkFacets(): Promise<void> {
  const { rows } = await sql<{ id: string; channelType: string; eligible: boolean; tokens: string[]; metrics: object }>`
    select id, channel_type as "channelType", eligible, tokens::text[] as tokens, metrics
    from endpoint_facets order by id`.execute(server.database.query);
  const stored = rows.map((row) => ({ ...row, tokens: row.tokens.toSorted() }));
  const expected = (await allEndpoints()).map((one) => {
    const { channelType, eligible, tokens, metrics } = facetsOf(one, one.sharedAttributes ?? one.userAttributes);
    return { id: one.id, channelType, eligible, tokens: tokens.toSorted(), metrics };
  });
  expect(stored).toEqual(expected);
}
