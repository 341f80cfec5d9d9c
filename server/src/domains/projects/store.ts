/** All SQL over `projects`, `project_settings` and `tags`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';
import type { Project } from '../../operations/call.ts';
import type { ResourceName } from './arn.ts';
import type { Settings } from './settings-rules.ts';
import type { Tags } from './tag-rules.ts';

export interface ProjectKey {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
}

/**
 * Finds many projects in one statement: the batch of a coalesced read. The answer has the order of the keys, with
 * `undefined` for projects that do not exist or are deleted. One probe of `projects_by_id` and one of `tags_pkey` a key.
 */
export async function findProjects(query: Executor, keys: readonly ProjectKey[]): Promise<(Project | undefined)[]> {
  const { rows } = await sql<Project & { position: number }>`
    select wanted.position, projects.number, projects.account_id as "accountId", projects.region, projects.id,
           projects.name, projects.created_at as "createdAt", coalesce(tags.tags, '{}') as tags
    from unnest(
           ${keys.map((key) => key.accountId)}::text[],
           ${keys.map((key) => key.region)}::text[],
           ${keys.map((key) => key.id)}::text[]
         ) with ordinality as wanted (account_id, region, id, position)
    join projects using (account_id, region, id)
    left join tags
      on tags.account_id = projects.account_id and tags.region = projects.region and tags.resource = 'apps/' || projects.id
    where projects.deleted_at is null`.execute(query);
  const found: (Project | undefined)[] = keys.map(() => undefined);
  for (const { position, ...project } of rows) found[position - 1] = project;
  return found;
}

/** Where a project is found by those who know its number only. */
export type ProjectName = Pick<Project, 'number' | 'accountId' | 'region' | 'id'>;

/** Of the projects that are there, in no order. */
export async function findProjectNames(query: Executor, numbers: readonly number[]): Promise<ProjectName[]> {
  const { rows } = await sql<ProjectName>`
    select number, account_id as "accountId", region, id from projects
    where number = any (${numbers}::bigint[]) and deleted_at is null`.execute(query);
  return rows;
}

/** All projects of one account and region. */
export async function findProjectNumbers(query: Executor, scope: Omit<ProjectKey, 'id'>): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select number from projects
    where account_id = ${scope.accountId} and region = ${scope.region} and deleted_at is null`.execute(query);
  return rows.map(({ number }) => number);
}

/** Projects of one account and region, oldest first, beginning behind `after` = [creation time, id]. */
export async function listProjects(
  query: Executor,
  scope: Omit<ProjectKey, 'id'>,
  after: Position | undefined,
  limit: number,
): Promise<Project[]> {
  const [createdAfter, idAfter] = after ?? [];
  const { rows } = await sql<Project>`
    select projects.number, projects.account_id as "accountId", projects.region, projects.id, projects.name,
           projects.created_at as "createdAt", coalesce(tags.tags, '{}') as tags
    from projects
    left join tags
      on tags.account_id = projects.account_id and tags.region = projects.region and tags.resource = 'apps/' || projects.id
    where projects.account_id = ${scope.accountId} and projects.region = ${scope.region} and projects.deleted_at is null
      and (${createdAfter ?? null}::timestamptz is null
           or (projects.created_at, projects.id) > (${createdAfter ?? null}::timestamptz, ${idAfter ?? ''}::text))
    order by projects.created_at, projects.id
    limit ${limit}`.execute(query);
  return rows;
}

/**
 * Counts the projects of an account and region while nobody else can add one: creations of one scope are serialised
 * until the transaction ends.
 */
export async function countProjectsExclusively(
  tx: Transaction,
  { accountId, region }: Omit<ProjectKey, 'id'>,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended('projects ' || ${accountId} || ' ' || ${region}, 0))`.execute(
    tx,
  );
  const { count } = await tx
    .selectFrom('projects')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('region', '=', region)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

export async function insertProject(tx: Transaction, project: Omit<Project, 'number' | 'tags'>): Promise<void> {
  await tx
    .insertInto('projects')
    .values({
      account_id: project.accountId,
      region: project.region,
      id: project.id,
      name: project.name,
      created_at: project.createdAt,
    })
    .execute();
}

/**
 * Keeps a project from being deleted until the transaction ends.
 * @returns false when it is deleted already
 */
