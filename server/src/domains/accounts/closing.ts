/** An account that is closed: nobody may enter it, and after a while it is erased, unless an operator opens it again. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import type { KnownAccount } from './create-account.ts';
import { forgetCredentials } from './credentials/forget.ts';

export async function findAccount(query: Executor, accountId: string): Promise<KnownAccount | undefined> {
  const { rows } = await sql<KnownAccount>`
    select account_id as "accountId", name, created_at as "createdAt", closed_at as "closedAt",
           erased_after as "erasedAfter"
    from accounts where account_id = ${accountId}`.execute(query);
  return rows[0];
}

/**
 * Ends every session, and keeps access keys and passwords from working.
 * @returns false when it is closed already, or not there
 */
export async function closeAccount(
  tx: Transaction,
  { accountId, closedAt, erasedAfter }: { accountId: string; closedAt: Date; erasedAfter: Date },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update accounts set closed_at = ${closedAt}, erased_after = ${erasedAfter}
    where account_id = ${accountId} and closed_at is null`.execute(tx);
  if (numAffectedRows !== 1n) return false;
  await sql`
    delete from credentials using users
    where users.number = credentials.user_number and users.account_id = ${accountId}
      and credentials.kind = 'session'`.execute(tx);
  await forgetCredentials(tx, accountId);
  return true;
}

/** Access keys and passwords work as before. @returns false when it is not closed */
export async function reopenAccount(tx: Transaction, accountId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update accounts set closed_at = null, erased_after = null
    where account_id = ${accountId} and closed_at is not null`.execute(tx);
  await forgetCredentials(tx, accountId);
  return numAffectedRows === 1n;
}

/** Closed accounts whose time is over. */
export async function dueAccounts(query: Executor, now: Date): Promise<string[]> {
  const { rows } = await sql<{ accountId: string }>`
    select account_id as "accountId" from accounts where erased_after <= ${now} order by erased_after`.execute(query);
  return rows.map(({ accountId }) => accountId);
}

/** Once everything of it is erased. */
export async function removeAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.deleteFrom('accounts').where('account_id', '=', accountId).execute();
}
