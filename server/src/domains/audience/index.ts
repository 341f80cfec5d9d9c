/** Endpoints and users: what other rooms may use. */
export { Audience } from './audience.ts';
export { audienceCrons, audienceJobs } from './jobs.ts';
export { audienceOperations } from './operations.ts';
export { audiencePersonalData } from './personal-data.ts';
