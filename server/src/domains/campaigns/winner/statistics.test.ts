/** The statistics of A/B tests against published values. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createRandom } from '../../../../../scripts/people/people.ts';
import { compareProportions, differenceByChance, normalQuantile, normalTail, wilsonInterval } from './statistics.ts';

describe('the normal distribution', () => {
  // Abramowitz and Stegun, table 26.1 and 26.2.
  test.each([
    [0, 0.5],
    [1, 0.158655253931457],
    [1.96, 0.0249978951482204],
    [3, 0.00134989803163009],
    [5, 2.86651571879194e-7],
    [8, 6.22096057427178e-16],
    [10, 7.61985302416052e-24],
  ])('above %d is %d', (z, expected) => expect(normalTail(z) / expected).toBeCloseTo(1, 7));

  test.each([
    [0.5, 0],
    [0.9, 1.2815515655446],
    [0.95, 1.64485362695147],
    [0.975, 1.95996398454005],
    [0.995, 2.5758293035489],
  ])('reaches %d at %d', (probability, expected) => expect(normalQuantile(probability)).toBeCloseTo(expected, 9));
});

describe('an interval', () => {
  // Newcombe 1998, table I, method 3 (score without continuity correction), 95 %.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is Newcombe’s', (successes, trials, low, high) => {
    const interval = wilsonInterval({ successes, trials }, 0.95);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it('of nothing is none', () => expect(wilsonInterval({ successes: 0, trials: 0 }, 0.95)).toBeUndefined());

  it('holds the rate, lies within 0 and 1, and is mirrored', () => {
    const sample = fc.nat(2_000_000).chain((trials) => fc.tuple(fc.nat(trials + 1), fc.constant(trials + 1)));
    fc.assert(
      fc.property(sample, fc.double({ min: 0.5, max: 0.9999, noNaN: true }), ([successes, trials], confidence) => {
        const interval = wilsonInterval({ successes, trials }, confidence);
        const mirrored = wilsonInterval({ successes: trials - successes, trials }, confidence);
        if (interval === undefined || mirrored === undefined) throw new Error('no interval');
        const rate = successes / trials;
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(rate + 1e-12);
        expect(interval.high).toBeGreaterThanOrEqual(rate - 1e-12);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(mirrored.low).toBeCloseTo(1 - interval.high, 9);
      }),
    );
  });

  it('holds the true rate as often as it says', () => {
    let held = 0;
    const rounds = 2_000;
    const random = createRandom(7);
    for (let round = 0; round < rounds; round += 1) {
      let successes = 0;
      for (let trial = 0; trial < 200; trial += 1) if (random() < 0.12) successes += 1;
      const { low, high } = wilsonInterval({ successes, trials: 200 }, 0.95) ?? { low: 1, high: 0 };
      if (low <= 0.12 && 0.12 <= high) held += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.93);
    expect(held / rounds).toBeLessThan(0.97);
  });
});

describe('a difference', () => {
  it('of 12 % and 15 % in a thousand each has the p-value of the textbook', () => {
    // Pooled 0.135: z = 0.03 / sqrt(0.135 · 0.865 · 0.002) = 1.96305.
    const p = differenceByChance({ successes: 120, trials: 1000 }, { successes: 150, trials: 1000 });
    expect(p).toBeCloseTo(0.04964, 4);
  });

  it('is the square root of the chi-square of the same table', () => {
    // Fisher's tea-like table 30/100 against 45/100: chi-square 4.8 with one degree of freedom, p = 0.028460.
    expect(differenceByChance({ successes: 30, trials: 100 }, { successes: 45, trials: 100 })).toBeCloseTo(0.02846, 5);
  });

  it('of nobody and of everybody is none', () => {
    expect(differenceByChance({ successes: 0, trials: 9 }, { successes: 0, trials: 5 })).toBe(1);
    expect(differenceByChance({ successes: 9, trials: 9 }, { successes: 5, trials: 5 })).toBe(1);
  });
});

describe('the leader', () => {
  const of = (id: string, successes: number, trials: number) => ({ id, successes, trials });

  it('has the highest rate, whatever the sizes; the first of equals', () => {
    expect(compareProportions([of('a', 500, 1000), of('b', 60, 100), of('c', 1, 10)])?.leader.id).toBe('b');
    expect(compareProportions([of('a', 5, 10), of('b', 50, 100)])?.leader.id).toBe('a');
    expect(compareProportions([of('a', 0, 0), of('b', 1, 10), of('c', 2, 10)])?.leader.id).toBe('c');
  });

  it('is nobody where only one was tried', () => {
    expect(compareProportions([])).toBeUndefined();
    expect(compareProportions([of('a', 1, 10), of('b', 0, 0)])).toBeUndefined();
  });

  it('is as sure as its worst comparison, once for each that was made', () => {
    const [a, b, c] = [of('a', 120, 1000), of('b', 150, 1000), of('c', 100, 1000)] as const;
    expect(compareProportions([a, b])?.confidence).toBeCloseTo(1 - 0.04964, 4);
    expect(compareProportions([a, b, c])?.confidence).toBeCloseTo(1 - 2 * 0.04964, 4);
    expect(compareProportions([a, { ...a }])?.confidence).toBe(0);
  });

  it('is not known of a few', () => {
    expect(compareProportions([of('a', 0, 20), of('b', 6, 20)])).toMatchObject({ tooFew: true });
    expect(compareProportions([of('a', 40, 200), of('b', 60, 200)])).not.toHaveProperty('tooFew');
  });

  it('is named without a difference no more often than it says', () => {
    const random = createRandom(11);
    let wrong = 0;
    for (let round = 0; round < 1_000; round += 1) {
      const drawn = ['a', 'b', 'c', 'd'].map((id) => {
        let successes = 0;
        for (let trial = 0; trial < 300; trial += 1) if (random() < 0.2) successes += 1;
        return of(id, successes, 300);
      });
      if ((compareProportions(drawn)?.confidence ?? 0) >= 0.95) wrong += 1;
    }
    expect(wrong / 1_000).toBeLessThan(0.05);
  });
});
