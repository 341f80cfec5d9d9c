/**
 * Names of attributes that a project uses, and the values of those that have few: what a write brings of them is noted in
 * its own transaction, under the lock of the project's rules, so that the note is never behind the endpoints
 * (docs/decisions/0034).
 */
import { type RawBuilder, sql } from 'kysely';
import { bigintArray, booleanArray, laidEndToEnd, textArray } from '../../database/index.ts';
import type { EndpointChange } from './change.ts';
import type { EndpointKey, Lists } from './endpoint.ts';
import { type AttributeKind, nameToken, token } from './facets.ts';
import type { NameKind, ProjectRules } from './rules.ts';

/** Of a name that has more, its values are no longer noted; it stays so. */
export const mostNotedValues = 100;

export interface AttributeName {
  readonly projectNumber: number;
  readonly kind: NameKind;
  readonly name: string;
  /** Nobody used the name before. */
  readonly isNew: boolean;
  /** Tokens of values that it is said to have; undefined where they are too many, and for metrics. */
  readonly values: readonly string[] | undefined;
}

/** Equal for the same name; for maps in memory only. */
export function nameText({
  projectNumber,
  kind,
  name,
}: Pick<AttributeName, 'projectNumber' | 'kind' | 'name'>): string {
  return `${projectNumber} ${kind} ${name}`;
}

/** What a change says that its project does not know; mostly nothing, so that nothing is made for what it knows. */
export function namesBrought(
  projectNumber: number,
  change: Pick<EndpointChange, 'attributes' | 'metrics' | 'userAttributes'>,
  rules: Pick<ProjectRules, 'find'> | undefined,
): AttributeName[] {
  const brought: AttributeName[] = [];
  const look = (kind: AttributeKind, lists: Lists) => {
    for (const [name, values] of Object.entries(lists)) {
      const known = rules?.find(kind, name);
      if (known !== undefined && (!known.hasFew || values.every(known.knows))) continue;
      const tokens = [...new Set(values.map((value) => token(projectNumber, kind, name, value)))];
      brought.push({ projectNumber, kind, name, isNew: known === undefined, values: fewOrNone(tokens) });
    }
  };
  look('attribute', change.attributes);
  look('user attribute', change.userAttributes);
  for (const name of Object.keys(change.metrics)) {
    if (rules?.find('metric', name) === undefined) {
      brought.push({ projectNumber, kind: 'metric', name, isNew: true, values: undefined });
    }
  }
  return brought;
}

/** Whether a write says a name or a value that its project does not know, and may learn. */
export function bringsNames(
  { key, change }: { readonly key: EndpointKey; readonly change: EndpointChange },
  rules: ReadonlyMap<number, ProjectRules>,
): boolean {
  const known = rules.get(key.projectNumber);
  return namesBrought(key.projectNumber, change, known).some(({ kind, name }) => !known?.isBlocked(kind, name));
}

/** @returns `one` itself when `other` says nothing more */
export function bothBrought(one: AttributeName | undefined, other: AttributeName): AttributeName {
  if (one === undefined) return other;
  if (one.values === undefined) return one;
  if (other.values === undefined) return other;
  const { values } = one;
  const added = other.values.filter((value) => !values.includes(value));
  return added.length === 0 ? one : { ...one, values: fewOrNone([...values, ...added]) };
}

function fewOrNone(tokens: readonly string[]): readonly string[] | undefined {
  return tokens.length > mostNotedValues ? undefined : tokens;
}

/**
 * Under the lock of the rules, and before the endpoints are written. Of a name that somebody has although it stands in no
 * list (its row came from elsewhere), the values are not known, and never will be.
 */
export function insertingNames(names: readonly AttributeName[]): RawBuilder<unknown> | undefined {
  if (names.length === 0) return undefined;
  return sql`
    insert into attribute_names (project_number, kind, name, value_tokens)
    select project_number, kind, name,
           case when few and not exists (select from endpoint_with_token(project_number, name_token)) then tokens end
    from ${givenNames(names)}
    on conflict do nothing`;
}

/** The same of names that were there before; of the others it changes nothing. */
export function notingValues(names: readonly AttributeName[]): RawBuilder<unknown> | undefined {
  if (names.length === 0) return undefined;
  return sql`
    update attribute_names as stored set (value_tokens, idle_tokens) = (
      select case when given.few and count(*) <= ${mostNotedValues}::int then coalesce(array_agg(token), '{}') end,
             case when given.few and count(*) <= ${mostNotedValues}::int
                  then array(select unnest(stored.idle_tokens) except select unnest(given.tokens)) else '{}' end
      from (select unnest(stored.value_tokens) union select unnest(given.tokens)) as noted (token))
    from ${givenNames(names)}
    where stored.project_number = given.project_number and stored.kind = given.kind and stored.name = given.name
      and stored.value_tokens is not null`;
}

const givenNames = (names: readonly AttributeName[]) => {
  const tokens = laidEndToEnd(names.map(({ values }) => values ?? []));
  return sql`
    (select project_number, kind, name, name_token, few, (${bigintArray(tokens.whole)}::bigint[])[first:last] as tokens
     from unnest(${bigintArray(names.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${textArray(names.map(({ kind }) => kind))}::text[],
                 ${textArray(names.map(({ name }) => name))}::text[],
                 ${bigintArray(names.map(nameTokenOf))}::bigint[],
                 ${booleanArray(names.map(({ values }) => values !== undefined))}::boolean[],
                 ${tokens.first}::int[], ${tokens.last}::int[])
       as row (project_number, kind, name, name_token, few, first, last)) as given`;
};

/** Metrics have none. */
function nameTokenOf({ projectNumber, kind, name }: AttributeName): string | null {
  return kind === 'metric' ? null : nameToken(projectNumber, kind, name);
}
