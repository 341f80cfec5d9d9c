/**
 * Schedules of campaigns by the clock, with schedulers of the test's own beside a server that only answers: what runs when,
 * and the states on the way (dossier/messaging §1.3, §1.5; numbers in brackets are the cases of §18). What works through a
 * run is played: these tests say when a run has ended.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CampaignResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteAppCommand,
  DeleteCampaignCommand,
  DeleteSegmentCommand,
  GetCampaignCommand,
  type Schedule,
  UpdateCampaignCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Notifications, openDatabase } from '../../src/database/index.ts';
import { toLocalSlot } from '../../src/domains/campaigns/run/plan.ts';
import { endRun, type StoredRun } from '../../src/domains/campaigns/run/store.ts';
import { CampaignScheduler } from '../../src/domains/campaigns/schedule/scheduler.ts';
import { runEnded } from '../../src/domains/campaigns/schedule/schedules.ts';
import { lockDue } from '../../src/domains/campaigns/schedule/store.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { signWithTimeOf } from '../support/signing-time.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const hour = 3_600_000;
const day = 24 * hour;

const testDatabase = await openTestDatabase();
const { database, connection, logger } = testDatabase;
const clock = new ManualClock('2026-12-01T08:00:00Z');
const deployment = { testDatabase, masterKey: new MasterKey(Buffer.alloc(32, 7)) };
const server = await startTestServer({ deployment, clock, environment: { REPOINT_ROLES: 'api' } });
const client = signWithTimeOf(clock, server.client());

/** @param of whose clock it goes by */
async function startScheduler(of = clock): Promise<CampaignScheduler> {
  const notifications = new Notifications(connection, logger);
  const scheduler = new CampaignScheduler({ database, notifications, clock: of, logger });
  await notifications.run();
  await scheduler.run();
  onTestFinished(async () => {
    await scheduler.stop();
    await notifications.stop();
  });
  return scheduler;
}

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'schedules' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  SegmentId = made.SegmentResponse?.Id as string;
});

// Nothing of one test is due in the next one.
afterEach(async () => {
  await sql`delete from campaign_schedules`.execute(database.query);
});

const from = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString();

type Campaign = CampaignResponse & { readonly Id: string };

async function create(schedule: Schedule, more: Partial<WriteCampaignRequest> = {}): Promise<Campaign> {
  const MessageConfiguration = { EmailMessage: { Title: 'Hello', Body: 'Hello' } };
  const WriteCampaignRequest = { Name: 'spring', SegmentId, Schedule: schedule, MessageConfiguration, ...more };
  const { CampaignResponse } = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  return CampaignResponse as Campaign;
}

const update = ({ Id }: Campaign, WriteCampaignRequest: WriteCampaignRequest) =>
  client.send(new UpdateCampaignCommand({ ApplicationId, CampaignId: Id, WriteCampaignRequest }));

async function read({ Id }: Campaign): Promise<Campaign> {
  const { CampaignResponse } = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId: Id }));
  return CampaignResponse as Campaign;
}

const stateOf = async (campaign: Campaign) => (await read(campaign)).State?.CampaignStatus;

async function runsOf({ Id }: Pick<Campaign, 'Id'>): Promise<StoredRun[]> {
  const { rows } = await sql<StoredRun>`
    select project_number as "projectNumber", id, campaign_id as "campaignId", treatment_id as "treatmentId", kind,
           scheduled_start as "scheduledStart", state, plan
    from campaign_runs where campaign_id = ${Id} order by scheduled_start, treatment_id`.execute(database.query);
  return rows;
}

const slotsOf = async (campaign: Pick<Campaign, 'Id'>) =>
  (await runsOf(campaign)).map(({ scheduledStart }) => scheduledStart.toISOString());

/** As long as a busy machine may need. */
async function until<Value>(look: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await look();
    if (isThere(value) || attempt === 300) return value;
    await pause(25);
  }
}

const untilState = (campaign: Campaign, state: string) =>
  until(
    () => stateOf(campaign),
    (found) => found === state,
  );
