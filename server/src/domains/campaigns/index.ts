/** Campaigns: what other rooms may use. */
export { campaignLocations } from './locations.ts';
export { campaignsPersonalData } from './personal-data.ts';
