/**
 * Where a browser begins. As small as it can be, because all it does is ask at once for everything that the address needs,
 * instead of for one part after the other.
 */
import { beginAtSignIn, isAtSignIn, pathAfterSignIn, pathOfAddress } from './first-address.ts';
import { fetchPage } from './pages.ts';

function fetchSignedIn(path: string): void {
  // Nothing is lost without it: the router asks again, and says what is wrong.
  import('./layout.tsx').catch(() => undefined);
  fetchPage(path);
}

beginAtSignIn();
void import('./console.tsx');
// While somebody types, what they will see next is fetched.
if (isAtSignIn()) window.addEventListener('focusin', () => fetchSignedIn(pathAfterSignIn()), { once: true });
else fetchSignedIn(pathOfAddress());
