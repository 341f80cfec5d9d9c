/** Endpoints and users: what other rooms may use. */
export { Audience } from './audience.ts';
export { type EndpointKey, endpointKey, type Lists, type StoredEndpoint } from './endpoint.ts';
export { foldCountry, type TokenKind, token } from './facets.ts';
export { audienceCrons, audienceJobs } from './jobs.ts';
export { audienceOperations } from './operations.ts';
export { audiencePersonalData } from './personal-data.ts';
