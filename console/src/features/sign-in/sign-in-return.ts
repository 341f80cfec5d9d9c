/** What sign-in is told by the page that sent somebody there. Lives in the history state, so it names our paths only. */
import type { Absence } from '../../api/session.ts';

export interface SignInReturn {
  readonly from: string;
  readonly absence: Absence;
}

export function readSignInReturn(state: unknown): SignInReturn {
  const { from, absence } = (state ?? {}) as Partial<SignInReturn>;
  const ours = typeof from === 'string' && /^\/(?!\/)/.test(from);
  return { from: ours ? from : '/projects', absence: absence === 'ended' ? 'ended' : 'signed-out' };
}
