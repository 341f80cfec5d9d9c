/** Tables as CSV: quoted where it must be, and nothing in them that a spreadsheet would run. */
import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

const columns = [
  { header: 'Value', value: ({ value }: { value: string; count?: number }) => value },
  { header: 'Count, in all', value: ({ count }: { value: string; count?: number }) => count },
];

it('quotes what would end a field, and leaves out what is not known', () => {
  const rows = [{ value: 'a "b", c\nd', count: -3.5 }, { value: 'plain' }];
  expect(csvOf(columns, rows)).toBe('Value,"Count, in all"\r\n"a ""b"", c\nd",-3.5\r\nplain,\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u00a0=cmd|x'])(
  'makes a text of a formula: %j',
  (value) => {
    const [, row = ''] = csvOf(columns, [{ value }]).split('\r\n');
    expect(row.replace(/^"/, '').startsWith(`'${value.slice(0, 1)}`)).toBe(true);
  },
);
