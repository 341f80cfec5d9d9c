/** Segments: what other rooms may use. */
export { exploreOperations } from './explore.ts';
export { segmentOperations } from './operations.ts';
export { segmentsPersonalData } from './personal-data.ts';
export { forgetMembers } from './store.ts';
export { taggableSegments } from './taggable.ts';
