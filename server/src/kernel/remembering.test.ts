/** Remembered values are the ones that were made, and there is an end to how many are kept. */
import { expect, it } from 'vitest';
import { remembering } from './remembering.ts';

it('makes each once while it is remembered, and makes it again after all were forgotten', () => {
  const made: string[] = [];
  const doubled = remembering(2, (text) => {
    made.push(text);
    return text + text;
  });
  expect(['a', 'b', 'a', 'b'].map(doubled)).toEqual(['aa', 'bb', 'aa', 'bb']);
  expect(made).toEqual(['a', 'b']);
  expect(['c', 'c', 'a'].map(doubled)).toEqual(['cc', 'cc', 'aa']);
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});

it('remembers no long text', () => {
  let made = 0;
  const counted = remembering(10, () => {
    made += 1;
    return made;
  });
  expect([
    counted('x'.repeat(512)),
    counted('x'.repeat(512)),
    counted('x'.repeat(513)),
    counted('x'.repeat(513)),
  ]).toEqual([1, 1, 2, 3]);
});

it('remembers names that objects have by nature', () => {
  const lengthOf = remembering(10, (text) => text.length);
  expect(['__proto__', 'constructor', '', '__proto__'].map(lengthOf)).toEqual([9, 11, 0, 9]);
});
