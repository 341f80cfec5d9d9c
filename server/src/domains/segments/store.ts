/** All SQL over `segments`, `segment_versions`, `segment_endpoints` and `segment_users`. */
import { sql } from 'kysely';
import { type Executor, notify, type Transaction } from '../../database/index.ts';
import { bucketOf } from '../../kernel/bucket.ts';
import type { Position } from '../../kernel/paging.ts';

/** News of changed and deleted segments; the payload is the number of the project. */
export const segmentsTopic = 'segments';

/** One version of a segment, with what its head says of it. */
export interface SegmentVersion {
  readonly id: string;
  readonly kind: 'DIMENSIONAL' | 'IMPORT';
  readonly version: number;
  readonly name: string | null;
  /** `Dimensions` or `SegmentGroups`, as written. */
  readonly definition: object | null;
  readonly importDefinition: object | null;
  readonly membership: number | null;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

const columns = sql`
  segments.id, segments.kind, segment_versions.version, segment_versions.name, segment_versions.definition,
  segment_versions.import_definition as "importDefinition", segment_versions.membership,
  segments.created_at as "createdAt", segment_versions.last_modified_at as "lastModifiedAt"`;
const tables = sql`
  segments join segment_versions
    on segment_versions.project_number = segments.project_number and segment_versions.segment_id = segments.id`;

/** The latest version when none is named. */
export async function findVersion(
  query: Executor,
  projectNumber: number,
  segmentId: string,
  version?: number,
): Promise<SegmentVersion | undefined> {
  const { rows } = await sql<SegmentVersion>`
    select ${columns} from ${tables}
    where segments.project_number = ${projectNumber} and segments.id = ${segmentId}
      and segment_versions.version = coalesce(${version ?? null}::int, segments.version)`.execute(query);
  return rows[0];
}

/** Keeps a segment from being deleted until the transaction ends. @returns false when it is not there */
export async function holdSegment(tx: Transaction, projectNumber: number, segmentId: string): Promise<boolean> {
  const { rows } = await sql`
    select from segments where project_number = ${projectNumber} and id = ${segmentId} for key share`.execute(tx);
  return rows.length > 0;
}

/** Latest versions, newest segment first, behind `after` = [creation time, id]. */
export async function listSegments(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<SegmentVersion[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<SegmentVersion>`
    select ${columns} from ${tables} and segment_versions.version = segments.version
    where segments.project_number = ${projectNumber}
      and (${createdAt ?? null}::timestamptz is null
           or segments.created_at < ${createdAt ?? null}::timestamptz
           or (segments.created_at = ${createdAt ?? null}::timestamptz and segments.id > ${id ?? ''}::text))
    order by segments.created_at desc, segments.id
    limit ${limit}`.execute(query);
  return rows;
}

/** Highest first, behind `after` = [version]. */
export async function listVersions(
  query: Executor,
  projectNumber: number,
  segmentId: string,
  after: Position | undefined,
  limit: number,
): Promise<SegmentVersion[]> {
  const { rows } = await sql<SegmentVersion>`
    select ${columns} from ${tables}
    where segments.project_number = ${projectNumber} and segments.id = ${segmentId}
      and segment_versions.version < ${after?.[0] ?? 2 ** 31 - 1}::bigint
    order by segment_versions.version desc
    limit ${limit}`.execute(query);
  return rows;
}

/** One change of a project's segments at a time, so that two at once cannot make a circle between them. */
export async function lockSegments(tx: Transaction, projectNumber: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`segments ${projectNumber}`}, 0))`.execute(tx);
}

export interface NewVersion {
  readonly projectNumber: number;
  readonly id: string;
  readonly version: number;
  readonly name: string | null;
  readonly definition: object | null;
  readonly importDefinition: object | null;
  readonly membership: number | null;
  readonly now: Date;
}

/** Version 1 makes the segment. */
export async function insertVersion(
  tx: Transaction,
  kind: SegmentVersion['kind'],
  { projectNumber, id, version, name, definition, importDefinition, membership, now }: NewVersion,
): Promise<void> {
  await sql`
    insert into segments as stored (project_number, id, kind, version, name, created_at, last_modified_at)
    values (${projectNumber}, ${id}, ${kind}, ${version}, ${name}, ${now}, ${now})
    on conflict (project_number, id) do update set
      version = excluded.version, name = excluded.name, last_modified_at = excluded.last_modified_at`.execute(tx);
  await tx
    .insertInto('segment_versions')
    .values({
      project_number: projectNumber,
      segment_id: id,
      version,
      name,
      definition: definition && JSON.stringify(definition),
      import_definition: importDefinition && JSON.stringify(importDefinition),
      membership,
      last_modified_at: now,
    })
    .execute();
  await notify(tx, segmentsTopic, String(projectNumber));
}

/** With all versions and the lists of members. */
export async function deleteSegment(tx: Transaction, projectNumber: number, segmentId: string): Promise<void> {
  const { rows } = await sql<{ membership: number }>`
    select membership from segment_versions
    where project_number = ${projectNumber} and segment_id = ${segmentId} and membership is not null`.execute(tx);
  const memberships = rows.map(({ membership }) => membership);
  for (const table of ['segment_endpoints', 'segment_users']) {
    await sql`delete from ${sql.table(table)} where membership = any (${memberships}::bigint[])`.execute(tx);
  }
  await tx.deleteFrom('segments').where('project_number', '=', projectNumber).where('id', '=', segmentId).execute();
  await notify(tx, segmentsTopic, String(projectNumber));
}

/** A number for a list of members that is about to be filled. */
export async function newMembership(query: Executor): Promise<number> {
  const { rows } = await sql<{ number: number }>`select nextval('segment_memberships') as number`.execute(query);
  return rows[0]?.number as number;
}

export interface Members {
  /** Folded. */
  readonly endpointIds: readonly string[];
  readonly userIds: readonly string[];
}

/** Members that are listed already stay once. */
export async function addMembers(
  tx: Transaction,
  membership: number,
  { endpointIds, userIds }: Members,
): Promise<void> {
  const add = async (table: string, column: string, ids: readonly string[]) => {
    if (ids.length === 0) return;
    await sql`
      insert into ${sql.table(table)} (membership, bucket, ${sql.ref(column)})
      select ${membership}, bucket, id
      from unnest(${ids.map((id) => bucketOf(id))}::int[], ${ids}::text[]) as given (bucket, id)
      order by bucket, id
      on conflict do nothing`.execute(tx);
  };
  await add('segment_endpoints', 'endpoint_id', endpointIds);
  await add('segment_users', 'user_id', userIds);
}