const untilRuns = (campaign: Campaign, count: number) =>
  until(
    () => runsOf(campaign),
    (runs) => runs.length === count,
  );

/** The scheduler looks at the clock once a second. */
async function settle(): Promise<void> {
  await pause(1_200);
}

/** As the worker that finishes the last range of a run. */
async function endRuns(campaign: Campaign): Promise<void> {
  for (const run of await runsOf(campaign)) {
    if (run.state === 'COMPLETED') continue;
    await database.transaction(async (tx) => {
      await endRun(tx, run, { now: clock.now() });
      await runEnded(tx, { projectNumber: run.projectNumber, id: run.campaignId });
    });
  }
}

describe('a campaign that runs once', () => {
  it('is SCHEDULED, EXECUTING when its time has come, and COMPLETED after its run (4)', async () => {
    await startScheduler();
    const campaign = await create({ StartTime: from(hour) });
    expect(campaign.State?.CampaignStatus).toBe('SCHEDULED');
    await settle();
    expect(await runsOf(campaign)).toEqual([]);
    clock.advance(hour);
    const [run] = await untilRuns(campaign, 1);
    expect(run).toMatchObject({ kind: 'SCHEDULED', treatmentId: '0', state: 'PENDING' });
    expect(run?.scheduledStart.toISOString()).toBe(campaign.Schedule?.StartTime);
    expect(await untilState(campaign, 'EXECUTING')).toBe('EXECUTING');
    await endRuns(campaign);
    expect(await stateOf(campaign)).toBe('COMPLETED');
  });

  it('IMMEDIATE starts at once: the response says SCHEDULED, and its run is there moments later (6)', async () => {
    await startScheduler();
    const delays: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const campaign = await create({ StartTime: 'IMMEDIATE' });
      const answered = performance.now();
      expect(campaign.State?.CampaignStatus).toBe('SCHEDULED');
      while ((await runsOf(campaign)).length === 0) await pause(2);
      delays.push(performance.now() - answered);
    }
    delays.sort((one, other) => one - other);
    // The machine may be busy with other tests: most of them, not all.
    expect(delays[10]).toBeLessThan(200);
  });

  it('that lies in the past by the time a scheduler is there still runs', async () => {
    const campaign = await create({ StartTime: from(hour) });
    clock.advance(3 * day);
    await startScheduler();
    expect(await untilRuns(campaign, 1)).toHaveLength(1);
  });
});

