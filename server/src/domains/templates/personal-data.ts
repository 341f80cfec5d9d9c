/** The templates domain's part of the personal-data inventory: texts that operators write, with variables for people. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const templatesPersonalData: PersonalData = {
  domain: 'templates',
  tables: [
    {
      table: 'templates',
      columns: {
        number: 'none',
        account_id: 'none',
        region: 'none',
        name: 'free text',
        type: 'none',
        active_version: 'none',
        latest_version: 'none',
        last_given: 'none',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed by DeleteEmailTemplate and its like: templates belong to the account, not to a project.',
    },
    {
      table: 'template_versions',
      columns: {
        template_number: 'none',
        version: 'none',
        content: 'free text',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed with the version or with its template.',
    },
  ],
};
