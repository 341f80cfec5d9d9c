/** Campaigns: what other rooms may use. */
export { campaignsPersonalData } from './personal-data.ts';
export { cancelRuns } from './run/create.ts';
export { countOutcomes, forgetCampaignRecipients } from './run/outcomes.ts';
export type { RunParts } from './run/parts.ts';
export { RunWorkers } from './run/work.ts';
export { campaignExists } from './store.ts';
