/** All SQL over `recommenders`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../database/index.ts';
import type { Position } from '../../kernel/paging.ts';

export interface RecommenderScope {
  readonly accountId: string;
  readonly region: string;
}

/** Whose recommendations are asked for. */
export type RecommenderIdType = 'PINPOINT_ENDPOINT_ID' | 'PINPOINT_USER_ID';

/** What a caller may set, checked. */
export interface RecommenderSettings {
  readonly name: string | null;
  readonly description: string | null;
  readonly providerUri: string;
  readonly providerRoleArn: string;
  readonly providerIdType: RecommenderIdType;
  /** 1 to 5. */
  readonly recommendationsPerMessage: number;
  /** Function that makes attributes of the items. */
  readonly transformerUri: string | null;
  /** Of the items, where there is no transformer. */
  readonly displayName: string | null;
  /** What the transformer may answer with, by name; the values are display names. */
  readonly attributes: Readonly<Record<string, string>> | null;
}

export interface RecommenderConfiguration extends RecommenderSettings {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

const columns = sql`
  id, name, description, provider_uri as "providerUri", provider_role_arn as "providerRoleArn",
  provider_id_type as "providerIdType", recommendations_per_message as "recommendationsPerMessage",
  transformer_uri as "transformerUri", display_name as "displayName", attributes, created_at as "createdAt",
  last_modified_at as "lastModifiedAt"`;

const isOf = ({ accountId, region }: RecommenderScope, id: string) =>
  sql`account_id = ${accountId} and region = ${region} and id = ${id}`;

export async function findRecommender(
  query: Executor,
  scope: RecommenderScope,
  id: string,
): Promise<RecommenderConfiguration | undefined> {
  const { rows } = await sql<RecommenderConfiguration>`
    select ${columns} from recommenders where ${isOf(scope, id)}`.execute(query);
  return rows[0];
}

/** Oldest first, behind `after` = [creation time, id]. */
export async function listRecommenders(
  query: Executor,
  { accountId, region }: RecommenderScope,
  after: Position | undefined,
  limit: number,
): Promise<RecommenderConfiguration[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<RecommenderConfiguration>`
    select ${columns} from recommenders
    where account_id = ${accountId} and region = ${region}
      and (${createdAt ?? null}::timestamptz is null
           or (created_at, id) > (${createdAt ?? null}::timestamptz, ${id ?? ''}::text))
    order by created_at, id
    limit ${limit}`.execute(query);
  return rows;
}

/** Counts the configurations of a scope while nobody else can add one. */
export async function countExclusively(tx: Transaction, { accountId, region }: RecommenderScope): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`recommenders ${accountId} ${region}`}, 0))`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from recommenders where account_id = ${accountId} and region = ${region}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertRecommender(
  tx: Transaction,
  { accountId, region }: RecommenderScope,
  id: string,
  settings: RecommenderSettings,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('recommenders')
    .values({
      account_id: accountId,
      region,
      id,
      ...toRow(settings),
      created_at: now,
      last_modified_at: now,
    })
    .execute();
}

/** @returns false when it is not there */
export async function replaceRecommender(
  tx: Transaction,
  { accountId, region }: RecommenderScope,
  id: string,
  settings: RecommenderSettings,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recommenders')
    .set({ ...toRow(settings), last_modified_at: now })
    .where('account_id', '=', accountId)
    .where('region', '=', region)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** @returns what it was */
export async function deleteRecommender(
  tx: Transaction,
  scope: RecommenderScope,
  id: string,
): Promise<RecommenderConfiguration | undefined> {
  const { rows } = await sql<RecommenderConfiguration>`
    delete from recommenders where ${isOf(scope, id)} returning ${columns}`.execute(tx);
  return rows[0];
}

function toRow(settings: RecommenderSettings) {
  return {
    name: settings.name,
    description: settings.description,
    provider_uri: settings.providerUri,
    provider_role_arn: settings.providerRoleArn,
    provider_id_type: settings.providerIdType,
    recommendations_per_message: settings.recommendationsPerMessage,
    transformer_uri: settings.transformerUri,
    display_name: settings.displayName,
    attributes: settings.attributes && JSON.stringify(settings.attributes),
  };
}
