/** The recommenders domain's part of the personal-data inventory: settings that operators write, nobody's data. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const recommendersPersonalData: PersonalData = {
  domain: 'recommenders',
  tables: [
    {
      table: 'recommenders',
      columns: {
        account_id: 'none',
        region: 'none',
        id: 'none',
        name: 'free text',
        description: 'free text',
        provider_uri: 'free text',
        provider_role_arn: 'free text',
        provider_id_type: 'none',
        recommendations_per_message: 'none',
        transformer_uri: 'free text',
        display_name: 'free text',
        attributes: 'free text',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed by DeleteRecommenderConfiguration: configurations belong to the account, not to a project.',
    },
  ],
};
