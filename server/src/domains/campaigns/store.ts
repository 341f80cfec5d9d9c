/** All SQL over `campaigns`, `campaign_versions` and `campaign_templates`. */
import { sql } from 'kysely';
import type { CampaignStatus } from '../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';
import type { Project } from '../../operations/call.ts';
import type { Campaign, CampaignDefinition, CampaignKey, Inherited } from './campaign.ts';

const columns = sql`
  campaigns.project_number as "projectNumber", campaigns.id, projects.account_id as "accountId", projects.region,
  projects.id as "applicationId", campaigns.version, campaigns.definition, campaigns.inherited,
  campaigns.is_paused as "isPaused", campaigns.state, campaigns.created_at as "createdAt",
  campaigns.last_modified_at as "lastModifiedAt"`;
/** Those that were deleted, themselves or with their project, are not found. */
const tables = sql`
  campaigns join projects on projects.number = campaigns.project_number and projects.deleted_at is null`;
const isThere = sql`campaigns.deleted_at is null`;

/** Of a campaign that may still send, now or later. As the index `campaigns_alive` has it. */
const isAlive = sql`campaigns.state not in ('COMPLETED', 'DELETED', 'INVALID') and campaigns.deleted_at is null`;

export async function findCampaign(query: Executor, key: CampaignKey): Promise<Campaign | undefined> {
  const [campaign] = await readCampaigns(query, [key]);
  return campaign;
}

/** In no order; those that are not there are left out. */
export async function readCampaigns(query: Executor, keys: readonly CampaignKey[]): Promise<Campaign[]> {
  const { rows } = await sql<Campaign>`
    select ${columns}
    from unnest(${keys.map(({ projectNumber }) => projectNumber)}::bigint[], ${keys.map(({ id }) => id)}::text[])
           as wanted (project_number, id)
    join campaigns using (project_number, id)
    join projects on projects.number = campaigns.project_number and projects.deleted_at is null
    where ${isThere}`.execute(query);
  return rows;
}

