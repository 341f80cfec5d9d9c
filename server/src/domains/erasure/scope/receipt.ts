/** What a receipt of the erasure of a project or an account says: places, counts, times. Nothing of persons. */
import { version } from '../../../kernel/version.ts';
import type { PlaceProgress, ScopeErasure } from './store.ts';

export interface KeptPlace {
  readonly place: string;
  readonly count: number;
  readonly reason: string;
}

export interface ScopeReceipt {
  readonly id: string;
  readonly scope: 'PROJECT' | 'ACCOUNT';
  readonly accountId: string;
  readonly region?: string;
  readonly projectId?: string;
  /** The erasure of the account that this one belongs to. */
  readonly partOf?: string;
  readonly receivedAt: string;
  readonly completedAt: string;
  /** Every place that was gone through, also those in which nothing was. */
  readonly places: readonly { readonly place: string; readonly erased: number }[];
  readonly erased: number;
  readonly kept: readonly KeptPlace[];
  readonly verified: { readonly found: 0; readonly repeated: number };
  readonly software: string;
}

export function makeReceipt(
  { id, owner, partOf, kept, receivedAt, repeated }: ScopeErasure,
  places: readonly PlaceProgress[],
  now: Date,
): ScopeReceipt {
  const { scope, accountId } = owner;
  return {
    ...{ id, scope, accountId },
    ...(owner.scope === 'PROJECT' && { region: owner.region, projectId: owner.projectId }),
    ...(partOf !== null && { partOf }),
    receivedAt: receivedAt.toISOString(),
    completedAt: now.toISOString(),
    places: places.map(({ place, erased }) => ({ place, erased })),
    erased: places.reduce((sum, { erased }) => sum + erased, 0),
    kept: kept.filter(({ count }) => count > 0),
    verified: { found: 0, repeated },
    software: version,
  };
}
