/** Shares of treatments, and that an endpoint stays where it is. */
import { describe, expect, it } from 'vitest';
import { type Shares, treatmentOf } from './cohort.ts';

const ids = Array.from({ length: 10_000 }, (_, index) => `endpoint-${index}`);

function sharesOf(shares: Shares, campaignId = 'a'.repeat(32)): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of ids) {
    const treatment = treatmentOf(campaignId, id, shares);
    counts[treatment] = (counts[treatment] ?? 0) + 100 / ids.length;
  }
  return counts;
}

describe('treatmentOf', () => {
  it('[26] shares out the segment as the percentages say', () => {
    const shares = sharesOf({ HoldoutPercent: 10, AdditionalTreatments: [{ SizePercent: 40 }] });
    expect(Object.keys(shares).toSorted()).toEqual(['0', '1', 'HOLDOUT']);
    expect(Math.abs((shares['HOLDOUT'] ?? 0) - 10)).toBeLessThan(2);
    expect(Math.abs((shares['1'] ?? 0) - 40)).toBeLessThan(2);
    expect(Math.abs((shares['0'] ?? 0) - 50)).toBeLessThan(2);
  });

  it('leaves nobody out and gives nobody to a treatment without a share', () => {
    expect(sharesOf({})).toEqual({ 0: expect.closeTo(100) });
    expect(sharesOf({ HoldoutPercent: 100 })).toEqual({ HOLDOUT: expect.closeTo(100) });
    const five = sharesOf({ AdditionalTreatments: [25, 0, 25, 50].map((SizePercent) => ({ SizePercent })) });
    expect(Object.keys(five).toSorted()).toEqual(['1', '3', '4']);
  });

  it('[26] is the same again, whatever else of the definition changes and however the id is spelt', () => {
    const first: Shares = { HoldoutPercent: 20, AdditionalTreatments: [{ SizePercent: 30 }] };
    const other = { SizePercent: 30, TreatmentName: 'new' };
    const later: Shares = { HoldoutPercent: 20, AdditionalTreatments: [other] };
    for (const id of ids) {
      expect(treatmentOf('c', id.toUpperCase(), later)).toBe(treatmentOf('c', id, first));
    }
  });

  it('draws anew for another campaign', () => {
    const shares: Shares = { AdditionalTreatments: [{ SizePercent: 50 }] };
    const same = ids.filter((id) => treatmentOf('one', id, shares) === treatmentOf('other', id, shares));
    expect(Math.abs(same.length / ids.length - 0.5)).toBeLessThan(0.03);
  });
});
