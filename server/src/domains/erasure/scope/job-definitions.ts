/** Jobs of this room, for whoever enqueues them. */
import { defineJob } from '../../../jobs/index.ts';

/** Erases a project or an account that was received. */
export const eraseScope = defineJob('erasure/erase scope', readErasureId);
/** Looks once more after the completion. */
export const lookAgain = defineJob('erasure/look again', readErasureId);
/** Takes up what was left, looks a last time at what is over, and erases accounts whose time has come. */
export const keepScopes = defineJob('erasure/keep scopes', () => ({}));

export const erasureKey = (id: string) => `erase scope ${id}`;

function readErasureId(payload: unknown): { readonly erasureId: string } {
  const { erasureId } = payload as Record<string, unknown>;
  if (typeof erasureId !== 'string') throw new TypeError('Not the id of an erasure.');
  return { erasureId };
}
