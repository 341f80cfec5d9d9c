/** All SQL of signing in: attempts, lockout, and `credentials` as sessions. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';

export interface SigningUser {
  readonly number: number;
  readonly name: string;
  readonly accountId: string;
  readonly passwordHash: string | null;
  /** Of an account that is closed: when it is erased. */
  readonly erasedAfter: Date | null;
}

/** Without an account, the only one that is open, or the only closed one where none is; undefined where there are several. */
export async function findSigningUser(
  query: Executor,
  accountId: string | undefined,
  userName: string,
): Promise<SigningUser | undefined> {
  const { rows } = await sql<SigningUser>`
    with named as (
      select account_id, closed_at, erased_after from accounts
      where account_id = coalesce(${accountId ?? null}::text, account_id)),
    meant as (
      select min(account_id) as account_id, min(erased_after) as erased_after from named
      where closed_at is null or not exists (select from named where closed_at is null)
      having count(*) = 1)
    select users.number, users.name, users.account_id as "accountId", users.password_hash as "passwordHash",
           meant.erased_after as "erasedAfter"
    from users join meant on meant.account_id = users.account_id
    where users.name = ${userName}`.execute(query);
  return rows[0];
}

export interface AttemptRule {
  readonly attempts: number;
  readonly lockedForSeconds: number;
}

/**
 * Takes one of the attempts a user has, before the password is looked at: guesses made at once count as well. The last
 * one locks the user, and a right password unlocks. A lock that ends in more than twice its time was made while a clock was
 * wrong, and is none.
 * @returns false when the user is locked
 */
export async function takeAttempt(query: Executor, userNumber: number, rule: AttemptRule, now: Date): Promise<boolean> {
  const later = (locks: number) => new Date(now.getTime() + locks * rule.lockedForSeconds * 1000);
  const { numAffectedRows } = await sql`
    update users set
      failed_attempts = case when locked_until is null then failed_attempts + 1 else 1 end,
      locked_until = case when locked_until is null and failed_attempts + 1 >= ${rule.attempts}::int
                          then ${later(1)}::timestamptz end
    where number = ${userNumber}
      and (locked_until is null or locked_until <= ${now} or locked_until > ${later(2)})`.execute(query);
  return numAffectedRows === 1n;
}

/**
 * Forgets the attempts of a user who knew the password; of one who had none, sees that there is still none.
 * @returns false when the user was deleted or got another password meanwhile
 */
export async function acceptPassword(
  tx: Transaction,
  user: Pick<SigningUser, 'number' | 'passwordHash'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ failed_attempts: 0, locked_until: null })
    .where('number', '=', user.number)
    .where('password_hash', 'is not distinct from', user.passwordHash)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface NewSession {
  readonly accessKeyId: string;
  readonly userNumber: number;
  readonly sealedSecret: Buffer;
  readonly tokenHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx
    .insertInto('credentials')
    .values({
      access_key_id: session.accessKeyId,
      user_number: session.userNumber,
      kind: 'session',
      sealed_secret: session.sealedSecret,
      token_hash: session.tokenHash,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
    })
    .execute();
}

/** @returns false when the key is none of a session */
export async function deleteSession(tx: Transaction, accessKeyId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('credentials')
    .where('access_key_id', '=', accessKeyId)
    .where('kind', '=', 'session')
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** All of a user. */
export async function deleteSessions(tx: Transaction, userNumber: number): Promise<void> {
  await tx.deleteFrom('credentials').where('user_number', '=', userNumber).where('kind', '=', 'session').execute();
}

/** Sessions and rotated keys whose time is over. Uses `credentials_by_expiry`. */
export async function deleteExpired(query: Executor, before: Date): Promise<void> {
  await query.deleteFrom('credentials').where('expires_at', '<', before).execute();
}
