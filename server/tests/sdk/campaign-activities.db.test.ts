/** Activities of campaigns through the real SDK: what is told of runs, whose work others test. */
import {
  type ActivityResponse,
  CreateAppCommand,
  CreateCampaignCommand,
  CreateSegmentCommand,
  DeleteAppCommand,
  DeleteCampaignCommand,
  DeleteSegmentCommand,
  GetCampaignActivitiesCommand,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Campaign, treatmentsOf } from '../../src/domains/campaigns/campaign.ts';
import { createRun } from '../../src/domains/campaigns/run/create.ts';
import { closeActivities, endRun, findRun, type RunKey, startRun } from '../../src/domains/campaigns/run/store.ts';
import { findCampaign } from '../../src/domains/campaigns/store.ts';
import { startTestServer } from '../support/test-server.ts';

// Nobody works on the runs made here.
const server = await startTestServer({ environment: { REPOINT_ROLES: 'api' } });
const client = server.client();
const { query, transaction } = server.database;

let ApplicationId: string;
let SegmentId: string;
beforeEach(async () => {
  const app = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'activities' } }));
  ApplicationId = app.ApplicationResponse?.Id as string;
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  SegmentId = made.SegmentResponse?.Id as string;
});

async function create(request: WriteCampaignRequest = {}): Promise<Campaign> {
  const WriteCampaignRequest: WriteCampaignRequest = {
    ...{ Name: 'n', SegmentId, Schedule: { StartTime: '2100-01-01T00:00:00Z', Frequency: 'DAILY' } },
    MessageConfiguration: { SMSMessage: { Body: 'b' } },
    ...request,
  };
  const made = await client.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest }));
  const id = made.CampaignResponse?.Id as string;
  const { number } = await query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', ApplicationId)
    .executeTakeFirstOrThrow();
  const campaign = await findCampaign(query, { projectNumber: Number(number), id });
  if (campaign === undefined) throw new Error('The campaign is not there.');
  return campaign;
}

async function begin(campaign: Campaign, day: number): Promise<RunKey> {
  const treatments = treatmentsOf(campaign.definition);
  const scheduledStart = new Date(Date.UTC(2100, 0, day));
  const key = await transaction((tx) => createRun(tx, campaign, { treatments, scheduledStart, kind: 'SCHEDULED' }));
  if (key === undefined) throw new Error('The run is there already.');
  return key;
}

const startedAt = new Date('2100-01-01T00:00:01Z');
const endedAt = new Date('2100-01-01T00:05:00Z');

async function start(key: RunKey): Promise<void> {
  const run = await findRun(query, key);
  if (run === undefined) throw new Error('The run is not there.');
  await transaction((tx) => startRun(tx, key, { plan: run.plan, now: startedAt }));
}
const end = (key: RunKey) =>
  transaction(async (tx) => {
    await endRun(tx, key, { now: endedAt });
    await closeActivities(tx, key);
  });

/** As several who work on a run count, each for a range of buckets. */
async function count({ projectNumber }: RunKey, activityId: string, counts: Record<string, readonly number[]>) {
  for (const [counter, parts] of Object.entries(counts)) {
    for (const [index, part] of parts.entries()) {
      await sql`
        insert into campaign_counts (project_number, activity_id, first_bucket, counter, count)
        values (${projectNumber}, ${activityId}, ${index * 64}, ${counter}, ${part})`.execute(query);
    }
  }
}

async function activities(CampaignId: string, PageSize?: string): Promise<ActivityResponse[]> {
  const all: ActivityResponse[] = [];
  let Token: string | undefined;
  do {
    const page = { ApplicationId, CampaignId, ...(PageSize && { PageSize }), ...(Token && { Token }) };
    const { ActivitiesResponse } = await client.send(new GetCampaignActivitiesCommand(page));
    all.push(...(ActivitiesResponse?.Item ?? []));
    Token = ActivitiesResponse?.NextToken;
  } while (Token);
  return all;
}

