/** The short way is left aside while it is of no use, and taken again soon after it would be. */
import { expect, it } from 'vitest';
import { ShortWay } from './write-quick.ts';

/** Tells of so many batches which took the short way, when it is of this use to each that takes it. */
function takeBatches(shortWay: ShortWay, batches: number, use: number): boolean[] {
  return Array.from({ length: batches }, () => {
    const taken = shortWay.isPromising();
    if (taken) shortWay.note(use);
    return taken;
  });
}

it('is taken by every batch while many units can go it', () => {
  expect(takeBatches(new ShortWay(), 50, 0.6)).not.toContain(false);
});

it('is tried by one batch of eight while none can, and by all once they can', () => {
  const shortWay = new ShortWay();
  expect(takeBatches(shortWay, 4, 0)).toEqual([true, true, true, true]);
  expect(takeBatches(shortWay, 80, 0).filter((taken) => taken).length).toBe(10);
  const first = takeBatches(shortWay, 8, 1);
  expect(first.filter((taken) => taken).length).toBe(1);
  expect(takeBatches(shortWay, 20, 1)).not.toContain(false);
});
