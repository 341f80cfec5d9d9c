/** PostgreSQL finds by these paths what JavaScript's `includes` finds: marks of patterns, quotes and scripts included. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import { containsPaths } from './contains-paths.ts';

const { database } = await openTestDatabase();

async function finds(values: readonly string[], parts: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select bool_or(jsonb_path_exists(${JSON.stringify(values)}::jsonb, path::jsonpath)) as found
    from unnest(${containsPaths(parts)}::text[]) as path`.execute(database.query);
  return rows[0]?.found ?? false;
}

const includes = (values: readonly string[], parts: readonly string[]) =>
  values.some((value) => parts.some((part) => value.includes(part)));

test('random texts, of few characters so that they meet', async () => {
  const character = fc.constantFrom(...'aAb1 _-.,*+?^$|()[]{}\\/"\'\n\t\u0001\u007fäÄßж中😀', '***:', '\\w');
  const text = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { maxLength: 4 }),
      fc.array(text, { minLength: 1, maxLength: 4 }),
      async (values, parts) => {
        expect(await finds(values, parts)).toBe(includes(values, parts));
      },
    ),
    { numRuns: 500 },
  );
});

test('more and longer texts than one pattern holds', async () => {
  const parts = Array.from({ length: 300 }, (_, index) => `(${index})${'x'.repeat(index)}`);
  expect(containsPaths(parts).length).toBeGreaterThan(10);
  expect(await finds([`before ${parts[299]} after`], parts)).toBe(true);
  expect(await finds(['(300)'], parts)).toBe(false);
});
