/** Ends slices and runs of which nothing is left to do, and proves that nobody of a run was lost. */
import { sql } from 'kysely';
import { removeWork, type Transaction, workProgress } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import { invalidateCampaign, runEnded } from '../schedule/schedules.ts';
import { totalsOf } from './counters.ts';
import { readCounts } from './counts-store.ts';
import { announceRun, runWork } from './create.ts';
import type { RunParts } from './parts.ts';
import {
  closeActivities,
  countOpenSlices,
  endRun,
  endSlice,
  findOpenSlices,
  lockRun,
  type RunKey,
  type StoredRun,
} from './store.ts';

/** Told of runs whose counts do not add up. */
export type UnreconciledHandler = (run: RunKey) => void;

/** @returns runs that ended */
export async function finishRuns(parts: RunParts, unreconciled: UnreconciledHandler): Promise<StoredRun[]> {
  const ended: StoredRun[] = [];
  for (const { slice, ...key } of await findOpenSlices(parts.database.query)) {
    if (slice !== null) {
      const { ranges, finished } = await workProgress(parts.database.query, runWork(key, slice));
      // Slices that begin at this moment have no ranges yet.
      if (ranges === 0 || finished < ranges) continue;
    }
    const run = await parts.database.transaction((tx) => finishSlice(tx, parts, key, slice, unreconciled));
    if (run !== undefined) ended.push(run);
  }
  return ended;
}

/** @returns the run when that was the last of it */
async function finishSlice(
  tx: Transaction,
  { clock, logger }: RunParts,
  key: RunKey,
  slice: number | null,
  unreconciled: UnreconciledHandler,
): Promise<StoredRun | undefined> {
  const campaign = await lockCampaignOf(tx, key);
  const run = await lockRun(tx, key);
  if (campaign === undefined || run?.state !== 'RUNNING') return undefined;
  const now = clock.now();
  if (slice !== null) {
    await removeWork(tx, runWork(key, slice));
    await endSlice(tx, key, slice, now);
  }
  if ((await countOpenSlices(tx, key)) > 0) return undefined;
  await endRun(tx, key, { now });
  await closeActivities(tx, key);
  const counts = await readCounts(
    tx,
    key.projectNumber,
    run.plan.treatments.map(({ activityId }) => activityId),
  );
  const open = [...counts.values()].reduce((sum, each) => sum + Math.abs(totalsOf(each).open), 0);
  if (open > 0) {
    logger.error({ run: key.id, campaign: campaign.id, recipients: open }, 'the counts of a run do not add up');
    unreconciled(key);
  }
  await runEnded(tx, campaign);
  await announceRun(tx, key);
  return run;
}

/** One that cannot be run at all, nor can any other of its campaign (dossier/messaging §1.3: INVALID). */
export async function failRun(tx: Transaction, run: StoredRun, fault: string, now: Date): Promise<void> {
  await endRun(tx, run, { fault, now });
  await closeActivities(tx, run, true);
  await invalidateCampaign(tx, { projectNumber: run.projectNumber, id: run.campaignId }, fault);
}

/** Campaigns are locked before their runs, by everybody. */
async function lockCampaignOf(tx: Transaction, { projectNumber, id }: RunKey): Promise<CampaignKey | undefined> {
  const { rows } = await sql<CampaignKey>`
    select campaigns.project_number as "projectNumber", campaigns.id from campaigns
    join campaign_runs as run on run.project_number = campaigns.project_number and run.campaign_id = campaigns.id
    where run.project_number = ${projectNumber} and run.id = ${id}
    for no key update of campaigns`.execute(tx);
  return rows[0];
}