export async function holdProject(tx: Transaction, number: number): Promise<boolean> {
  const row = await tx
    .selectFrom('projects')
    .select('number')
    .where('number', '=', number)
    .where('deleted_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Hides a project and removes its settings and all tags at and below it.
 * @returns false when somebody else deleted it first
 */
export async function markDeleted(tx: Transaction, number: number, name: ResourceName, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('projects')
    .set({ deleted_at: now })
    .where('number', '=', number)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  await tx.deleteFrom('project_settings').where('project_number', '=', number).execute();
  await tx
    .deleteFrom('tags')
    .where('account_id', '=', name.accountId)
    .where('region', '=', name.region)
    .where((where) =>
      where.or([where('resource', '=', name.resource), where('resource', 'like', `${name.resource}/%`)]),
    )
    .execute();
  return numUpdatedRows > 0n;
}

/** Hides the projects of an account that is closed. @returns those that were shown until now */
export async function hideProjects(tx: Transaction, accountId: string, now: Date): Promise<ProjectName[]> {
  const { rows } = await sql<ProjectName>`
    update projects set deleted_at = ${now}, closed_with_account = true
    where account_id = ${accountId} and deleted_at is null
    returning number, account_id as "accountId", region, id`.execute(tx);
  return rows;
}

/** Shows again what was hidden with the account. */
export async function showProjects(tx: Transaction, accountId: string): Promise<ProjectName[]> {
  const { rows } = await sql<ProjectName>`
    update projects set deleted_at = null, closed_with_account = false
    where account_id = ${accountId} and closed_with_account
    returning number, account_id as "accountId", region, id`.execute(tx);
  return rows;
}

/** All projects of an account, also those that are deleted; not what an erasure left of one. */
export async function listAllProjects(query: Executor, accountId: string): Promise<ProjectName[]> {
  const { rows } = await sql<ProjectName>`
    select number, account_id as "accountId", region, id from projects
    where account_id = ${accountId} and id !~ '^erased/' order by number`.execute(query);
  return rows;
}

/** What is left of a project until nobody can be writing for it any more: its number. Its id is free again. */
export async function emptyProject(tx: Transaction, number: number, now: Date): Promise<void> {
  await sql`
    update projects set id = 'erased/' || number, name = '', deleted_at = coalesce(deleted_at, ${now})
    where number = ${number}`.execute(tx);
}

export async function removeProject(tx: Transaction, number: number): Promise<void> {
  await tx.deleteFrom('projects').where('number', '=', number).execute();
}

export async function removeProjects(tx: Transaction, accountId: string): Promise<void> {
  await tx.deleteFrom('projects').where('account_id', '=', accountId).execute();
}

export async function findSettings(query: Executor, projectNumber: number): Promise<Settings | undefined> {
  const row = await query
    .selectFrom('project_settings')
    .selectAll()
    .where('project_number', '=', projectNumber)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    CampaignHook: row.campaign_hook as Settings['CampaignHook'],
    Limits: row.limits as Settings['Limits'],
    QuietTime: row.quiet_time as Settings['QuietTime'],
    JourneyLimits: row.journey_limits as Settings['JourneyLimits'],
    lastModified: row.last_modified_at,
  };
}

/** What UpdateApplicationSettings may carry; a block that is undefined keeps what is stored. */
export interface SettingsChange {
  readonly CampaignHook?: object | undefined;
  readonly Limits?: object | undefined;
  readonly QuietTime?: object | undefined;
  readonly JourneyLimits?: object | undefined;
  readonly CloudWatchMetricsEnabled?: boolean | undefined;
  readonly EventTaggingEnabled?: boolean | undefined;
}

export async function mergeSettings(
  tx: Transaction,
  projectNumber: number,
  change: SettingsChange,
  now: Date,
): Promise<void> {
  const block = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
  await sql`
    insert into project_settings as stored (project_number, campaign_hook, limits, quiet_time, journey_limits,
                                            cloud_watch_metrics_enabled, event_tagging_enabled, last_modified_at)
    values (${projectNumber}, ${block(change.CampaignHook)}::jsonb, ${block(change.Limits)}::jsonb,
            ${block(change.QuietTime)}::jsonb, ${block(change.JourneyLimits)}::jsonb,
            ${change.CloudWatchMetricsEnabled ?? null}::boolean, ${change.EventTaggingEnabled ?? null}::boolean, ${now})
    on conflict (project_number) do update set
      campaign_hook = coalesce(excluded.campaign_hook, stored.campaign_hook),
      limits = coalesce(excluded.limits, stored.limits),
      quiet_time = coalesce(excluded.quiet_time, stored.quiet_time),
      journey_limits = coalesce(excluded.journey_limits, stored.journey_limits),
      cloud_watch_metrics_enabled = coalesce(excluded.cloud_watch_metrics_enabled, stored.cloud_watch_metrics_enabled),
      event_tagging_enabled = coalesce(excluded.event_tagging_enabled, stored.event_tagging_enabled),
      last_modified_at = excluded.last_modified_at`.execute(tx);
}

/** Tags of one resource, `{}` when it has none. */
export async function findTags(query: Executor, name: ResourceName): Promise<Tags> {
  const row = await query
    .selectFrom('tags')
    .select('tags')
    .where('account_id', '=', name.accountId)
    .where('region', '=', name.region)
    .where('resource', '=', name.resource)
    .executeTakeFirst();
  return (row?.tags ?? {}) as Tags;
}

/**
 * Replaces the tags of a resource by what `change` makes of them. The row is made first and locked, so that two
 * changes at once both count.
 */
export async function changeTags(tx: Transaction, name: ResourceName, change: (stored: Tags) => Tags): Promise<void> {
  await tx
    .insertInto('tags')
    .values({ account_id: name.accountId, region: name.region, resource: name.resource, tags: '{}' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { tags } = await tx
    .selectFrom('tags')
    .select('tags')
    .where('account_id', '=', name.accountId)
    .where('region', '=', name.region)
    .where('resource', '=', name.resource)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('tags')
    .set({ tags: JSON.stringify(change(tags as Tags)) })
    .where('account_id', '=', name.accountId)
    .where('region', '=', name.region)
    .where('resource', '=', name.resource)
    .execute();
}

/** Tags of many resources of one account and region, by resource; one that has none is left out. */
export async function findTagsOf(
  query: Executor,
  scope: Omit<ResourceName, 'resource'>,
  resources: readonly string[],
): Promise<ReadonlyMap<string, Tags>> {
  if (resources.length === 0) return new Map();
  const rows = await query
    .selectFrom('tags')
    .select(['resource', 'tags'])
    .where('account_id', '=', scope.accountId)
    .where('region', '=', scope.region)
    .where('resource', 'in', [...resources])
    .execute();
  return new Map(rows.map(({ resource, tags }) => [resource, tags as Tags]));
}

export async function deleteTags(tx: Transaction, name: ResourceName): Promise<void> {
  await tx
    .deleteFrom('tags')
    .where('account_id', '=', name.accountId)
    .where('region', '=', name.region)
    .where('resource', '=', name.resource)
    .execute();
}
