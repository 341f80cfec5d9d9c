/**
 * Erases the rows of an owner from one partition, a few thousand at a time. Each step begins behind the one before: what was
 * deleted stays where it was for a while, and walking over it again and again would cost more with every step. An owner of
 * few of the rows is followed along an index; for one of many, pages are read as they lie, which takes less than half as
 * long: each is touched once.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Owner } from './ownership.ts';
import type { Place } from './places.ts';

/** Where a step begins: behind `after`, at a page, or, with neither, with a part that nobody has looked at. */
export interface Cursor {
  readonly part: string;
  /** The key of the last row of the step before, as text. */
  readonly after: readonly string[] | null;
  readonly pages?: Pages;
}

/** Of a part that is read page by page. */
export interface Pages {
  readonly next: number;
  /** So many in a step. */
  readonly each: number;
}

export interface Step {
  /** The partition that was looked at; undefined: there was none any more. */
  readonly part: string | undefined;
  readonly erased: number;
  /** Where the next step begins; null: nothing is left. */
  readonly next: Cursor | null;
}

interface Batch {
  readonly part: string;
  readonly owner: Owner;
  readonly limit: number;
}

/** Of one part. */
type PartStep = Pick<Step, 'erased'> & { readonly next: Omit<Cursor, 'part'> | undefined };

/** One step of about `limit` rows. */
export async function eraseStep(
  tx: Transaction,
  place: Place,
  owner: Owner,
  cursor: Cursor | null,
  limit: number,
): Promise<Step> {
  const part = cursor === null ? place.parts[0] : place.parts.find((each) => each >= cursor.part);
  if (part === undefined) return { part, erased: 0, next: null };
  const batch = { part, owner, limit };
  const { after = null, pages } = cursor?.part === part ? cursor : {};
  const byPages = after === null ? (pages ?? (await pagesOfMany(tx, place, batch))) : undefined;
  const step =
    byPages === undefined
      ? await eraseAlongIndex(tx, place, batch, after)
      : await erasePages(tx, place, batch, byPages);
  if (step.next !== undefined) return { part, erased: step.erased, next: { part, ...step.next } };
  const following = place.parts[place.parts.indexOf(part) + 1];
  return { part, erased: step.erased, next: following === undefined ? null : { part: following, after: null } };
}

/** From this part of the rows on, reading all pages is quicker than looking for those of an owner. */
const manyOfRows = 1 / 4;

/** Where pages are nearly empty. */
const mostPages = 2_000;

/** By what the planner knows of values. @returns undefined for an owner of few rows, and where nothing is known */
async function pagesOfMany(tx: Transaction, place: Place, { part, owner, limit }: Batch): Promise<Pages | undefined> {
  const { rows: known } = await sql<{ rows: number; pages: number }>`
    select reltuples::float8 as rows, relpages as pages from pg_class where oid = ${part}::regclass`.execute(tx);
  const { rows, pages } = known[0] ?? { rows: 0, pages: 0 };
  if (rows <= 0 || pages <= 0) return undefined;
  const { rows: plans } = await sql<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from only ${sql.raw(part)} where ${place.condition(owner)}`.execute(tx);
  const owned = plans[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  return owned < rows * manyOfRows
    ? undefined
    : { next: 0, each: Math.min(Math.ceil((limit * pages) / rows), mostPages) };
}

/** Of whatever is added meanwhile, the last pages are there as well; what comes into earlier ones, the verification finds. */
async function erasePages(tx: Transaction, place: Place, batch: Batch, { next, each }: Pages): Promise<PartStep> {
  const end = next + each;
  // As literals: the planner knows how few pages it is asked for.
  const pages = sql`ctid >= ${sql.lit(`(${next},0)`)}::tid and ctid < ${sql.lit(`(${end},0)`)}::tid`;
  const { rows } = await sql<{ erased: number; pages: number }>`
    with gone as (${change(place, batch, sql`${pages} and ${place.condition(batch.owner)}`)} returning 1)
    select (select count(*) from gone) as erased,
           pg_relation_size(${batch.part}::regclass) / current_setting('block_size')::int as pages`.execute(tx);
  const { erased, pages: all } = rows[0] ?? { erased: 0, pages: 0 };
  return { erased, next: end < all ? { after: null, pages: { next: end, each } } : undefined };
}

async function eraseAlongIndex(
  tx: Transaction,
  place: Place,
  batch: Batch,
  after: readonly string[] | null,
): Promise<PartStep> {
  const { part, owner, limit } = batch;
  const names = place.walk.map(({ name }) => sql.ref(name));
  const inOrder = (forwards: boolean) => {
    const direction = forwards === place.descending ? sql`desc` : sql`asc`;
    return names.length === 0 ? sql`` : sql`order by ${sql.join(names.map((name) => sql`${name} ${direction}`))}`;
  };
  const columns = names.length === 0 ? sql`` : sql`, ${sql.join(names)}`;
  // Of the last one only: as text, all keys together would cost a third as much again as the rest.
  const key = names.length === 0 ? sql`null::text[]` : sql`array[${sql.join(names.map((name) => sql`${name}::text`))}]`;
  const { rows } = await sql<{ seen: number; erased: number; last: readonly string[] | null }>`
    with doomed as materialized (
      select ctid as tid ${columns} from only ${sql.raw(part)} where ${place.condition(owner)} ${behind(place, after)}
      ${inOrder(true)} limit ${limit}::int),
    gone as (${change(place, batch, sql`ctid = any (array(select tid from doomed))`)} returning 1)
    select (select count(*) from doomed) as seen, (select count(*) from gone) as erased,
           (select ${key} from doomed ${inOrder(false)} limit 1) as last`.execute(tx);
  const { seen, erased, last } = rows[0] ?? { seen: 0, erased: 0, last: null };
  return { erased, next: seen === limit ? { after: last } : undefined };
}

function change({ action, column }: Place, { part }: Batch, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const table = sql.raw(part);
  return action === 'delete'
    ? sql`delete from only ${table} where ${condition}`
    : sql`update only ${table} set ${sql.ref(column as string)} = null where ${condition}`;
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
