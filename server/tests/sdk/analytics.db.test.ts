/**
 * What is counted of events: against a recount one by one, by many at once, after a rollback and after an erasure; and
 * the reports made of it, signed as any client signs. Numbers in brackets are the cases of
 * dossier/events-journeys-console §8.
 */
import { DeleteEndpointCommand, DeleteUserEndpointsCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { followEvents } from '../../src/domains/analytics/funnels/follow.ts';
import { dropMessageMarks, joinShards } from '../../src/domains/analytics/housekeeping.ts';
import { countingEvents, noteNames } from '../../src/domains/analytics/index.ts';
import { readPeriod } from '../../src/domains/analytics/pages/period.ts';
import { EventLog, type EventProject, type NewEvent } from '../../src/domains/events/index.ts';
import * as made from '../support/analytics-events.ts';
import { type AppOccurrence, append, mail, sms } from '../support/analytics-events.ts';
import { dateIn, Recount, userOf } from '../support/analytics-oracle.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const client = server.client();
const day = 24 * 3600 * 1000;
const hour = 3600 * 1000;
const noon = new Date(Math.floor(Date.now() / day) * day - 3 * day + 12 * hour);
const later = (milliseconds: number) => new Date(noon.getTime() + milliseconds);
const dateOf = (date: Date) => date.toISOString().slice(0, 10);
const today = dateOf(noon);

let project: EventProject;
beforeEach(async () => {
  project = await made.createProject(server);
});

const happened = (occurrence: AppOccurrence) => made.happened(project, occurrence);
const count = (...events: readonly NewEvent[]) => append(server, events);
const api = async (call: string, body?: unknown) => {
  const [method, path] = call.split(' ') as [string, string];
  return callApi(server, `${method} /repoint/v1/apps/${project.id}/${path}`, { body });
};
const report = async (name: string, query = '', body?: unknown) => {
  const { status, body: answer } = await api(`${body ? 'POST' : 'GET'} analytics/${name}${query}`, body);
  expect([status, answer?.Message]).toEqual([200, undefined]);
  return answer;
};
const days = (first: number, last: number, zone = 'UTC') =>
  `?start-date=${dateOf(later(first * day))}&end-date=${dateOf(later(last * day))}&time-zone=${encodeURIComponent(zone)}`;

async function everything() {
  const { rows } = await sql<{ key: string; value: number }>`
    select concat_ws('|', metric, slot, source_id, activity_id, label) as key, sum(value) as value
    from analytics_counters where project_number = ${project.number} group by 1
    union all
    select concat_ws('|', metric, scope, day, previous), sum(count)
    from analytics_uniques where project_number = ${project.number} group by 1 having sum(count) <> 0
    order by 1`.execute(database.query);
  return rows;
}

interface Occurrence {
  readonly endpoint: number;
  readonly type: string;
  readonly minutes: number;
  readonly late: number;
  readonly user: number | undefined;
  readonly price: number;
}

const occurrences: fc.Arbitrary<Occurrence[]> = fc.array(
  fc.record({
    endpoint: fc.nat(11),
    type: fc.constantFrom(
      '_session.start',
      'view',
      'cart',
      'pay',
      '_monetization.purchase',
      '_userauth.sign_in',
      'open',
    ),
    // Up to eight days back, and some that are late or of the future.
    minutes: fc.integer({ min: -8 * 24 * 60, max: 0 }),
    late: fc.constantFrom(0, 0, 1, 70, 3_000, -30, 150 * 24 * 60),
    user: fc.option(fc.nat(3), { nil: undefined }),
    price: fc.constantFrom(1, 2.5, 10),
  }),
  { minLength: 1, maxLength: 120 },
);

function toEvent({ endpoint, type, minutes, late, user, price }: Occurrence): NewEvent {
  const arrivedAt = later(minutes * 60_000);
  const at = new Date(arrivedAt.getTime() - late * 60_000);
  if (type === 'open') {
    return mail(project, 'open', {
      to: `p${endpoint % 3}@example.com`,
      message: `m${endpoint}`,
      sentAt: at,
      arrivedAt,
    });
  }
  return happened({
    // Two spellings are one endpoint.
    ...{ endpointId: endpoint % 2 ? `Ep-${endpoint}` : `ep-${endpoint}`, type, at, arrivedAt },
    ...(user !== undefined && { userId: `u${user}` }),
    metrics: { _item_price: price, _quantity: 2 },
  });
}

describe('counts', () => {
  it('are those of a recount one by one, in any zone, whatever the batches and their order', async () => {
    const zones = ['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Auckland'];
    await fc.assert(
      fc.asyncProperty(
        occurrences,
        fc.constantFrom(1, 7, 200),
        fc.constantFrom(...zones),
        async (given, size, zone) => {
          project = await made.createProject(server);
          const events = given.map(toEvent);
          for (let from = 0; from < events.length; from += size) await count(...events.slice(from, from + size));
          await holdAgainst(new Recount(events), zone);
        },
      ),
      { numRuns: 12 },
    );
  });

  async function holdAgainst(recount: Recount, zone: string) {
    // Where it is tomorrow already, as well.
    const period = days(-100, 1, zone);
    const [usage, revenue, retention, mails] = await Promise.all([
      ...[report('usage', period), report('revenue', period)],
      ...[report('retention', days(-100, 0)), report('transactional-email', days(-100, 0))],
    ]);
    for (const of of usage.Days) {
      const monthAgo = dateOf(new Date(Date.parse(of.Date) - 29 * day));
      expect(of, of.Date).toMatchObject({
        Sessions: recount.eventsOn('_session.start', of.Date, zone),
        SignIns: recount.eventsOn('_userauth.sign_in', of.Date, zone),
        DailyActiveEndpoints: recount.active('endpoint', of.Date, of.Date),
        DailyActiveUsers: recount.active('user', of.Date, of.Date),
        MonthlyActiveEndpoints: recount.active('endpoint', monthAgo, of.Date),
        MonthlyActiveUsers: recount.active('user', monthAgo, of.Date),
        NewEndpoints: [...recount.firstDays().values()].filter((first) => first === of.Date).length,
      });
    }
    for (const of of revenue.Days) {
      expect(of.Purchases, of.Date).toBe(recount.eventsOn('_monetization.purchase', of.Date, zone));
    }
    const spent = recount.purchases().reduce((sum, { record }) => sum + 2 * (record.metrics?.['_item_price'] ?? 0), 0);
    expect(revenue.Days.reduce((sum: number, { Revenue }: { Revenue: number }) => sum + Revenue, 0)).toBeCloseTo(spent);
    for (const { Date: date, DaysLater, Endpoints } of retention.Cohorts) {
      expect(Endpoints).toBe(recount.cohort(date, dateOf(new Date(Date.parse(date) + DaysLater * day))));
    }
    for (const of of mails.Days) expect(of.Opens, of.Date).toBe(recount.opensOf(of.Date));
  }

  it('of many transactions at once are exact, and none waits for another for ever', async () => {
    const events = Array.from({ length: 2_000 }, (_, index) =>
      happened({
        ...{ endpointId: `ep-${(index * 7) % 40}`, type: index % 3 ? 'view' : '_session.start' },
        ...{ at: later(-(index % 5) * day), userId: `u${index % 11}`, platform: index % 2 ? 'ios' : 'android' },
      }),
    );
    const batches = Array.from({ length: 40 }, (_, index) => events.slice(index * 50, index * 50 + 50));
    await Promise.all(batches.map((batch) => count(...batch)));
    const recount = new Recount(events);
    const { Days } = await report('usage', days(-4, 0));
    for (const of of Days) {
      expect(of.Sessions).toBe(recount.eventsOn('_session.start', of.Date, 'UTC'));
      expect(of.DailyActiveEndpoints).toBe(recount.active('endpoint', of.Date, of.Date));
      expect(of.DailyActiveUsers).toBe(recount.active('user', of.Date, of.Date));
    }
  });

  it('lie in shards: none waits for a transaction that counts the same and is not done', async () => {
    const log = new EventLog([countingEvents()]);
    const event = () => happened({ endpointId: 'a', type: 'view', at: noon });
    await count(event());
    await database.transaction(async (tx) => {
      await log.append(tx, [event()]);
      await log.append(tx, [event()]);
      await count(event());
    });
    expect((await report('event-types')).Item).toEqual([{ EventType: 'view', Count: 4 }]);
    const { rows } = await sql<{ shards: number }>`
      select count(distinct shard)::int as shards from analytics_counters where project_number = ${project.number}`.execute(
      database.query,
    );
    expect(rows[0]?.shards).toBe(2);
  });

  it('of endpoints that were counted a moment ago need no look, until they are others', async () => {
    const log = new EventLog([noteNames(), countingEvents()]);
    const append = (generation: number, isKept = true) =>
      database.transaction(async (tx) => {
        await log.append(tx, [{ ...happened({ endpointId: 'a', type: 'view', at: noon, userId: 'u' }), generation }]);
        if (!isKept) throw new Error('no');
      });
    await expect(append(1, false)).rejects.toThrow('no');
    await append(1);
    await append(1);
    const marks = async () => {
      const { rows } = await sql<{ metric: string }>`
        select metric from analytics_marks where project_number = ${project.number} order by metric`.execute(
        database.query,
      );
      return rows.map(({ metric }) => metric);
    };
    expect(await marks()).toEqual(['endpoint', 'user']);
    // As erasing does.
    await sql`delete from analytics_marks where project_number = ${project.number}`.execute(database.query);
    await append(2);
    expect(await marks()).toEqual(['endpoint', 'user']);
    expect((await report('event-types')).Item).toEqual([{ EventType: 'view', Count: 3 }]);
  });

  it('of a transaction that is rolled back are not there', async () => {
    const log = new EventLog([countingEvents()]);
    const work = database.transaction(async (tx) => {
      await log.append(tx, [happened({ endpointId: 'a', type: 'view', at: noon, userId: 'u', platform: 'ios' })]);
      await log.append(tx, [mail(project, 'open', { to: 'a@example.com', message: 'm', sentAt: noon })]);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await everything()).toEqual([]);
    const { rows } = await sql`select from analytics_marks where project_number = ${project.number}`.execute(
      database.query,
    );
    expect(rows).toEqual([]);
  });

  it('keep what they are when shards are joined, and messages of long ago lose their marks', async () => {
    const events = Array.from({ length: 60 }, (_, index) =>
      happened({ endpointId: `ep-${index % 9}`, type: 'view', at: later(-(index % 6) * day) }),
    );
    const log = new EventLog([countingEvents()]);
    // The open transaction has the first shard, so that the others count in further ones.
    await database.transaction(async (tx) => {
      await log.append(
        tx,
        events.slice(0, 20).map((event) => ({ ...event, endpointId: `${event.endpointId}-x` })),
      );
      await Promise.all(events.slice(20).map((event) => count(event)));
    });
    expect((await shards()).length).toBeGreaterThan(1);
    await count(mail(project, 'open', { to: 'a@example.com', message: 'm', sentAt: noon }));
    const before = await everything();
    await joinShards(database, later(10 * day));
    await joinShards(database, later(10 * day));
    expect(await everything()).toEqual(before);
    expect(await shards()).toEqual([0]);
    await dropMessageMarks(database, later(80 * day));
    expect(await marks()).toContain('direct mail opened');
    await dropMessageMarks(database, later(95 * day));
    expect((await marks()).toSorted()).toEqual(['direct opened', 'endpoint']);
  });

  async function shards() {
    const { rows } = await sql<{ shard: number }>`
      select distinct shard from analytics_counters where project_number = ${project.number}
      union select shard from analytics_uniques where project_number = ${project.number}`.execute(database.query);
    return rows.map(({ shard }) => shard);
  }

  async function marks() {
    const { rows } = await sql<{ metric: string }>`
      select distinct metric from analytics_marks where project_number = ${project.number}`.execute(database.query);
    return rows.map(({ metric }) => metric);
  }

  it('take events whose labels and ids are of all sorts', async () => {
    const type = `${'x'.repeat(500)}\0\ud800`;
    await count(
      happened({ endpointId: '漢/é:=', type, at: noon, zone: 'Mars/Olympus', country: 'ch', platform: 'a=b' }),
      happened({ endpointId: 'e', type: '_monetization.purchase', at: noon, metrics: { _item_price: Number.NaN } }),
      happened({ endpointId: 'e', type: '_email.open', at: noon }),
      happened({ endpointId: 'q', type: 'say "{a,b}\\n"', at: noon }),
      happened({ endpointId: 'e', type: '_campaign.opened_notification', at: noon, attributes: { campaign_id: '' } }),
    );
    const { Item } = await report('event-types');
    expect(Item.map(({ EventType }: { EventType: string }) => EventType.slice(0, 40)).toSorted()).toEqual(
      [
        '_campaign.opened_notification',
        '_email.open',
        '_monetization.purchase',
        'say "{a,b}\\n"',
        'x'.repeat(40),
      ].toSorted(),
    );
    expect((await report('demographics')).Rows).toEqual([
      { Dimension: 'platform', Value: 'a=b', Endpoints: 1 },
      { Dimension: 'country', Value: 'CH', Endpoints: 1 },
    ]);
  });
});

describe('erasure', () => {
  const put = (EndpointId: string, UserId: string, Address = `${EndpointId}@example.com`) =>
    client.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId: project.id, EndpointId },
        EndpointRequest: { ChannelType: 'EMAIL', Address, User: { UserId } },
      }),
    );

  it('takes marks of endpoints, users and addresses, and leaves the counts', async () => {
    await put('Mallory-1', 'mallory-user');
    await put('mallory-2', 'mallory-user');
    await put('trent', 'trent-user');
    const of = (endpointId: string, userId: string, country: string, offset = 0): NewEvent[] => [
      happened({ endpointId, type: 'view', at: later(offset), userId, country, platform: 'ios' }),
      happened({ endpointId, type: `visit by ${endpointId}`, at: later(offset), userId, country, platform: 'ios' }),
      happened({ endpointId, type: '_monetization.purchase', at: later(offset), userId, country, platform: 'ios' }),
    ];
    await count(
      ...of('Mallory-1', 'mallory-user', 'LI'),
      ...of('mallory-2', 'mallory-user', 'LI', -2 * day),
      ...of('trent', 'trent-user', 'CH'),
      mail(project, 'open', { to: 'MALLORY-1@example.com', message: 'm', sentAt: noon }),
      sms(project, 'DELIVERED', { endpointId: 'mallory-2', message: '1', at: noon, country: 'LI' }),
    );
    const reports = async () => [
      ...[await report('usage', days(-9, 0)), await report('revenue', days(-9, 0))],
      ...[await report('retention', days(-9, 0)), await report('transactional-email', days(-9, 0))],
    ];
    // The event of a mail to an address alone stays in the log with its day, as its inventory says.
    const counted = async (text: string) => (await tablesWith(database, text)).filter((table) => table !== 'events');
    const before = await reports();
    const country = async () =>
      (await report('demographics')).Rows.filter(({ Dimension }: { Dimension: string }) => Dimension === 'country');
    await client.send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId: 'mallory-1' }));
    expect(await counted('mallory-1')).toEqual([]);
    // The other endpoint of the user carries the country still.
    expect(await country()).toEqual([
      { Dimension: 'country', Value: 'LI', Endpoints: 2 },
      { Dimension: 'country', Value: 'CH', Endpoints: 1 },
    ]);
    await client.send(new DeleteEndpointCommand({ ApplicationId: project.id, EndpointId: 'mallory-2' }));
    expect(await counted('mallory')).toEqual([]);
    expect(await reports()).toEqual(before);
    expect(await country()).toEqual([
      { Dimension: 'country', Value: 'other', Endpoints: 2 },
      { Dimension: 'country', Value: 'CH', Endpoints: 1 },
    ]);
    expect((await report('transactional-sms', days(-9, 0))).Countries).toMatchObject([{ Country: 'other', Sends: 1 }]);
    expect((await report('event-types')).Item).toEqual([
      { EventType: '_monetization.purchase', Count: 3 },
      { EventType: 'view', Count: 3 },
      { EventType: 'other', Count: 2 },
      { EventType: 'visit by trent', Count: 1 },
    ]);
    const { rows } = await sql<{ subject: string }>`
      select distinct subject from analytics_marks where project_number = ${project.number} order by 1`.execute(
      database.query,
    );
    expect(rows.map(({ subject }) => subject)).toEqual(['endpoint/trent', 'user/trent-user']);
  });

  it('of a user takes all at once, and who comes back is new', async () => {
    await put('a', 'u1', 'one@example.com');
    await put('b', 'u1', 'two@example.com');
    await count(happened({ endpointId: 'a', type: 'view', at: later(-day), userId: 'u1' }));
    await client.send(new DeleteUserEndpointsCommand({ ApplicationId: project.id, UserId: 'u1' }));
    const { rows } = await sql`select from analytics_marks where project_number = ${project.number}`.execute(
      database.query,
    );
    expect(rows).toEqual([]);
    await count(happened({ endpointId: 'a', type: 'view', at: noon, userId: 'u1' }));
    const { Days } = await report('usage', days(-1, 0));
    expect(Days.map(({ NewEndpoints }: { NewEndpoints: number }) => NewEndpoints)).toEqual([1, 1]);
  });
});

