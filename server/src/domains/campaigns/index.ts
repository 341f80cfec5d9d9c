/** Campaigns: what other rooms may use. */
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { CampaignScheduler } from './schedule/scheduler.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignExists } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
export { forgetTriggers } from './triggers/store.ts';
export { EventWatches } from './triggers/watch.ts';
