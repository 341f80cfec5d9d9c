/** Messages about erasures in the personal-data inventory. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

const withTheProject = 'With the erasure of the project.';

export const fanOutPersonalData: PersonalData = {
  domain: 'who is told of erasures',
  tables: [
    {
      table: 'erasure_targets',
      columns: { project_number: 'none', id: 'none', url: 'free text', sealed_secret: 'secret', created_at: 'none' },
      erasure: `By DeleteErasureTarget. ${withTheProject}`,
    },
    {
      table: 'erasure_notices',
      columns: {
        project_number: 'none',
        id: 'none',
        about: 'none',
        kind: 'none',
        target_id: 'none',
        url: 'free text',
        event: 'none',
        // Hashes under the secret of whoever is told, sealed once more.
        sealed_payload: 'none',
        state: 'none',
        attempts: 'none',
        created_at: 'none',
        changed_at: 'none',
        fault: 'none',
      },
      erasure: `Whom it is about is forgotten when it was delivered, or given up. ${withTheProject}`,
    },
    {
      table: 'open_dsr_settings',
      columns: {
        project_number: 'none',
        domain: 'none',
        controller_id: 'none',
        certificate: 'none',
        sealed_private_key: 'secret',
        bearer_hash: 'secret',
        changed_at: 'none',
      },
      erasure: `By DeleteOpenDsrSettings. ${withTheProject}`,
    },
    {
      table: 'open_dsr_requests',
      columns: {
        project_number: 'none',
        subject_request_id: 'none',
        type: 'none',
        status: 'none',
        api_version: 'none',
        // Keyed, and of a body with a random id in it.
        request_hash: 'none',
        request_id: 'none',
        received_at: 'none',
        expected_at: 'none',
        callback_urls: 'free text',
      },
      erasure: withTheProject,
    },
  ],
};