describe('reports', () => {
  it('have seven-day retention, stickiness and sessions by local hours', async () => {
    await count(
      ...['a', 'b', 'c', 'd'].map((endpointId) => happened({ endpointId, type: 'view', at: later(-7 * day) })),
      ...['a', 'b'].map((endpointId) => happened({ endpointId, type: 'view', at: later(-3 * day) })),
      ...['c', 'e'].map((endpointId) => happened({ endpointId, type: '_session.start', at: noon, zone: 'Asia/Tokyo' })),
    );
    const { Days, Summary } = await report('usage', days(0, 0));
    expect(Days).toMatchObject([
      { Date: today, SevenDayRetention: 0.75, StickyFactor: 0.4, SessionsPerEndpoint: 1, NewEndpoints: 1 },
    ]);
    expect(Summary).toContainEqual({ Name: 'Sessions', Average: 2, Total: 2, Change: 0 });
    const { Hours } = await report('session-hours', days(0, 0));
    const weekday = ((noon.getUTCDay() + 6) % 7) + 1;
    expect(Hours).toHaveLength(168);
    expect(Hours.filter(({ Sessions }: { Sessions: number }) => Sessions > 0)).toEqual([
      { Weekday: weekday, Hour: 21, Sessions: 2 },
    ]);
  });

  it('[41, 42] average daily rates, and know no change from nothing', async () => {
    const letter = (type: made.MailEvent, index: number, offset: number) =>
      mail(project, type, { to: `p${index}@example.com`, message: `m${index}`, sentAt: later(offset * day) });
    await count(
      letter('send', 0, -1),
      ...Array.from({ length: 99 }, (_, index) => [letter('send', index, 0), letter('hardbounce', index, 0)]).flat(),
    );
    const { Summary } = await report('transactional-email', days(-1, 0));
    const of = (name: string) => Summary.find(({ Name }: { Name: string }) => Name === name);
    expect(of('DeliveryRate')).toMatchObject({ Average: 0.5 });
    expect(of('Sends')).toEqual({ Name: 'Sends', Average: 50, Total: 100, Change: 98 });
    expect(of('HardBounces')).toEqual({ Name: 'HardBounces', Average: 49.5, Total: 99 });
  });

  it('tell of money by currency', async () => {
    const bought = (endpointId: string, metrics: Record<string, number>, currency?: string) =>
      happened({
        ...{ endpointId, type: '_monetization.purchase', at: noon, metrics },
        attributes: currency === undefined ? {} : { _currency: currency },
      });
    await count(
      bought('a', { _item_price: 2.5, _quantity: 4 }),
      bought('a', {}),
      bought('b', { _item_price: 5 }, 'eur'),
      happened({ endpointId: 'c', type: 'view', at: noon }),
    );
    expect((await report('revenue', days(0, 0))).Days).toEqual([
      {
        ...{ Date: today, Revenue: 10, UnitsSold: 5, Purchases: 2, PayingUsers: 2, RevenuePerEndpoint: 10 / 3 },
        ...{ RevenuePerPayingUser: 5, UnitsSoldPerEndpoint: 5 / 3, PurchasesPerEndpoint: 1 },
      },
    ]);
    expect(await report('revenue', `${days(0, 0)}&currency=EUR`)).toMatchObject({
      Currencies: ['EUR', 'USD'],
      Days: [{ Revenue: 5, UnitsSold: 1, Purchases: 1 }],
    });
  });

  it('show how endpoints are now, by channel', async () => {
    const of = (endpointId: string, platform: string) => happened({ endpointId, type: 'view', at: noon, platform });
    await count(of('a', 'ios'), of('b', 'ios'), of('a', 'android'));
    await count(of('b', 'web'), of('c', 'web'));
    const shown = async (query = '') =>
      (await report('demographics', query)).Rows.map(({ Value, Endpoints }: Record<string, unknown>) => [
        Value,
        Endpoints,
      ]);
    expect(await shown()).toEqual([
      ['web', 2],
      ['android', 1],
    ]);
    expect(await shown('?channel-type=EMAIL')).toEqual(await shown());
    expect(await shown('?channel-type=SMS')).toEqual([]);
  });

  it('come as CSV that no spreadsheet runs', async () => {
    await count(happened({ endpointId: 'a', type: '=HYPERLINK("http://x")', at: noon, platform: '@ios' }));
    const csv = async (path: string) => {
      const answer = await text(path);
      expect(answer.type).toBe('text/csv; charset=utf-8');
      return answer.body.trimEnd().split('\r\n');
    };
    expect(await csv('event-types?format=csv')).toEqual(['EventType,Count', `"'=HYPERLINK(""http://x"")",1`]);
    expect(await csv('demographics?format=csv')).toEqual(['Dimension,Value,Endpoints', `platform,'@ios,1`]);
    const usage = await csv(`usage${days(-1, 0)}&format=csv`);
    expect(usage.map((line) => line.split(',').slice(0, 3))).toEqual([
      ['Date', 'DailyActiveEndpoints', 'MonthlyActiveEndpoints'],
      [dateOf(later(-day)), '0', '0'],
      [today, '1', '1'],
    ]);
    expect((await csv(`usage${days(-1, 0)}&format=csv&table=Summary`))[0]).toBe('Name,Average,Total,Change');
    for (const query of ['format=xml', 'format=csv&table=x', 'time-zone=Mars', 'start-date=2026-02-30', 'end-date=1']) {
      expect(await api(`GET analytics/usage?${query}`), query).toMatchObject({ status: 400 });
    }
    expect(await api(`GET analytics/usage?start-date=2020-01-01`)).toMatchObject({ status: 400 });
  });

  async function text(path: string) {
    let captured: { type: string | null; body: string } | undefined;
    const plainFetch = globalThis.fetch;
    globalThis.fetch = async (...asked) => {
      const answer = await plainFetch(...asked);
      captured = { type: answer.headers.get('content-type'), body: await answer.text() };
      return new Response('{}', { status: answer.status });
    };
    try {
      await api(`GET analytics/${path}`);
    } finally {
      globalThis.fetch = plainFetch;
    }
    return captured as NonNullable<typeof captured>;
  }
});

