/** How an access key comes into being, for the API and the command line alike. */
import type { Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { User } from '../users/store.ts';
import { newAccessKeyId, newSecret, sealSecret } from './key-material.ts';
import { countAccessKeys, insertAccessKey } from './store.ts';

/** IAM allows two; rotating several programs of one user needs a few more. */
const maximumKeysPerUser = 10;

export interface IssuedKey {
  readonly accessKeyId: string;
  /** Never told again. */
  readonly secretAccessKey: string;
}

export function newAccessKey(): IssuedKey {
  return { accessKeyId: newAccessKeyId('AKIA'), secretAccessKey: newSecret() };
}

/**
 * @param issued a key chosen by the operator, instead of a random one
 * @throws BadRequestException when the user has too many keys that live, ConflictException when a chosen id is taken
 */
export async function createAccessKey(
  tx: Transaction,
  masterKey: MasterKey,
  user: Pick<User, 'number'>,
  now: Date,
  issued: IssuedKey = newAccessKey(),
): Promise<IssuedKey> {
  if ((await countAccessKeys(tx, user.number, now)) >= maximumKeysPerUser) {
    throw badRequest(`A user can have at most ${maximumKeysPerUser} access keys`);
  }
  const inserted = await insertAccessKey(tx, {
    accessKeyId: issued.accessKeyId,
    userNumber: user.number,
    sealedSecret: sealSecret(masterKey, issued.accessKeyId, issued.secretAccessKey),
    createdAt: now,
  });
  if (!inserted) throw conflict('This access key id is taken');
  return issued;
}
