/** The key that was not used for the longest leaves first, whichever way the others were used. */
import { expect, it } from 'vitest';
import { RecentlyUsed } from './recently-used.ts';

it('lets the key go that was not used for the longest', () => {
  const known = new RecentlyUsed<number>(3);
  for (const [index, key] of ['a', 'b', 'c'].entries()) known.set(key, index);
  expect([known.get('a'), known.get('a'), known.get('b')]).toEqual([0, 0, 1]);
  known.set('d', 3);
  expect(['a', 'b', 'c', 'd'].map((key) => known.get(key))).toEqual([0, 1, undefined, 3]);
  expect(known.size).toBe(3);
});

it('counts setting as using, and a key that was deleted and set again as new', () => {
  const known = new RecentlyUsed<number>(2);
  known.set('a', 1);
  known.set('b', 2);
  known.set('a', 3);
  known.delete('a');
  known.set('a', 4);
  known.set('c', 5);
  expect(['a', 'b', 'c'].map((key) => known.get(key))).toEqual([4, undefined, 5]);
  expect([...known.entries()]).toEqual([
    ['a', 4],
    ['c', 5],
  ]);
  known.clear();
  expect([known.size, known.get('c')]).toEqual([0, undefined]);
});

it('counts what values weigh, where they weigh differently', () => {
  const texts = new RecentlyUsed<string>(6, (text) => text.length);
  for (const [key, text] of [
    ['a', 'xx'],
    ['b', 'xxx'],
    ['c', 'x'],
  ] as const)
    texts.set(key, text);
  expect(texts.weight).toBe(6);
  texts.set('c', 'xxxxx');
  expect([texts.get('a'), texts.get('b'), texts.get('c'), texts.weight]).toEqual([undefined, undefined, 'xxxxx', 5]);
  texts.set('d', 'longer than all');
  expect([texts.size, texts.weight]).toEqual([0, 0]);
});
