/** Imports and exports: what other rooms may use. */
export { createExport, prepareExport } from './export/create.ts';
export { FileFault, fileFaultOf } from './file-fault.ts';
export {
  hasJob,
  isExporting,
  isOfOthers,
  isToBeRead,
  listTransferFiles,
  type NotedFile,
  noteTransferFilesRemoved,
  noteTransferPrefixRemoved,
} from './files.ts';
export { gzipped, unpacked } from './gzip.ts';
export { createImport, type ProjectOfJob, prepareImport } from './import/create.ts';
export { parseLines as parseCsvLines } from './import/csv.ts';
export { readLines } from './import/lines.ts';
export { derivedId } from './import/row.ts';
export { resumeTransfers, type TransferJobParts, transferJobs } from './jobs.ts';
export { transferLocations } from './locations.ts';
export { transferOperations } from './operations.ts';
export { transfersPersonalData } from './personal-data.ts';
export { findJob, findProjectById, type JobKey, type JobKind, type JobState } from './store.ts';
