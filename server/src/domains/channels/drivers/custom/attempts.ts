/** Three attempts with back-off (dossier/messaging §14), of which the receiver may have heard more than we know. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../driver.ts';

export interface Attempt {
  readonly outcome: Outcome;
  /** Of a success. */
  readonly reply?: string;
  /** Another attempt would come to the same. */
  readonly final?: boolean;
}

export interface AttemptOptions {
  /** Of one attempt. @default 15,000 */
  readonly timeoutMilliseconds?: number;
  /** Before the second attempt; four times as long before the third. @default 500 */
  readonly firstPauseMilliseconds?: number;
}

const attempts = 3;
const longestPause = 10_000;

export const attemptTimeout = 15_000;

/** @param stopping begin no other attempt */
export async function attemptSeveral(
  once: () => Promise<Attempt>,
  stopping: AbortSignal,
  { firstPauseMilliseconds = 500 }: AttemptOptions,
): Promise<Attempt> {
  let uncertain = false;
  for (let number = 1; ; number += 1) {
    const attempt = await once();
    const { outcome } = attempt;
    if (outcome.status === 'SUCCESSFUL') return attempt;
    uncertain ||= outcome.status === 'UNKNOWN_FAILURE';
    const last = number === attempts || outcome.status === 'PERMANENT_FAILURE' || attempt.final === true;
    const wait = firstPauseMilliseconds * 4 ** (number - 1) * (0.75 + Math.random() / 2);
    if (last || !(await waited(Math.max(wait, outcome.retryAfterMilliseconds ?? 0), stopping))) {
      return { outcome: uncertain ? { ...outcome, status: 'UNKNOWN_FAILURE' } : outcome };
    }
  }
}

/** @returns false when the process stops meanwhile */
async function waited(milliseconds: number, stopping: AbortSignal): Promise<boolean> {
  try {
    await pause(Math.min(milliseconds, longestPause), undefined, { signal: stopping });
    return true;
  } catch {
    return false;
  }
}
