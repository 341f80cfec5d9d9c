/** Reads what the migrations made from PostgreSQL's catalogue. */

import { sql } from 'kysely';
import type { Executor } from '../../server/src/database/index.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Default, identity or generation clause, as SQL. */
  readonly default: string | null;
  readonly generatedAlways: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly options: string | null;
  readonly partitionedBy: string | null;
  readonly partitionOf: string | null;
}

export interface Catalogue {
  readonly tables: readonly Table[];
  readonly functions: readonly string[];
}

export async function readCatalogue(query: Executor): Promise<Catalogue> {
  const { rows: tables } = await sql<Table>`
    select relation.relname as name,
      (select json_agg(json_build_object(
         'name', attname, 'type', format_type(atttypid, atttypmod), 'nullable', not attnotnull,
         'default', case when attidentity <> '' then 'generated ' || case attidentity when 'a' then 'always' else 'by default' end || ' as identity'
                         when attgenerated <> '' then 'generated always as (' || pg_get_expr(adbin, adrelid) || ') stored'
                         else 'default ' || pg_get_expr(adbin, adrelid) end,
         'generatedAlways', attidentity = 'a' or attgenerated <> '') order by attnum)
       from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where attrelid = relation.oid and attnum > 0 and not attisdropped) as columns,
      coalesce((select json_agg(pg_get_constraintdef(oid) order by contype desc, conname) from pg_constraint
                where conrelid = relation.oid and contype <> 'n' and conparentid = 0), '[]') as constraints,
      coalesce((select json_agg(pg_get_indexdef(indexrelid) order by indexrelid::regclass::text) from pg_index
                where indrelid = relation.oid
                  and not exists (select from pg_constraint where conindid = indexrelid)
                  and not exists (select from pg_inherits where inhrelid = indexrelid)), '[]') as indexes,
      array_to_string(relation.reloptions, ', ') as options,
      pg_get_partkeydef(relation.oid) as "partitionedBy",
      (select inhparent::regclass::text || ' ' || pg_get_expr(relation.relpartbound, relation.oid)
       from pg_inherits where inhrelid = relation.oid) as "partitionOf"
    from pg_class relation
    where relation.relnamespace = 'public'::regnamespace and relation.relkind in ('r', 'p')
    order by relation.relname`.execute(query);
  const { rows: functions } = await sql<{ definition: string }>`
    select pg_get_functiondef(oid) as definition from pg_proc
    where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
      and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
    order by proname`.execute(query);
  return { tables, functions: functions.map(({ definition }) => definition.trim()) };
}
