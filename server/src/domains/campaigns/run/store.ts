/** SQL over `campaign_runs`, `campaign_slices` and `campaign_activities`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import type { PlannedTreatment, RunPlan } from './plan.ts';

export interface RunKey {
  readonly projectNumber: number;
  /** 32 hex characters. */
  readonly id: string;
}

export type RunState = 'PENDING' | 'INITIALIZING' | 'RUNNING' | 'PAUSED' | 'CANCELLED' | 'COMPLETED';

export interface StoredRun extends RunKey {
  readonly number: number;
  readonly campaignId: string;
  readonly campaignVersion: number;
  readonly treatmentId: string;
  readonly kind: 'SCHEDULED' | 'EVENT';
  readonly scheduledStart: Date;
  readonly deadline: Date | null;
  readonly state: RunState;
  readonly plan: RunPlan;
  readonly startedAt: Date | null;
}

const columns = sql`
  project_number as "projectNumber", id, number, campaign_id as "campaignId", campaign_version as "campaignVersion",
  treatment_id as "treatmentId", kind, scheduled_start as "scheduledStart", deadline, state, plan,
  started_at as "startedAt"`;

type NewStoredRun = Omit<StoredRun, keyof RunKey | 'number' | 'state' | 'startedAt'>;

/** @returns false when there is one of this slot */
export async function insertRun(tx: Transaction, { projectNumber, id }: RunKey, run: NewStoredRun): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into campaign_runs (project_number, id, campaign_id, campaign_version, treatment_id, kind, scheduled_start,
                               deadline, state, plan)
    values (${projectNumber}, ${id}, ${run.campaignId}, ${run.campaignVersion}, ${run.treatmentId}, ${run.kind},
            ${run.scheduledStart}, ${run.deadline}, 'PENDING', ${JSON.stringify(run.plan)}::jsonb)
    on conflict (project_number, campaign_id, treatment_id, scheduled_start) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function insertActivities(
  tx: Transaction,
  { projectNumber, id }: RunKey,
  campaignId: string,
  treatments: readonly PlannedTreatment[],
): Promise<void> {
  await sql`
    insert into campaign_activities (project_number, id, campaign_id, run_id, treatment_id)
    select ${projectNumber}::bigint, activity_id, ${campaignId}::text, ${id}::text, treatment_id
    from unnest(${treatments.map(({ activityId }) => activityId)}::text[],
                ${treatments.map((treatment) => treatment.id)}::text[]) as given (activity_id, treatment_id)`.execute(
    tx,
  );
}

export async function findRun(query: Executor, { projectNumber, id }: RunKey): Promise<StoredRun | undefined> {
  const { rows } = await sql<StoredRun>`
    select ${columns} from campaign_runs where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

/** The same, for a change: nobody else changes it until the transaction ends. */
export async function lockRun(tx: Transaction, { projectNumber, id }: RunKey): Promise<StoredRun | undefined> {
  const { rows } = await sql<StoredRun>`
    select ${columns} from campaign_runs where project_number = ${projectNumber} and id = ${id}
    for no key update`.execute(tx);
  return rows[0];
}

/** One that waits to be begun and that nobody else is beginning. */
export async function takePendingRun(tx: Transaction, except: readonly string[]): Promise<StoredRun | undefined> {
  const { rows } = await sql<StoredRun>`
    select ${columns} from campaign_runs where state = 'PENDING' and id <> all (${except}::text[])
    order by scheduled_start
    limit 1
    for no key update skip locked`.execute(tx);
  return rows[0];
}

/** @returns whether it was in one of the states */
export async function setRunState(
  tx: Transaction,
  { projectNumber, id }: RunKey,
  { from, to }: { readonly from: readonly RunState[]; readonly to: RunState },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update campaign_runs set state = ${to}
    where project_number = ${projectNumber} and id = ${id} and state = any (${from}::text[])`.execute(tx);
  return numAffectedRows === 1n;
}

