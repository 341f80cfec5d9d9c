/**
 * Somebody without a session begins at sign-in. Said before the router reads the address: it would fetch the frame and the
 * page of that address first, the larger half of what a browser with an empty cache has to fetch.
 */
import { sessionState } from '../api/session.ts';
import { readSignInReturn, type SignInReturn } from '../features/sign-in/sign-in-return.ts';
import { basePath } from '../ui/base-path.ts';

const signIn = `${basePath}/sign-in`;
const firstPage = '/projects';

export function beginAtSignIn(): void {
  const state = sessionState();
  if (state.session !== undefined || isAtSignIn()) return;
  const { pathname, search } = window.location;
  const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : '/';
  const back: SignInReturn = { from: path + search, absence: state.absence };
  const says = state.absence === 'ended' || path !== '/';
  // `usr` is where the router keeps the state of a location.
  window.history.replaceState(says ? { usr: back } : null, '', signIn);
}

export function isAtSignIn(): boolean {
  return window.location.pathname === signIn;
}

/** The page that the address names, below the console. */
export function pathOfAddress(): string {
  return orFirst(window.location.pathname.slice(basePath.length));
}

/** The page that somebody sees once they have signed in. */
export function pathAfterSignIn(): string {
  const { usr }: { usr?: unknown } = window.history.state ?? {};
  const { from } = readSignInReturn(usr);
  return orFirst(new URL(from, window.location.origin).pathname);
}

function orFirst(path: string): string {
  return path === '' || path === '/' ? firstPage : path;
}
