/** Endpoints and users: what other rooms may use. */
export { Audience, suppressed } from './audience.ts';
export { checkEndpointId, checkUserId, type EndpointChange, readChange } from './change.ts';
export type { RemovedHandler } from './delete-endpoints.ts';
export { type EndpointKey, endpointKey, keyText, type Lists, type StoredEndpoint } from './endpoint.ts';
export { type AttributeKind, foldCountry, nameToken, type TokenKind, token } from './facets.ts';
export {
  findActiveSince,
  findInactivePeople,
  findLaterGenerations,
  findPeopleByAddress,
  findPeopleById,
  findPeopleByIdHash,
  findPeopleOfUsers,
  findUsersByHash,
  type Person,
} from './find-people.ts';
export {
  addressIdentity,
  endpointIdentity,
  findSuppressedIdentities,
  type Identity,
  IdentityHashes,
  type IdentityKind,
  isAddressSuppressed,
  liftSuppression,
  suppressIdentities,
  userIdentity,
} from './identities.ts';
export { audienceCrons, audienceJobs } from './jobs.ts';
export { audienceLocations } from './locations.ts';
export { makeFacets } from './make-facets.ts';
export { type AttributesRemovedHandler, audienceOperations } from './operations.ts';
export { audiencePersonalData } from './personal-data.ts';
export { RecentActivity } from './recent-activity.ts';
export type { RecentlyErased } from './recently-erased.ts';
export { removeEndpoints, userKeys } from './remove.ts';
export { toPublicEndpoint } from './response.ts';
export { lockRules, type NameKind } from './rules.ts';
export {
  findByAddress,
  findEndpoints,
  findKeysByAddress,
  lockEndpoints,
  readEndpoints,
  readGenerations,
  type WholeEndpoint,
  wholeEndpointColumns,
} from './store.ts';
export { type Stripping, type StripStep, stripEndpoints, stripStart, stripUsers } from './strip-attributes.ts';
export { readThrough, subjectAddress, subjectOf } from './subject.ts';
export { readUsers } from './users-store.ts';
export { type Attribute, findValuesInUse, type ValuesInUse } from './values-in-use.ts';
export type { EndpointWrite } from './workspace.ts';
export { type AlsoWritten, type UnitOutcome, type WriteParts, type WriteUnit, writeBatch } from './write.ts';
export { ShortWay, tryShortWay } from './write-quick.ts';
