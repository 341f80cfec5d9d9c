/** How an account comes into being: by the first start, or by `repoint accounts create`. */
import { randomInt } from 'node:crypto';
import type { Executor, Transaction } from '../../database/index.ts';
import { conflict } from '../../kernel/errors.ts';
import type { MasterKey } from '../../kernel/master-key.ts';
import { createAccessKey, type IssuedKey } from './access-keys/create.ts';
import { readyMadeNames } from './policy/ready-made.ts';
import { insertPolicy } from './policy/store.ts';
import { createUser } from './users/create.ts';

export interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface KnownAccount extends Account {
  /** Since when nobody may enter it. */
  readonly closedAt: Date | null;
  /** When it is erased for good, unless an operator opens it before. */
  readonly erasedAfter: Date | null;
}

export interface NewAccount {
  /** 12 digits; random when left out. */
  readonly accountId?: string | undefined;
  readonly name: string;
  /** A key chosen by the operator, instead of a random one. */
  readonly firstKey?: IssuedKey | undefined;
  readonly now: Date;
}

/** The user that every account begins with. */
const firstUserName = 'administrator';

/**
 * Makes an account with the ready-made policies, one administrator and one access key.
 * @throws ConflictException when the id is taken
 */
export async function createAccount(
  tx: Transaction,
  masterKey: MasterKey,
  { accountId = randomAccountId(), name, firstKey, now }: NewAccount,
): Promise<Account & { readonly key: IssuedKey }> {
  const row = await tx
    .insertInto('accounts')
    .values({ account_id: accountId, name, created_at: now })
    .onConflict((taken) => taken.doNothing())
    .returning('account_id')
    .executeTakeFirst();
  if (row === undefined) throw conflict(`There is an account ${accountId} already`);
  for (const readyMade of readyMadeNames) {
    // The one for apps is made for one project at a time.
    if (readyMade === 'mobile-client') continue;
    const content = { readyMade, projectId: undefined };
    await insertPolicy(tx, { accountId, name: readyMade, description: undefined, content, createdAt: now });
  }
  const user = { accountId, name: firstUserName, passwordHash: undefined, createdAt: now };
  const number = await createUser(tx, user, ['administrator']);
  return { accountId, name, createdAt: now, key: await createAccessKey(tx, masterKey, { number }, now, firstKey) };
}

/** In the order of their creation. */
export async function listAccounts(query: Executor): Promise<KnownAccount[]> {
  return query
    .selectFrom('accounts')
    .select([
      ...(['account_id as accountId', 'name', 'created_at as createdAt'] as const),
      ...(['closed_at as closedAt', 'erased_after as erasedAfter'] as const),
    ])
    .orderBy('created_at')
    .orderBy('account_id')
    .execute();
}

function randomAccountId(): string {
  return Array.from({ length: 12 }, () => randomInt(10)).join('');
}
