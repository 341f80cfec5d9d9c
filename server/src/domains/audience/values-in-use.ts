/**
 * The values of attributes that have few of them, without reading every endpoint. Only their tokens are kept: what a value
 * says is read from one of those who have it, so that nothing outlives the people it was said of (docs/decisions/0034).
 */
import { sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import { type AttributeKind, token } from './facets.ts';

export interface Attribute {
  readonly of: AttributeKind;
  readonly name: string;
}

/** All values that endpoints of a project have of these attributes; undefined where they are not noted. */
export interface ValuesInUse {
  of(attribute: Attribute): readonly string[] | undefined;
}

interface NotedValue extends Attribute {
  /** Null for an attribute without values. */
  readonly token: string | null;
  readonly hasHolder: boolean;
  /** Of somebody who has it. */
  readonly list: readonly string[] | null;
}

export async function findValuesInUse(
  query: Executor,
  projectNumber: number,
  attributes: readonly Attribute[],
): Promise<ValuesInUse> {
  const found = new Map<string, string[] | undefined>();
  for (const noted of await readNoted(query, projectNumber, attributes)) {
    const values = found.has(textOf(noted)) ? found.get(textOf(noted)) : [];
    found.set(textOf(noted), values && addValue(values, projectNumber, noted));
  }
  return { of: (attribute) => found.get(textOf(attribute)) };
}

/** @returns undefined when it cannot be said which value it is: that another one has the same token */
function addValue(values: string[], projectNumber: number, noted: NotedValue): string[] | undefined {
  const { of, name, hasHolder, list } = noted;
  if (!hasHolder) return values;
  const value = list?.find((each) => token(projectNumber, of, name, each) === noted.token);
  return value === undefined ? undefined : [...values, value];
}

/** A probe of the index of tokens takes a third of a millisecond: from so many on, endpoints are better read. */
const mostLookedUp = 500;

async function readNoted(query: Executor, projectNumber: number, attributes: readonly Attribute[]) {
  const distinct = [...new Map(attributes.map((attribute) => [textOf(attribute), attribute])).values()];
  const { rows } = await sql<NotedValue>`
    with names as (
      select names.project_number, names.kind, names.name, names.value_tokens,
             sum(cardinality(names.value_tokens)) over (order by cardinality(names.value_tokens), kind, name) as so_far
      from unnest(${distinct.map(({ of }) => of)}::text[], ${distinct.map(({ name }) => name)}::text[])
        as wanted (kind, name)
      join attribute_names as names using (kind, name)
      where names.project_number = ${projectNumber} and names.value_tokens is not null)
    select names.kind as of, names.name, noted.token::text as token, e.id is not null as "hasHolder",
           case names.kind when 'attribute' then e.attributes else coalesce(u.attributes, e.user_attributes) end
             -> names.name as list
    from names
    left join lateral unnest(names.value_tokens) as noted (token) on true
    left join lateral endpoint_with_token(names.project_number, noted.token) as holder on true
    left join lateral (
      select * from endpoints
      where endpoints.project_number = names.project_number and endpoints.bucket = holder.bucket
        and endpoints.id = holder.id
      limit 1) as e on true
    left join lateral (
      select attributes from audience_users
      where audience_users.project_number = e.project_number and audience_users.bucket = e.user_bucket
        and audience_users.user_id = e.user_id
      limit 1) as u on true
    where names.so_far <= ${mostLookedUp}::int`.execute(query);
  return rows;
}

function textOf({ of, name }: Attribute): string {
  return `${of} ${name}`;
}
