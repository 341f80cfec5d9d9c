/** Words are found where they stand, whatever stands around them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNeedles } from './needles.ts';

const bytes = (words: readonly string[]) => words.map((word) => Buffer.from(word));
/** Where words end, one after the other, none reading a byte twice. */
function endsIn(text: string, words: readonly string[]): number[] {
  const needles = createNeedles(bytes(words));
  const ends: number[] = [];
  for (let from = 0; ; ) {
    const end = needles?.firstIn(Buffer.from(text), from) ?? Number.NaN;
    if (!(end >= 0)) return ends;
    ends.push(end);
    from = end + 1;
  }
}

it('finds words in either case, those that overlap and those within others', () => {
  expect(endsIn('xxLEAxxlea', ['Lea'])).toEqual([4, 9]);
  expect(endsIn('abcd', ['abcx', 'bc'])).toEqual([2]);
  expect(endsIn('aaab', ['aab'])).toEqual([3]);
  expect(endsIn('hers', ['he', 'she', 'his', 'hers'])).toEqual([1]);
  expect(endsIn('[{', ['{'])).toEqual([1]);
  expect(endsIn('@`', ['@'])).toEqual([0]);
  expect(endsIn('anything', [])).toEqual([]);
});

it('finds what a search for each word finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ü', ' ', '{'), maxLength: 40 });
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '{'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, fc.array(word, { minLength: 1, maxLength: 6 }), (stack, words) => {
      const folded = stack.toLowerCase();
      expect(endsIn(stack, words).length > 0).toBe(words.some((each) => folded.includes(each)));
    }),
    { numRuns: 2_000 },
  );
});

it('gives up on more words than its table should hold', () => {
  expect(createNeedles([Buffer.alloc(300_000, 'x')])).toBeUndefined();
});
