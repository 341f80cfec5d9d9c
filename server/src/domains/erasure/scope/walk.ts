/**
 * Erases the rows of an owner from one partition, a few thousand at a time, along an index. Each step begins behind the
 * last row of the one before: what was deleted stays in the index for a while, and walking over it again and again would
 * cost more with every step.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Owner } from './ownership.ts';
import type { Place } from './places.ts';

/** Where a step begins. */
export interface Cursor {
  readonly part: string;
  /** The key of the last row of the step before, as text; null at the beginning of a part. */
  readonly after: readonly string[] | null;
}

export interface Step {
  readonly erased: number;
  /** Where the next step begins; null: nothing is left. */
  readonly next: Cursor | null;
}

interface Gone {
  readonly seen: number;
  readonly erased: number;
  readonly last: readonly string[] | null;
}

/** One step of at most `limit` rows. */
export async function eraseStep(
  tx: Transaction,
  place: Place,
  owner: Owner,
  cursor: Cursor | null,
  limit: number,
): Promise<Step> {
  const part = cursor === null ? place.parts[0] : place.parts.find((each) => each >= cursor.part);
  if (part === undefined) return { erased: 0, next: null };
  const after = cursor?.part === part ? cursor.after : null;
  const { seen, erased, last } = await eraseRows(tx, place, { part, owner, after, limit });
  if (seen === limit) return { erased, next: { part, after: last } };
  const following = place.parts[place.parts.indexOf(part) + 1];
  return { erased, next: following === undefined ? null : { part: following, after: null } };
}

interface Batch {
  readonly part: string;
  readonly owner: Owner;
  readonly after: readonly string[] | null;
  readonly limit: number;
}

async function eraseRows(tx: Transaction, place: Place, { part, owner, after, limit }: Batch): Promise<Gone> {
  const table = sql.raw(part);
  const names = place.walk.map(({ name }) => sql.ref(name));
  const inOrder = (forwards: boolean) => {
    const direction = forwards === place.descending ? sql`desc` : sql`asc`;
    return names.length === 0 ? sql`` : sql`order by ${sql.join(names.map((name) => sql`${name} ${direction}`))}`;
  };
  const columns = names.length === 0 ? sql`` : sql`, ${sql.join(names)}`;
  // Of the last one only: as text, all keys together would cost a third as much again as the rest.
  const key = names.length === 0 ? sql`null::text[]` : sql`array[${sql.join(names.map((name) => sql`${name}::text`))}]`;
  const change =
    place.action === 'delete'
      ? sql`delete from only ${table} where ctid = any (array(select tid from doomed))`
      : sql`update only ${table} set ${sql.ref(place.column as string)} = null where ctid = any (array(select tid from doomed))`;
  const { rows } = await sql<Gone>`
    with doomed as materialized (
      select ctid as tid ${columns} from only ${table} where ${place.condition(owner)} ${behind(place, after)}
      ${inOrder(true)} limit ${limit}::int),
    gone as (${change} returning 1)
    select (select count(*) from doomed) as seen, (select count(*) from gone) as erased,
           (select ${key} from doomed ${inOrder(false)} limit 1) as last`.execute(tx);
  return rows[0] as Gone;
}

/** From the last row on, not behind it: an index that is not unique may hold others of its key. */
function behind({ walk, descending }: Place, after: readonly string[] | null): RawBuilder<unknown> {
  if (after === null || walk.length === 0 || after.length !== walk.length) return sql``;
  const names = walk.map(({ name }) => sql.ref(name));
  const values = walk.map(({ type }, index) => sql`${after[index]}::${sql.raw(type)}`);
  return sql`and (${sql.join(names)}) ${sql.raw(descending ? '<=' : '>=')} (${sql.join(values)})`;
}

/** Counting stops here: what matters is whether there are any. */
const mostCounted = 100_000;

/** Rows of the owner that are there now. */
export async function countRows(query: Executor, { table, condition }: Place, owner: Owner): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count
    from (select from ${sql.table(table)} where ${condition(owner)} limit ${mostCounted}::int) as found`.execute(query);
  return rows[0]?.count ?? 0;
}
