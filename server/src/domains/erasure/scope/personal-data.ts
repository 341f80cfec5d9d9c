/** What erasures of whole projects and accounts leave, in the personal-data inventory: counts and ids of what is gone. */
import type { PersonalData } from '../../../kernel/personal-data.ts';

export const scopePersonalData: PersonalData = {
  domain: 'erasure of projects and accounts',
  tables: [
    {
      table: 'scope_erasures',
      columns: {
        id: 'none',
        scope: 'none',
        account_id: 'none',
        region: 'none',
        project_id: 'none',
        project_number: 'none',
        part_of: 'none',
        state: 'none',
        received_at: 'none',
        received_in: 'none',
        repeated: 'none',
        late: 'none',
        swept_at: 'none',
        completed_at: 'none',
        kept: 'none',
      },
      erasure: 'Never: the proof that a project or an account was erased.',
    },
    {
      table: 'scope_erasure_places',
      columns: {
        erasure_id: 'none',
        place: 'none',
        position: 'none',
        // The key of the last row that was erased: it may be an endpoint id.
        cursor: 'identity',
        erased: 'none',
        finished: 'none',
      },
      erasure: 'The cursor is removed with the last row of its place; counts stay with the receipt.',
      unreached: 'A cursor is there for seconds, of a project all of which is being erased.',
    },
    {
      table: 'project_archives',
      columns: {
        project_number: 'none',
        id: 'none',
        url: 'free text',
        state: 'none',
        epoch: 'none',
        created_at: 'none',
        completed_at: 'none',
        bytes: 'none',
        rows: 'none',
        fault: 'none',
      },
      erasure: 'Removed with the erasure of the project: until then it says where an archive with people in it lies.',
    },
  ],
  files: [
    {
      files: 'archives of projects, in the data directory or in an object store',
      holds: 'personal',
      erasure: 'They belong to whoever asked for them; project_archives names every one.',
    },
  ],
};
