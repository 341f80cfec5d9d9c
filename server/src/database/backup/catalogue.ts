/** What a backup has to hold, as the database itself knows it: tables that come may not be forgotten. */
import type pg from 'pg';

/** A table with rows of its own: of a partitioned one each partition. */
export interface BackupTable {
  /** `schema.table`, as it is written in SQL. */
  readonly table: string;
  readonly columns: readonly string[];
}

/** A partition that the migrations did not make. */
export interface BackupPartition {
  readonly table: string;
  readonly parent: string;
  /** `FOR VALUES FROM … TO …`. */
  readonly bounds: string;
  /** Storage options, `name=value`. */
  readonly options: readonly string[];
}

export interface BackupSequence {
  readonly sequence: string;
  /** Text: it does not fit JavaScript's numbers. */
  readonly value: string;
  readonly isCalled: boolean;
}

export const schemas = ['public', 'graphile_worker'];

/** Of this moment and this place: they say nothing anywhere else. */
const leftOut: ReadonlySet<string> = new Set(['public.nodes', 'public.erasure_touched']);

/** Parents before children. */
export async function readTables(client: pg.Client): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<BackupTable & { readonly root: string }>(
    `select format('%I.%I', nspname, relname) as "table",
            coalesce(pg_partition_root(pg_class.oid)::oid, pg_class.oid)::text as root,
            array(select attname::text from pg_attribute
                  where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
                  order by attnum) as columns
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind = 'r' and nspname = any ($1::text[])
     order by 1`,
    [schemas],
  );
  const { rows: references } = await client.query<{ readonly child: string; readonly parent: string }>(
    `select conrelid::text as child, confrelid::text as parent from pg_constraint
     where contype = 'f' and conrelid <> confrelid and conparentid = 0`,
  );
  return inOrder(
    rows.filter(({ table }) => !leftOut.has(table)),
    references,
  );
}

function inOrder<Table extends BackupTable & { readonly root: string }>(
  tables: readonly Table[],
  references: readonly { readonly child: string; readonly parent: string }[],
): readonly BackupTable[] {
  const ordered: Table[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const roots = new Set(left.map(({ root }) => root));
    const isFree = ({ root }: Table) =>
      !references.some(({ child, parent }) => child === root && parent !== child && roots.has(parent));
    const free = left.filter(isFree);
    if (free.length === 0) throw new Error('Tables refer to each other in a circle: they cannot be put in an order.');
    ordered.push(...free);
    left = left.filter((table) => !isFree(table));
  }
  return ordered.map(({ table, columns }) => ({ table, columns }));
}

export async function readPartitions(client: pg.Client): Promise<readonly BackupPartition[]> {
  const { rows } = await client.query<BackupPartition>(
    `select format('%I.%I', nspname, pg_class.relname) as "table", inhparent::regclass::text as parent,
            pg_get_expr(relpartbound, pg_class.oid) as bounds, coalesce(reloptions, '{}') as options
     from pg_inherits
     join pg_class on pg_class.oid = inhrelid
     join pg_namespace on pg_namespace.oid = relnamespace
     where relispartition and relkind = 'r' and nspname = any ($1::text[])
     order by 1`,
    [schemas],
  );
  return rows;
}

/** Sequences know no transactions: what they say now is behind everything that a snapshot sees. */
export async function readSequences(client: pg.Client): Promise<readonly BackupSequence[]> {
  const { rows } = await client.query<{ readonly sequence: string }>(
    `select format('%I.%I', schemaname, sequencename) as sequence from pg_sequences
     where schemaname = any ($1::text[]) order by 1`,
    [schemas],
  );
  const sequences: BackupSequence[] = [];
  for (const { sequence } of rows) {
    const { rows: state } = await client.query<{ value: string; isCalled: boolean }>(
      `select last_value::text as value, is_called as "isCalled" from ${sequence}`,
    );
    sequences.push({ sequence, ...(state[0] as { value: string; isCalled: boolean }) });
  }
  return sequences;
}
