/** Segments: what other rooms may use. */
export { compileSegment, type Source } from './compile.ts';
export { exploreOperations } from './explore.ts';
export { dropMembers, publishImported } from './imported.ts';
export { listLocations, segmentLocations } from './locations.ts';
export { countMembers } from './members.ts';
export { segmentOperations } from './operations.ts';
export { segmentsPersonalData } from './personal-data.ts';
export { resolveVersion } from './resolve.ts';
export { addMembers, findVersion, type Members, newMembership, type SegmentVersion } from './store.ts';
export { taggableSegments } from './taggable.ts';
