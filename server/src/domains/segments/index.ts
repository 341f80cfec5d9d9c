/** Segments: what other rooms may use. */
export { compileSegment, type Source } from './compile.ts';
export { decideMember } from './decide.ts';
export { readEventDimensions, type Test } from './definition.ts';
export { exploreOperations } from './explore.ts';
export { dropMembers, publishImported } from './imported.ts';
export { readInstant } from './instant.ts';
export { type KeyRange, withinRange } from './listed.ts';
export { listLocations, segmentLocations } from './locations.ts';
export { SegmentLookup } from './lookup.ts';
export { countMembers, membersAmong } from './members.ts';
export { type SegmentDeletedHandler, segmentOperations } from './operations.ts';
export { segmentsPersonalData } from './personal-data.ts';
export { findSource } from './resolve.ts';
export {
  addMembers,
  findVersion,
  holdSegment,
  type Members,
  newMembership,
  type SegmentVersion,
} from './store.ts';
export { taggableSegments } from './taggable.ts';
