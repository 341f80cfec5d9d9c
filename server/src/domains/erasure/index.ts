/** Erasure: what other rooms may use. */
export { close as closeAccountOf, reopen as reopenAccountFor } from './account/close.ts';
export { closingOperations } from './account/operations.ts';
export { erasurePersonalData } from './personal-data.ts';
export { eraseDeletedProject } from './project/delete.ts';
export { type ScopeJobParts, scopeCrons, scopeJobs } from './scope/jobs.ts';
export { projectErasureOperations } from './scope/operations.ts';
export { listErasures, type ScopeErasure } from './scope/store.ts';
