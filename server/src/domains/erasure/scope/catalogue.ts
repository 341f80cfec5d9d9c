/** What the database itself knows of its tables: partitions, references, and the index along which rows are found. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { Reference } from './ownership.ts';

export interface IndexColumn {
  readonly name: string;
  readonly type: string;
}

export interface TableShape {
  readonly table: string;
  /** Names of its partitions, quoted where needed; of a table without any its own. Sorted. */
  readonly parts: readonly string[];
  /** Indexes over plain columns, all in one direction, that hold every row which has its first column; the best first. */
  readonly indexes: readonly { readonly columns: readonly IndexColumn[]; readonly descending: boolean }[];
}

/** Of the tables that are named and there, by their names in the inventory. */
export async function readShapes(query: Executor, tables: readonly string[]): Promise<ReadonlyMap<string, TableShape>> {
  const { rows } = await sql<TableShape>`
    select named.name as "table",
           coalesce((select array_agg(relid::regclass::text order by relid::regclass::text collate "C")
                     from pg_partition_tree(relation.oid) where isleaf), array[relation.oid::regclass::text]) as parts,
           coalesce((
             select jsonb_agg(jsonb_build_object('columns', columns, 'descending', descending) order by indisprimary desc, indexrelid)
             from (
               select indexrelid, indisprimary, keys.columns, keys.descending
               from pg_index
               join pg_class as index on index.oid = indexrelid
               join pg_am on pg_am.oid = index.relam and amname = 'btree'
               cross join lateral (
                 select jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by position) as columns,
                        count(*) as known, bool_or(indoption[position - 1] & 1 = 1 and position > 1) as descending,
                        count(distinct indoption[position - 1] & 1) filter (where position > 1) as directions,
                        bool_and(attnotnull or position = 1) as whole, min(attname) filter (where position = 1) as first
                 from generate_series(1, indnkeyatts::int) as position
                 join pg_attribute on attrelid = indrelid and attnum = indkey[position - 1]) as keys
               where indrelid = relation.oid and indisvalid and indexprs is null and keys.known = indnkeyatts
                 and keys.directions <= 1 and keys.whole
                 and (indpred is null or pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)', keys.first))) as usable), '[]') as indexes
    from unnest(${tables}::text[]) as named (name)
    join pg_class as relation on relation.oid = to_regclass(named.name)`.execute(query);
  return new Map(rows.map((row) => [row.table, row]));
}

/** Foreign keys of tables in schema `public`; of one over several columns the last, which tells rows of one owner apart. */
export async function readReferences(query: Executor): Promise<readonly Reference[]> {
  const { rows } = await sql<Reference>`
    select child.relname as "table", parent.relname as "parent",
           (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[array_upper(conkey, 1)]) as "column",
           (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[array_upper(confkey, 1)]) as "parentColumn"
    from pg_constraint
    join pg_class as child on child.oid = conrelid
    join pg_class as parent on parent.oid = confrelid
    where contype = 'f' and conparentid = 0 and not child.relispartition
      and child.relnamespace = 'public'::regnamespace
    order by child.relname, conname`.execute(query);
  return rows;
}
