/** How far the runs of a campaign are, over our API: as JSON and as server-sent events, from two nodes on one database. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { treatmentsOf } from '../../src/domains/campaigns/campaign.ts';
import { ProgressReader } from '../../src/domains/campaigns/progress/progress-reader.ts';
import { createRun } from '../../src/domains/campaigns/run/create.ts';
import { endRun, findRun, type RunKey, startRun } from '../../src/domains/campaigns/run/store.ts';
import { findCampaign, setCampaignState } from '../../src/domains/campaigns/store.ts';
import type { EventProject } from '../../src/domains/events/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { createProject } from '../support/analytics-events.ts';
import { type ApiEvent, callApi, watchApi } from '../support/repoint-api.ts';
import { putCampaign } from '../support/stored-campaigns.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const testDatabase = await openTestDatabase();
// Neither node works on runs: the test says what is counted.
const environment = { REPOINT_ROLES: 'api' };
const deployment = { testDatabase, masterKey: new MasterKey(randomBytes(32)) };
const server = await startTestServer({ environment, deployment });
const other = await startTestServer({ environment, deployment });
const { database } = server;

let project: EventProject;
let campaign: string;
beforeEach(async () => {
  project = await createProject(server);
  campaign = await putCampaign(database, project, {
    ...{ now: new Date(), AdditionalTreatments: [{ SizePercent: 50 }], SegmentId: await segment() },
  });
});

async function segment(): Promise<string> {
  const { body } = await callApi(server, `POST /v1/apps/${project.id}/segments`, {
    ...{ service: 'mobiletargeting', body: { Name: 'all', Dimensions: { Demographic: {} } } },
  });
  return body.Id;
}

const path = () => `/repoint/v1/apps/${project.id}/campaigns/${campaign}/progress`;
const read = async () => (await callApi(server, `GET ${path()}`)).body;
const key = () => ({ projectNumber: project.number, id: campaign });

async function begin(scheduledStart = new Date()): Promise<RunKey> {
  const found = await findCampaign(database.query, key());
  if (found === undefined) throw new Error('no campaign');
  return database.transaction(async (tx) => {
    const run = await createRun(tx, found, {
      ...{ treatments: treatmentsOf(found.definition), scheduledStart, kind: 'SCHEDULED' },
    });
    if (run === undefined) throw new Error('the slot had its run');
    const stored = await findRun(tx, run);
    if (stored === undefined) throw new Error('no run');
    await startRun(tx, run, { plan: stored.plan, now: new Date(Date.now() - 10_000) });
    await setCampaignState(tx, key(), 'EXECUTING', null);
    return run;
  });
}

/** As two ranges of buckets would. */
async function count(run: RunKey, treatment: string, counts: Readonly<Record<string, number>>): Promise<void> {
  for (const [counter, value] of Object.entries(counts)) {
    await sql`
      insert into campaign_counts as stored (project_number, activity_id, first_bucket, counter, count)
      select project_number, id, part, ${counter}, case part when 0 then ${value}::bigint / 2 else ${value}::bigint - ${value}::bigint / 2 end
      from campaign_activities, unnest('{0,512}'::int[]) as part
      where project_number = ${run.projectNumber} and run_id = ${run.id} and treatment_id = ${treatment}
      on conflict (project_number, activity_id, first_bucket, counter) do update set count = excluded.count`.execute(
      database.query,
    );
  }
}

async function end(run: RunKey): Promise<void> {
  await database.transaction(async (tx) => {
    await endRun(tx, run, { now: new Date() });
    await setCampaignState(tx, key(), 'COMPLETED', null);
  });
}

async function readAll(events: AsyncIterable<ApiEvent>, seen: ApiEvent[] = []): Promise<ApiEvent[]> {
  for await (const event of events) seen.push(event);
  return seen;
}

