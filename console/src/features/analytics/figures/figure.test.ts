/** How figures read. */
import { expect, it } from 'vitest';
import { showDuration } from './duration.ts';
import { asCount, asRate, asSpend, moneyIn, showChange } from './figure.ts';

it.each([
  [undefined, '–'],
  [0, '0 s'],
  [0.2, 'under 1 s'],
  [59.6, '1 min'],
  [61, '1 min 1 s'],
  [3600, '1 h'],
  [90_061, '1 d 1 h'],
])('a duration of %s seconds is %s', (seconds, text) => {
  expect(showDuration(seconds)).toBe(text);
});

it('shows counts, rates, money and changes', () => {
  expect([asCount(1234.56), asRate(0.1234), asSpend(645_000)]).toEqual(['1,234.6', '12.3%', '$6.45']);
  expect([moneyIn('EUR')(2.5), moneyIn('points')(2.5), moneyIn('')(2)]).toEqual(['€2.50', '2.5 points', '2']);
  expect([showChange(undefined), showChange(0.5), showChange(-1), showChange(0)]).toEqual([
    ...['–', '+50.0%', '-100.0%', '0.0%'],
  ]);
});
