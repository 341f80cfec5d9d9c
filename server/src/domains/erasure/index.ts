/** Erasure: what other rooms may use. */
export { close as closeAccount, reopen as reopenAccount } from './account/close.ts';
export { closingOperations } from './account/operations.ts';
export { type ArchiveJobParts, archiveJobs } from './archive/job.ts';
export { type LoadedProject, loadProject } from './archive/load-project.ts';
export { archiveOperations } from './archive/operations.ts';
export { writeArchive } from './archive/write-archive.ts';
export { forgetEverywhere } from './engine/forget.ts';
export { eraseDeletedProject } from './project/delete.ts';
export { type ScopeJobParts, scopeCrons, scopeJobs } from './scope/jobs.ts';
export { projectErasureOperations } from './scope/operations.ts';
export { scopePersonalData } from './scope/personal-data.ts';
export { listErasures, type ScopeErasure } from './scope/store.ts';
