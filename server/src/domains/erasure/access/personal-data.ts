/** Access requests in the personal-data inventory. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

const files = 'archives of access requests, in the data directory or in an object store';

export const accessPersonalData: PersonalData = {
  domain: 'access requests',
  tables: [
    {
      table: 'access_requests',
      columns: {
        project_number: 'none',
        id: 'none',
        account_id: 'none',
        caller_id: 'free text',
        request_hash: 'none',
        origin: 'none',
        state: 'none',
        created_at: 'none',
        completed_at: 'none',
        hours: 'none',
        expires_at: 'none',
        sealed_identities: 'identity',
        // Keyed hashes say of nobody that they were here, except to whoever holds both the key and the identity.
        identity_hashes: 'none',
        identity_types: 'none',
        url: 'none',
        epoch: 'none',
        bytes: 'none',
        places: 'none',
        downloads: 'none',
        fault: 'none',
      },
      erasure: 'With the archive, when the person is erased; whom it names is forgotten when the archive is written.',
      unreached: 'Removed by the location of its archive.',
    },
  ],
  files: [
    {
      files,
      holds: 'personal',
      erasure: 'When they expire, with DeleteAccessRequest, and when the person or the project is erased.',
    },
  ],
};
