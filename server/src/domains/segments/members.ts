/** Who is in a segment: how many, which, and is this one? All answers come from the same condition. */
import { sql } from 'kysely';
import { type Database, type Executor, readInKeyOrder } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';
import { type Attribute, type EndpointKey, findValuesInUse, type ValuesInUse } from '../audience/index.ts';
import { compileSegment, drivingList, type Source } from './compile.ts';

export interface Scope {
  readonly projectNumber: number;
  readonly now: Date;
  /** For counts: see `withValuesInUse`. */
  readonly valuesInUse?: ValuesInUse;
}

export interface Estimate {
  readonly total: number;
  /** Active, not opted out, with an address. */
  readonly eligible: number;
  readonly byChannel: readonly ChannelCount[];
}

export interface ChannelCount {
  /** Null for endpoints that have no channel. */
  readonly channelType: string | null;
  readonly total: number;
  readonly eligible: number;
}

/**
 * Looks up the values of attributes of which a segment asks what they contain, unless the scope has them. By a statement of
 * its own: whoever comes between it and the count with a value that nobody had is not counted yet.
 */
export async function withValuesInUse(query: Executor, segment: Source, scope: Scope): Promise<Scope> {
  if (scope.valuesInUse !== undefined) return scope;
  const searched = searchedAttributes(segment);
  // Of those on an imported list, each is looked at anyway.
  if (searched.length === 0 || drivingList(segment) !== undefined) return scope;
  return { ...scope, valuesInUse: await findValuesInUse(query, scope.projectNumber, searched) };
}

function searchedAttributes(segment: Source): Attribute[] {
  if (segment.kind === 'members') return [];
  return segment.definition.groups.flatMap(({ sources, dimensions }) => [
    ...sources.flatMap(searchedAttributes),
    ...dimensions.flat().flatMap((test) => (test.kind === 'contains' ? [test] : [])),
  ]);
}

/** Counts by facets alone where they can tell (see docs/decisions/0017). */
export async function countMembers(query: Executor, segment: Source, scope: Scope): Promise<Estimate> {
  const reads = { endpoint: false, user: false };
  const question = { ...(await withValuesInUse(query, segment, scope)), exact: false, reads };
  const { condition, from } = compileSegment(segment, question, 'whole');
  const { rows } = await sql<ChannelCount>`
    select f.channel_type as "channelType", count(*) as total, count(*) filter (where f.eligible) as eligible
    from ${from} where ${condition} group by 1 order by 2 desc, 1`.execute(query);
  const sum = (of: 'total' | 'eligible') => rows.reduce((whole, row) => whole + row[of], 0);
  return { total: sum('total'), eligible: sum('eligible'), byChannel: rows };
}

export interface Member extends EndpointKey {
  /** As it was first written. */
  readonly shownId: string;
  readonly channelType: string | null;
  readonly address: string | null;
  readonly eligible: boolean;
  readonly userId: string | null;
}

export interface BucketRange {
  readonly firstBucket: number;
  /** Exclusive. */
  readonly endBucket: number;
}

export const allBuckets: BucketRange = { firstBucket: 0, endBucket: 1024 };

/** Exact members in the order of bucket and id, behind `after` = [bucket, id]. */
export async function listMembers(
  database: Database,
  segment: Source,
  scope: Scope,
  page: { readonly range: BucketRange; readonly after: Position | undefined; readonly limit: number },
): Promise<Member[]> {
  const reads = { endpoint: true, user: false };
  const after = page.after === undefined ? null : ([Number(page.after[0]), String(page.after[1])] as const);
  const { condition, from, key } = compileSegment(segment, { ...scope, exact: true, reads }, { ...page.range, after });
  const members = sql<Member>`
    select f.project_number as "projectNumber", f.bucket, f.id, coalesce(e.shown_id, e.id) as "shownId",
           f.channel_type as "channelType", e.address, f.eligible, e.user_id as "userId"
    from ${from}
    where ${condition}
    order by ${sql.ref(key)}.bucket, ${sql.ref(key)}.id
    limit ${page.limit}`;
  const { rows } = await readInKeyOrder(database, (tx) => members.execute(tx), { selective: true });
  return rows;
}

/**
 * The ids of some exact members, as they were first written. In no order, and found by facets alone before each is looked
 * at: an order, or a join of all, would take as long as the count.
 */
export async function sampleMembers(query: Executor, segment: Source, scope: Scope, limit: number): Promise<string[]> {
  const candidates = { ...(await withValuesInUse(query, segment, scope)), exact: false };
  const found = compileSegment(segment, { ...candidates, reads: { endpoint: false, user: false } }, 'whole');
  const reads = { endpoint: true, user: false };
  const { condition, from } = compileSegment(segment, { ...scope, exact: true, reads }, 'keys');
  const { rows } = await sql<{ shownId: string }>`
    with candidates as materialized (select f.bucket, f.id from ${found.from} where ${found.condition} limit ${limit})
    select member."shownId"
    from candidates
    cross join lateral (
      select coalesce(e.shown_id, e.id) as "shownId" from ${from}
      where ${condition} and f.bucket = candidates.bucket and f.id = candidates.id
      limit 1) as member`.execute(query);
  return rows.map(({ shownId }) => shownId);
}

/** Is this endpoint a member? Reads its own rows and nothing else. */
export async function isMember(query: Executor, segment: Source, scope: Scope, key: EndpointKey): Promise<boolean> {
  const reads = { endpoint: true, user: false };
  const { condition, from } = compileSegment(segment, { ...scope, exact: true, reads }, 'keys');
  const { rows } = await sql<{ member: boolean }>`
    select true as member from ${from}
    where ${condition} and f.bucket = ${key.bucket} and f.id = ${key.id}`.execute(query);
  return rows.length > 0;
}

/** Which of these endpoints are members? Reads their own rows and nothing else. @returns their ids, folded */
export async function membersAmong(
  query: Executor,
  segment: Source,
  scope: Scope,
  keys: readonly Pick<EndpointKey, 'bucket' | 'id'>[],
): Promise<ReadonlySet<string>> {
  const reads = { endpoint: true, user: false };
  const { condition, from } = compileSegment(segment, { ...scope, exact: true, reads }, 'keys');
  // One look-up by key each, whatever the planner thinks of a table that has grown: the limit keeps it from joining.
  const { rows } = await sql<{ id: string }>`
    select wanted.id
    from unnest(${keys.map(({ bucket }) => bucket)}::int[], ${keys.map(({ id }) => id)}::text[]) as wanted (bucket, id)
    cross join lateral (
      select from ${from}
      where ${condition} and f.bucket = wanted.bucket and f.id = wanted.id
      limit 1) as member`.execute(query);
  return new Set(rows.map(({ id }) => id));
}
