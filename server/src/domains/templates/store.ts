/** All SQL over `templates` and `template_versions`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';
import type { TemplateContents, TemplateType } from './kinds.ts';

export interface TemplateScope {
  readonly accountId: string;
  readonly region: string;
}

export interface TemplateKey extends TemplateScope {
  readonly type: TemplateType;
  /** Case sensitive. */
  readonly name: string;
}

export interface TemplateHead {
  readonly number: number;
  readonly type: TemplateType;
  readonly name: string;
  readonly activeVersion: number;
  readonly latestVersion: number;
  /** The highest number that any version ever had. */
  readonly lastGiven: number;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

export interface TemplateVersion {
  readonly version: number;
  readonly content: TemplateContents[TemplateType];
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

/** One version, with what its head says of the template. */
export interface StoredTemplate {
  readonly type: TemplateType;
  readonly name: string;
  readonly version: number;
  readonly content: TemplateContents[TemplateType];
  /** Of the template. */
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

export type WantedVersion = number | 'active' | 'latest';

const headColumns = sql`
  number, type, name, active_version as "activeVersion", latest_version as "latestVersion",
  last_given as "lastGiven", created_at as "createdAt", last_modified_at as "lastModifiedAt"`;

const isKey = ({ accountId, region, name, type }: TemplateKey) =>
  sql`account_id = ${accountId} and region = ${region} and name = ${name} and type = ${type}`;

/** Versions have numbers from 1 on. */
const wantedNumbers = { active: 0, latest: -1 } as const;

/**
 * The batch of a coalesced read: one probe of `templates_by_name` and one of `template_versions_pkey` a key. The answer
 * has the order of the keys, with `undefined` for what is not there.
 */
export async function findStored(
  query: Executor,
  keys: readonly (TemplateKey & { readonly wanted: WantedVersion })[],
): Promise<(StoredTemplate | undefined)[]> {
  const { rows } = await sql<StoredTemplate & { position: number }>`
    select wanted.position, templates.type, templates.name, found.version, found.content,
           templates.created_at as "createdAt", templates.last_modified_at as "lastModifiedAt"
    from unnest(
           ${keys.map(({ accountId }) => accountId)}::text[], ${keys.map(({ region }) => region)}::text[],
           ${keys.map(({ name }) => name)}::text[], ${keys.map(({ type }) => type)}::text[],
           ${keys.map(({ wanted }) => (typeof wanted === 'number' ? wanted : wantedNumbers[wanted]))}::int[]
         ) with ordinality as wanted (account_id, region, name, type, version, position)
    join templates using (account_id, region, name, type)
    cross join lateral (
      select version, content from template_versions
      where template_number = templates.number and version = case wanted.version
        when ${wantedNumbers.active}::int then templates.active_version
        when ${wantedNumbers.latest}::int then templates.latest_version
        else wanted.version end
      -- Keeps the look-up of its own: as a join it was made by template alone, and went over all its versions.
      limit 1
    ) as found`.execute(query);
  const found: (StoredTemplate | undefined)[] = keys.map(() => undefined);
  for (const { position, ...template } of rows) found[position - 1] = template;
  return found;
}

export async function findHead(query: Executor, key: TemplateKey): Promise<TemplateHead | undefined> {
  const { rows } = await sql<TemplateHead>`select ${headColumns} from templates where ${isKey(key)}`.execute(query);
  return rows[0];
}

/** Nobody else changes the template, nor any of its versions, until the transaction ends. */
export async function lockHead(tx: Transaction, key: TemplateKey): Promise<TemplateHead | undefined> {
  const { rows } = await sql<TemplateHead>`
    select ${headColumns} from templates where ${isKey(key)} for update`.execute(tx);
  return rows[0];
}

/** Counts the templates of a scope while nobody else can add one. */
export async function countExclusively(tx: Transaction, { accountId, region }: TemplateScope): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`templates ${accountId} ${region}`}, 0))`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from templates where account_id = ${accountId} and region = ${region}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/**
 * Its first version is its active one.
 * @returns false when there is such a template already
 */
export async function insertTemplate(tx: Transaction, key: TemplateKey, content: object, now: Date): Promise<boolean> {
  const { rows } = await sql<{ number: number }>`
    insert into templates (account_id, region, name, type, active_version, latest_version, last_given, created_at,
                           last_modified_at)
    values (${key.accountId}, ${key.region}, ${key.name}, ${key.type}, 1, 1, 1, ${now}, ${now})
    on conflict do nothing
    returning number`.execute(tx);
  const [made] = rows;
  if (made !== undefined) await insertVersion(tx, made.number, 1, content, now);
  return made !== undefined;
}

/** Adds the version after the last that was ever given. */
export async function addVersion(tx: Transaction, head: TemplateHead, content: object, now: Date): Promise<void> {
  const version = head.lastGiven + 1;
  await insertVersion(tx, head.number, version, content, now);
  await sql`
    update templates set latest_version = ${version}, last_given = ${version}, last_modified_at = ${now}
    where number = ${head.number}`.execute(tx);
}

async function insertVersion(tx: Transaction, number: number, version: number, content: object, now: Date) {
  await sql`
    insert into template_versions (template_number, version, content, created_at, last_modified_at)
    values (${number}, ${version}, ${JSON.stringify(content)}::json, ${now}, ${now})`.execute(tx);
}

export async function overwriteLatest(tx: Transaction, head: TemplateHead, content: object, now: Date): Promise<void> {
  await sql`
    update template_versions set content = ${JSON.stringify(content)}::json, last_modified_at = ${now}
    where template_number = ${head.number} and version = ${head.latestVersion}`.execute(tx);
  await sql`update templates set last_modified_at = ${now} where number = ${head.number}`.execute(tx);
}

export async function activate(tx: Transaction, head: TemplateHead, version: number, now: Date): Promise<void> {
  await sql`
    update templates set active_version = ${version}, last_modified_at = ${now}
    where number = ${head.number}`.execute(tx);
}

export async function countVersions(query: Executor, head: TemplateHead): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from template_versions where template_number = ${head.number}`.execute(query);
  return rows[0]?.count ?? 0;
}

