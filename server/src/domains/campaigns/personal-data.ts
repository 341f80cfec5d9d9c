/** The campaigns domain's part of the personal-data inventory. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheProject = 'Removed with the erasure of the project.';

export const campaignsPersonalData: PersonalData = {
  domain: 'campaigns',
  tables: [
    {
      table: 'campaigns',
      columns: {
        project_number: 'none',
        id: 'none',
        version: 'none',
        name: 'free text',
        definition: 'free text',
        inherited: 'free text',
        segment_id: 'none',
        segment_version: 'none',
        is_paused: 'none',
        state: 'none',
        state_detail: 'none',
        created_at: 'none',
        last_modified_at: 'none',
        deleted_at: 'none',
      },
      erasure: withTheProject,
    },
    {
      table: 'campaign_versions',
      columns: {
        project_number: 'none',
        campaign_id: 'none',
        version: 'none',
        definition: 'free text',
        segment_version: 'none',
        is_paused: 'none',
        state: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed with the campaign.',
    },
    {
      table: 'campaign_templates',
      columns: {
        project_number: 'none',
        campaign_id: 'none',
        type: 'none',
        name: 'free text',
        wanted: 'none',
        version: 'none',
        content: 'free text',
      },
      erasure: 'Removed with the campaign.',
    },
    {
      table: 'campaign_schedules',
      columns: {
        project_number: 'none',
        campaign_id: 'none',
        treatment_id: 'none',
        next_run_at: 'none',
        anchor: 'none',
        runs: 'none',
        paused: 'none',
      },
      erasure: 'Removed with the campaign.',
    },
    {
      table: 'campaign_runs',
      columns: {
        project_number: 'none',
        id: 'none',
        campaign_id: 'none',
        campaign_version: 'none',
        treatment_id: 'none',
        kind: 'none',
        scheduled_start: 'none',
        deadline: 'none',
        state: 'none',
        plan: 'free text',
        started_at: 'none',
        ended_at: 'none',
        fault: 'none',
      },
      erasure: 'Removed with the campaign.',
    },
    {
      table: 'campaign_activities',
      columns: {
        project_number: 'none',
        id: 'none',
        campaign_id: 'none',
        run_id: 'none',
        treatment_id: 'none',
        result: 'none',
      },
      erasure: 'Removed with the run.',
    },
    {
      table: 'campaign_counts',
      columns: {
        project_number: 'none',
        activity_id: 'none',
        first_bucket: 'none',
        counter: 'none',
        count: 'none',
      },
      erasure: withTheProject,
    },
    {
      table: 'campaign_recipients',
      columns: {
        project_number: 'none',
        bucket: 'none',
        endpoint_id: 'identity',
        campaign_id: 'none',
        targeted: 'personal',
        sent_at: 'personal',
      },
      erasure: 'Removed by DeleteEndpoint and DeleteUserEndpoints, and with the erasure of the project.',
    },
    {
      table: 'campaign_triggers',
      columns: {
        project_number: 'none',
        bucket: 'none',
        endpoint_id: 'identity',
        id: 'none',
        campaign_id: 'none',
        activity_run_id: 'none',
        event: 'personal',
        arrived_at: 'none',
      },
      erasure:
        'Removed when the message has left, five minutes after the event at the latest, and by DeleteEndpoint and DeleteUserEndpoints.',
    },
  ],
};
