/** Campaigns: what other rooms may use. */
export type { Campaign } from './campaign.ts';
export { InAppCampaigns } from './in-app/in-app-campaigns.ts';
export { Memberships } from './in-app/memberships.ts';
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { progressOperations } from './progress/operations.ts';
export { ProgressReader } from './progress/progress-reader.ts';
export { campaignSendSources } from './recipient-log/sources.ts';
export { CampaignScheduler } from './schedule/scheduler.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignExists } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
export { forgetTriggers } from './triggers/store.ts';
export { EventWatches } from './triggers/watch.ts';
export { type OutcomeCounts, winnerOperations } from './winner/operations.ts';