describe('the explorer', () => {
  it('counts by attributes, metrics and endpoint attributes, by day of the zone and by value', async () => {
    const bought = (endpointId: string, sku: string, price: number, at: Date, plan = 'free') =>
      happened({
        ...{ endpointId, type: 'cart.add', at, attributes: { sku }, metrics: { price } },
        endpointAttributes: { plan: [plan] },
      });
    await count(
      bought('a', 'hat', 10, noon),
      bought('a', 'hat', 20, noon),
      bought('b', 'bag', 30, later(11.5 * hour), 'gold'),
      happened({ endpointId: 'b', type: 'view', at: noon }),
      happened({ endpointId: 'b', type: '_session.start', at: noon }),
    );
    const explore = (Filter: object, query = days(0, 0), GroupBy?: string) =>
      report('events', query, { Filter, ...(GroupBy && { GroupBy }) });
    const all = await explore({ EventType: 'cart.add' }, days(0, 0), 'sku');
    expect(all.Days).toEqual([{ Date: today, Events: 3, Endpoints: 2, EventsPerSession: 3 }]);
    expect(all.Groups).toEqual([
      { Value: 'hat', Events: 2, Endpoints: 1 },
      { Value: 'bag', Events: 1, Endpoints: 1 },
    ]);
    const events = async (...asked: Parameters<typeof explore>) =>
      (await explore(...asked)).Days.map(({ Events }: { Events: number }) => Events);
    expect(await events({ Attributes: { sku: { Values: ['hat', 'x'] } } })).toEqual([2]);
    expect(await events({ Metrics: { price: { ComparisonOperator: 'GREATER_THAN_OR_EQUAL', Value: 20 } } })).toEqual([
      2,
    ]);
    expect(await events({ EndpointAttributes: { plan: { Values: ['gold'] } } })).toEqual([1]);
    expect(await events({ EventType: 'cart.add' }, days(0, 1, 'Asia/Kolkata'))).toEqual([2, 1]);
    expect(await api('POST analytics/events', { Filter: { Attributes: { a: { Values: [] } } } })).toMatchObject({
      status: 400,
    });
  });

  it('adds up what some of the endpoints bought, as counters do of all', async () => {
    const bought = (endpointId: string, metrics: object, attributes = {}, plan = 'gold') =>
      happened({
        ...{ endpointId, type: '_monetization.purchase', at: noon, attributes, endpointAttributes: { plan: [plan] } },
        metrics: { ...metrics },
      });
    await count(
      ...[bought('a', { _item_price: 2.5, _quantity: 4 }), bought('b', { _item_price: 3 }, { _currency: ' usd ' })],
      ...[bought('a', {}, { _currency: 'EUR' }), bought('c', { _item_price: 7 }, {}, 'free')],
      happened({ endpointId: 'a', type: 'view', at: noon, metrics: { _item_price: 9 } }),
    );
    const ask = (Filter: object, Currency: string) => report('events', days(0, 0), { Filter, Currency });
    const [all, revenue] = await Promise.all([ask({}, 'usd'), report('revenue', days(0, 0))]);
    const { Purchases, UnitsSold, Revenue } = revenue.Days[0];
    expect([Purchases, UnitsSold, Revenue]).toEqual([3, 6, 20]);
    expect(all.Days[0]).toEqual({ Date: today, Events: 5, Endpoints: 3, Purchases, UnitsSold, Revenue });
    expect(all.Summary).toContainEqual({ Name: 'Revenue', Average: 20, Total: 20, Change: 0 });
    const gold = { EventType: '_monetization.purchase', EndpointAttributes: { plan: { Values: ['gold'] } } };
    expect((await ask(gold, 'USD')).Days[0]).toMatchObject({ Endpoints: 2, Purchases: 2, UnitsSold: 5, Revenue: 13 });
    expect((await ask(gold, 'EUR')).Days[0]).toMatchObject({ Purchases: 1, UnitsSold: 1, Revenue: 0 });
    const { body } = await api(`POST analytics/events${days(0, 0)}&format=csv`, { Filter: gold, Currency: 'EUR' });
    expect(body.split('\r\n')[0]).toBe('Date,Events,Endpoints,EventsPerSession,Purchases,UnitsSold,Revenue');
  });
});

