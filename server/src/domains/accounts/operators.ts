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

/** Whether it is this account that operates the deployment; policies within it decide who. */
export async function operates({ database, firstAccountId }: OperatorParts, accountId: string): Promise<boolean> {
  const accounts = await listAccounts(database.query);
  const operating = accounts.find((account) => account.accountId === firstAccountId) ?? accounts[0];
  return operating?.accountId === accountId;
}

/**
 * Besides what a policy says, which speaks of the caller's own account.
 * @throws ForbiddenException for callers of another account than the one that operates the deployment
 */
export async function requireOperator(parts: OperatorParts, call: Call): Promise<void> {
  if (await operates(parts, call.caller.accountId)) return;
  throw forbidden('This concerns every account of the server: only its first account may ask');
}
