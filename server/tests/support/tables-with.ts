/** Where in the database a text stands: in any column of any table, in those of tables that are still to come as well. */
import { sql } from 'kysely';
import type { Database } from '../../src/database/index.ts';

/** @param text in lower case; found whatever its case @returns names of tables, in order of the alphabet */
export async function tablesWith({ query }: Database, text: string): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select nspname as schema, relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'm') and not relispartition
      and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
    order by relname`.execute(query);
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await sql`
      select from ${sql.id(schema, name)} as stored where strpos(lower(stored::text), ${text}) > 0 limit 1`.execute(
      query,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
