/** What this room answers and does in the background, for whoever joins the domains: whole projects and accounts. */
import type { Database } from '../../../database/index.ts';
import type { Cron, JobHandler } from '../../../jobs/index.ts';
import type { PagingTokens } from '../../../kernel/paging.ts';
import type { ObjectStore } from '../../../object-store/index.ts';
import { closingOperations } from '../account/operations.ts';
import { type ArchiveJobParts, archiveJobs } from '../archive/job.ts';
import { archiveOperations } from '../archive/operations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ErasingJobParts, erasingCrons, erasingJobs } from './jobs.ts';
import { projectErasureOperations } from './operations.ts';

export type ScopeJobParts = ErasingJobParts & ArchiveJobParts;

export function scopeOperations(parts: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly objectStore: ObjectStore;
  readonly closedAccountDays: number;
  readonly ledger: Ledger;
}) {
  return { ...archiveOperations(parts), ...closingOperations(parts), ...projectErasureOperations(parts) };
}

export function scopeJobs(parts: ScopeJobParts): JobHandler[] {
  return [...erasingJobs(parts), ...archiveJobs(parts)];
}

export const scopeCrons: readonly Cron[] = erasingCrons;
