/**
 * Forgets the tokens of values that nobody has any more. At one look such a token is marked: whoever brings the value from
 * then on notes it anew. It goes at the next look when it is still marked and nobody has it: writers that knew it from
 * before the mark have long ended by then.
 */
import { sql } from 'kysely';
import { bigintArray, type Database, type Executor, laidEndToEnd, textArray } from '../../database/index.ts';
import { lockRules, type NameKind } from './rules.ts';

/** Longer than any writer takes, and than a process can believe rules that it has heard nothing of. */
const betweenLooksMilliseconds = 3_600_000;

interface IdleValues {
  readonly kind: NameKind;
  readonly name: string;
  /** Perhaps none, of a name of which some are marked. */
  readonly tokens: readonly string[];
}

export async function forgetIdleValues(database: Database, now: Date): Promise<void> {
  for (const projectNumber of await findProjects(database.query)) {
    const idle = await findIdle(database.query, projectNumber);
    if (idle.length > 0) await forget(database, projectNumber, idle, now);
  }
}

async function findProjects(query: Executor): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select distinct project_number as number from attribute_names where value_tokens <> '{}'`.execute(query);
  return rows.map(({ number }) => number);
}

const hasHolder = sql`exists (
  select from endpoint_facets as facets
  where facets.project_number = names.project_number and facets.tokens @> array[noted.token])`;

async function findIdle(query: Executor, projectNumber: number): Promise<IdleValues[]> {
  const { rows } = await sql<IdleValues>`
    select kind, name, tokens::text[] as tokens
    from attribute_names as names
    cross join lateral (
      select array(select token from unnest(names.value_tokens) as noted (token) where not ${hasHolder}) as tokens
    ) as idle
    where project_number = ${projectNumber} and (tokens <> '{}' or idle_tokens <> '{}')`.execute(query);
  return rows;
}

async function forget(
  database: Database,
  projectNumber: number,
  idle: readonly IdleValues[],
  now: Date,
): Promise<void> {
  const tokens = laidEndToEnd(idle.map((each) => each.tokens));
  const markedBefore = new Date(now.getTime() - betweenLooksMilliseconds);
  await database.transaction(async (tx) => {
    await lockRules(tx, [projectNumber]);
    await sql`
      with given as (
        select kind, name, (${bigintArray(tokens.whole)}::bigint[])[first:last] as tokens
        from unnest(${textArray(idle.map(({ kind }) => kind))}::text[],
                    ${textArray(idle.map(({ name }) => name))}::text[], ${tokens.first}::int[], ${tokens.last}::int[])
          as row (kind, name, first, last)
      ), looked_at as (
        select kind, name, given.tokens as idle, array(
                 select noted.token
                 from (select unnest(names.idle_tokens) intersect select unnest(given.tokens)) as noted (token)
                 where names.idle_since <= ${markedBefore} and not ${hasHolder}
               ) as gone
        from given join attribute_names as names using (kind, name)
        where names.project_number = ${projectNumber}
      )
      update attribute_names as names set
        value_tokens = array(select unnest(names.value_tokens) except select unnest(looked_at.gone)),
        idle_tokens = array(
          (select unnest(looked_at.idle) intersect select unnest(names.value_tokens)) except select unnest(looked_at.gone)),
        idle_since = ${now}
      from looked_at
      where names.project_number = ${projectNumber} and names.kind = looked_at.kind and names.name = looked_at.name
        and names.value_tokens is not null`.execute(tx);
  });
}
