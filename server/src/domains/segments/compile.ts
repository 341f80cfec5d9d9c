/** A definition, with everything it refers to, as one SQL condition; and the rows that condition is about. */
import { type RawBuilder, sql } from 'kysely';
import { always, type Condition, conditionOf, type Question } from './conditions.ts';
import type { Definition, Group, Quantifier } from './definition.ts';
import { isListed, joinList, listedKeys, type MemberList, type Reading, withinRange } from './listed.ts';

/** A source of a group, looked up. */
export type Source =
  | { readonly kind: 'definition'; readonly definition: ResolvedDefinition }
  | { readonly kind: 'members'; readonly list: MemberList };

export interface ResolvedDefinition extends Omit<Definition, 'groups'> {
  readonly groups: readonly ResolvedGroup[];
}

export interface ResolvedGroup extends Omit<Group, 'sources'> {
  readonly sources: readonly Source[];
}

/** What is asked: a segment on its own is a source too, perhaps an imported one. */
export interface CompiledSegment {
  readonly condition: Condition;
  /** `f`, and `e` and `u` where the condition reads them. */
  readonly from: RawBuilder<unknown>;
  /** What has the columns `bucket` and `id` by which a page is ordered. */
  readonly key: 'f' | 'listed';
}

interface Compilation {
  readonly question: Question;
  readonly reading: Reading;
  /** A list that rows are taken from already. */
  readonly driving: MemberList | undefined;
  /** Of lists, added to as conditions want them. */
  readonly joins: RawBuilder<unknown>[];
}

/**
 * @param question.reads must be fresh; set `endpoint` beforehand when the caller itself selects from `e`
 * @param reading of a page, rows come by their keys (`CompiledSegment.key`) from where it begins: its order and its limit
 *   are the caller's
 */
export function compileSegment(segment: Source, question: Question, reading: Reading): CompiledSegment {
  const driving = reading === 'keys' ? undefined : drivingList(segment);
  const { projectNumber, reads } = question;
  const joins: RawBuilder<unknown>[] = [];
  const ofSegment = sourceCondition(segment, { question, reading, driving, joins });
  const ofProject = sql<boolean>`f.project_number = ${projectNumber}`;
  const isPage = typeof reading !== 'string';
  const within = isPage && driving === undefined ? withinRange(reading, 'f.bucket', 'f.id') : always;
  const joined = sql`
    ${reads.endpoint ? (isPage ? lookUpEndpoint : joinEndpoints) : sql``}
    ${reads.user ? joinUsers : sql``}
    ${sql.join(joins, sql` `)}`;
  const rows = driving === undefined ? sql`endpoint_facets as f` : rowsOfList(driving, projectNumber, reading);
  return {
    condition: sql<boolean>`${ofProject} and ${ofSegment} and ${within}`,
    from: sql`${rows} ${joined}`,
    key: driving === undefined ? 'f' : 'listed',
  };
}

/**
 * The list that everybody of a segment is on: of a million endpoints it may name ten. Not one that names many users, who
 * would all be looked up for each page.
 */
export function drivingList(segment: Source): MemberList | undefined {
  if (segment.kind === 'members') return segment.list.users === 'many' ? undefined : segment.list;
  const { groups, include } = segment.definition;
  const sources = required(include, groups).flatMap((group) => required(group.sourceType, group.sources));
  return sources.map(drivingList).find((list) => list !== undefined);
}

function required<Item>(quantifier: Quantifier, items: readonly Item[]): readonly Item[] {
  return quantifier === 'ALL' || (quantifier === 'ANY' && items.length === 1) ? items : [];
}

/**
 * Pages look each row up by its key: the planner takes the columns of a key for things that have nothing to do with each
 * other, expects a thousandth of the rows, and would sort what it thinks are few.
 */
function rowsOfList(list: MemberList, projectNumber: number, reading: Reading): RawBuilder<unknown> {
  const keys = sql`(${listedKeys(list, projectNumber, reading)}) as listed`;
  const same = sql`f.project_number = ${projectNumber} and f.bucket = listed.bucket and f.id = listed.id`;
  return reading === 'whole'
    ? sql`${keys} join endpoint_facets as f on ${same}`
    : sql`${keys} cross join lateral (select * from endpoint_facets as f where ${same} limit 1) as f`;
}

const joinEndpoints = sql`join endpoints as e
  on e.project_number = f.project_number and e.bucket = f.bucket and e.id = f.id`;
const lookUpEndpoint = sql`cross join lateral (
  select * from endpoints
  where endpoints.project_number = f.project_number and endpoints.bucket = f.bucket and endpoints.id = f.id
  limit 1) as e`;
const joinUsers = sql`left join audience_users as u
  on u.project_number = e.project_number and u.bucket = e.user_bucket and u.user_id = e.user_id`;

function sourceCondition(source: Source, compilation: Compilation): Condition {
  if (source.kind === 'definition') return definitionCondition(source.definition, compilation);
  const { question, reading, driving, joins } = compilation;
  if (source.list === driving) return always;
  if (reading !== 'whole') return isListed(source.list, question);
  const { condition, join } = joinList(source.list, question.projectNumber, `list${joins.length}`);
  joins.push(join);
  return condition;
}

function definitionCondition({ groups, include }: ResolvedDefinition, compilation: Compilation): Condition {
  return quantify(
    include,
    groups.map((group) => groupCondition(group, compilation)),
  );
}

/** The filters of a group only narrow what its sources hold. */
function groupCondition(group: ResolvedGroup, compilation: Compilation): Condition {
  const base = quantify(
    group.sourceType,
    group.sources.map((source) => sourceCondition(source, compilation)),
  );
  const filter = quantify(
    group.type,
    group.dimensions.map((tests) =>
      quantify(
        'ALL',
        tests.map((test) => conditionOf(test, compilation.question)),
      ),
    ),
  );
  return sql`(${base} and ${filter})`;
}

/** Of nothing, everything holds: no sources are everybody, no dimensions are no filter. */
function quantify(quantifier: Quantifier, conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return always;
  const [single] = conditions;
  if (conditions.length === 1 && single !== undefined) {
    return quantifier === 'NONE' ? sql`not (${single})` : sql`(${single})`;
  }
  const any = sql<boolean>`(${sql.join(conditions, sql` or `)})`;
  if (quantifier === 'ALL') return sql`(${sql.join(conditions, sql` and `)})`;
  return quantifier === 'ANY' ? any : sql`not ${any}`;
}