describe('funnels', () => {
  const steps = (...types: string[]) => types.map((EventType) => ({ Name: EventType, Filter: { EventType } }));
  const counts = (funnel: { Steps: { Count: number }[] }) => funnel.Steps.map(({ Count }) => Count);

  it('are saved, changed, listed and deleted', async () => {
    const definition = { Name: 'buy', Steps: steps('view', 'pay'), WindowSeconds: 3600 };
    const { status, body: funnel } = await api('POST funnels', definition);
    expect([status, funnel]).toEqual([201, { ...funnel, ...definition, ApplicationId: project.id }]);
    await api('POST funnels', { ...definition, Name: 'other' });
    expect((await api(`GET funnels/${funnel.Id}`)).body).toEqual(funnel);
    const first = (await api('GET funnels?page-size=1')).body;
    const second = (await api(`GET funnels?page-size=1&token=${first.NextToken}`)).body;
    expect([...first.Item, ...second.Item].map(({ Name }) => Name)).toEqual(['other', 'buy']);
    const changed = await api(`PUT funnels/${funnel.Id}`, { ...definition, Name: 'bought' });
    expect(changed.body).toMatchObject({ Id: funnel.Id, Name: 'bought', CreationDate: funnel.CreationDate });
    expect((await api(`DELETE funnels/${funnel.Id}`)).body.Name).toBe('bought');
    for (const call of ['GET', 'DELETE']) expect((await api(`${call} funnels/${funnel.Id}`)).status).toBe(404);
    for (const wrong of [{ Steps: steps('a') }, { WindowSeconds: 0 }, { Name: '' }, { BreakdownBy: '' }]) {
      expect((await api('POST funnels', { ...definition, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    }
  });

  it('take the latest begin, the order and the window', async () => {
    const at = (endpointId: string, type: string, minutes: number, further: Partial<AppOccurrence> = {}) =>
      happened({ endpointId, type, at: later(minutes * 60_000), ...further });
    await count(
      // Too long from the first view, in time from the second.
      ...[at('a', 'view', 0), at('a', 'view', 50), at('a', 'cart', 70), at('a', 'pay', 100)],
      // Out of order.
      ...[at('b', 'cart', 1), at('b', 'view', 2), at('b', 'pay', 3)],
      // Too late for the last step.
      ...[at('c', 'view', 0), at('c', 'cart', 10), at('c', 'pay', 61)],
      ...[at('d', 'pay', 0)],
    );
    const { body } = await api('POST funnels', { Name: 'f', Steps: steps('view', 'cart', 'pay'), WindowSeconds: 3600 });
    const answer = (await api(`GET funnels/${body.Id}/report${days(0, 0)}`)).body;
    expect(answer.Steps).toEqual([
      { Step: 1, Name: 'view', Count: 3, DropOff: 0, Share: 1 },
      { Step: 2, Name: 'cart', Count: 2, DropOff: 1, Share: 2 / 3, AverageSeconds: 900 },
      { Step: 3, Name: 'pay', Count: 1, DropOff: 1, Share: 1 / 3, AverageSeconds: 3_000 },
    ]);
    const open = await report('funnel', days(0, 0), { Name: 'f', Steps: steps('view', 'cart', 'pay') });
    expect(counts(open)).toEqual([3, 2, 2]);
    const twice = await report('funnel', days(0, 0), { Name: 'f', Steps: steps('view', 'view') });
    expect(counts(twice)).toEqual([3, 1]);
  });

  it('count by users, with filters and a breakdown', async () => {
    const at = (endpointId: string, type: string, minutes: number, source: string, userId?: string) =>
      happened({
        ...{ endpointId, type, at: later(minutes * 60_000), attributes: { source } },
        ...(userId !== undefined && { userId }),
      });
    await count(
      ...[at('phone', 'view', 0, 'ad', 'u'), at('laptop', 'pay', 5, 'mail', 'u'), at('other', 'view', 1, 'mail')],
    );
    const ask = (further: object) =>
      report('funnel', days(0, 0), { Name: 'f', Steps: steps('view', 'pay'), ...further });
    expect(counts(await ask({}))).toEqual([2, 0]);
    const broken = await ask({ CountBy: 'USER', BreakdownBy: 'source' });
    expect(counts(broken)).toEqual([2, 1]);
    expect(
      broken.Breakdowns.map(({ Breakdown, Step, Count }: Record<string, unknown>) => [Breakdown, Step, Count]),
    ).toEqual(
      expect.arrayContaining([
        ['ad', 1, 1],
        ['ad', 2, 1],
        ['mail', 1, 1],
        ['mail', 2, 0],
      ]),
    );
    expect(counts(await ask({ CountBy: 'USER', Filter: { Attributes: { source: { Values: ['mail'] } } } }))).toEqual([
      1, 0,
    ]);
  });

  it('are the same in passes, for steps of any type, by users, and in any time zone', async () => {
    const at = (person: number, type: string, minutes: number) =>
      happened({
        ...{ endpointId: `e${person}`, type, at: later(minutes * 60_000), attributes: { source: `s${person % 3}` } },
        ...(person % 4 === 0 && { userId: `u${person % 8}` }),
      });
    const people = Array.from({ length: 40 }, (_, person) => person);
    await count(...people.flatMap((person) => [at(person, 'a', person), at(person, 'b', person + 5)]));
    const Filter = { Attributes: { source: { Values: ['s0', 's1'] } } };
    const Steps = [
      { Name: 'any', Filter },
      { Name: 'b', Filter: { EventType: 'b', ...Filter } },
    ];
    const funnel = { Name: 'f', Steps, CountBy: 'USER', BreakdownBy: 'source' } as const;
    const period = readPeriod({ StartDate: today, EndDate: today, TimeZone: 'Asia/Kolkata' }, noon);
    const question = { projectNumber: project.number, period, funnel };
    const whole = await followEvents(database, question);
    expect(whole.counts[0]).toBeGreaterThan(15);
    expect(whole.counts[1]).toBe(whole.counts[0]);
    expect(await followEvents(database, question, 20)).toEqual(whole);
  });

  it('are those of trying every chain', async () => {
    const random = fc.array(
      fc.record({
        endpoint: fc.nat(5),
        type: fc.constantFrom('a', 'b', 'c'),
        // No two at one instant, where order would be of arrival.
        minute: fc.nat(400),
      }),
      { minLength: 1, maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(random, fc.constantFrom(20, 90, 1_000), async (given, minutes) => {
        project = await made.createProject(server);
        const events = given.map(({ endpoint, type, minute }, index) =>
          happened({ endpointId: `e${endpoint}`, type, at: later(minute * 60_000 - 6 * hour + index) }),
        );
        await count(...events);
        const WindowSeconds = minutes * 60;
        const answer = await report('funnel', days(-1, 0), { Name: 'f', Steps: steps('a', 'b', 'c'), WindowSeconds });
        expect(counts(answer)).toEqual(new Recount(events).funnel(['a', 'b', 'c'], WindowSeconds * 1000));
      }),
      { numRuns: 15 },
    );
  });
});

it('tells users of events apart in the recount', () => {
  expect(userOf(happened({ endpointId: 'a', type: 'x', at: noon, userId: 'u' }))).toBe('u');
  expect(dateIn('Asia/Kolkata', Date.parse('2026-11-25T19:00:00Z'))).toBe('2026-11-26');
});