describe('a campaign that recurs', () => {
  const daily = (days: number): Schedule => ({
    Frequency: 'DAILY',
    StartTime: from(hour),
    EndTime: from(hour + days * day),
  });

  it('runs exactly the slots up to EndTime, with PENDING_NEXT_RUN in between (7)', async () => {
    await startScheduler();
    const schedule = daily(2);
    const start = new Date(schedule.StartTime as string).getTime();
    const campaign = await create(schedule);
    clock.advance(hour);
    for (const count of [1, 2, 3]) {
      await untilRuns(campaign, count);
      expect(await untilState(campaign, 'EXECUTING')).toBe('EXECUTING');
      await endRuns(campaign);
      expect(await stateOf(campaign)).toBe(count === 3 ? 'COMPLETED' : 'PENDING_NEXT_RUN');
      clock.advance(day);
    }
    await settle();
    expect(await slotsOf(campaign)).toEqual([0, 1, 2].map((index) => new Date(start + index * day).toISOString()));
  });

  it('paused in a run finishes it; slots of the pause are never run (8)', async () => {
    await startScheduler();
    const campaign = await create(daily(9));
    clock.advance(hour);
    await untilRuns(campaign, 1);
    await untilState(campaign, 'EXECUTING');
    await update(campaign, { IsPaused: true });
    expect(await stateOf(campaign)).toBe('EXECUTING');
    await endRuns(campaign);
    expect(await stateOf(campaign)).toBe('PAUSED');
    clock.advance(2 * day + hour);
    await settle();
    await update(campaign, { IsPaused: false });
    expect(await stateOf(campaign)).toBe('PENDING_NEXT_RUN');
    await settle();
    expect(await runsOf(campaign)).toHaveLength(1);
    clock.advance(day);
    const [first, second] = await untilRuns(campaign, 2);
    expect((second?.scheduledStart.getTime() ?? 0) - (first?.scheduledStart.getTime() ?? 0)).toBe(3 * day);
  });

  it('makes up for the newest slot of an outage, and for nothing older', async () => {
    const campaign = await create({ Frequency: 'HOURLY', StartTime: from(hour), EndTime: from(9 * day) });
    const start = clock.now().getTime();
    clock.advance(5 * hour + 10 * 60_000);
    await startScheduler();
    await untilRuns(campaign, 1);
    await settle();
    expect(await slotsOf(campaign)).toEqual([new Date(start + 5 * hour).toISOString()]);
  });

  it('with a changed schedule goes on by the new one', async () => {
    await startScheduler();
    const campaign = await create(daily(9));
    clock.advance(hour);
    await untilRuns(campaign, 1);
    await endRuns(campaign);
    const Schedule = { Frequency: 'HOURLY', StartTime: from(2 * hour), EndTime: from(9 * day) } as const;
    await update(campaign, { Schedule });
    clock.advance(2 * hour);
    const runs = await untilRuns(campaign, 2);
    expect(runs[1]?.scheduledStart.toISOString()).toBe(Schedule.StartTime);
  });
});

