import { describe, expect, it } from 'vitest';
import { bucketCount, bucketOf, foldEndpointId } from './bucket.ts';

describe('bucketOf', () => {
  it('is fixed for all time: rows are stored by it', () => {
    expect(bucketOf('a')).toBe(0xca978112 % 1024);
    expect(bucketOf('')).toBe(0xe3b0c442 % 1024);
  });

  it('spreads ids over all buckets', () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, index) => bucketOf(`endpoint-${index}`)));
    expect(seen.size).toBe(bucketCount);
  });
});

describe('foldEndpointId', () => {
  it('makes spellings of one id equal, also beyond ASCII', () => {
    expect(foldEndpointId('AbC/Ünïcode:1')).toBe(foldEndpointId('aBc/ÜNÏCODE:1'));
  });

  it('does not change a folded id', () => {
    for (const id of ['İstanbul', 'ΑΣ', 'Straße', 'K'])
      expect(foldEndpointId(foldEndpointId(id))).toBe(foldEndpointId(id));
  });
});
