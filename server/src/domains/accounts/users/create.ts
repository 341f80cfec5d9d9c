/** How a user comes into being, for the API and the command line alike. */
import type { Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import { requirePolicy } from '../policy/store.ts';
import { attachPolicy, insertUser, type NewUser } from './store.ts';

/** IAM's rule for user names. */
const userNamePattern = /^[\w+=,.@-]{1,64}$/;

/**
 * @returns the number of the new user
 * @throws BadRequestException for a name or policy that is none, ConflictException when the name is taken
 */
export async function createUser(tx: Transaction, user: NewUser, policyNames: readonly string[]): Promise<number> {
  if (!userNamePattern.test(user.name)) {
    throw badRequest('UserName may have up to 64 letters, digits and _ + = , . @ -');
  }
  const number = await insertUser(tx, user);
  if (number === undefined) throw conflict('There is a user of this name');
  for (const name of policyNames) {
    const policy = await requirePolicy(tx, user.accountId, name, () =>
      badRequest('Policies names a policy that is not there'),
    );
    await attachPolicy(tx, number, policy.number);
  }
  return number;
}
