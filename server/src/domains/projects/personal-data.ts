/** The projects domain's part of the personal-data inventory: operators' words about their projects, nobody's data. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const projectsPersonalData: PersonalData = {
  domain: 'projects',
  tables: [
    {
      table: 'projects',
      columns: {
        number: 'none',
        account_id: 'none',
        region: 'none',
        id: 'none',
        name: 'free text',
        created_at: 'none',
        deleted_at: 'none',
        closed_with_account: 'none',
      },
      erasure: 'Hidden by DeleteApp; id and name go with the erasure of the project, the number a day later.',
    },
    {
      table: 'project_settings',
      columns: {
        project_number: 'none',
        campaign_hook: 'free text',
        limits: 'none',
        quiet_time: 'none',
        journey_limits: 'none',
        cloud_watch_metrics_enabled: 'none',
        event_tagging_enabled: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed by DeleteApp.',
    },
    {
      table: 'tags',
      columns: { account_id: 'none', region: 'none', resource: 'none', tags: 'free text' },
      erasure: 'Removed with the resource; those of a project and all below it by DeleteApp.',
    },
  ],
};
