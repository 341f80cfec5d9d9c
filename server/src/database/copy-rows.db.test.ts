/** Large results by COPY, against the same query asked with parameters. */
import { type RawBuilder, sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { copyRows } from './copy-rows.ts';

const { database } = await openTestDatabase();

const copyTexts = (query: RawBuilder<unknown>, fields: number) =>
  database.transaction(
    async (tx) => {
      const rows: (string | null)[][] = [];
      await copyRows(tx, query, fields, ({ bytes, starts, lengths }) => {
        rows.push(
          Array.from({ length: fields }, (_, field) => {
            const [start, length] = [starts[field] as number, lengths[field] as number];
            return length < 0 ? null : bytes.toString('utf8', start, start + length);
          }),
        );
      });
      return rows;
    },
    { readOnly: true },
  );

it('hands over every row, whatever its size, and nulls', async () => {
  const sizes = [0, 1, 70_000, 3, 65_536, 200_000];
  const rows = await copyTexts(
    sql`select repeat('x', size::int), nullif(size, '3') from unnest(${sizes.map(String)}::text[]) as size`,
    2,
  );
  expect(rows.map(([text, size]) => [text?.length, size])).toEqual(
    sizes.map((size) => [size, size === 3 ? null : String(size)]),
  );
  expect(await copyTexts(sql`select 1 where false`, 1)).toEqual([]);
  expect(await copyTexts(sql`select n::text from generate_series(1, 50000) as n`, 1)).toHaveLength(50_000);
});

it.each(["it's", '\\', "\\'; drop table events; --", '"{},', '$1', 'é€😀', ''])(
  'takes %j for a parameter as it is',
  async (text) => {
    const query = sql`select ${text}::text, (${[text, text]}::text[])[2], ${text}::text || ${text}`;
    expect(await copyTexts(query, 3)).toEqual([[text, text, text + text]]);
  },
);

it('takes numbers, moments and nulls', async () => {
  const at = new Date('2026-11-26T01:02:03.456Z');
  const query = sql`
    select (${-1.5}::float8 + 1)::text, (${at}::timestamptz at time zone 'UTC')::text, ${null}::text, (${true}::boolean)::text`;
  expect(await copyTexts(query, 4)).toEqual([['-0.5', '2026-11-26 01:02:03.456', null, 'true']]);
});

it('throws what the query has thrown, and leaves the connection as it was', async () => {
  await expect(
    copyTexts(sql`select (1 / (n - 40000))::text from generate_series(1, 50000) as n`, 1),
  ).rejects.toMatchObject({
    code: '22012',
  });
  await Promise.all(Array.from({ length: 20 }, () => sql`select 1`.execute(database.query)));
});
