/** The segments domain's part of the personal-data inventory. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheSegment = 'Removed by DeleteSegment, and with the erasure of the project.';

export const segmentsPersonalData: PersonalData = {
  domain: 'segments',
  tables: [
    {
      table: 'segments',
      columns: {
        project_number: 'none',
        id: 'none',
        kind: 'none',
        version: 'none',
        name: 'free text',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: withTheSegment,
    },
    {
      table: 'segment_versions',
      columns: {
        project_number: 'none',
        segment_id: 'none',
        version: 'none',
        name: 'free text',
        // Values that segments ask for: an operator may have written one that names a person.
        definition: 'free text',
        import_definition: 'free text',
        membership: 'none',
        last_modified_at: 'none',
      },
      erasure: withTheSegment,
    },
    {
      table: 'segment_endpoints',
      columns: { membership: 'none', bucket: 'none', endpoint_id: 'identity' },
      erasure: 'The row is removed with its endpoint, with the segment and with the erasure of the project.',
    },
    {
      table: 'segment_users',
      columns: { membership: 'none', bucket: 'none', user_id: 'identity' },
      erasure:
        'The row is removed by DeleteUserEndpoints (not with the last endpoint: it may be listed before it has any), with the segment and with the erasure of the project.',
    },
  ],
};
