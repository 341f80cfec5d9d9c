/** Campaigns: what other rooms may use. */
export { InAppCampaigns } from './in-app/in-app-campaigns.ts';
export { Memberships } from './in-app/memberships.ts';
export { campaignOperations } from './operations.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { stopCampaignsOfProject, stopCampaignsOfSegment } from './stop.ts';
export { campaignExists } from './store.ts';
export { taggableCampaigns } from './taggable.ts';
