/** Campaigns: what other rooms may use. */
export { campaignLocations } from './locations.ts';
export { InAppCampaigns } from './in-app/in-app-campaigns.ts';
export { Memberships } from './in-app/memberships.ts';
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { cancelRuns } from './run/create.ts';
export { countErasedClaims, countOutcomes } from './run/outcomes.ts';
export type { RunParts } from './run/parts.ts';
export { RunWorkers } from './run/work.ts';
export { CampaignScheduler } from './schedule/scheduler.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignExists } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
export { EventWatches } from './triggers/watch.ts';
export { TriggerWorker } from './triggers/worker.ts';
