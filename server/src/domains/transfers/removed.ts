/** Endpoints and users that were deleted leave the lists that imports are filling, in the same transaction. */
import type { Transaction } from '../../database/index.ts';
import { forgetListed, type Members } from '../segments/index.ts';
import { unfinishedMemberships } from './import/store.ts';

export async function forgetImported(tx: Transaction, projectNumber: number, gone: Members): Promise<void> {
  await forgetListed(tx, await unfinishedMemberships(tx, projectNumber), gone);
}
