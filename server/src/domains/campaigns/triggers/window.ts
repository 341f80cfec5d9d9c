/** The run of a window of events: as long as the window, with a message for each event (dossier/messaging §1.13). */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import { announceRun } from '../run/create.ts';
import { closeActivities, endRun, findRun, type RunKey, type RunState, type StoredRun } from '../run/store.ts';
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

/** Of a schedule that waits for events no more, at its end or because it was changed. */
export async function endEventRuns(
  tx: Transaction,
  campaign: CampaignKey,
  treatmentId: string,
  now: Date,
): Promise<void> {
  const { rows } = await sql<RunKey>`
    select project_number as "projectNumber", id from campaign_runs
    where project_number = ${campaign.projectNumber} and campaign_id = ${campaign.id}
      and treatment_id = ${treatmentId} and kind = 'EVENT' and state not in ('CANCELLED', 'COMPLETED')
    for no key update`.execute(tx);
  for (const run of rows) {
    await endRun(tx, run, { now });
    await closeActivities(tx, run);
    await announceRun(tx, run);
  }
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