describe('activities', () => {
  it('are one for each treatment of a run, the newest run first, each once in a listing by pages', async () => {
    const campaign = await create({ AdditionalTreatments: [{ SizePercent: 10 }, { SizePercent: 20 }] });
    expect(await activities(campaign.id)).toEqual([]);
    for (const day of [1, 2, 3]) await begin(campaign, day);
    const listed = await activities(campaign.id, '2');
    expect(listed.map(({ ScheduledStart, TreatmentId, State }) => [ScheduledStart, TreatmentId, State])).toEqual(
      [3, 2, 1].flatMap((day) => ['0', '1', '2'].map((id) => [`2100-01-0${day}T00:00:00.000Z`, id, 'PENDING'])),
    );
    expect(new Set(listed.map(({ Id }) => Id)).size).toBe(9);
    expect(await activities(campaign.id)).toEqual(listed);
  });

  it('tell what was counted, how far they are and what came of them', async () => {
    const campaign = await create();
    const key = await begin(campaign, 1);
    const [waiting] = await activities(campaign.id);
    const Id = waiting?.Id as string;
    const known = { ApplicationId, CampaignId: campaign.id, Id, TreatmentId: '0' };
    expect(waiting).toEqual({
      ...{ ...known, State: 'PENDING', ScheduledStart: '2100-01-01T00:00:00.000Z' },
      ...{ TotalEndpointCount: 0, SuccessfulEndpointCount: 0, ExecutionMetrics: {} },
    });
    await start(key);
    await count(key, Id, { ENDPOINT_PRODUCED: [5, 3], CLAIMED: [4, 3], SUCCESSFUL: [4, 2], ENDPOINT_OPT_OUT: [1, 0] });
    const running = {
      ...{ ...known, State: 'RUNNING', ScheduledStart: '2100-01-01T00:00:00.000Z', Start: startedAt.toISOString() },
      ...{ TotalEndpointCount: 7, SuccessfulEndpointCount: 6 },
      ExecutionMetrics: { ENDPOINT_PRODUCED: '8', CLAIMED: '7', SUCCESSFUL: '6', ENDPOINT_OPT_OUT: '1' },
    };
    expect(await activities(campaign.id)).toEqual([running]);
    await end(key);
    const done = { State: 'COMPLETED', Result: 'SUCCESS', End: endedAt.toISOString() };
    expect(await activities(campaign.id)).toEqual([{ ...running, ...done }]);
  });

  it('[16] tell in how many time zones of all they are done', async () => {
    const campaign = await create();
    const key = await begin(campaign, 1);
    const slice = (number: number, zones: readonly string[], ended: Date | null) =>
      sql`
      insert into campaign_slices (project_number, run_id, slice, begins_at, zones, ended_at)
      values (${key.projectNumber}, ${key.id}, ${number}, ${startedAt}, ${zones}::text[], ${ended})`.execute(query);
    await slice(101, ['Asia/Tokyo', 'Asia/Seoul'], endedAt);
    await slice(102, ['Europe/Berlin'], null);
    const [activity] = await activities(campaign.id);
    expect(activity).toMatchObject({ TimezonesTotalCount: 3, TimezonesCompletedCount: 2 });
  });

  it('[11, 12] are cancelled with the segment, the campaign and the project', async () => {
    const statesOf = async ({ projectNumber, id }: Campaign) => {
      const rows = await query
        .selectFrom('campaign_runs')
        .select(['state', 'ended_at'])
        .where('project_number', '=', projectNumber)
        .where('campaign_id', '=', id)
        .orderBy('scheduled_start')
        .execute();
      return rows.map(({ state, ended_at }) => [state, ended_at !== null]);
    };
    const [kept, deleted] = [await create(), await create()];
    for (const campaign of [kept, deleted]) {
      const first = await begin(campaign, 1);
      await start(first);
      await end(first);
      await start(await begin(campaign, 2));
    }
    await client.send(new DeleteCampaignCommand({ ApplicationId, CampaignId: deleted.id }));
    const missing = expect.objectContaining({ name: 'NotFoundException' });
    await expect(activities(deleted.id)).rejects.toEqual(missing);
    const stopped = [
      ['COMPLETED', true],
      ['CANCELLED', true],
    ];
    expect(await statesOf(deleted)).toEqual(stopped);
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    const [cancelled, completed] = await activities(kept.id);
    expect([cancelled?.State, completed?.State]).toEqual(['CANCELLED', 'COMPLETED']);
    expect(cancelled?.End).toBeDefined();
  });

  it('are cancelled with the project', async () => {
    const campaign = await create();
    const key = await begin(campaign, 1);
    await start(key);
    await client.send(new DeleteAppCommand({ ApplicationId }));
    expect((await findRun(query, key))?.state).toBe('CANCELLED');
  });
});