describe('as JSON', () => {
  it('adds up treatments and ranges', async () => {
    const run = await begin();
    await count(run, '0', { ENDPOINT_PRODUCED: 101, TREATMENT_HOLDOUT: 50, SUCCESSFUL: 30, HOLDOUT: 10, CLAIMED: 41 });
    await count(run, '1', {
      ENDPOINT_PRODUCED: 101,
      TREATMENT_HOLDOUT: 51,
      SUCCESSFUL: 40,
      PERMANENT_FAILURE: 3,
      CLAIMED: 50,
    });
    const { Runs, ...progress } = await read();
    expect(progress).toEqual({ CampaignId: campaign, State: 'EXECUTING' });
    expect(Runs).toMatchObject([
      {
        ...{ RunId: run.id, State: 'RUNNING', Produced: 101, Sent: 70, Failed: 3, Skipped: { HOLDOUT: 10 } },
        ...{ InFlight: 18, Expected: 0 },
      },
    ]);
    expect(Runs[0].MessagesPerSecond).toBeGreaterThan(5);
    expect(Runs[0].MessagesPerSecond).toBeLessThan(7.4);
  });

  it('shows all runs under way, and the last one where there is none', async () => {
    expect((await read()).Runs).toEqual([]);
    const first = await begin(new Date(Date.now() - 60_000));
    const second = await begin();
    const ids = async () => (await read()).Runs.map(({ RunId }: { RunId: string }) => RunId);
    await expect.poll(ids).toEqual([first.id, second.id]);
    await end(first);
    await end(second);
    await expect.poll(async () => (await read()).Runs).toMatchObject([{ RunId: second.id, State: 'COMPLETED' }]);
  });

  it('goes on without knowing how many to expect when what the segment is based on is gone', async () => {
    const call = (request: string, body?: object) =>
      callApi(server, request, { service: 'mobiletargeting', ...(body && { body }) });
    const segments = `/v1/apps/${project.id}/segments`;
    const base = await segment();
    const group = { SourceSegments: [{ Id: base }] };
    const { body: based } = await call(`POST ${segments}`, { SegmentGroups: { Groups: [group] } });
    campaign = await putCampaign(database, project, { now: new Date(), SegmentId: based.Id });
    const run = await begin();
    expect((await call(`DELETE ${segments}/${base}`)).status).toBe(200);
    const { Runs } = await read();
    expect(Runs).toMatchObject([{ RunId: run.id, State: 'RUNNING' }]);
    expect(Runs[0].Expected).toBeUndefined();
  });

  it('is of the caller’s own campaigns', async () => {
    expect((await callApi(server, `GET /repoint/v1/apps/${project.id}/campaigns/nobody/progress`)).status).toBe(404);
    const elsewhere = await createProject(server);
    expect((await callApi(server, `GET /repoint/v1/apps/${elsewhere.id}/campaigns/${campaign}/progress`)).status).toBe(
      404,
    );
  });
});

describe('as events', () => {
  it('tells each change, whichever node is asked, and ends with the run', async () => {
    const run = await begin();
    await count(run, '0', { ENDPOINT_PRODUCED: 10, CLAIMED: 10, SUCCESSFUL: 4 });
    const [here, there]: [ApiEvent[], ApiEvent[]] = [[], []];
    const reading = [
      readAll(watchApi(server, `GET ${path()}`), here),
      readAll(watchApi(other, `GET ${path()}`, { credentials: server.administrator }), there),
    ];
    await expect.poll(() => [here.length, there.length].every((length) => length > 0), { timeout: 5_000 }).toBe(true);
    await count(run, '0', { SUCCESSFUL: 10 });
    const sent = (events: readonly ApiEvent[]) => events.map(({ data }) => data.Runs[0]?.Sent);
    await expect.poll(() => [sent(here).at(-1), sent(there).at(-1)], { timeout: 5_000 }).toEqual([10, 10]);
    await end(run);
    await Promise.all(reading);
    for (const events of [here, there]) {
      expect(sent(events)[0]).toBe(4);
      expect(events.at(-1)).toMatchObject({
        event: 'end',
        data: { State: 'COMPLETED', Runs: [{ RunId: run.id, State: 'COMPLETED', Sent: 10, InFlight: 0 }] },
      });
      expect(new Set(events.slice(0, -1).map(({ event }) => event))).toEqual(new Set(['progress']));
    }
  });

  it('waits for the first run, and ends at once where there is nothing to wait for', async () => {
    const events: ApiEvent[] = [];
    const reading = readAll(watchApi(server, `GET ${path()}`), events);
    await expect
      .poll(() => events, { timeout: 5_000 })
      .toMatchObject([{ event: 'progress', data: { State: 'SCHEDULED' } }]);
    const run = await begin();
    await expect.poll(() => events.at(-1)?.data.Runs.length, { timeout: 5_000 }).toBe(1);
    await end(run);
    await reading;
    expect(await readAll(watchApi(server, `GET ${path()}`))).toMatchObject([
      { event: 'end', data: { State: 'COMPLETED' } },
    ]);
  });

  it('ends when the campaign is deleted', async () => {
    await begin();
    const events: ApiEvent[] = [];
    const reading = readAll(watchApi(server, `GET ${path()}`), events);
    await expect.poll(() => events.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await callApi(server, `DELETE /v1/apps/${project.id}/campaigns/${campaign}`, { service: 'mobiletargeting' });
    await reading;
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { State: 'DELETED' } });
  });

  it('are one look at the database for all who ask at once', async () => {
    await begin();
    const reader = new ProgressReader({ database, clock: systemClock });
    const looks = await Promise.all(Array.from({ length: 20 }, () => reader.read(key())));
    expect(looks[0]).toMatchObject({ CampaignId: campaign, State: 'EXECUTING' });
    expect(new Set(looks).size).toBe(1);
  });

  it('refuses as any answer does', async () => {
    const stranger = await server.addAccount();
    await expect(readAll(watchApi(server, `GET ${path()}`, { credentials: stranger }))).rejects.toThrow(/not found/);
  });
});
