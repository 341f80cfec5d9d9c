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

/** A probe of the index of tokens takes up to some milliseconds: from so many on, endpoints are better read. */
const mostLookedUp = 500;

async function readNoted(query: Executor, projectNumber: number, attributes: readonly Attribute[]) {
  const distinct = [...new Map(attributes.map((attribute) => [textOf(attribute), attribute])).values()];
  const { rows } = await sql<NotedValue>`
    with names as materialized (
      select kind, name, value_tokens,
             sum(cardinality(value_tokens)) over (order by cardinality(value_tokens), kind, name) as so_far
      from unnest(${distinct.map(({ of }) => of)}::text[], ${distinct.map(({ name }) => name)}::text[])
        as wanted (kind, name)
      join attribute_names using (kind, name)
      where project_number = ${projectNumber} and value_tokens is not null
    ), noted as materialized (
      select kind, name, token
      from names left join lateral unnest(value_tokens) as each (token) on true
      where so_far <= ${mostLookedUp}::int
    ), holders as materialized (
      select holder.* from (select array_agg(token) as tokens from noted) as wanted
      cross join lateral endpoints_with_tokens(${projectNumber}, wanted.tokens) as holder
    )
    select noted.kind as of, noted.name, noted.token::text as token, holders.id is not null as "hasHolder",
           case noted.kind when 'attribute' then e.attributes else coalesce(u.attributes, e.user_attributes) end
             -> noted.name as list
    from noted
    left join holders using (token)
    left join lateral (
      select * from endpoints
      where endpoints.project_number = ${projectNumber} and endpoints.bucket = holders.bucket
        and endpoints.id = holders.id
      limit 1) as e on true
    left join lateral (
      select attributes from audience_users
      where audience_users.project_number = ${projectNumber} and audience_users.bucket = e.user_bucket
        and audience_users.user_id = e.user_id
      limit 1) as u on true`.execute(query);
  return rows;
}

function textOf({ of, name }: Attribute): string {
  return `${of} ${name}`;
}
