/** Switching a key off or on, for the API and the command line alike. */
import type { Transaction } from '../../../database/index.ts';
import { forgetCredentials } from '../credentials/forget.ts';
import { type AccessKey, requireAccessKey, setActive } from './store.ts';

/**
 * Every node heeds it as soon as the transaction has committed.
 * @throws NotFoundException, or what `missing` makes
 */
export async function switchAccessKey(
  tx: Transaction,
  key: { readonly accountId: string; readonly accessKeyId: string },
  active: boolean,
  missing?: () => Error,
): Promise<AccessKey> {
  const found = await requireAccessKey(tx, key.accountId, key.accessKeyId, missing);
  await setActive(tx, found, active);
  await forgetCredentials(tx, key.accountId);
  return { ...found, active };
}
