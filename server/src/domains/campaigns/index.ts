/** Campaigns: what other rooms may use. */

export type { Campaign } from './campaign.ts';
export { InAppCampaigns } from './in-app/in-app-campaigns.ts';
export { Memberships } from './in-app/memberships.ts';
export { campaignLocations } from './locations.ts';
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { progressOperations } from './progress/operations.ts';
export { ProgressReader } from './progress/progress-reader.ts';
export { campaignSendSources } from './recipient-log/sources.ts';
export { rehearsalOperations } from './rehearsal/operations.ts';
export { cancelRuns } from './run/create.ts';
export { runOperations } from './run/operations.ts';
export { countErasedClaims, countOutcomes } from './run/outcomes.ts';
export type { RunParts } from './run/parts.ts';
export { sendTriggered } from './run/triggered.ts';
export { RunWorkers } from './run/work.ts';
export { CampaignScheduler } from './schedule/scheduler.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignCreatedAt } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
export { EventWatches } from './triggers/watch.ts';
export { TriggerWorker } from './triggers/worker.ts';
export { type OutcomeCounts, winnerOperations } from './winner/operations.ts';
