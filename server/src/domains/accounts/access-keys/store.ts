/** All SQL over `credentials` as access keys: those that last, made for programs. Sessions live in `sessions/`. */
import type { Executor, Transaction } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Position } from '../../../kernel/paging.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly userName: string;
  readonly userNumber: number;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedRegion: string | null;
  readonly lastUsedOperation: string | null;
}

export interface NewAccessKey {
  readonly accessKeyId: string;
  readonly userNumber: number;
  readonly sealedSecret: Buffer;
  readonly createdAt: Date;
}

/** @returns false when the id is taken, which only a configured one can be */
export async function insertAccessKey(tx: Transaction, key: NewAccessKey): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('credentials')
    .values({
      access_key_id: key.accessKeyId,
      user_number: key.userNumber,
      kind: 'access key',
      sealed_secret: key.sealedSecret,
      created_at: key.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

function selectAccessKeys(query: Executor, accountId: string) {
  return query
    .selectFrom('credentials')
    .innerJoin('users', 'users.number', 'credentials.user_number')
    .where('users.account_id', '=', accountId)
    .where('credentials.kind', '=', 'access key')
    .select([
      'credentials.access_key_id as accessKeyId',
      'users.name as userName',
      'users.number as userNumber',
      'credentials.active as active',
      'credentials.created_at as createdAt',
      'credentials.expires_at as expiresAt',
      'credentials.last_used_at as lastUsedAt',
      'credentials.last_used_region as lastUsedRegion',
      'credentials.last_used_operation as lastUsedOperation',
    ]);
}

/** @throws NotFoundException, or what `missing` makes */
export async function requireAccessKey(
  query: Executor,
  accountId: string,
  accessKeyId: string,
  missing: () => Error = () => notFound(),
): Promise<AccessKey> {
  const key = await selectAccessKeys(query, accountId).where('access_key_id', '=', accessKeyId).executeTakeFirst();
  if (key === undefined) throw missing();
  return key;
}

/** In the order of their ids, of one user or of all, behind `after` = [access key id]. */
export async function listAccessKeys(
  query: Executor,
  scope: { readonly accountId: string; readonly userName?: string | undefined },
  after: Position | undefined,
  limit: number,
): Promise<AccessKey[]> {
  let keys = selectAccessKeys(query, scope.accountId).orderBy('access_key_id').limit(limit);
  if (scope.userName !== undefined) keys = keys.where('users.name', '=', scope.userName);
  if (after !== undefined) keys = keys.where('access_key_id', '>', String(after[0]));
  return keys.execute();
}

/** Those whose time is over do not count: a user who rotates often has many of them until they are swept. */
export async function countAccessKeys(tx: Transaction, userNumber: number, now: Date): Promise<number> {
  // Creations of one user wait for each other, so that none slips past the limit.
  await tx.selectFrom('users').select('number').where('number', '=', userNumber).forUpdate().execute();
  const { count } = await tx
    .selectFrom('credentials')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_number', '=', userNumber)
    .where('kind', '=', 'access key')
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirstOrThrow();
  return count;
}

/** A key as it was found in its account: with its user, so that no statement reaches the key of somebody else. */
type FoundKey = Pick<AccessKey, 'accessKeyId' | 'userNumber'>;

export async function setActive(tx: Transaction, key: FoundKey, active: boolean): Promise<void> {
  await updateAccessKey(tx, key).set({ active }).execute();
}

export async function setExpiry(tx: Transaction, key: FoundKey, expiresAt: Date): Promise<void> {
  await updateAccessKey(tx, key).set({ expires_at: expiresAt }).execute();
}

function updateAccessKey(tx: Transaction, { accessKeyId, userNumber }: FoundKey) {
  return tx
    .updateTable('credentials')
    .where('access_key_id', '=', accessKeyId)
    .where('user_number', '=', userNumber)
    .where('kind', '=', 'access key');
}

export async function deleteAccessKey(tx: Transaction, { accessKeyId, userNumber }: FoundKey): Promise<void> {
  await tx
    .deleteFrom('credentials')
    .where('access_key_id', '=', accessKeyId)
    .where('user_number', '=', userNumber)
    .where('kind', '=', 'access key')
    .execute();
}
