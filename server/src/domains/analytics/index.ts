/** Analytics: what other rooms may use. */
export { countConversions, countTreatments } from './campaigns/treatments.ts';
export { countEvents } from './counting/count.ts';
export { toCsv } from './csv.ts';
export { type AnalyticsJobParts, analyticsCrons, analyticsJobs } from './jobs.ts';
export { analyticsLocations } from './locations.ts';
export { analyticsOperations } from './operations.ts';
export { analyticsPersonalData } from './personal-data.ts';
