/**
 * The present password, asked of whoever is signed in and changes their own: a tab that was left open is enough to work
 * with, and must not be enough to keep its owner out.
 */
import type { Database } from '../../../database/index.ts';
import { badRequest, forbidden } from '../../../kernel/errors.ts';
import type { Call } from '../../../operations/call.ts';
import type { PasswordLine } from '../sessions/password-line.ts';
import { type PasswordOwner, tryPassword } from '../sessions/try-password.ts';
import { requireUser } from './store.ts';

export interface OwnPasswordParts {
  readonly database: Database;
  readonly passwordLine: PasswordLine;
}

/**
 * A wrong one counts as it does at sign-in, and leads to the same lock.
 * @returns what has to hold still when the password is changed; undefined for callers who are not asked
 * @throws BadRequestException when it is missing; ForbiddenException when it is wrong, or the user locked;
 * TooManyRequestsException
 */
export async function provePresentPassword(
  { database, passwordLine }: OwnPasswordParts,
  { UserName, CurrentPassword }: { readonly UserName: string; readonly CurrentPassword: string | undefined },
  call: Call,
): Promise<PasswordOwner | undefined> {
  const { kind, userName, accountId, sourceAddress } = call.caller;
  if (kind !== 'session' || UserName !== userName) return;
  return passwordLine.wait(sourceAddress, async () => {
    const owner = await requireUser(database.query, accountId, userName);
    if (owner.passwordHash === null) return owner;
    if (CurrentPassword === undefined) {
      throw badRequest(
        'CurrentPassword is missing: whoever is signed in changes their own password by their present one',
      );
    }
    if (!(await tryPassword(database.query, owner, CurrentPassword, call.now))) throw wrongPresentPassword();
    return owner;
  });
}

/** Does not tell a lock from a wrong password: then the right one would show by its answer. */
export const wrongPresentPassword = () =>
  forbidden('The present password is not right, or the user is locked for a while');
