/** Campaigns: what other rooms may use. */
export { campaignsPersonalData } from './personal-data.ts';
export { campaignExists } from './store.ts';
