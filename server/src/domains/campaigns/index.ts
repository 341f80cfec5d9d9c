/** Campaigns: what other rooms may use. */
export type { Campaign } from './campaign.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { campaignExists } from './store.ts';
export { type OutcomeCounts, winnerOperations } from './winner/operations.ts';
