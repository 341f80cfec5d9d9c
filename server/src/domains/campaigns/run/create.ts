/** Runs of campaigns: how they end before their time. */
import type { Transaction } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';

/** All that have not ended. */
export async function cancelRuns(tx: Transaction, { projectNumber, id }: CampaignKey, now: Date): Promise<void> {
  await tx
    .updateTable('campaign_runs')
    .set({ state: 'CANCELLED', ended_at: now })
    .where('project_number', '=', projectNumber)
    .where('campaign_id', '=', id)
    .where('state', 'not in', ['CANCELLED', 'COMPLETED'])
    .execute();
}