describe('treatments with schedules of their own', () => {
  it('have runs and states of their own; the campaign is COMPLETED when all are', async () => {
    await startScheduler();
    const message = { MessageConfiguration: { EmailMessage: { Title: 'Other', Body: 'Other' } } };
    const campaign = await create(
      { StartTime: from(hour) },
      {
        AdditionalTreatments: [
          { SizePercent: 20, ...message },
          { SizePercent: 20, ...message, Schedule: { StartTime: from(3 * hour) } },
        ],
      },
    );
    const states = async () => {
      const { State, DefaultState, AdditionalTreatments = [] } = await read(campaign);
      const all = [State, DefaultState, ...AdditionalTreatments.map((treatment) => treatment.State)];
      return all.map((state) => state?.CampaignStatus);
    };
    expect(await states()).toEqual(['SCHEDULED', 'SCHEDULED', 'SCHEDULED', 'SCHEDULED']);
    clock.advance(hour);
    const [run] = await untilRuns(campaign, 1);
    expect(run?.plan.treatments.map(({ id }) => id)).toEqual(['0', '1']);
    await endRuns(campaign);
    expect(await states()).toEqual(['PENDING_NEXT_RUN', 'COMPLETED', 'COMPLETED', 'SCHEDULED']);
    clock.advance(2 * hour);
    await until(
      () => runsOf(campaign),
      (runs) => runs.length === 2,
    );
    expect((await runsOf(campaign))[1]?.plan.treatments.map(({ id }) => id)).toEqual(['2']);
    expect(await states()).toEqual(['EXECUTING', 'COMPLETED', 'COMPLETED', 'EXECUTING']);
    await endRuns(campaign);
    expect(await states()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
  });
});

describe("recipients' local time", () => {
  it('makes the run when the first zone has it, and tells it which zones it is for (16)', async () => {
    await startScheduler();
    const start = clock.now().getTime() + 20 * hour;
    const campaign = await create({
      ...{
        Frequency: 'DAILY',
        StartTime: new Date(start).toISOString(),
        EndTime: new Date(start + 2 * day).toISOString(),
      },
      ...{ IsLocalTime: true, Timezone: 'UTC+02' },
    });
    const acceptedAt = clock.now();
    clock.advance(7 * hour);
    await settle();
    expect(await runsOf(campaign)).toEqual([]);
    clock.advance(hour);
    const [run] = await untilRuns(campaign, 1);
    expect(run?.scheduledStart).toEqual(new Date(start));
    expect(toLocalSlot(run?.plan.local as NonNullable<StoredRun['plan']['local']>)).toEqual({
      wallClock: new Date(start + 2 * hour),
      // It recurs: what is an hour late is left out.
      from: new Date(acceptedAt.getTime() + 7 * hour),
      madeAt: clock.now(),
      next: new Date(start + 2 * hour + day),
    });
  });
});

describe('windows of events', () => {
  const EventFilter = {
    FilterType: 'ENDPOINT',
    Dimensions: { EventType: { Values: ['cart.abandoned'] } },
  } satisfies Schedule['EventFilter'];
  const window = (Frequency: 'EVENT' | 'IN_APP_EVENT'): Schedule => ({
    ...{ Frequency, EventFilter, StartTime: from(hour), EndTime: from(2 * hour) },
  });
  const text = { Alignment: 'CENTER', TextColor: '#000000' };
  const content = {
    BackgroundColor: '#FFFFFF',
    HeaderConfig: { ...text, Header: 'Hi' },
    BodyConfig: { ...text, Body: 'Hi' },
  };
  const inApp = { MessageConfiguration: { InAppMessage: { Layout: 'TOP_BANNER', Content: [content] } } };

  it('of EVENT are one run from StartTime to EndTime', async () => {
    await startScheduler();
    const campaign = await create(window('EVENT'));
    expect(await stateOf(campaign)).toBe('SCHEDULED');
    clock.advance(hour);
    expect(await untilState(campaign, 'EXECUTING')).toBe('EXECUTING');
    expect(await runsOf(campaign)).toMatchObject([{ kind: 'EVENT', state: 'PENDING' }]);
    await update(campaign, { IsPaused: true });
    expect(await stateOf(campaign)).toBe('PAUSED');
    await update(campaign, { IsPaused: false });
    expect(await stateOf(campaign)).toBe('EXECUTING');
    clock.advance(hour);
    expect(await untilState(campaign, 'COMPLETED')).toBe('COMPLETED');
    expect(await runsOf(campaign)).toMatchObject([{ state: 'COMPLETED' }]);
  });

  it('of IN_APP_EVENT have states, and no run', async () => {
    await startScheduler();
    const campaign = await create(window('IN_APP_EVENT'), inApp as Partial<WriteCampaignRequest>);
    clock.advance(hour);
    expect(await untilState(campaign, 'EXECUTING')).toBe('EXECUTING');
    clock.advance(hour);
    expect(await untilState(campaign, 'COMPLETED')).toBe('COMPLETED');
    expect(await runsOf(campaign)).toEqual([]);
  });

  it('follow their campaign when it is changed in a pause: another message, and a longer window', async () => {
    await startScheduler();
    const campaign = await create(window('EVENT'));
    clock.advance(hour);
    await untilState(campaign, 'EXECUTING');
    await update(campaign, { IsPaused: true });
    const [before] = await runsOf(campaign);
    const Schedule = { ...campaign.Schedule, EndTime: from(5 * hour) } as Schedule;
    const MessageConfiguration = { EmailMessage: { Title: 'Changed', Body: 'Changed' } };
    await update(campaign, { Schedule, MessageConfiguration, IsPaused: false });
    const [after] = await runsOf(campaign);
    expect(after?.id).toBe(before?.id);
    expect(after?.plan.treatments).toEqual(before?.plan.treatments);
    expect(after?.plan.definition.MessageConfiguration?.EmailMessage?.Title).toBe('Changed');
    clock.advance(2 * hour);
    await settle();
    expect(await stateOf(campaign)).toBe('EXECUTING');
    clock.advance(3 * hour);
    expect(await untilState(campaign, 'COMPLETED')).toBe('COMPLETED');
  });
});

describe('what is gone', () => {
  it('does not run: campaign, segment and project', async () => {
    await startScheduler();
    const [one, other] = [await create({ StartTime: from(hour) }), await create({ StartTime: from(hour) })];
    await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId: one.Id }));
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    expect(await stateOf(other)).toBe('DELETED');
    const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
    SegmentId = made.SegmentResponse?.Id as string;
    const third = await create({ StartTime: from(hour) });
    await client.send(new DeleteAppCommand({ ApplicationId }));
    clock.advance(hour);
    await settle();
    for (const campaign of [one, other, third]) expect(await runsOf(campaign)).toEqual([]);
  });
});

