/** What the receipt of the erasure of a project or an account says: places, counts, times. Nothing of persons. */
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ErasureFacts } from '../receipts/document.ts';
import { placeOf, sumOf } from '../receipts/facts.ts';
import type { PlaceProgress, ScopeErasure } from './store.ts';

export interface KeptPlace {
  readonly place: string;
  readonly count: number;
  readonly reason: string;
}

export function factsOfScope(
  { id, owner, partOf, kept, receivedAt, repeated }: ScopeErasure,
  progress: readonly PlaceProgress[],
  now: Date,
): ErasureFacts {
  // Whatever is found is erased: rows are not counted beforehand. Also places in which nothing was.
  const places = progress.map(({ place, erased }) =>
    placeOf({ name: place, found: erased, erased, retained: 0, left: 0 }),
  );
  return {
    ...{ kind: owner.scope, id, partOf, mode: 'ERASE', state: 'COMPLETED' },
    origin: owner.scope === 'PROJECT' && partOf === null ? 'DELETE_APP' : 'CLOSE_ACCOUNT',
    project: owner.scope === 'PROJECT' ? { id: owner.projectId, region: owner.region } : null,
    receivedAt: toTimestamp(receivedAt),
    acceptedAt: toTimestamp(receivedAt),
    completedAt: toTimestamp(now),
    subject: null,
    places,
    kept: kept
      .filter(({ count }) => count > 0)
      .map(({ place, count, reason }) => ({ place, count, reason, until: null })),
    ...{ skipped: [], messagesUnderWay: 0, repeated, erased: sumOf(places) },
  };
}
