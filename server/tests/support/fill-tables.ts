/** Puts a row of a project or an account into every table that has some, whatever table that is: none may be forgotten. */
import { sql } from 'kysely';
import type { Database } from '../../src/database/index.ts';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** First word that a check of the column allows. */
  readonly allowed: string | null;
}

export interface Filling {
  /** In the order in which they can be filled: parents first. */
  readonly tables: readonly string[];
  /** By name of column, or `table.column`: what nobody can guess. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Stands in every text that is free. */
  readonly marker: string;
}

/** @returns rows by table */
export async function fillTables({ query }: Database, { tables, values, marker }: Filling): Promise<void> {
  const { rows: columns } = await sql<Column>`
    select relname as "table", attname as name, format_type(atttypid, atttypmod) as type,
           atthasdef or attidentity <> '' or not attnotnull as optional,
           (select (regexp_match(string_agg(pg_get_constraintdef(oid), ' '), '\\(?' || attname || ' = ANY \\(ARRAY\\[''([^'']*)'''))[1]
            from pg_constraint where conrelid = pg_class.oid and contype = 'c') as allowed
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where attrelid = any (${tables}::regclass[]) and attnum > 0 and not attisdropped`.execute(query);
  for (const table of tables) {
    const given = columns
      .filter((column) => column.table === table)
      .flatMap((column) => {
        const key = [`${table}.${column.name}`, column.name].find((name) => name in values);
        const named = key === undefined ? undefined : values[key];
        if (named !== undefined) return [{ ...column, value: named }];
        return column.optional && column.type !== 'text' ? [] : [{ ...column, value: guess(column, marker) }];
      })
      .filter(({ value }) => value !== null);
    await sql`
      insert into ${sql.table(table)} (${sql.join(given.map(({ name }) => sql.ref(name)))})
      values (${sql.join(given.map(({ value, type }) => sql`${value}::${sql.raw(type)}`))})
      on conflict do nothing`.execute(query);
  }
}

function guess({ type, allowed }: Column, marker: string): unknown {
  if (type === 'text') return allowed ?? marker;
  if (type === 'boolean') return false;
  if (type === 'uuid') return '00000000-0000-4000-8000-000000000000';
  if (type.startsWith('timestamp') && type.endsWith('[]')) return '{}';
  if (type.startsWith('timestamp')) return new Date();
  if (type === 'bytea') return Buffer.from(marker);
  if (type === 'jsonb' || type === 'json') return JSON.stringify({ marker });
  if (type === 'text[]') return [marker];
  if (type.endsWith('[]') || type.endsWith('multirange')) return '{}';
  return 1;
}
