/**
 * Forgets the tokens of values that nobody has any more: minutes after people were deleted, and once a night. At one look
 * such a token is marked: whoever brings the value from then on notes it anew. It goes at the next look when it is still
 * marked and nobody has it.
 */
import { sql } from 'kysely';
import { bigintArray, type Database, type Executor, laidEndToEnd, textArray } from '../../database/index.ts';
import { defineJob, enqueue, handleJob, type JobHandler } from '../../jobs/index.ts';
import { lockRules, type NameKind } from './rules.ts';

const look = defineJob('audience/forget idle values', (payload) => {
  const { projectNumber } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number') throw new Error('The payload names no project.');
  return { projectNumber };
});

export const lookEverywhere = defineJob('audience/forget idle values everywhere', () => ({}));

export function idleValueJobs({ query, transaction }: Database): JobHandler[] {
  return [
    handleJob(look, async ({ projectNumber }) => {
      if (await forgetIdleValues({ query, transaction }, projectNumber)) await lookLater(query, projectNumber);
    }),
    handleJob(lookEverywhere, async () => {
      for (const projectNumber of await findProjects(query)) await lookLater(query, projectNumber);
    }),
  ];
}

const betweenLooksMilliseconds = 120_000;

/** Within two minutes, once for all who ask for it until then. */
export async function lookLater(query: Executor, projectNumber: number): Promise<void> {
  const runAt = new Date((Math.floor(Date.now() / betweenLooksMilliseconds) + 1) * betweenLooksMilliseconds);
  await enqueue(query, look, { projectNumber }, { runAt, key: `idle values of ${projectNumber}` });
}

async function findProjects(query: Executor): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select distinct project_number as number from attribute_names where value_tokens <> '{}'`.execute(query);
  return rows.map(({ number }) => number);
}

interface IdleValues {
  readonly kind: NameKind;
  readonly name: string;
  /** Perhaps none, of a name of which some are marked. */
  readonly tokens: readonly string[];
}

/** Four times as long as a process can believe rules that it has heard nothing of. */
const markedForMilliseconds = 60_000;

/** @returns whether it marked some, so that there is to be another look */
export async function forgetIdleValues(
  database: Pick<Database, 'query' | 'transaction'>,
  projectNumber: number,
  markedFor = markedForMilliseconds,
): Promise<boolean> {
  const idle = await findIdle(database.query, projectNumber);
  if (idle.length === 0) return false;
  return database.transaction(async (tx) => {
    await lockRules(tx, [projectNumber]);
    return forget(tx, { projectNumber, idle, markedFor });
  });
}

async function findIdle(query: Executor, projectNumber: number): Promise<IdleValues[]> {
  const { rows } = await sql<IdleValues>`
    with names as materialized (
      select kind, name, value_tokens, idle_tokens from attribute_names
      where project_number = ${projectNumber} and value_tokens is not null
    ), held as materialized (
      select holder.token
      from (select array_agg(token) as tokens from names cross join lateral unnest(value_tokens) as each (token)) as wanted
      cross join lateral endpoints_with_tokens(${projectNumber}, wanted.tokens) as holder
    )
    select kind, name, tokens::text[] as tokens
    from names
    cross join lateral (select array(select unnest(value_tokens) except select token from held) as tokens) as idle
    where tokens <> '{}' or idle_tokens <> '{}'`.execute(query);
  return rows;
}

interface Forgetting {
  readonly projectNumber: number;
  readonly idle: readonly IdleValues[];
  readonly markedFor: number;
}

/** Those that were marked go, unless somebody writes who began before the mark. */
async function forget(tx: Executor, { projectNumber, idle, markedFor }: Forgetting): Promise<boolean> {
  const tokens = laidEndToEnd(idle.map((each) => each.tokens));
  const { rows } = await sql<{ marked: boolean }>`
    with given as (
      select kind, name, (${bigintArray(tokens.whole)}::bigint[])[first:last] as tokens
      from unnest(${textArray(idle.map(({ kind }) => kind))}::text[],
                  ${textArray(idle.map(({ name }) => name))}::text[], ${tokens.first}::int[], ${tokens.last}::int[])
        as row (kind, name, first, last)
    ), oldest as (
      select coalesce(min(xact_start), 'infinity') as began from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_xid is not null
    ), looked_at as (
      select kind, name, given.tokens as idle, array(
               select noted.token
               from (select unnest(names.idle_tokens) intersect select unnest(given.tokens)) as noted (token)
               where names.idle_since <= clock_timestamp() - ${markedFor}::int * interval '1 millisecond'
                 and names.idle_since < oldest.began
                 and not exists (select from endpoint_with_token(${projectNumber}, noted.token))
             ) as gone
      from given join attribute_names as names using (kind, name) cross join oldest
      where names.project_number = ${projectNumber}
    )
    update attribute_names as names set
      value_tokens = array(select unnest(names.value_tokens) except select unnest(looked_at.gone)),
      idle_tokens = array(
        (select unnest(looked_at.idle) intersect select unnest(names.value_tokens)) except select unnest(looked_at.gone)),
      idle_since = clock_timestamp()
    from looked_at
    where names.project_number = ${projectNumber} and names.kind = looked_at.kind and names.name = looked_at.name
      and names.value_tokens is not null
    returning idle_tokens <> '{}' as marked`.execute(tx);
  return rows.some(({ marked }) => marked);
}
