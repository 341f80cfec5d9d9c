/** Whose people may see and do what concerns every account of the deployment: docs/decisions/0032-who-operates.md. */
import type { Database } from '../../database/index.ts';
import { forbidden } from '../../kernel/errors.ts';
import type { Call } from '../../operations/call.ts';
import { listAccounts } from './create-account.ts';

export interface OperatorParts {
  readonly database: Database;
  /** As REPOINT_ACCOUNT_ID names it. */
  readonly firstAccountId: string | undefined;
}

/**
 * Besides what a policy says, which speaks of the caller's own account.
 * @throws ForbiddenException for callers of another account than the one that operates the deployment
 */
export async function requireOperator({ database, firstAccountId }: OperatorParts, call: Call): Promise<void> {
  const accounts = await listAccounts(database.query);
  const operating = accounts.find(({ accountId }) => accountId === firstAccountId) ?? accounts[0];
  if (operating?.accountId !== call.caller.accountId) {
    throw forbidden('This concerns every account of the server: only its first account may ask');
  }
}
