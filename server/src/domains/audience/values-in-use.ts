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
  /** Of somebody who has it; null where nobody has it any more. */
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
  const { of, name, list } = noted;
  if (list === null) return values;
  const value = list.find((each) => token(projectNumber, of, name, each) === noted.token);
  return value === undefined ? undefined : [...values, value];
}

/** One probe of `endpoint_facets_by_token` a token, each for one endpoint. */
async function readNoted(query: Executor, projectNumber: number, attributes: readonly Attribute[]) {
  const { rows } = await sql<NotedValue>`
    select names.kind as of, names.name, noted.token::text as token, holder.list
    from unnest(${attributes.map(({ of }) => of)}::text[], ${attributes.map(({ name }) => name)}::text[])
      as wanted (kind, name)
    join attribute_names as names
      on names.project_number = ${projectNumber} and names.kind = wanted.kind and names.name = wanted.name
    left join lateral unnest(names.value_tokens) as noted (token) on true
    left join lateral (
      select case names.kind when 'attribute' then e.attributes else coalesce(u.attributes, e.user_attributes) end
             -> names.name as list
      from (select f.project_number, f.bucket, f.id from endpoint_facets as f
            where f.project_number = ${projectNumber} and f.tokens @> array[noted.token]
            limit 1) as f
      join endpoints as e on e.project_number = f.project_number and e.bucket = f.bucket and e.id = f.id
      left join audience_users as u
        on u.project_number = e.project_number and u.bucket = e.user_bucket and u.user_id = e.user_id) as holder on true
    where names.value_tokens is not null`.execute(query);
  return rows;
}

function textOf({ of, name }: Attribute): string {
  return `${of} ${name}`;
}
