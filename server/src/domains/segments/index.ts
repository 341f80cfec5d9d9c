/** Segments: what other rooms may use. */
export { compileSegment, type Source } from './compile.ts';
export { exploreOperations } from './explore.ts';
export { dropMembers, forgetListed, publishImported } from './imported.ts';
export { readInstant } from './instant.ts';
export { countMembers, membersAmong } from './members.ts';
export { segmentOperations } from './operations.ts';
export { segmentsPersonalData } from './personal-data.ts';
export { resolveVersion } from './resolve.ts';
export { addMembers, findVersion, forgetMembers, type Members, newMembership, type SegmentVersion } from './store.ts';
export { taggableSegments } from './taggable.ts';
