/** Erasure: what other rooms may use. */
export { forgetEverywhere } from './engine/forget.ts';
export { fileErasureJobs } from './files/jobs.ts';
export { type FileLocationParts, fileLocations } from './files/location.ts';
export { fileOperations } from './files/operations.ts';
export { fileErasurePersonalData } from './files/personal-data.ts';
export type { FileErasureParts } from './files/run.ts';
