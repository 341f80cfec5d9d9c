/** The events domain's part of the personal-data inventory: what people did, and what was sent to them. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const eventsPersonalData: PersonalData = {
  domain: 'events',
  tables: [
    {
      table: 'events',
      columns: {
        project_number: 'none',
        bucket: 'none',
        arrived_at: 'personal',
        sequence: 'none',
        transaction_id: 'none',
        type: 'personal',
        occurred_at: 'personal',
        endpoint_id: 'identity',
        // Endpoint id, user id and attributes, addresses, subjects, links that were followed.
        record: 'identity',
      },
      erasure:
        'Rows of an endpoint are removed by DeleteEndpoint and DeleteUserEndpoints; those of a message to an address, and all others, with their day (REPOINT_EVENT_RETENTION_DAYS) and with the erasure of the project.',
    },
  ],
};