export async function versionExists(query: Executor, head: TemplateHead, version: number): Promise<boolean> {
  const { rows } = await sql`
    select from template_versions where template_number = ${head.number} and version = ${version}`.execute(query);
  return rows.length > 0;
}

/** One that is neither the active nor the only one. Its number is not given again. */
export async function deleteVersion(tx: Transaction, head: TemplateHead, version: number, now: Date): Promise<void> {
  await sql`
    delete from template_versions where template_number = ${head.number} and version = ${version}`.execute(tx);
  await sql`
    update templates set last_modified_at = ${now}, latest_version =
      (select max(version) from template_versions where template_number = ${head.number})
    where number = ${head.number}`.execute(tx);
}

/** With all versions. */
export async function deleteTemplate(tx: Transaction, head: TemplateHead): Promise<void> {
  await sql`delete from templates where number = ${head.number}`.execute(tx);
}

export interface TemplateFilter {
  readonly prefix: string;
  readonly type: TemplateType | undefined;
}

/** By name, then type, behind `after` = [name, type]. */
export async function listHeads(
  query: Executor,
  { accountId, region }: TemplateScope,
  { prefix, type }: TemplateFilter,
  after: Position | undefined,
  limit: number,
): Promise<TemplateHead[]> {
  const [afterName, afterType] = after ?? ['', ''];
  // `~` sorts behind every character that a name may have.
  const { rows } = await sql<TemplateHead>`
    select ${headColumns} from templates
    where account_id = ${accountId} and region = ${region}
      and name >= ${prefix} and name < ${`${prefix}~`} and (name, type) > (${afterName}::text, ${afterType}::text)
      and (${type ?? null}::text is null or type = ${type ?? null})
    order by name, type
    limit ${limit}`.execute(query);
  return rows;
}

/** Highest first, behind `after` = [version]. */
export async function listVersions(
  query: Executor,
  head: TemplateHead,
  after: Position | undefined,
  limit: number,
): Promise<TemplateVersion[]> {
  const { rows } = await sql<TemplateVersion>`
    select version, content, created_at as "createdAt", last_modified_at as "lastModifiedAt"
    from template_versions
    where template_number = ${head.number} and version < ${after?.[0] ?? 2 ** 31 - 1}::bigint
    order by version desc
    limit ${limit}`.execute(query);
  return rows;
}
