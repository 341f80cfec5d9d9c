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
        generation: 'none',
        address_key: 'identity',
        // Endpoint id, session, device; addresses, subjects, links that were followed.
        envelope: 'identity',
        // Numbers that messages went to, among others.
        attributes: 'identity',
        metrics: 'personal',
        // User id and attributes.
        endpoint: 'identity',
      },
      erasure:
        'DeleteEndpoint and DeleteUserEndpoints remove rows of an endpoint, and those of messages to its address that went to no endpoint; all others go with their time (RetentionDays of the project, or REPOINT_EVENT_RETENTION_DAYS) and with the erasure of the project.',
    },
    {
      table: 'event_merges',
      columns: { month: 'none', begins: 'none', ends: 'none', days: 'none', is_spoiled: 'none' },
      erasure: 'Of nobody. A month that is being filled follows what is removed from its days, row by row.',
    },
    {
      table: 'event_settings',
      columns: { project_number: 'none', deduplicate: 'none', retention_days: 'none' },
      erasure: 'With the erasure of the project.',
    },
    {
      table: 'event_fingerprints',
      // A keyed hash of a whole event, of which nobody can tell whose it is without having that event.
      columns: { project_number: 'none', bucket: 'none', fingerprint: 'personal', seen_at: 'none' },
      erasure: 'After seven days, and with the erasure of the project.',
      unreached: 'A keyed hash of a whole event: nobody can tell whose it is, or find it, without having that event.',
    },
    {
      table: 'event_streams',
      columns: {
        project_number: 'none',
        kind: 'none',
        // Names and addresses of systems of the customer.
        settings: 'none',
        sealed_secret: 'secret',
        revision: 'none',
        created_at: 'none',
        last_modified_at: 'none',
        last_modified_by: 'operator',
        mark_transaction: 'none',
        mark_sequence: 'none',
        fence_sequence: 'none',
        sent_records: 'none',
        dropped_records: 'none',
        last_sent_at: 'none',
        failing_since: 'none',
        fault: 'none',
      },
      erasure:
        'Removed by DeleteEventStream and with the project. What was streamed is held by its destination; what waits is read from events, so what is erased there is not sent.',
    },
    {
      table: 'event_stream_files',
      columns: {
        project_number: 'none',
        url: 'free text',
        recorded_at: 'none',
        bytes: 'none',
        checksum: 'none',
        removed_at: 'none',
      },
      erasure: 'With the erasure of the project: until then it says where files with people in them lie.',
    },
  ],
  files: [
    {
      files: 'buckets in the data directory, or objects in S3: files that event streams write',
      holds: 'identity',
      erasure:
        'Rewritten without the records of one person, former versions included; deleted by CreateFileErasure. event_stream_files names every one.',
    },
  ],
};