/** The same, for a change: nobody else changes it until the transaction ends. */
export async function lockCampaign(tx: Transaction, key: CampaignKey): Promise<Campaign | undefined> {
  const { rows } = await sql<Campaign>`
    select ${columns} from ${tables}
    where campaigns.project_number = ${key.projectNumber} and campaigns.id = ${key.id} and ${isThere}
    for no key update of campaigns`.execute(tx);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listCampaigns(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<Campaign[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<Campaign>`
    select ${columns} from ${tables}
    where campaigns.project_number = ${projectNumber} and ${isThere}
      and (${createdAt ?? null}::timestamptz is null
           or campaigns.created_at < ${createdAt ?? null}::timestamptz
           or (campaigns.created_at = ${createdAt ?? null}::timestamptz and campaigns.id > ${id ?? ''}::text))
    order by campaigns.created_at desc, campaigns.id
    limit ${limit}`.execute(query);
  return rows;
}

/** Those of a project that may still send, oldest first. At most 250: quotas hold. */
export async function listAliveCampaigns(query: Executor, projectNumber: number): Promise<Campaign[]> {
  const { rows } = await sql<Campaign>`
    select ${columns} from ${tables}
    where campaigns.project_number = ${projectNumber} and ${isAlive}
    order by campaigns.created_at, campaigns.id`.execute(query);
  return rows;
}

const formerColumns = sql`
  campaigns.project_number as "projectNumber", campaigns.id, projects.account_id as "accountId", projects.region,
  projects.id as "applicationId", former.version, former.definition, campaigns.inherited,
  former.is_paused as "isPaused", former.state, campaigns.created_at as "createdAt",
  former.last_modified_at as "lastModifiedAt"`;
const formerTables = sql`
  campaign_versions as former join ${tables}
    on campaigns.project_number = former.project_number and campaigns.id = former.campaign_id`;

/** The campaign as it was in this version. */
export async function findCampaignVersion(
  query: Executor,
  key: CampaignKey,
  version: number,
): Promise<Campaign | undefined> {
  const [campaign] = await listCampaignVersions(query, key, [version + 1], 1);
  return campaign?.version === version ? campaign : undefined;
}

/** Highest first, behind `after` = [version]. */
export async function listCampaignVersions(
  query: Executor,
  { projectNumber, id }: CampaignKey,
  after: Position | undefined,
  limit: number,
): Promise<Campaign[]> {
  const below = sql`${after?.[0] ?? 2 ** 31 - 1}::bigint`;
  const { rows } = await sql<Campaign>`
    select * from (
      select ${columns} from ${tables}
      where campaigns.project_number = ${projectNumber} and campaigns.id = ${id} and ${isThere}
        and campaigns.version < ${below}
      union all
      select ${formerColumns} from ${formerTables}
      where former.project_number = ${projectNumber} and former.campaign_id = ${id} and ${isThere}
        and former.version < ${below}) as versions
    order by version desc
    limit ${limit}`.execute(query);
  return rows;
}

/**
 * Counts the campaigns that may still send while nobody else of the account can add one: until the transaction ends.
 * @param but is not counted
 */
export async function countCampaignsExclusively(
  tx: Transaction,
  { accountId, region, number }: Pick<Project, 'accountId' | 'region' | 'number'>,
  but: string,
  frequency: string | undefined,
): Promise<{ readonly active: number; readonly alike: number }> {
  const scope = `campaigns ${accountId} ${region}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${scope}, 0))`.execute(tx);
  const { rows } = await sql<{ active: number; alike: number }>`
    select count(*) filter (where campaigns.state <> 'PAUSED') as active,
           count(*) filter (where campaigns.project_number = ${number}
                              and campaigns.definition -> 'Schedule' ->> 'Frequency' = ${frequency ?? ''}) as alike
    from ${tables}
    where projects.account_id = ${accountId} and projects.region = ${region} and ${isAlive}
      and campaigns.id <> ${but}`.execute(tx);
  return rows[0] ?? { active: 0, alike: 0 };
}

export interface NewCampaign extends CampaignKey {
  readonly definition: CampaignDefinition;
  readonly inherited: Inherited;
  readonly isPaused: boolean;
  readonly now: Date;
}

/** SCHEDULED, in version 1. */
export async function insertCampaign(
  tx: Transaction,
  { projectNumber, id, definition, inherited, isPaused, now }: NewCampaign,
): Promise<void> {
  await tx
    .insertInto('campaigns')
    .values({
      ...{ project_number: projectNumber, id, version: 1, state: 'SCHEDULED', ...ofDefinition(definition) },
      ...{ inherited: JSON.stringify(inherited), is_paused: isPaused, created_at: now, last_modified_at: now },
    })
    .execute();
}

/** Makes another version; the one before is kept as it was. For a campaign that `lockCampaign` holds. */
export async function replaceDefinition(
  tx: Transaction,
  { projectNumber, id }: CampaignKey,
  { definition, isPaused, now }: Pick<NewCampaign, 'definition' | 'isPaused' | 'now'>,
): Promise<void> {
  await sql`
    insert into campaign_versions
      (project_number, campaign_id, version, definition, segment_version, is_paused, state, last_modified_at)
    select project_number, id, version, definition, segment_version, is_paused, state, last_modified_at
    from campaigns where project_number = ${projectNumber} and id = ${id}`.execute(tx);
  await tx
    .updateTable('campaigns')
    .set(({ eb }) => ({
      version: eb('version', '+', 1),
      ...ofDefinition(definition),
      ...{ is_paused: isPaused, last_modified_at: now },
    }))
    .where('project_number', '=', projectNumber)
    .where('id', '=', id)
    .execute();
}

function ofDefinition(definition: CampaignDefinition) {
  return {
    name: definition.Name,
    definition: JSON.stringify(definition),
    segment_id: definition.SegmentId,
    segment_version: definition.SegmentVersion,
  };
}

/** Takes the campaign out of the API; its row stays for those who tell what it sent. */
export async function markCampaignDeleted(tx: Transaction, key: CampaignKey, now: Date): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set({ state: 'DELETED', state_detail: 'The campaign was deleted.', deleted_at: now })
    .where('project_number', '=', key.projectNumber)
    .where('id', '=', key.id)
    .execute();
}

/** Those that are not deleted, in the order of their ids; nobody else changes them until the transaction ends. */
export async function lockCampaignsOf(
  tx: Transaction,
  projectNumber: number,
  segmentId?: string,
): Promise<CampaignKey[]> {
  const { rows } = await sql<CampaignKey>`
    select project_number as "projectNumber", id from campaigns
    where project_number = ${projectNumber} and state <> 'DELETED'
      ${segmentId === undefined ? sql`and ${isAlive}` : sql`and segment_id = ${segmentId}`}
    order by id
    for no key update`.execute(tx);
  return rows;
}

/** It stays to be seen, with what has become of it. */
export async function setCampaignState(
  tx: Transaction,
  key: CampaignKey,
  state: CampaignStatus,
  detail: string | null,
): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set({ state, state_detail: detail })
    .where('project_number', '=', key.projectNumber)
    .where('id', '=', key.id)
    .execute();
}

/** Deleted ones too: whoever tells what was sent names them. By id. */
export async function findCampaignNames(
  query: Executor,
  projectNumber: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await query
    .selectFrom('campaigns')
    .select(['id', 'name'])
    .where('project_number', '=', projectNumber)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** @returns undefined for one that a project neither has nor had */
export async function campaignCreatedAt(
  query: Executor,
  projectNumber: number,
  campaignId: string,
): Promise<Date | undefined> {
  const row = await query
    .selectFrom('campaigns')
    .select('created_at')
    .where('project_number', '=', projectNumber)
    .where('id', '=', campaignId)
    .executeTakeFirst();
  return row?.created_at;
}
