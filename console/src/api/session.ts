/**
 * The session of this browser tab: who is signed in, with which temporary credentials. Kept in memory and in
 * sessionStorage, so that it survives a reload and ends with the tab; never in localStorage or a cookie.
 */
import type { AccountResponse, SignInResponse } from '../../../server/src/contract/repoint-types.ts';

/** One that began before the server told it has no `Operates`. */
export type Session = Omit<SignInResponse, 'Operates'> & Partial<Pick<SignInResponse, 'Operates'>>;

/** Why there is no session: never signed in or signed out, or the credentials came to their end. */
export type Absence = 'signed-out' | 'ended';

export type SessionState = { readonly session: Session } | { readonly session: undefined; readonly absence: Absence };

const storageKey = 'repoint.session';
/** The longest time a browser's timer can wait. */
const longestTimer = 2 ** 31 - 1;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let state: SessionState = restore();

/** For `useSyncExternalStore`. */
export function subscribeToSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sessionState(): SessionState {
  return state;
}

/** An account that was closed in this tab, so that sign-in can say what is still possible. */
export type ClosedAccount = Pick<AccountResponse, 'AccountId' | 'ErasureDate'>;

const closedKey = 'repoint.closed-account';

export function rememberClosedAccount(account: ClosedAccount): void {
  sessionStorage.setItem(closedKey, JSON.stringify(account));
}

export function closedAccount(): ClosedAccount | undefined {
  const stored = sessionStorage.getItem(closedKey);
  try {
    const account: Partial<ClosedAccount> = JSON.parse(stored ?? '{}');
    return account.AccountId === undefined ? undefined : (account as ClosedAccount);
  } catch {
    return undefined;
  }
}

export function beginSession(session: Session): void {
  sessionStorage.removeItem(closedKey);
  sessionStorage.setItem(storageKey, JSON.stringify(session));
  change({ session });
  endInTime(session);
}

/** Forgets the credentials. Telling the server is the caller's job (SignOut). */
export function endSession(absence: Absence): void {
  clearTimeout(timer);
  sessionStorage.removeItem(storageKey);
  if (state.session !== undefined) change({ session: undefined, absence });
}

function change(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function endInTime(session: Session): void {
  clearTimeout(timer);
  const left = Date.parse(session.Expiration) - Date.now();
  timer = setTimeout(() => endSession('ended'), Math.min(Math.max(left, 0), longestTimer));
}

function restore(): SessionState {
  const stored = sessionStorage.getItem(storageKey);
  if (stored === null) return { session: undefined, absence: 'signed-out' };
  const session = parse(stored);
  if (session === undefined || Date.parse(session.Expiration) <= Date.now()) {
    sessionStorage.removeItem(storageKey);
    return { session: undefined, absence: 'ended' };
  }
  endInTime(session);
  return { session };
}

/** What an older console left, or a hand changed, counts as no session. */
function parse(stored: string): Session | undefined {
  try {
    const session: Partial<Session> = JSON.parse(stored);
    const whole = session.AccessKeyId && session.SecretAccessKey && session.SessionToken && session.Expiration;
    return whole ? (session as Session) : undefined;
  } catch {
    return undefined;
  }
}
