/** Campaigns: what other rooms may use. */
export type { Campaign } from './campaign.ts';
export { campaignsPersonalData } from './personal-data.ts';
export { campaignSendSources } from './recipient-log/sources.ts';
export { campaignExists } from './store.ts';
export { type OutcomeCounts, winnerOperations } from './winner/operations.ts';
