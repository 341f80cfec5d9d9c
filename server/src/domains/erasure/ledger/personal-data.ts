/** The ledger's part of the personal-data inventory: it names nobody. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

export const ledgerPersonalData: PersonalData = {
  domain: 'erasure ledger',
  tables: [
    {
      table: 'erasure_ledger',
      // Keyed hashes say of nobody that they were here, except to whoever holds both the key and the identity.
      columns: { id: 'none', appended_at: 'none', entry: 'none', replayed_at: 'none' },
      erasure: 'Never: a backup of any age may be restored.',
    },
    {
      table: 'erasure_touched',
      columns: { relation: 'none', touched_at: 'none' },
      erasure: 'With the rewriting of the partition.',
    },
  ],
  files: [
    {
      files: 'the erasure ledger: erasure-ledger in the data directory, or where REPOINT_LEDGER_URL says',
      holds: 'none',
      erasure: 'Never: as of the table.',
    },
  ],
};
