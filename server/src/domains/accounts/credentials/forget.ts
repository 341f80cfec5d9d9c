/** How every process learns that what it knows of an account's keys, users or policies is out of date. */
import { notify, type Transaction } from '../../../database/index.ts';

export const credentialsTopic = 'credentials';

/** Part of every transaction that changes who may enter an account or what they may do there. */
export async function forgetCredentials(tx: Transaction, accountId: string): Promise<void> {
  await notify(tx, credentialsTopic, accountId);
}
