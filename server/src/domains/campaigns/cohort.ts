/**
 * Which treatment an endpoint gets: always the same one of a campaign, over its runs, versions and nodes, by a hash of
 * both ids (dossier/messaging §1.9). The endpoint is the unit, not the user.
 */
import { foldEndpointId } from '../../kernel/bucket.ts';
import { sha256 } from '../../kernel/sha256.ts';

export const holdout = 'HOLDOUT';

/** A hundredth of a per cent each. */
const places = 10_000;

/** The part of a definition that shares out the segment. */
export interface Shares {
  readonly HoldoutPercent?: number;
  readonly AdditionalTreatments?: readonly { readonly SizePercent: number }[];
}

/** @returns the treatment's id, `0` to `4`, or `HOLDOUT`: it gets nothing */
export function treatmentOf(campaignId: string, endpointId: string, shares: Shares): string {
  const ends = endsOf(shares);
  if (ends.length === 0) return '0';
  const digest = sha256(`${campaignId} ${foldEndpointId(endpointId)}`);
  const place = digest.readUInt32BE(0) % places;
  return ends.find(({ end }) => place < end)?.id ?? '0';
}

interface End {
  readonly id: string;
  /** Exclusive. */
  readonly end: number;
}

/** Asked for every endpoint of a run, which has one definition. */
const known = new WeakMap<Shares, readonly End[]>();

/** Holdout first, then the treatments in their order; what is left is the default's. */
function endsOf(shares: Shares): readonly End[] {
  const before = known.get(shares);
  if (before !== undefined) return before;
  const parts = [
    { id: holdout, percent: shares.HoldoutPercent ?? 0 },
    ...(shares.AdditionalTreatments ?? []).map(({ SizePercent }, index) => ({
      id: String(index + 1),
      percent: SizePercent,
    })),
  ];
  const ends: End[] = [];
  let end = 0;
  for (const { id, percent } of parts) {
    end += (percent * places) / 100;
    if (percent > 0) ends.push({ id, end });
  }
  known.set(shares, ends);
  return ends;
}