describe('faults', () => {
  it('many schedulers, whose clocks differ, make one run of each slot', async () => {
    const campaigns: Campaign[] = [];
    for (let index = 0; index < 20; index += 1) {
      campaigns.push(await create({ Frequency: 'HOURLY', StartTime: from(hour), EndTime: from(day) }));
    }
    const ahead = new ManualClock(new Date(clock.now().getTime() + 2_000));
    for (const each of [clock, clock, ahead]) await startScheduler(each);
    for (const count of [1, 2, 3]) {
      clock.advance(hour);
      ahead.advance(hour);
      for (const campaign of campaigns) expect(await untilRuns(campaign, count)).toHaveLength(count);
    }
  });

  it('a clock that jumps back and comes again runs nothing twice', async () => {
    await startScheduler();
    const campaign = await create({ Frequency: 'HOURLY', StartTime: from(hour), EndTime: from(day) });
    clock.advance(hour);
    await untilRuns(campaign, 1);
    for (const jump of [-10, 10]) {
      clock.advance(jump * 60_000);
      await settle();
    }
    expect(await runsOf(campaign)).toHaveLength(1);
    clock.advance(hour);
    expect(await untilRuns(campaign, 2)).toHaveLength(2);
  });

  it('a scheduler that was killed in the middle holds up nobody, and another makes its run', async () => {
    const campaign = await create({ StartTime: from(hour) });
    const other = await create({ StartTime: from(hour) });
    clock.advance(hour);
    const killed = await openDatabase({ connection, logger, applicationName: 'killed scheduler' });
    let held: string | undefined;
    const hanging = killed
      .transaction(
        async (tx) => {
          held = (await lockDue(tx, clock.now(), []))?.id;
          await sql`select pg_sleep(60)`.execute(tx);
        },
        { retries: 0 },
      )
      .catch((error: unknown) => error);
    await until(
      async () => held,
      (id) => id !== undefined,
    );
    await startScheduler();
    const [first, second] = held === campaign.Id ? [campaign, other] : [other, campaign];
    expect(await untilRuns(second, 1)).toHaveLength(1);
    expect(await runsOf(first)).toEqual([]);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'killed scheduler' and datname = current_database()`.execute(database.query);
    expect(await untilRuns(first, 1)).toHaveLength(1);
    expect(await hanging).toBeInstanceOf(Error);
    await killed.close();
  });

  it('a campaign that cannot be begun holds up no other one, and runs when it can', async () => {
    const [broken, sound] = [await create({ StartTime: from(hour) }), await create({ StartTime: from(2 * hour) })];
    await sql`update campaigns set definition = definition - 'Limits' || '{"AdditionalTreatments": 7}'
              where id = ${broken.Id}`.execute(database.query);
    clock.advance(2 * hour);
    await startScheduler();
    expect(await untilRuns(sound, 1)).toHaveLength(1);
    expect(await runsOf(broken)).toEqual([]);
    await sql`update campaigns set definition = definition - 'AdditionalTreatments' where id = ${broken.Id}`.execute(
      database.query,
    );
    clock.advance(6_000);
    expect(await untilRuns(broken, 1)).toHaveLength(1);
  });

  it('a scheduler that is stopped goes on elsewhere', async () => {
    const scheduler = await startScheduler();
    const campaign = await create({ StartTime: from(hour) });
    await scheduler.stop();
    clock.advance(hour);
    await settle();
    expect(await runsOf(campaign)).toEqual([]);
    await startScheduler();
    expect(await untilRuns(campaign, 1)).toHaveLength(1);
  });
});
