/**
 * The first start: one account, one administrator, one access key. Under an advisory lock, so that nodes which start
 * together make one account between them. The key is written down before it is committed: a crash in between leaves
 * a file that the next start replaces, never a key that nobody knows.
 */
import { sql } from 'kysely';
import { advisoryLocks } from '../database/index.ts';
import { createAccount, type IssuedKey, listAccounts, newAccessKey } from '../domains/accounts/index.ts';
import { recordCommand } from './audit.ts';
import { writeCredentials } from './data-directory.ts';
import type { Deployment } from './deployment.ts';

/** Does nothing when there is an account already. */
export async function bootstrap(deployment: Deployment): Promise<void> {
  const { configuration, database, masterKey, logger } = deployment;
  const key: IssuedKey = configuration.firstKey ?? newAccessKey();
  await database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${advisoryLocks.firstStart})`.execute(tx);
    if ((await listAccounts(tx)).length > 0) return;
    const now = new Date();
    const { accountId } = await createAccount(tx, masterKey, {
      accountId: configuration.firstAccountId,
      name: 'first',
      firstKey: key,
      now,
    });
    await recordCommand(tx, deployment, {
      operation: 'CreateAccount',
      accountId,
      resource: `accounts/${accountId}`,
      now,
    });
    await writeCredentials(configuration, { accountId, ...key });
    logger.info({ accountId }, 'made the first account');
  });
}
