/** Imports and exports: what other rooms may use. */
export { createExport, prepareExport } from './export/create.ts';
export { createImport, type ProjectOfJob, prepareImport } from './import/create.ts';
export { readLines } from './import/lines.ts';
export { resumeTransfers, type TransferJobParts, transferJobs } from './jobs.ts';
export { transferLocations } from './locations.ts';
export { transferOperations } from './operations.ts';
export { transfersPersonalData } from './personal-data.ts';
export { findJob, findProjectById, type JobKey, type JobKind, type JobState } from './store.ts';
