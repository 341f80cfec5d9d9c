/** The erasure domain's part of the personal-data inventory: about people only while something is done for them. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheProject = 'With the erasure of the project.';

export const erasurePersonalData: PersonalData = {
  domain: 'erasure',
  tables: [
    {
      table: 'erasure_settings',
      columns: {
        project_number: 'none',
        full_erasure: 'none',
        erase_removed_attributes: 'none',
        waiting_days: 'none',
      },
      erasure: withTheProject,
    },
    {
      table: 'erasure_requests',
      columns: {
        project_number: 'none',
        id: 'none',
        account_id: 'none',
        caller_id: 'free text',
        request_hash: 'none',
        origin: 'none',
        mode: 'none',
        state: 'none',
        created_at: 'none',
        due_at: 'none',
        accepted_at: 'none',
        changed_at: 'none',
        ended_at: 'none',
        sealed_identities: 'identity',
        // Keyed hashes say of nobody that they were here, except to whoever holds both the key and the identity.
        identity_hashes: 'none',
        identity_types: 'none',
        endpoints: 'none',
        users: 'none',
        addresses: 'none',
        messages_under_way: 'none',
        skipped: 'none',
        fault: 'none',
        version: 'none',
      },
      erasure: `Whom it names is forgotten with its end; the rest is the record of what was done. ${withTheProject}`,
      unreached: 'Sealed, and gone with the end of the request itself.',
    },
    {
      table: 'erasure_pieces',
      columns: {
        project_number: 'none',
        request_id: 'none',
        piece: 'none',
        sealed_subject: 'identity',
        through_generation: 'none',
        through_at: 'none',
        state: 'none',
      },
      erasure: `Whom it is about is forgotten with the end of its request. ${withTheProject}`,
      unreached: 'Sealed, and gone with the end of the request itself.',
    },
    {
      table: 'erasure_counts',
      columns: {
        project_number: 'none',
        request_id: 'none',
        location: 'none',
        found: 'none',
        erased: 'none',
        retained: 'none',
        left_over: 'none',
      },
      erasure: withTheProject,
    },
    {
      table: 'erasure_holds',
      columns: {
        project_number: 'none',
        id: 'none',
        fields: 'none',
        identity_hashes: 'none',
        reason: 'free text',
        ends_at: 'none',
        created_at: 'none',
        created_by: 'operator',
      },
      erasure: `By DeleteErasureHold, and when it ends. ${withTheProject}`,
    },
    {
      table: 'erasure_retained',
      columns: {
        project_number: 'none',
        hold_id: 'none',
        number: 'none',
        request_id: 'none',
        piece: 'none',
        location: 'none',
        sealed_fields: 'personal',
        identity_hashes: 'none',
        retained_at: 'none',
        ends_at: 'none',
      },
      erasure: `With its hold, and when that ends. ${withTheProject}`,
      unreached: 'Kept on purpose, under a hold with a reason and an end, and told as retained.',
    },
    {
      table: 'retention_rules',
      columns: { project_number: 'none', data_class: 'none', days: 'none', last_modified_at: 'none' },
      erasure: `By DeleteRetentionRule. ${withTheProject}`,
    },
  ],
};
