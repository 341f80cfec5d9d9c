/** `repoint accounts`: list, create. */
import { createAccount, listAccounts as readAccounts } from '../domains/accounts/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { withDeployment } from './deployment.ts';
import { printKey } from './keys.ts';
import { printTable } from './table.ts';

export async function listAccounts(configuration: Configuration): Promise<void> {
  await withDeployment(configuration, async ({ database }) => {
    const accounts = await readAccounts(database.query);
    printTable(
      ['account', 'name', 'created'],
      accounts.map(({ accountId, name, createdAt }) => [accountId, name, toTimestamp(createdAt)]),
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
