/** All SQL over `users` and `user_policies`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Position } from '../../../kernel/paging.ts';

export interface User {
  readonly number: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly passwordHash: string | null;
  readonly lockedUntil: Date | null;
  /** Names, in order. */
  readonly policies: readonly string[];
}

function selectUsers(query: Executor, accountId: string) {
  return query
    .selectFrom('users')
    .where('users.account_id', '=', accountId)
    .select([
      'users.number',
      'users.name',
      'users.created_at as createdAt',
      'users.password_hash as passwordHash',
      'users.locked_until as lockedUntil',
      sql<string[]>`array(
        select policies.name from user_policies join policies on policies.number = user_policies.policy_number
        where user_policies.user_number = users.number order by policies.name)`.as('policies'),
    ]);
}

export async function findUser(query: Executor, accountId: string, name: string): Promise<User | undefined> {
  return selectUsers(query, accountId).where('users.name', '=', name).executeTakeFirst();
}

/** @throws NotFoundException */
export async function requireUser(query: Executor, accountId: string, name: string): Promise<User> {
  const user = await findUser(query, accountId, name);
  if (user === undefined) throw notFound();
  return user;
}

/** In the order of their names, behind `after` = [name]. */
export async function listUsers(
  query: Executor,
  accountId: string,
  after: Position | undefined,
  limit: number,
): Promise<User[]> {
  let users = selectUsers(query, accountId).orderBy('users.name').limit(limit);
  if (after !== undefined) users = users.where('users.name', '>', String(after[0]));
  return users.execute();
}

export interface NewUser {
  readonly accountId: string;
  readonly name: string;
  readonly passwordHash: string | undefined;
  readonly createdAt: Date;
}

/** @returns the number of the new user; undefined when the name is taken */
export async function insertUser(tx: Transaction, user: NewUser): Promise<number | undefined> {
  const row = await tx
    .insertInto('users')
    .values({
      account_id: user.accountId,
      name: user.name,
      password_hash: user.passwordHash ?? null,
      created_at: user.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('number')
    .executeTakeFirst();
  return row?.number;
}

/** With keys, sessions and attachments: they reference the user. */
export async function deleteUser(tx: Transaction, userNumber: number): Promise<void> {
  await tx.deleteFrom('users').where('number', '=', userNumber).execute();
}

/** Also ends a lockout. */
export async function setPasswordHash(tx: Transaction, userNumber: number, passwordHash: string): Promise<void> {
  await tx
    .updateTable('users')
    .set({ password_hash: passwordHash, failed_attempts: 0, locked_until: null })
    .where('number', '=', userNumber)
    .execute();
}

export async function attachPolicy(tx: Transaction, userNumber: number, policyNumber: number): Promise<void> {
  await tx
    .insertInto('user_policies')
    .values({ user_number: userNumber, policy_number: policyNumber })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @returns false when it was not attached */
export async function detachPolicy(tx: Transaction, userNumber: number, policyNumber: number): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('user_policies')
    .where('user_number', '=', userNumber)
    .where('policy_number', '=', policyNumber)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
