/** What leaves as a binary array is what PostgreSQL reads: every type, nulls, no elements, texts of any length and script. */
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import {
  bigintArray,
  booleanArray,
  bytesArray,
  floatArray,
  integerArray,
  jsonbArray,
  laidEndToEnd,
  textArray,
  textLists,
  timestampArray,
} from './arrays.ts';

const { database } = await openTestDatabase();

/** Both as the text that PostgreSQL makes of an array, so that nothing is compared with our own reading of it. */
async function same(array: Buffer, type: string, literal: string): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select (${array}::${sql.raw(type)}[])::text = (${literal}::${sql.raw(type)}[])::text as same`.execute(
    database.query,
  );
  return rows[0]?.same ?? false;
}

const instant = new Date('2026-11-24T12:34:56.789Z');
/** In microseconds it is no number that JavaScript holds exactly. */
const farAway = new Date('9999-12-31T23:59:59.999Z');
const before2000 = new Date('1969-12-31T23:59:59.999Z');

describe('binary arrays', () => {
  it.each([
    [
      'bigint',
      bigintArray([1, null, '9223372036854775807', '-9223372036854775808']),
      '{1,NULL,9223372036854775807,-9223372036854775808}',
    ],
    [
      'bigint',
      bigintArray([
        0,
        -1,
        2 ** 32,
        -(2 ** 32),
        2 ** 32 - 1,
        -(2 ** 32) - 1,
        Number.MAX_SAFE_INTEGER,
        Number.MIN_SAFE_INTEGER,
      ]),
      '{0,-1,4294967296,-4294967296,4294967295,-4294967297,9007199254740991,-9007199254740991}',
    ],
    ['int', integerArray([-2_147_483_648, null, 2_147_483_647]), '{-2147483648,NULL,2147483647}'],
    ['float8', floatArray([0.1, null, -179.9, 1e300]), '{0.1,NULL,-179.9,1e300}'],
    ['boolean', booleanArray([true, false, null]), '{t,f,NULL}'],
    [
      'timestamptz',
      timestampArray([instant, null, before2000, farAway]),
      `{${instant.toISOString()},NULL,${before2000.toISOString()},${farAway.toISOString()}}`,
    ],
    ['bytea', bytesArray([Buffer.from('00ff5c', 'hex'), Buffer.alloc(0)]), '{"\\\\x00ff5c","\\\\x"}'],
    ['text', textArray(['', 'NULL', null, 'a "b" \\ {c}, d']), '{"","NULL",NULL,"a \\"b\\" \\\\ {c}, d"}'],
    ['jsonb', jsonbArray(['{"a":["ü"]}', null, '[]']), '{"{\\"a\\":[\\"ü\\"]}",NULL,[]}'],
  ])('of %s', async (type, array, literal) => {
    expect(await same(array, type, literal)).toBe(true);
  });

  it.each([
    ['bigint', bigintArray([])],
    ['int', integerArray([])],
    ['bytea', bytesArray([])],
    ['text', textArray([])],
    ['jsonb', jsonbArray([])],
  ])('of %s without elements', async (type, array) => {
    expect(await same(array, type, '{}')).toBe(true);
  });

  it('hold texts longer than what is set aside for them, one after the other', async () => {
    const texts = ['短い', 'é'.repeat(200_000), '😀'.repeat(2_000_000), 'end'];
    const { rows } = await sql<{ text: string }>`
      select text from unnest(${textArray(texts)}::text[]) with ordinality as given (text, position)
      order by position`.execute(database.query);
    // Not toEqual: a difference of four megabytes is nothing to print.
    expect(rows.map(({ text }, index) => text === texts[index])).toEqual([true, true, true, true]);
    const { rows: after } = await sql<{ text: string }>`select unnest(${textArray(['small'])}::text[]) as text`.execute(
      database.query,
    );
    expect(after).toEqual([{ text: 'small' }]);
  });

  it('lists of several rows come apart again', async () => {
    const lists = [['a', 'b'], [], ['c'], []];
    const { whole, first, last } = laidEndToEnd(lists);
    const { rows } = await sql<{ list: string[] }>`
      select (${textArray(whole)}::text[])[first:last] as list
      from unnest(${first}::int[], ${last}::int[]) with ordinality as given (first, last, position)
      order by position`.execute(database.query);
    expect(rows.map(({ list }) => list)).toEqual(lists);
  });

  it('lists of texts come apart again, whatever stands in them', async () => {
    const lists = [['a', 'b,c'], [], ['"', '\\', '\\"', '{}', 'NULL', '', ' '], ['line\nbreak', 'نص']];
    const { rows } = await sql<{ list: string[] }>`
      select list::text[] as list from unnest(${textLists(lists)}::text[]) with ordinality as given (list, position)
      order by position`.execute(database.query);
    expect(rows.map(({ list }) => list)).toEqual(lists);
  });

  it('numbers that do not fit are refused', () => {
    expect(() => integerArray([2 ** 31])).toThrow(RangeError);
    expect(() => integerArray([-(2 ** 31) - 1])).toThrow(RangeError);
    expect(() => bigintArray(['9223372036854775808'])).toThrow(RangeError);
    expect(integerArray([2 ** 31 - 1, -(2 ** 31)]).length).toBe(36);
  });
});
