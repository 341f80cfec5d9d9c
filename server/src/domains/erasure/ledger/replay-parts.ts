/** What doing entries again needs besides the parts of erasure. */
import type { PersonalData } from '../../../kernel/personal-data.ts';
import type { ErasureParts } from '../parts.ts';
import type { LedgerHashes } from './hashes.ts';

export interface ReplayParts extends ErasureParts {
  readonly ledgerHashes: LedgerHashes;
  readonly inventory: readonly PersonalData[];
}
