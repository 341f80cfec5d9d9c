/** All SQL over `campaign_schedules`. */
import { sql } from 'kysely';
import type { CampaignStatus } from '../../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import type { PlannedSchedule } from './plan.ts';

const columns = sql`
  treatment_id as "treatmentId", timing, anchor, accepted_at as "acceptedAt", next_slot as "nextSlot",
  next_run_at as "nextRunAt", runs, last_slot as "lastSlot"`;

export async function readSchedules(query: Executor, { projectNumber, id }: CampaignKey): Promise<PlannedSchedule[]> {
  const { rows } = await sql<PlannedSchedule>`
    select ${columns} from campaign_schedules
    where project_number = ${projectNumber} and campaign_id = ${id}
    order by treatment_id`.execute(query);
  return rows;
}

/** Makes them all that the campaign has. */
export async function replaceSchedules(
  tx: Transaction,
  key: CampaignKey,
  schedules: readonly PlannedSchedule[],
): Promise<void> {
  await sql`
    delete from campaign_schedules
    where project_number = ${key.projectNumber} and campaign_id = ${key.id}
      and treatment_id <> all (${schedules.map(({ treatmentId }) => treatmentId)}::text[])`.execute(tx);
  for (const schedule of schedules) await writeSchedule(tx, key, schedule);
}

export async function writeSchedule(tx: Transaction, key: CampaignKey, schedule: PlannedSchedule): Promise<void> {
  const planned = {
    timing: JSON.stringify(schedule.timing),
    anchor: schedule.anchor,
    accepted_at: schedule.acceptedAt,
    next_slot: schedule.nextSlot,
    next_run_at: schedule.nextRunAt,
    runs: schedule.runs,
    last_slot: schedule.lastSlot,
  };
  await tx
    .insertInto('campaign_schedules')
    .values({
      ...{ project_number: key.projectNumber, campaign_id: key.id, treatment_id: schedule.treatmentId },
      ...planned,
    })
    .onConflict((conflict) => conflict.columns(['project_number', 'campaign_id', 'treatment_id']).doUpdateSet(planned))
    .execute();
}

export async function deleteSchedules(tx: Transaction, { projectNumber, id }: CampaignKey): Promise<void> {
  await tx
    .deleteFrom('campaign_schedules')
    .where('project_number', '=', projectNumber)
    .where('campaign_id', '=', id)
    .execute();
}

/**
 * A campaign with something due, locked, so that one scheduler works on it, and nobody changes it meanwhile. Those that
 * others work on, or change at this moment, are stepped over.
 * @param except failed a moment ago: `project/campaign`
 */
export async function lockDue(tx: Transaction, now: Date, except: readonly string[]): Promise<CampaignKey | undefined> {
  const { rows } = await sql<CampaignKey>`
    select campaigns.project_number as "projectNumber", campaigns.id
    from campaign_schedules
    join campaigns on campaigns.project_number = campaign_schedules.project_number
                  and campaigns.id = campaign_schedules.campaign_id
    where next_run_at <= ${now}
      and campaigns.project_number || '/' || campaigns.id <> all (${except}::text[])
    order by next_run_at
    limit 1
    for no key update of campaigns skip locked`.execute(tx);
  return rows[0];
}

/** When something is due next, in all projects. */
export async function nextDue(query: Executor, except: readonly string[]): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date }>`
    select next_run_at as at from campaign_schedules
    where next_run_at is not null and project_number || '/' || campaign_id <> all (${except}::text[])
    order by next_run_at
    limit 1`.execute(query);
  return rows[0]?.at;
}

/** A campaign with what its state is made of. */
export interface StateRow {
  readonly id: string;
  readonly state: CampaignStatus;
  readonly isPaused: boolean;
  readonly schedule: PlannedSchedule | null;
  readonly underWay: boolean;
}

/** One row a schedule; of a campaign without any a row without one. */
export async function readStates(query: Executor, keys: readonly CampaignKey[]): Promise<StateRow[]> {
  const { rows } = await sql<Omit<StateRow, 'schedule'> & PlannedSchedule>`
    select campaigns.id, campaigns.state, campaigns.is_paused as "isPaused", ${columns},
           exists (select from campaign_runs
                   where campaign_runs.project_number = planned.project_number
                     and campaign_runs.campaign_id = planned.campaign_id
                     and campaign_runs.treatment_id = planned.treatment_id
                     and campaign_runs.state not in ('CANCELLED', 'COMPLETED')) as "underWay"
    from unnest(${keys.map(({ projectNumber }) => projectNumber)}::bigint[], ${keys.map(({ id }) => id)}::text[])
           as wanted (project_number, id)
    join campaigns using (project_number, id)
    left join campaign_schedules as planned
      on planned.project_number = campaigns.project_number and planned.campaign_id = campaigns.id
    order by campaigns.id, treatment_id`.execute(query);
  return rows.map(({ id, state, isPaused, underWay, ...schedule }) => ({
    ...{ id, state, isPaused, underWay },
    schedule: schedule.treatmentId === null ? null : schedule,
  }));
}

/** A deleted campaign, and one that cannot run, stay so. */
export async function writeState(tx: Transaction, key: CampaignKey, state: CampaignStatus): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set({ state, state_detail: null })
    .where('project_number', '=', key.projectNumber)
    .where('id', '=', key.id)
    .where('state', 'not in', ['DELETED', 'INVALID', state])
    .execute();
}
