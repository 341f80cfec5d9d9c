/** Whole projects and accounts in the ledger. */
import type { Transaction } from '../../../database/index.ts';
import type { KnownAccount } from '../../accounts/index.ts';
import type { ProjectDeletedHandler } from '../../projects/index.ts';
import { readSettings } from '../settings/store.ts';
import type { Ledger } from './ledger.ts';

/** In the transaction that deletes it, before its erasure is begun: what it decided about erasure is asked for. */
export function noteDeletedProject(ledger: Ledger): ProjectDeletedHandler {
  return async (tx, { number: projectNumber, accountId, region, id: projectId }) => {
    const { fullErasure: isErased } = await readSettings(tx, projectNumber);
    await ledger.append(tx, accountId, { kind: 'PROJECT', projectNumber, region, projectId, isErased });
  };
}

/** In the transaction that closes it. */
export async function noteClosedAccount(ledger: Ledger, tx: Transaction, account: KnownAccount): Promise<void> {
  const { accountId, closedAt, erasedAfter } = account;
  if (closedAt === null || erasedAfter === null) throw new Error('An account was noted as closed that is not.');
  await ledger.append(tx, accountId, {
    ...{ kind: 'ACCOUNT_CLOSED', closedAt: closedAt.toISOString(), erasedAfter: erasedAfter.toISOString() },
  });
}

export async function noteReopenedAccount(ledger: Ledger, tx: Transaction, accountId: string): Promise<void> {
  await ledger.append(tx, accountId, { kind: 'ACCOUNT_REOPENED' });
}
