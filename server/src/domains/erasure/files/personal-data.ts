/** Erasing in files: its part of the personal-data inventory. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

export const fileErasurePersonalData: PersonalData = {
  domain: 'erasure in files',
  tables: [
    {
      table: 'file_erasures',
      columns: {
        project_number: 'none',
        id: 'none',
        action: 'none',
        scope: 'none',
        target: 'free text',
        dry_run: 'none',
        sealed_identities: 'identity',
        status: 'none',
        created_at: 'none',
        completed_at: 'none',
        epoch: 'none',
        listed_at: 'none',
        fault: 'none',
      },
      erasure: 'Whose rows are meant is sealed, and forgotten when the erasure ends; the rest goes with the project.',
      unreached: 'It is what erases: sealed, and gone when it is done.',
    },
    {
      table: 'file_erasure_items',
      columns: {
        project_number: 'none',
        erasure_id: 'none',
        url: 'free text',
        rows_found: 'none',
        rows_erased: 'none',
        versions_found: 'none',
        versions_removed: 'none',
        uploads_abandoned: 'none',
        bytes_removed: 'none',
        searched_at: 'none',
        finished_at: 'none',
      },
      erasure: 'With the erasure that it is of.',
    },
    {
      table: 'file_erasure_kept',
      columns: {
        project_number: 'none',
        erasure_id: 'none',
        url: 'free text',
        version_id: 'none',
        reason: 'none',
      },
      erasure: 'With the erasure that it is of.',
    },
  ],
};
