/** Campaigns that end because what they need is gone: their segment, or their project. */
import type { Transaction } from '../../database/index.ts';
import type { ProjectDeletedHandler } from '../projects/index.ts';
import type { SegmentDeletedHandler } from '../segments/index.ts';
import { announceCampaigns } from './announce.ts';
import type { CampaignKey } from './campaign.ts';
import { cancelRuns } from './run/create.ts';
import { unscheduleCampaign } from './schedule/schedules.ts';
import { lockCampaignsOf, setCampaignState } from './store.ts';

/** Whatever state they are in, they are DELETED then: that is Pinpoint's word for it (dossier/messaging §1.3). */
export const stopCampaignsOfSegment: SegmentDeletedHandler = async (tx, projectNumber, segmentId, now) => {
  await stop(tx, await lockCampaignsOf(tx, projectNumber, segmentId), 'The segment was deleted.', now);
};

/** Those that may still send: nobody sees the project's campaigns any more. */
export const stopCampaignsOfProject: ProjectDeletedHandler = async (tx, project, now) => {
  await stop(tx, await lockCampaignsOf(tx, project.number), 'The project was deleted.', now);
};

async function stop(tx: Transaction, keys: readonly CampaignKey[], why: string, now: Date): Promise<void> {
  for (const key of keys) {
    await unscheduleCampaign(tx, key);
    await cancelRuns(tx, key, now);
    await setCampaignState(tx, key, 'DELETED', why);
  }
  const [first] = keys;
  if (first !== undefined) await announceCampaigns(tx, first.projectNumber);
}
