/** `repoint accounts`: list, create, close, reopen. */
import type { Transaction } from '../database/index.ts';
import { createAccount, type KnownAccount, listAccounts as readAccounts } from '../domains/accounts/index.ts';
import {
  closeAccount as close,
  type Ledger,
  noteClosedAccount,
  noteReopenedAccount,
  reopenAccount as reopen,
} from '../domains/erasure/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { openCommandLedger } from './command-ledger.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { printKey } from './keys.ts';
import { printTable } from './table.ts';

export async function listAccounts(configuration: Configuration): Promise<void> {
  await withDeployment(configuration, async ({ database }) => {
    const accounts = await readAccounts(database.query);
    printTable(
      ['account', 'name', 'created', 'state'],
      accounts.map((account) => [account.accountId, account.name, toTimestamp(account.createdAt), stateOf(account)]),
    );
  });
}

export async function addAccount(configuration: Configuration, name: string, { id }: { id?: string }): Promise<void> {
  if (id !== undefined && !/^[0-9]{12}$/.test(id)) throw new OperatorError('--id must be 12 digits.');
  await withDeployment(configuration, async (deployment) => {
    const account = await deployment.database.transaction(async (tx) => {
      const now = new Date();
      const made = await createAccount(tx, deployment.masterKey, { accountId: id, name, now });
      const resource = `accounts/${made.accountId}`;
      await recordCommand(tx, deployment, { operation: 'CreateAccount', accountId: made.accountId, resource, now });
      return made;
    });
    console.error(
      `Account ${account.accountId} is made; this is its administrator's key. The secret is not shown again.`,
    );
    printKey(account.key);
  });
}

function stateOf({ erasedAfter }: KnownAccount): string {
  return erasedAfter === null ? 'open' : `closed, erased after ${toTimestamp(erasedAfter)}`;
}

export async function closeAccount(
  configuration: Configuration,
  accountId: string,
  { confirm = '' }: { confirm?: string },
): Promise<void> {
  if (confirm !== accountId)
    throw new OperatorError(`Type the id once more to close the account: --confirm ${accountId}`);
  await changeAccount(configuration, { accountId, operation: 'CloseAccount' }, async (tx, now, ledger) => {
    const closing = { accountId, confirmation: confirm, now, days: configuration.closedAccountDays };
    const account = await close(tx, closing);
    await noteClosedAccount(ledger, tx, account);
    const { erasedAfter } = account;
    return `Account ${accountId} is closed. \`repoint accounts reopen\` opens it again until ${erasedAfter?.toISOString()}; then it is erased.`;
  });
}

export async function reopenAccount(configuration: Configuration, accountId: string): Promise<void> {
  await changeAccount(configuration, { accountId, operation: 'ReopenAccount' }, async (tx, _now, ledger) => {
    await reopen(tx, accountId);
    await noteReopenedAccount(ledger, tx, accountId);
    return `Account ${accountId} is open again. Whoever was signed in has to sign in again.`;
  });
}

/** @param change says what it did. @throws OperatorError */
async function changeAccount(
  configuration: Configuration,
  { accountId, operation }: { readonly accountId: string; readonly operation: string },
  change: (tx: Transaction, now: Date, ledger: Ledger) => Promise<string>,
): Promise<void> {
  await withDeployment(configuration, async (deployment: Deployment) => {
    const { database } = deployment;
    const accounts = await readAccounts(database.query);
    if (!accounts.some((account) => account.accountId === accountId)) {
      throw new OperatorError(`There is no account ${accountId}. \`repoint accounts list\` shows which there are.`);
    }
    const ledger = openCommandLedger(deployment);
    try {
      const done = await database.transaction(async (tx) => {
        const now = new Date();
        const said = await change(tx, now, ledger);
        await recordCommand(tx, deployment, { operation, accountId, resource: 'account', now });
        return said;
      });
      console.log(done);
    } catch (error) {
      throw error instanceof ServiceError ? new OperatorError(`${error.message}.`, { cause: error }) : error;
    } finally {
      await ledger.close();
    }
  });
}
