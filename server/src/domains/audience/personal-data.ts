/** The audience domain's part of the personal-data inventory: here are the people themselves. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheProject = 'Removed with the erasure of the project.';

export const audiencePersonalData: PersonalData = {
  domain: 'audience',
  tables: [
    {
      table: 'endpoints',
      columns: {
        project_number: 'none',
        bucket: 'none',
        id: 'identity',
        shown_id: 'identity',
        generation: 'none',
        channel_type: 'none',
        address: 'identity',
        address_key: 'identity',
        opt_out: 'personal',
        status: 'personal',
        cohort: 'none',
        user_id: 'identity',
        user_bucket: 'none',
        attributes: 'personal',
        metrics: 'personal',
        demographic: 'personal',
        location: 'personal',
        user_attributes: 'personal',
        created_at: 'none',
        effective_at: 'personal',
        request_id: 'none',
      },
      erasure: `The row is removed by DeleteEndpoint and DeleteUserEndpoints. ${withTheProject}`,
    },
    {
      table: 'endpoint_facets',
      columns: {
        project_number: 'none',
        bucket: 'none',
        id: 'identity',
        channel_type: 'none',
        eligible: 'personal',
        tokens: 'personal',
        metrics: 'personal',
        latitude: 'personal',
        longitude: 'personal',
        last_active_at: 'personal',
      },
      erasure: 'The row is removed with its endpoint.',
    },
    {
      table: 'audience_users',
      columns: {
        project_number: 'none',
        bucket: 'none',
        user_id: 'identity',
        attributes: 'personal',
        endpoint_ids: 'identity',
      },
      erasure: 'The row is removed with the last endpoint of the user.',
    },
    {
      table: 'endpoint_addresses',
      columns: { project_number: 'none', bucket: 'none', address_key: 'identity', endpoint_ids: 'identity' },
      erasure: 'The id is taken out with its endpoint, and when the endpoint gets another address.',
    },
    {
      table: 'endpoint_tombstones',
      // A keyed hash says of nobody that they were here, except to whoever holds both the key and the id.
      columns: { project_number: 'none', bucket: 'none', id_hash: 'none', deleted_at: 'none' },
      erasure: 'Removed after 30 days.',
    },
    {
      table: 'suppressed_identities',
      // A keyed hash says of nobody that they were here, except to whoever holds both the key and the identity.
      columns: { project_number: 'none', identity_hash: 'none', created_at: 'none' },
      erasure: `Removed when the suppression is lifted. ${withTheProject}`,
    },
    {
      table: 'audience_rules',
      columns: { project_number: 'none', version: 'none', suppresses: 'none' },
      erasure: withTheProject,
    },
    {
      table: 'attribute_names',
      columns: {
        ...{ project_number: 'none', kind: 'none', name: 'free text' },
        ...{ value_tokens: 'personal', idle_tokens: 'personal', idle_since: 'none' },
      },
      unreached:
        'The hash of a value stands beside nobody who had it, and goes minutes after the last of them was deleted.',
      erasure: `Removed by RemoveAttributes. ${withTheProject}`,
    },
    {
      table: 'blocked_attributes',
      columns: { project_number: 'none', kind: 'none', pattern: 'free text' },
      erasure: withTheProject,
    },
  ],
};
