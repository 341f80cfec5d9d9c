/** The end of a window of events: its run ends when nothing of it waits any more. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import { announceRun } from '../run/create.ts';
import { closeActivities, endRun, type RunKey } from '../run/store.ts';
import type { PlannedSchedule } from '../schedule/plan.ts';
import { endOf } from '../schedule/slots.ts';
import { hasTriggers } from './store.ts';
import { lifetimeMilliseconds } from './trigger.ts';

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
