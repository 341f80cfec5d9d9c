/** The run of a window of events: as long as the window, with a message for each event (dossier/messaging §1.13). */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { type Campaign, type CampaignKey, treatmentsOfSchedule } from '../campaign.ts';
import { announceRun } from '../run/create.ts';
import { newPlan } from '../run/plan.ts';
import {
  closeActivities,
  endRun,
  findRun,
  insertActivities,
  type RunKey,
  type RunState,
  type StoredRun,
} from '../run/store.ts';
import type { PlannedSchedule } from '../schedule/plan.ts';
import { endOf } from '../schedule/slots.ts';
import { hasTriggers } from './store.ts';
import { lifetimeMilliseconds, type WindowKey } from './trigger.ts';

const againMilliseconds = 1_000;

/** @returns when to ask again, where messages of it are still under way: not longer than those live */
export async function closeWindow(
  tx: Transaction,
  campaign: CampaignKey,
  { treatmentId, timing }: Pick<PlannedSchedule, 'treatmentId' | 'timing'>,
  now: Date,
): Promise<Date | undefined> {
  const lastMoment = (endOf(timing)?.getTime() ?? 0) + 2 * lifetimeMilliseconds;
  if (now.getTime() < lastMoment && (await hasTriggers(tx, campaign, treatmentId))) {
    return new Date(now.getTime() + againMilliseconds);
  }
  await endEventRuns(tx, campaign, treatmentId, now);
  return undefined;
}

/**
 * After the campaign was changed: what its open windows send from now on, in the activities that they have. Windows that
 * there are no more end.
 */
export async function changeWindows(tx: Transaction, campaign: Campaign, now: Date): Promise<void> {
  const { rows: open } = await sql<StoredRun & { readonly isWaiting: boolean }>`
    select run.project_number as "projectNumber", run.id, run.treatment_id as "treatmentId", run.plan,
           planned.next_run_at is not null and planned.timing ->> 'Frequency' = 'EVENT' and planned.runs > 0
             as "isWaiting"
    from campaign_runs as run
    left join campaign_schedules as planned
      on planned.project_number = run.project_number and planned.campaign_id = run.campaign_id
     and planned.treatment_id = run.treatment_id
    where run.project_number = ${campaign.projectNumber} and run.campaign_id = ${campaign.id} and run.kind = 'EVENT'
      and run.state not in ('CANCELLED', 'COMPLETED')
    for no key update of run`.execute(tx);
  for (const run of open) {
    if (run.isWaiting) await renewPlan(tx, campaign, run);
    else await endEventRun(tx, run, now);
  }
}

/** The run begins anew, with templates as they are now. */
async function renewPlan(tx: Transaction, campaign: Campaign, run: StoredRun): Promise<void> {
  const treatments = treatmentsOfSchedule(campaign.definition, run.treatmentId);
  const fresh = newPlan(campaign, treatments, newId);
  const kept = new Map(run.plan.treatments.map(({ id, activityId }) => [id, activityId]));
  const planned = fresh.treatments.map(({ id, activityId }) => ({ id, activityId: kept.get(id) ?? activityId }));
  await sql`
    update campaign_runs
    set plan = ${JSON.stringify({ ...fresh, treatments: planned })}::jsonb, campaign_version = ${campaign.version},
        started_at = null, state = case when state = 'PAUSED' then state else 'PENDING' end
    where project_number = ${run.projectNumber} and id = ${run.id}`.execute(tx);
  const added = planned.filter(({ id }) => !kept.has(id));
  if (added.length > 0) await insertActivities(tx, run, campaign.id, added);
  await announceRun(tx, run);
}

async function endEventRuns(tx: Transaction, campaign: CampaignKey, treatmentId: string, now: Date): Promise<void> {
  const { rows } = await sql<RunKey>`
    select project_number as "projectNumber", id from campaign_runs
    where project_number = ${campaign.projectNumber} and campaign_id = ${campaign.id}
      and treatment_id = ${treatmentId} and kind = 'EVENT' and state not in ('CANCELLED', 'COMPLETED')
    for no key update`.execute(tx);
  for (const run of rows) await endEventRun(tx, run, now);
}

async function endEventRun(tx: Transaction, run: RunKey, now: Date): Promise<void> {
  await endRun(tx, run, { now });
  await closeActivities(tx, run);
  await announceRun(tx, run);
}

/**
 * The run that messages of a window belong to. `WAITS`: it has not begun yet, or is paused. `OVER`: there is none any more,
 * nor will there be.
 */
export async function findWindowRun(
  query: Executor,
  { projectNumber, id, treatmentId }: WindowKey,
): Promise<StoredRun | 'WAITS' | 'OVER'> {
  const { rows } = await sql<{ runId: string | null; state: RunState | null }>`
    select run.id as "runId", run.state
    from campaign_schedules as planned
    join campaigns on campaigns.project_number = planned.project_number and campaigns.id = planned.campaign_id
    join projects on projects.number = planned.project_number and projects.deleted_at is null
    left join campaign_runs as run
      on run.project_number = planned.project_number and run.campaign_id = planned.campaign_id
     and run.treatment_id = planned.treatment_id and run.kind = 'EVENT'
     and run.state not in ('CANCELLED', 'COMPLETED')
    where planned.project_number = ${projectNumber} and planned.campaign_id = ${id}
      and planned.treatment_id = ${treatmentId} and campaigns.state not in ('DELETED', 'INVALID')
      and (run.id is not null or planned.next_run_at is not null)`.execute(query);
  const [found] = rows;
  if (found === undefined) return 'OVER';
  if (found.runId === null || found.state !== 'RUNNING') return 'WAITS';
  return (await findRun(query, { projectNumber, id: found.runId })) ?? 'OVER';
}
