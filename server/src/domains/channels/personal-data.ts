/** The channels domain's part of the personal-data inventory. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const channelsPersonalData: PersonalData = {
  domain: 'channels',
  tables: [
    {
      table: 'channels',
      columns: {
        project_number: 'none',
        channel_type: 'none',
        version: 'none',
        enabled: 'none',
        archived: 'none',
        // Sender addresses and ids, as operators chose them.
        settings: 'free text',
        sealed_settings: 'secret',
        created_at: 'none',
        last_modified_at: 'none',
        last_modified_by: 'operator',
      },
      erasure: 'Settings are removed with the channel; the row with the erasure of the project.',
    },
    {
      table: 'providers',
      columns: {
        number: 'none',
        account_id: 'none',
        region: 'none',
        project_number: 'none',
        channel_type: 'none',
        kind: 'none',
        sealed_settings: 'secret',
        version: 'none',
        created_at: 'none',
        last_modified_at: 'none',
        last_modified_by: 'operator',
      },
      erasure: 'Removed by DeleteProvider and DeleteProjectProvider, and with the erasure of the project.',
    },
    {
      table: 'outbox_messages',
      columns: {
        project_number: 'none',
        bucket: 'none',
        message_key: 'none',
        channel_type: 'none',
        address: 'identity',
        address_key: 'identity',
        endpoint_id: 'identity',
        content: 'personal',
        created_at: 'none',
        expires_at: 'none',
      },
      erasure:
        'Removed 30 days after it was sent, with its endpoint, by DeleteOutboxMessage(s), and with the erasure of the project. Messages to a bare address are reached by the address.',
    },
  ],
};
