/** One try at a user's password, whoever asks for it: counted before it is looked at. */
import type { Executor } from '../../../database/index.ts';
import { passwordFits } from '../users/password.ts';
import { type AttemptRule, takeAttempt } from './store.ts';

/** Five wrong passwords in a row, then a quarter of an hour of rest. */
const attemptRule: AttemptRule = { attempts: 5, lockedForSeconds: 15 * 60 };

/** Whose password it is, as it was found. */
export interface PasswordOwner {
  readonly number: number;
  readonly passwordHash: string | null;
}

/**
 * As much work for nobody, and for a user who is locked or has no password. Whoever goes by a right one calls
 * `acceptPassword` in the transaction of what it is for.
 */
export async function tryPassword(
  query: Executor,
  owner: PasswordOwner | undefined,
  password: string,
  now: Date,
): Promise<boolean> {
  const mayTry = owner !== undefined && (await takeAttempt(query, owner.number, attemptRule, now));
  return passwordFits(mayTry ? (owner.passwordHash ?? undefined) : undefined, password);
}
