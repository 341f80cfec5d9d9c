/** Which account a command means. */
import type { Executor } from '../database/index.ts';
import { listAccounts } from '../domains/accounts/index.ts';
import { OperatorError } from '../kernel/operator-error.ts';

/**
 * The account that `--account` names, or the only one there is.
 * @throws OperatorError when there is none, or several and none is named
 */
export async function chooseAccount(query: Executor, named: string | undefined): Promise<string> {
  const accounts = await listAccounts(query);
  if (accounts.length === 0) throw new OperatorError('There is no account yet. Start the server once: npm start.');
  if (named !== undefined) {
    if (accounts.some(({ accountId }) => accountId === named)) return named;
    throw new OperatorError(`There is no account ${named}. \`repoint accounts list\` shows which there are.`);
  }
  const [only, ...others] = accounts;
  if (only === undefined || others.length > 0) {
    throw new OperatorError('There are several accounts: say which with --account (`repoint accounts list`).');
  }
  return only.accountId;
}
