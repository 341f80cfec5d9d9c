/** Campaigns: what other rooms may use. */
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignExists } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
