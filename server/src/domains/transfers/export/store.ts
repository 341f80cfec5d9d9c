/** SQL of exports: their pieces, and endpoints as lines of the documented layout, made by the database itself. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { bucketCount } from '../../../kernel/bucket.ts';
import { type KeyRange, withinRange } from '../../segments/index.ts';
import { isCurrent, type JobKey, type Piece, type Run, RunEnded } from '../store.ts';

export interface ExportPiece extends Piece {
  readonly firstBucket: number;
  /** Exclusive. */
  readonly endBucket: number;
}

/** Ranges of equal width. Those of an earlier run stay. */
export async function insertRanges(tx: Transaction, { projectNumber, id }: JobKey, urls: readonly string[]) {
  const width = bucketCount / urls.length;
  await sql`
    insert into transfer_pieces (project_number, job_id, piece, url, first_bucket, end_bucket)
    select ${projectNumber}, ${id}, position, url, round((position - 1) * ${width}::float8), round(position * ${width}::float8)
    from unnest(${urls}::text[]) with ordinality as given (url, position)
    on conflict do nothing`.execute(tx);
}

export async function unfinishedRanges(query: Executor, { projectNumber, id }: JobKey): Promise<ExportPiece[]> {
  const { rows } = await sql<ExportPiece>`
    select piece, url, first_bucket as "firstBucket", end_bucket as "endBucket" from transfer_pieces
    where project_number = ${projectNumber} and job_id = ${id} and finished_at is null
    order by piece`.execute(query);
  return rows;
}

export async function hasRanges(query: Executor, { projectNumber, id }: JobKey): Promise<boolean> {
  const { rows } = await sql`
    select from transfer_pieces where project_number = ${projectNumber} and job_id = ${id} limit 1`.execute(query);
  return rows.length > 0;
}

/** How far a range is: it begins anew when it is interrupted. @throws RunEnded */
export async function setProcessed(query: Executor, run: Run, { piece }: Piece, processed: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update transfer_pieces set processed = ${processed}::bigint
    where project_number = ${run.projectNumber} and job_id = ${run.id} and piece = ${piece}
      and ${isCurrent(run)}`.execute(query);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

/** Endpoints to export, behind a place: `e`, and `u` for their users. */
export type Exported = (page: KeyRange) => RowsToExport;

export interface RowsToExport {
  readonly from: RawBuilder<unknown>;
  readonly condition: RawBuilder<unknown>;
  /** What has the columns `bucket` and `id` by which they are ordered. */
  readonly key: string;
}

export function everyEndpoint(projectNumber: number): Exported {
  return (page) => ({
    from: sql`endpoints as e left join audience_users as u
      on u.project_number = e.project_number and u.bucket = e.user_bucket and u.user_id = e.user_id`,
    condition: sql`e.project_number = ${projectNumber} and ${withinRange(page, 'e.bucket', 'e.id')}`,
    key: 'e',
  });
}

export async function countEndpoints(query: Executor, projectNumber: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from endpoints where project_number = ${projectNumber}`.execute(query);
  return rows[0]?.count ?? 0;
}

export interface LinePage {
  readonly count: number;
  /** Each with its end. */
  readonly lines: string;
  readonly last: readonly [bucket: number, id: string];
}

/** The next lines of a range in the order of bucket and id; undefined behind the last. For `readInKeyOrder`. */
export async function readLinePage(
  tx: Transaction,
  { from, condition, key }: RowsToExport,
  applicationId: string,
  limit: number,
): Promise<LinePage | undefined> {
  const { rows } = await sql<{ count: number; lines: string; bucket: number; id: string }>`
    select count(*)::int as count, string_agg(line, '' order by bucket, id) as lines, max(bucket) as bucket,
           (array_agg(id order by bucket desc, id desc))[1] as id
    from (
      select e.bucket, e.id, ${line(applicationId)} as line from ${from}
      where ${condition}
      order by ${sql.ref(key)}.bucket, ${sql.ref(key)}.id
      limit ${limit}) as page`.execute(tx);
  const [found] = rows;
  if (found === undefined || found.count === 0) return undefined;
  return { count: found.count, lines: found.lines, last: [found.bucket, found.id] };
}

const member = (name: string, value: RawBuilder<unknown>) => sql`${sql.lit(`"${name}":`)} || ${value}`;
const text = (column: string) => sql`to_json(${sql.ref(column)})::text`;
const moment = (column: string) =>
  sql`to_json(to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text`;
/** Left out when it is empty. */
const map = (name: string, column: string) =>
  sql`case when ${sql.ref(column)} <> '{}' then ${member(name, sql`${sql.ref(column)}::text`)} end`;

/** The order of members is that of AWS's samples (dossier/audience §10.2). */
const line = (applicationId: string) => sql`'{' || concat_ws(',',
  ${member('ChannelType', text('e.channel_type'))},
  ${member('Address', text('e.address'))},
  ${member('EndpointStatus', text('e.status'))},
  ${member('OptOut', text('e.opt_out'))},
  ${member('EffectiveDate', moment('e.effective_at'))},
  ${map('Attributes', 'e.attributes')},
  ${map('Metrics', 'e.metrics')},
  ${map('Demographic', 'e.demographic')},
  ${map('Location', 'e.location')},
  ${member('User', user)},
  ${member('ApplicationId', sql`to_json(${applicationId}::text)::text`)},
  ${member('Id', sql`to_json(coalesce(e.shown_id, e.id))::text`)},
  ${member('CohortId', sql`to_json(e.cohort::text)::text`)},
  ${member('CreationDate', moment('e.created_at'))},
  ${member('RequestId', text('e.request_id'))}) || E'}\n'`;

const user = sql`'{' || concat_ws(',',
  ${member('UserId', text('e.user_id'))},
  case when coalesce(u.attributes, e.user_attributes) <> '{}'
       then ${member('UserAttributes', sql`coalesce(u.attributes, e.user_attributes)::text`)} end) || '}'`;
