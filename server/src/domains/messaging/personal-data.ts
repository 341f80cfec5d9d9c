/** The messaging domain's part of the personal-data inventory: who was sent what, and who is not written to. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheEndpoint =
  'Rows of an endpoint are removed by DeleteEndpoint and DeleteUserEndpoints, all others with the erasure of the project; partitions are dropped after 90 days.';

export const messagingPersonalData: PersonalData = {
  domain: 'messaging',
  tables: [
    {
      table: 'sends',
      columns: {
        project_number: 'none',
        bucket: 'none',
        recipient: 'identity',
        run_id: 'none',
        started_at: 'none',
        channel_type: 'none',
        detail: 'personal',
        status: 'personal',
        status_code: 'none',
        status_message: 'personal',
        attempts: 'none',
        claimed_at: 'none',
        settled_at: 'none',
      },
      erasure: withTheEndpoint,
    },
    {
      table: 'provider_messages',
      columns: {
        provider_message_id: 'none',
        sent_at: 'none',
        project_number: 'none',
        bucket: 'none',
        recipient: 'identity',
        run_id: 'none',
        started_at: 'none',
      },
      erasure: withTheEndpoint,
    },
    {
      table: 'suppressed_addresses',
      columns: {
        account_id: 'none',
        channel: 'none',
        address_hash: 'identity',
        address: 'identity',
        reason: 'personal',
        detail: 'personal',
        created_at: 'none',
      },
      erasure:
        'Removed by DeleteSuppressedAddress and with the account. Erasing a person clears address and detail; the keyed hash stays and keeps mail away from them.',
    },
    {
      table: 'sms_numbers',
      columns: {
        account_id: 'none',
        number: 'none',
        project_number: 'none',
        topic_arn: 'none',
        webhook_url: 'free text',
        sealed_webhook_secret: 'secret',
        self_managed_opt_outs: 'none',
        help_text: 'free text',
        stop_text: 'free text',
        start_text: 'free text',
        created_at: 'none',
        last_modified_at: 'none',
        last_modified_by: 'operator',
      },
      erasure: 'Removed by DeleteSmsNumber and with the account: numbers of the sender, not of persons.',
    },
    {
      table: 'sms_keywords',
      columns: {
        account_id: 'none',
        number: 'none',
        keyword: 'free text',
        action: 'none',
        response: 'free text',
      },
      erasure: 'Removed by DeleteSmsKeyword, and with the number.',
    },
    {
      table: 'inbound_messages',
      columns: {
        id: 'none',
        account_id: 'none',
        region: 'none',
        provider_key: 'none',
        provider_message_id: 'none',
        number: 'none',
        from_address: 'identity',
        address_hash: 'identity',
        body: 'personal',
        keyword: 'personal',
        action: 'personal',
        sent_at: 'none',
        received_at: 'none',
        project_number: 'none',
        answer: 'free text',
        answer_status: 'none',
        answer_detail: 'personal',
        topic_status: 'none',
        topic_detail: 'none',
        webhook_status: 'none',
        webhook_detail: 'none',
      },
      erasure:
        'Removed 30 days after they came, and by DeleteEndpoint and DeleteUserEndpoints of an endpoint with the address, in whichever project of the account.',
    },
    {
      table: 'one_time_passwords',
      columns: {
        project_number: 'none',
        reference_hash: 'identity',
        code_hash: 'secret',
        attempts_left: 'none',
        expires_at: 'none',
      },
      erasure: 'Removed once entered; expired ones every hour.',
    },
    {
      table: 'idempotent_calls',
      columns: {
        project_number: 'none',
        call_hash: 'none',
        request_hash: 'none',
        answer: 'personal',
        created_at: 'none',
      },
      erasure: 'Sealed. Removed after a day.',
    },
    {
      table: 'provider_budgets',
      columns: { provider_key: 'none', tokens: 'none', refilled_at: 'none' },
      erasure: 'Holds nothing of anybody.',
    },
    {
      table: 'messaging_settings',
      columns: {
        project_number: 'none',
        missing_variables: 'none',
        click_tracking: 'none',
        open_tracking: 'none',
        unsubscribe_links: 'none',
      },
      erasure: 'Removed with the erasure of the project.',
    },
  ],
};
