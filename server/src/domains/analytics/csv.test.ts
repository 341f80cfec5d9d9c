/** CSV that a spreadsheet reads as the values it holds, and runs nothing of. */
import { expect, it } from 'vitest';
import { TextDocument } from '../../operations/text-document.ts';
import { inFormat, toCsv } from './csv.ts';

it('quotes what has to be, and keeps numbers', () => {
  const rows = [{ a: 'x,y', b: -1.5 }, { a: 'he said "no"\nand left', b: 0 }, { b: 3 }];
  expect(toCsv(['a', 'b'], rows)).toBe('a,b\r\n"x,y",-1.5\r\n"he said ""no""\nand left",0\r\n,3\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes a text of %j', (value) => {
  const [, line] = toCsv(['a'], [{ a: value }]).split(/(?<=^a\r\n)/);
  expect(line?.replace(/^"/, '').startsWith(`'${value}`)).toBe(true);
});

it('gives the first list or the named one, and refuses others', () => {
  const report = { Days: [{ Date: '2026-11-26' }], Summary: [] };
  const columns = { Days: ['Date'], Summary: ['Name'] };
  expect(inFormat(report, {}, columns)).toBe(report);
  expect(inFormat(report, { Format: 'csv' }, columns)).toEqual(
    new TextDocument('text/csv; charset=utf-8', 'Date\r\n2026-11-26\r\n'),
  );
  expect(inFormat(report, { Format: 'csv', Table: 'Summary' }, columns)).toMatchObject({ text: 'Name\r\n' });
  expect(() => inFormat(report, { Format: 'csv', Table: 'toString' }, columns)).toThrow('table must be one of');
  expect(() => inFormat(report, { Format: 'xml' }, columns)).toThrow('format must be');
});
