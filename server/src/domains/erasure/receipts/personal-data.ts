/** Receipts in the personal-data inventory: made to name nobody. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

const proof = 'Never: the proof that something was erased.';

export const receiptPersonalData: PersonalData = {
  domain: 'receipts of erasures',
  tables: [
    {
      table: 'erasure_receipts',
      columns: {
        account_id: 'none',
        number: 'none',
        erasure_id: 'none',
        kind: 'none',
        project_id: 'none',
        state: 'none',
        issued_at: 'none',
        key_id: 'none',
        hash: 'none',
        // Counts, times, our own words, and the reasons that operators gave for what they hold.
        document: 'free text',
      },
      erasure: proof,
    },
    { table: 'erasure_receipt_chains', columns: { account_id: 'none', length: 'none', hash: 'none' }, erasure: proof },
    {
      table: 'erasure_receipt_keys',
      columns: { key_id: 'none', public_key: 'none', first_used_at: 'none' },
      erasure: 'Never: public keys.',
    },
  ],
};