/** One that was paused before it began still has to. @returns whether it was paused */
export async function unpauseRun(tx: Transaction, { projectNumber, id }: RunKey): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update campaign_runs set state = case when started_at is null then 'PENDING' else 'RUNNING' end
    where project_number = ${projectNumber} and id = ${id} and state = 'PAUSED'`.execute(tx);
  return numAffectedRows === 1n;
}

export async function startRun(
  tx: Transaction,
  { projectNumber, id }: RunKey,
  { plan, now }: { readonly plan: RunPlan; readonly now: Date },
): Promise<void> {
  await sql`
    update campaign_runs set state = 'RUNNING', plan = ${JSON.stringify(plan)}::jsonb, started_at = ${now}
    where project_number = ${projectNumber} and id = ${id}`.execute(tx);
}

/** @param fault why it failed as a whole, for people */
export async function endRun(
  tx: Transaction,
  { projectNumber, id }: RunKey,
  { fault = null, now }: { readonly fault?: string | null; readonly now: Date },
): Promise<void> {
  await sql`
    update campaign_runs set state = 'COMPLETED', ended_at = ${now}, fault = ${fault}
    where project_number = ${projectNumber} and id = ${id}`.execute(tx);
}

/** Those of a campaign that have not ended. */
export async function cancelOpenRuns(tx: Transaction, campaign: CampaignKey, now: Date): Promise<RunKey[]> {
  const { rows } = await sql<RunKey>`
    update campaign_runs set state = 'CANCELLED', ended_at = ${now}
    where project_number = ${campaign.projectNumber} and campaign_id = ${campaign.id}
      and state not in ('CANCELLED', 'COMPLETED')
    returning project_number as "projectNumber", id`.execute(tx);
  return rows;
}

/**
 * What came of each activity of a run that has ended: FAIL when it could not start, or tried and had no success
 * (dossier/messaging §1.13).
 */
export async function closeActivities(tx: Transaction, { projectNumber, id }: RunKey, failed = false): Promise<void> {
  await sql`
    update campaign_activities as activity
    set result = case when ${failed}::boolean or (counted.claimed > 0 and counted.successful = 0)
                      then 'FAIL' else 'SUCCESS' end
    from (select activities.id,
                 coalesce(sum(count) filter (where counter = 'CLAIMED'), 0) as claimed,
                 coalesce(sum(count) filter (where counter = 'SUCCESSFUL'), 0) as successful
          from campaign_activities as activities
          left join campaign_counts as counts
            on counts.project_number = activities.project_number and counts.activity_id = activities.id
          where activities.project_number = ${projectNumber} and activities.run_id = ${id}
          group by activities.id) as counted
    where activity.project_number = ${projectNumber} and activity.id = counted.id`.execute(tx);
}

export interface Slice {
  readonly slice: number;
  readonly beginsAt: Date;
  /** Null: everybody. */
  readonly zones: readonly string[] | null;
}

export async function insertSlices(
  tx: Transaction,
  { projectNumber, id }: RunKey,
  slices: readonly Slice[],
): Promise<void> {
  for (const { slice, beginsAt, zones } of slices) {
    await sql`
      insert into campaign_slices (project_number, run_id, slice, begins_at, zones)
      values (${projectNumber}, ${id}, ${slice}, ${beginsAt}, ${zones}::text[])`.execute(tx);
  }
}

export async function findSlices(query: Executor, { projectNumber, id }: RunKey): Promise<Slice[]> {
  const { rows } = await sql<Slice>`
    select slice, begins_at as "beginsAt", zones from campaign_slices
    where project_number = ${projectNumber} and run_id = ${id}
    order by slice`.execute(query);
  return rows;
}

export async function findBegunSlices(query: Executor, { projectNumber, id }: RunKey): Promise<number[]> {
  const { rows } = await sql<{ slice: number }>`
    select slice from campaign_slices
    where project_number = ${projectNumber} and run_id = ${id} and begun_at is not null and ended_at is null`.execute(
    query,
  );
  return rows.map(({ slice }) => slice);
}

/** Marks those of running runs whose moment has come. */
export async function beginDueSlices(tx: Transaction, now: Date): Promise<(RunKey & Pick<Slice, 'slice'>)[]> {
  const { rows } = await sql<RunKey & Pick<Slice, 'slice'>>`
    update campaign_slices set begun_at = ${now}
    where (project_number, run_id, slice) in (
      select waiting.project_number, run_id, slice from campaign_slices as waiting
      join campaign_runs as run on run.project_number = waiting.project_number and run.id = waiting.run_id
      where begun_at is null and begins_at <= ${now} and run.state = 'RUNNING'
      for no key update of waiting skip locked)
    returning project_number as "projectNumber", run_id as id, slice`.execute(tx);
  return rows;
}

/** When the next slice is due that has not begun. */
export async function findNextSlice(query: Executor): Promise<Date | undefined> {
  const { rows } = await sql<{ beginsAt: Date | null }>`
    select min(begins_at) as "beginsAt" from campaign_slices where begun_at is null`.execute(query);
  return rows[0]?.beginsAt ?? undefined;
}

/** Running runs with slices that have begun and not ended: they, or all of them, may be done. */
export async function findOpenSlices(query: Executor): Promise<(RunKey & { readonly slice: number | null })[]> {
  const { rows } = await sql<RunKey & { readonly slice: number | null }>`
    select run.project_number as "projectNumber", run.id, open.slice
    from campaign_runs as run
    left join campaign_slices as open
      on open.project_number = run.project_number and open.run_id = run.id and open.ended_at is null
    where run.state = 'RUNNING' and run.kind = 'SCHEDULED' and (open.slice is null or open.begun_at is not null)`.execute(
    query,
  );
  return rows;
}

export async function endSlice(tx: Transaction, { projectNumber, id }: RunKey, slice: number, now: Date) {
  await sql`
    update campaign_slices set ended_at = ${now}
    where project_number = ${projectNumber} and run_id = ${id} and slice = ${slice} and ended_at is null`.execute(tx);
}

export async function countOpenSlices(query: Executor, { projectNumber, id }: RunKey): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from campaign_slices
    where project_number = ${projectNumber} and run_id = ${id} and ended_at is null`.execute(query);
  return rows[0]?.open ?? 0;
}

/** States of runs, by key as text. Those that are gone are left out. */
export async function findRunStates(query: Executor, keys: readonly RunKey[]): Promise<ReadonlyMap<string, RunState>> {
  const { rows } = await sql<RunKey & { readonly state: RunState }>`
    select run.project_number as "projectNumber", run.id, run.state
    from unnest(${keys.map(({ projectNumber }) => projectNumber)}::bigint[], ${keys.map(({ id }) => id)}::text[])
           as wanted (project_number, id)
    join campaign_runs as run using (project_number, id)
    join projects on projects.number = run.project_number and projects.deleted_at is null`.execute(query);
  return new Map(rows.map(({ projectNumber, id, state }) => [`${projectNumber}/${id}`, state]));
}
