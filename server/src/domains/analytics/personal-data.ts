/** The analytics domain's part of the personal-data inventory: counts are of nobody, marks and labels are of people. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const analyticsPersonalData: PersonalData = {
  domain: 'analytics',
  tables: [
    {
      table: 'analytics_counters',
      columns: {
        project_number: 'none',
        metric: 'none',
        slot: 'none',
        source_id: 'none',
        activity_id: 'none',
        treatment_id: 'none',
        // Rare values tell of a person: which is why analytics_labels knows how many carry them.
        label: 'personal',
        shard: 'none',
        value: 'none',
      },
      erasure:
        'Counts stay. A label becomes `other` with the deletion of the last endpoint that carried it; all go with the erasure of the project.',
    },
    {
      table: 'analytics_uniques',
      columns: {
        project_number: 'none',
        metric: 'none',
        scope: 'none',
        day: 'none',
        previous: 'none',
        shard: 'none',
        count: 'none',
      },
      erasure: 'Plain counts: they stay, until the erasure of the project.',
    },
    {
      table: 'analytics_marks',
      columns: {
        project_number: 'none',
        bucket: 'none',
        subject: 'identity',
        metric: 'none',
        scope: 'none',
        moments: 'personal',
      },
      erasure:
        'Removed by DeleteEndpoint and DeleteUserEndpoints, those of a user with the last endpoint that carried its id; those of messages after 90 days; all with the erasure of the project.',
    },
    {
      table: 'analytics_carriers',
      columns: {
        project_number: 'none',
        bucket: 'none',
        subject: 'identity',
        user_id: 'identity',
        labels: 'personal',
        demographics: 'personal',
      },
      erasure: 'Removed by DeleteEndpoint and DeleteUserEndpoints, and with the erasure of the project.',
    },
    {
      table: 'analytics_labels',
      columns: { project_number: 'none', label: 'personal', shard: 'none', carriers: 'none' },
      erasure: 'Removed when the last carrier of the label is deleted, and with the erasure of the project.',
    },
    {
      table: 'analytics_names',
      // Of events, a rare one tells of a person; those of attributes and metrics are the app's own words.
      columns: { project_number: 'none', kind: 'none', name: 'personal' },
      erasure:
        'The name of an event is removed with the deletion of the last endpoint that sent it; all with the erasure of the project.',
    },
    {
      table: 'funnels',
      // Values of attributes that an operator asks for.
      columns: {
        project_number: 'none',
        id: 'none',
        definition: 'free text',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: 'Removed by DeleteFunnel, and with the erasure of the project.',
    },
  ],
};
