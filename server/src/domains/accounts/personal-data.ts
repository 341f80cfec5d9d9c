/** The accounts domain's part of the personal-data inventory: operators, not the people whom projects reach. */
import type { PersonalData } from '../../kernel/personal-data.ts';

const withTheAccount = 'Removed with the account.';
const withTheUser = 'Removed with the user, and with the account.';

export const accountsPersonalData: PersonalData = {
  domain: 'accounts',
  tables: [
    {
      table: 'accounts',
      columns: { account_id: 'none', name: 'free text', created_at: 'none', closed_at: 'none', erased_after: 'none' },
      erasure: 'Removed when the time after its closing is over and all of it is erased.',
    },
    {
      table: 'users',
      columns: {
        number: 'none',
        account_id: 'none',
        name: 'operator',
        password_hash: 'secret',
        failed_attempts: 'none',
        locked_until: 'none',
        created_at: 'none',
      },
      erasure: `Removed by DeleteUser. ${withTheAccount}`,
    },
    {
      table: 'credentials',
      columns: {
        access_key_id: 'none',
        user_number: 'none',
        kind: 'none',
        sealed_secret: 'secret',
        token_hash: 'secret',
        active: 'none',
        created_at: 'none',
        expires_at: 'none',
        last_used_at: 'none',
        last_used_region: 'none',
        last_used_operation: 'none',
      },
      erasure: `Removed by DeleteAccessKey or SignOut, a month after its time is over. ${withTheUser}`,
    },
    {
      table: 'policies',
      columns: {
        number: 'none',
        account_id: 'none',
        name: 'free text',
        description: 'free text',
        document: 'free text',
        ready_made: 'none',
        project_id: 'none',
        created_at: 'none',
        last_modified_at: 'none',
      },
      erasure: `Removed by DeletePolicy. ${withTheAccount}`,
    },
    { table: 'user_policies', columns: { user_number: 'none', policy_number: 'none' }, erasure: withTheUser },
    {
      table: 'audit_entries',
      columns: {
        number: 'none',
        account_id: 'none',
        at: 'none',
        user_name: 'operator',
        access_key_id: 'none',
        operation: 'none',
        region: 'none',
        project_id: 'none',
        // Endpoint and user ids in it are replaced by keyed hashes (`concealIdentities`).
        resource: 'free text',
        source_address: 'operator',
        status: 'none',
        error_code: 'none',
        request_id: 'none',
      },
      erasure: withTheAccount,
    },
    {
      table: 'audit_counts',
      columns: {
        account_id: 'none',
        minute: 'none',
        access_key_id: 'none',
        operation: 'none',
        project_id: 'none',
        status_class: 'none',
        count: 'none',
      },
      erasure: `Removed after 400 days. ${withTheAccount}`,
    },
  ],
};
