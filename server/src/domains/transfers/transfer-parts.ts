/** What handlers of imports and exports need, and what holds for both. */
import type { Database } from '../../database/index.ts';
import type { PagingTokens } from '../../kernel/paging.ts';
import type { ObjectStore } from '../../object-store/index.ts';

export interface TransferParts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly objectStore: ObjectStore;
}

/** Of an account and a kind at once (dossier/audience §9.3). */
export const mostJobs = 10;
