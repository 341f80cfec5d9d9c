/** What stays and what goes by its age: requirements E12 and E25. */
import { DeleteEndpointCommand, GetEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { ended, erase, identity, newProject, numberOf, plant } from '../support/erasure.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const { query } = server.database;
let made = 0;
let ApplicationId: string;
let mark: string;
beforeEach(async () => {
  ApplicationId = await newProject(server);
  made += 1;
  mark = `zr${made}x${Math.floor(Math.random() * 1e9)}`;
});

const path = () => `/repoint/v1/apps/${ApplicationId}`;
const person = (name: string) => ({
  id: `e-${mark}-${name}`,
  userId: `u-${mark}-${name}`,
  email: `m-${mark}-${name}@example.com`,
});

describe('E12: figures', () => {
  /** What every report adds up. */
  async function figures() {
    const project = await numberOf(server, ApplicationId);
    const { rows: counters } = await sql`
      select metric, slot, sum(value) as value from analytics_counters
      where project_number = ${project} and metric not in (
        select metric from analytics_counters where project_number = ${project} and slot = 'epoch')
      group by metric, slot order by metric, slot`.execute(query);
    const { rows: uniques } = await sql`
      select metric, scope, day, sum(count) as count from analytics_uniques
      where project_number = ${project} group by metric, scope, day order by metric, scope, day`.execute(query);
    return { counters, uniques };
  }

  it.each(['request', 'DeleteEndpoint'])('are the same after an erasure by %s as before', async (way) => {
    for (const name of ['a', 'b', 'c']) await plant(server, ApplicationId, person(name));
    const before = await figures();
    expect(before.counters.length).toBeGreaterThan(2);
    if (way === 'request') {
      await erase(server, ApplicationId, { Identities: [identity('ENDPOINT_ID', person('a').id)] });
    } else {
      await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: person('a').id }));
    }
    expect(await figures()).toEqual(before);
  });

  it('tell no rare value of who was the only one to have it', async () => {
    await client.send(
      new UpdateEndpointCommand({
        ApplicationId,
        EndpointId: person('a').id,
        EndpointRequest: {
          ...{ ChannelType: 'EMAIL', Address: person('a').email },
          Demographic: { Make: `make-${mark}`, Platform: 'ios' },
        },
      }),
    );
    await plant(server, ApplicationId, person('a'));
    expect(await tablesWith(server.database, `make-${mark}`)).toContain('analytics_carriers');
    await erase(server, ApplicationId, { Identities: [identity('ENDPOINT_ID', person('a').id)] });
    expect(await tablesWith(server.database, `make-${mark}`)).toEqual([]);
  });
});

describe('E25: how long things are kept', () => {
  const rule = (dataClass: string, Days: number) =>
    callApi(server, `PUT ${path()}/retention-rules/${dataClass}`, { body: { Days } });
  const preview = async (DataClass: string, Days: number) =>
    (await callApi(server, `POST ${path()}/retention-previews`, { body: { DataClass, Days } })).body;
  const old = (days: number) => sql`now() - ${days}::int * interval '1 day'`;

  /** As the schedule does every night. */
  async function night(): Promise<void> {
    await sql`select graphile_worker.add_job('erasure/retention', '{}'::json)`.execute(query);
    await expect
      .poll(
        async () => {
          const { rows } = await sql`
            select from graphile_worker._private_jobs as jobs
            join graphile_worker._private_tasks as tasks on tasks.id = task_id
            where identifier like 'erasure/%'`.execute(query);
          return rows.length;
        },
        { timeout: 30_000 },
      )
      .toBe(0);
  }

  it('people who were not active for long are erased as if they had asked, and a preview says how many', async () => {
    for (const name of ['old', 'new']) await plant(server, ApplicationId, person(name));
    const project = await numberOf(server, ApplicationId);
    await sql`
      update endpoint_facets set last_active_at = ${old(100)}
      where project_number = ${project} and id = ${person('old').id}`.execute(query);
    const shown = await preview('INACTIVE_ENDPOINTS', 90);
    const found = Object.fromEntries(
      shown.Locations.map(({ Name, Found }: { Name: string; Found: number }) => [Name, Found]),
    );
    expect(found).toMatchObject({ endpoints: 1, sends: 1, 'events of endpoints': 4 });
    expect(await rule('INACTIVE_ENDPOINTS', 90)).toMatchObject({ status: 200, body: { Days: 90 } });
    expect(await tablesWith(server.database, person('old').id)).toContain('endpoints');
    await night();
    expect(await tablesWith(server.database, person('old').id)).toEqual([]);
    await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: person('new').id }));
    const { body } = await callApi(server, `GET ${path()}/erasure-requests`);
    expect(body.Item).toHaveLength(1);
    expect(await ended(server, ApplicationId, body.Item[0].Id)).toMatchObject({
      ...{ State: 'COMPLETED', Origin: 'RETENTION', Endpoints: 1 },
    });
  });

  it.each([
    ['OUTBOX_MESSAGES', 'outbox_messages', 'created_at'],
    ['SENDS', 'sends', 'started_at'],
  ])('%s go by their age, and what went is told', async (dataClass, table, column) => {
    await plant(server, ApplicationId, person('a'));
    const project = await numberOf(server, ApplicationId);
    const count = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from ${sql.table(table)} where project_number = ${project}`.execute(query);
      return rows[0]?.count;
    };
    const all = await count();
    expect(await preview(dataClass, 30)).toMatchObject({ Locations: [{ Found: 0 }] });
    if (table === 'sends') {
      await sql`select make_time_partition('sends', 'sends_long_ago', ${old(70)}, ${old(50)}, 80)`.execute(query);
    }
    await sql`
      update ${sql.table(table)} set ${sql.ref(column)} = ${old(60)}
      where project_number = ${project} and ${sql.ref(table === 'sends' ? 'recipient' : 'endpoint_id')} = ${person('a').id}`.execute(
      query,
    );
    expect(await preview(dataClass, 30)).toMatchObject({ Locations: [{ Found: 1 }] });
    await rule(dataClass, 30);
    await night();
    expect(await count()).toBe((all as number) - 1);
    const { body } = await callApi(server, `GET ${path()}/erasure-requests`);
    expect(body.Item).toMatchObject([{ Origin: 'RETENTION', State: 'COMPLETED', Locations: [{ Erased: 1 }] }]);
    await night();
    expect((await callApi(server, `GET ${path()}/erasure-requests`)).body.Item).toHaveLength(1);
  });

  it('rules are listed, changed and deleted; a class that is none is refused', async () => {
    await rule('EVENTS', 400);
    await rule('EVENTS', 30);
    expect((await callApi(server, `GET ${path()}/retention-rules`)).body.Item).toMatchObject([
      { DataClass: 'EVENTS', Days: 30 },
    ]);
    expect(await rule('EVERYTHING', 1)).toMatchObject({ status: 400 });
    expect(await rule('EVENTS', 0)).toMatchObject({ status: 400 });
    expect(await callApi(server, `DELETE ${path()}/retention-rules/EVENTS`)).toMatchObject({ status: 200 });
    expect(await callApi(server, `DELETE ${path()}/retention-rules/EVENTS`)).toMatchObject({ status: 404 });
  });
});
