/**
 * Somebody without a session begins at sign-in. Said before the router reads the address: it would fetch the frame and the
 * page of that address first, the larger half of what a browser with an empty cache has to fetch.
 */
import { sessionState } from '../api/session.ts';
import type { SignInReturn } from '../features/sign-in/sign-in-return.ts';
import { basePath } from '../ui/links.ts';

const signIn = `${basePath}/sign-in`;

export function beginAtSignIn(): void {
  const state = sessionState();
  const { pathname, search } = window.location;
  if (state.session !== undefined || pathname === signIn) return;
  const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : '/';
  const back: SignInReturn = { from: path + search, absence: state.absence };
  const says = state.absence === 'ended' || path !== '/';
  // `usr` is where the router keeps the state of a location.
  window.history.replaceState(says ? { usr: back } : null, '', signIn);
}

/** While somebody types, what they will see next is fetched. */
export function fetchWhatComesNext(): void {
  if (window.location.pathname !== signIn) return;
  window.addEventListener('focusin', () => void import('./layout.tsx'), { once: true });
}
