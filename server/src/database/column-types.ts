/**
 * How PostgreSQL's types arrive in JavaScript. Internal numbers (project numbers, counters, generations) are bigint
 * in the database and fit 2^53, so they are numbers here; a value that does not fit is an error, never rounded.
 */
import pg from 'pg';

const { builtins } = pg.types;
/** Object identifiers of array types that pg does not name. */
const bigintArray = 1016;
const numericArray = 1231;
const textArray = pg.types.getTypeParser(1009 as never) as unknown as (text: string) => unknown[];

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A bigint column holds a value beyond 2^53.');
  return value;
}

/** The elements of an array arrive as text or null, nested as the array is. */
function elements<Value>(convert: (text: string) => Value): (text: string) => unknown {
  const each = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(each) : item === null ? null : convert(String(item));
  return (text) => textArray(text).map(each);
}

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, safeInteger],
  [bigintArray, elements(safeInteger)],
  [builtins.NUMERIC, Number],
  [numericArray, elements(Number)],
  // A day has no time zone: `Date` would move it.
  [builtins.DATE, (text) => text],
  [builtins.TIMESTAMP, (text) => text],
]);

/** Given to every connection of ours. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text')) as never,
};
