/** Analytics: what other rooms may use. */
export { countConversions, countTreatments } from './campaigns/treatments.ts';
export { countEvents } from './counting/count.ts';
export { forgetCounters } from './forget.ts';
export { type AnalyticsJobParts, analyticsCrons, analyticsJobs } from './jobs.ts';
export { analyticsOperations } from './operations.ts';
export { analyticsPersonalData } from './personal-data.ts';
