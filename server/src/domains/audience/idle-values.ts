/**
 * Forgets the tokens of values that nobody has any more: minutes after people were deleted, and once a night those of values
 * that were only changed. At one look such a token is marked: whoever brings the value from then on notes it anew. It goes
 * at a later look, when it is still marked and nobody has it.
 */
import { sql } from 'kysely';
import { bigintArray, type Database, type Executor } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import { lockRules, type NameKind } from './rules.ts';

const lookAfterDeletions = defineJob('audience/forget idle values', () => ({}));
const lookEverywhere = defineJob('audience/forget idle values everywhere', () => ({}));

export function idleValueJobs(database: Database): JobHandler[] {
  const look = async (projects: readonly number[], signal: AbortSignal) => {
    for (const projectNumber of projects) {
      signal.throwIfAborted();
      await forgetIdleValues(database, projectNumber);
    }
  };
  return [
    handleJob(lookAfterDeletions, async (_payload, { signal }) =>
      look(await findWithDeletions(database.query), signal),
    ),
    handleJob(lookEverywhere, async (_payload, { signal }) => look(await findAll(database.query), signal)),
  ];
}

export const idleValueCrons: readonly Cron[] = [
  { job: lookAfterDeletions, match: '*/2 * * * *' },
  { job: lookEverywhere, match: '13 3 * * *' },
];

/** Every deletion leaves a tombstone. Those that were marked wait for another look. */
async function findWithDeletions(query: Executor): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select project_number as number from attribute_names where idle_tokens <> '{}'
    union
    select project_number from endpoint_tombstones where deleted_at > now() - interval '10 minutes'`.execute(query);
  return rows.map(({ number }) => number);
}

async function findAll(query: Executor): Promise<number[]> {
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

const markedForMilliseconds = 60_000;

/** Each name in a transaction of its own: whoever brings new values waits meanwhile. */
export async function forgetIdleValues(
  database: Database,
  projectNumber: number,
  markedFor = markedForMilliseconds,
): Promise<void> {
  for (const idle of await findIdle(database.query, projectNumber)) {
    await database.transaction(async (tx) => {
      await lockRules(tx, [projectNumber]);
      const oldest = await findOldestWriter(tx);
      await forget(tx, projectNumber, idle, { oldest, markedFor });
    });
  }
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

/**
 * When the oldest transaction began that has written or waits to. By a statement before the one that looks for holders: what
 * commits between the two is seen by the second.
 */
async function findOldestWriter(query: Executor): Promise<Date | null> {
  const { rows } = await sql<{ began: Date | null }>`
    select min(xact_start) as began from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and (backend_xid is not null or wait_event_type = 'Lock')`.execute(query);
  return rows[0]?.began ?? null;
}

/** Those that were marked go, unless somebody writes who may have begun before hearing of the mark. */
async function forget(
  tx: Executor,
  projectNumber: number,
  { kind, name, tokens }: IdleValues,
  { oldest, markedFor }: { readonly oldest: Date | null; readonly markedFor: number },
): Promise<void> {
  await sql`
    with looked_at as (
      select value_tokens as noted, array(
               select marked.token
               from (select unnest(idle_tokens) intersect select unnest(${bigintArray(tokens)}::bigint[])) as marked (token)
               where idle_since <= clock_timestamp() - ${markedFor}::int * interval '1 millisecond'
                 -- A process that hears nothing of rules believes its own for so long.
                 and coalesce(idle_since + least(${markedFor}::int, 15000) * interval '1 millisecond' < ${oldest}, true)
                 and not exists (select from endpoint_with_token(${projectNumber}, marked.token))
             ) as gone
      from attribute_names
      where project_number = ${projectNumber} and kind = ${kind} and name = ${name} and value_tokens is not null
    )
    update attribute_names set
      value_tokens = array(select unnest(noted) except select unnest(gone)),
      idle_tokens = array(
        (select unnest(${bigintArray(tokens)}::bigint[]) intersect select unnest(noted)) except select unnest(gone)),
      idle_since = clock_timestamp()
    from looked_at
    where project_number = ${projectNumber} and kind = ${kind} and name = ${name}`.execute(tx);
}
