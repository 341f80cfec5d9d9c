/** DESIGN decision 8: no column exists that the personal-data inventory does not classify, and none that it invents. */
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { personalDataInventory } from '../src/app/inventory.ts';
import { testLocations } from './support/erasure-parts.ts';
import { openTestDatabase } from './support/test-database.ts';

const { database, logger } = await openTestDatabase();
const locations = testLocations(database, logger);

/** Partitions are their parent's; views hold nothing of their own. */
async function columnsInDatabase(): Promise<string[]> {
  const { rows } = await sql<{ column: string }>`
    select case when nspname = 'public' then '' else nspname || '.' end || relname || '.' || attname as column
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'm', 'f') and not relispartition and attnum > 0 and not attisdropped
      and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'`.execute(
    database.query,
  );
  return rows.map(({ column }) => column);
}

const classified = personalDataInventory.flatMap(({ tables }) =>
  tables.flatMap(({ table, columns }) => Object.keys(columns).map((column) => `${table}.${column}`)),
);

it('classifies every column of every table', async () => {
  const unclassified = (await columnsInDatabase()).filter((column) => !classified.includes(column));
  expect(unclassified, 'classify these in the personal-data.ts of the domain that writes them').toEqual([]);
});

it('classifies nothing that does not exist', async () => {
  const existing = await columnsInDatabase();
  expect(classified.filter((column) => !existing.includes(column))).toEqual([]);
});

it('classifies nothing twice, and says of every table what removes its rows', () => {
  expect(classified.filter((column, index) => classified.indexOf(column) !== index)).toEqual([]);
  for (const { tables } of personalDataInventory) for (const { erasure } of tables) expect(erasure).toMatch(/\.$/);
});

/** Of operators and of free text, erasure knows nothing. */
const isAboutPeople = (kind: string) => kind === 'identity' || kind === 'personal';

it('E1: every table that may hold a person has a location, or a reason why none is needed', () => {
  const reached = new Set(locations.rows.flatMap(({ tables }) => tables));
  const missing = personalDataInventory.flatMap(({ tables }) =>
    tables
      .filter(({ columns, unreached }) => Object.values(columns).some(isAboutPeople) && unreached === undefined)
      .filter(({ table }) => !reached.has(table)),
  );
  expect(
    missing.map(({ table }) => table),
    'write a location for these, or say why there is none',
  ).toEqual([]);
});

it('E1: no location is of a table that nobody classified, and none is named twice', () => {
  const known = new Set(personalDataInventory.flatMap(({ tables }) => tables.map(({ table }) => table)));
  expect(locations.rows.flatMap(({ tables }) => tables).filter((table) => !known.has(table))).toEqual([]);
  const names = [...locations.rows, ...locations.files].map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});
