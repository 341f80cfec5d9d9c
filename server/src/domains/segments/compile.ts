/** A definition, with everything it refers to, as one SQL condition; and the rows that condition is about. */
import { type RawBuilder, sql } from 'kysely';
import { always, type Condition, conditionOf, type Question } from './conditions.ts';
import type { Definition, Group, Quantifier } from './definition.ts';

/** A source of a group, looked up. */
export type Source =
  | { readonly kind: 'definition'; readonly definition: ResolvedDefinition }
  | { readonly kind: 'members'; readonly membership: number };

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
}

/**
 * @param question.reads must be fresh; set `endpoint` beforehand when the caller itself selects from `e`
 */
export function compileSegment(segment: Source, question: Question): CompiledSegment {
  const condition = sql<boolean>`f.project_number = ${question.projectNumber} and ${sourceCondition(segment, question)}`;
  const { endpoint, user } = question.reads;
  return {
    condition,
    from: sql`endpoint_facets as f
      ${endpoint ? sql`join endpoints as e using (project_number, bucket, id)` : sql``}
      ${user ? joinUsers : sql``}`,
  };
}

const joinUsers = sql`left join audience_users as u
  on u.project_number = e.project_number and u.bucket = e.user_bucket and u.user_id = e.user_id`;

function sourceCondition(source: Source, question: Question): Condition {
  return source.kind === 'members'
    ? memberCondition(source.membership, question)
    : definitionCondition(source.definition, question);
}

function definitionCondition({ groups, include }: ResolvedDefinition, question: Question): Condition {
  return quantify(
    include,
    groups.map((group) => groupCondition(group, question)),
  );
}

/** The filters of a group only narrow what its sources hold. */
function groupCondition(group: ResolvedGroup, question: Question): Condition {
  const base = quantify(
    group.sourceType,
    group.sources.map((source) => sourceCondition(source, question)),
  );
  const filter = quantify(
    group.type,
    group.dimensions.map((tests) =>
      quantify(
        'ALL',
        tests.map((test) => conditionOf(test, question)),
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

/** By endpoint or by user; a user id stands for all endpoints of the user. */
function memberCondition(membership: number, question: Question): Condition {
  question.reads.endpoint = true;
  return sql`(
    exists (select from segment_endpoints as listed
            where listed.membership = ${membership} and listed.bucket = f.bucket and listed.endpoint_id = f.id)
    or exists (select from segment_users as listed
               where listed.membership = ${membership} and listed.bucket = e.user_bucket
                 and listed.user_id = e.user_id))`;
}
