/** All SQL over `audit_entries` and `audit_counts`. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';

export interface AuditEntry {
  readonly number: number;
  readonly at: Date;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly operation: string;
  readonly region: string;
  readonly projectId: string | null;
  readonly resource: string | null;
  readonly sourceAddress: string;
  readonly status: number;
  readonly errorCode: string | null;
  readonly requestId: string;
}

export async function insertEntry(
  query: Executor,
  accountId: string,
  entry: Omit<AuditEntry, 'number'>,
): Promise<void> {
  await query
    .insertInto('audit_entries')
    .values({
      account_id: accountId,
      at: entry.at,
      user_name: entry.userName,
      access_key_id: entry.accessKeyId,
      operation: entry.operation,
      region: entry.region,
      project_id: entry.projectId,
      resource: entry.resource,
      source_address: entry.sourceAddress,
      status: entry.status,
      error_code: entry.errorCode,
      request_id: entry.requestId,
    })
    .execute();
}

export interface EntryFilter {
  readonly accountId: string;
  /** Inclusive. */
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly until: Date | undefined;
  readonly operation: string | undefined;
  readonly userName: string | undefined;
  readonly projectId: string | undefined;
  /** By the status of the answer: up to 399, 4xx, 5xx. */
  readonly outcome: AuditOutcome | undefined;
}

export const auditOutcomes = ['SUCCEEDED', 'REFUSED', 'FAILED'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** Statuses from, and below. */
const statusesOf = { SUCCEEDED: [0, 400], REFUSED: [400, 500], FAILED: [500, 1000] } as const;

/** Newest first, behind `after` = [time, number]. Walks `audit_entries_by_time`. */
export async function listEntries(
  query: Executor,
  filter: EntryFilter,
  after: Position | undefined,
  limit: number,
): Promise<AuditEntry[]> {
  let entries = query
    .selectFrom('audit_entries')
    .select([
      'number',
      'at',
      'user_name as userName',
      'access_key_id as accessKeyId',
      'operation',
      'region',
      'project_id as projectId',
      'resource',
      'source_address as sourceAddress',
      'status',
      'error_code as errorCode',
      'request_id as requestId',
    ])
    .where('account_id', '=', filter.accountId)
    .orderBy('at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit);
  if (filter.from !== undefined) entries = entries.where('at', '>=', filter.from);
  if (filter.until !== undefined) entries = entries.where('at', '<', filter.until);
  if (filter.operation !== undefined) entries = entries.where('operation', '=', filter.operation);
  if (filter.userName !== undefined) entries = entries.where('user_name', '=', filter.userName);
  if (filter.projectId !== undefined) entries = entries.where('project_id', '=', filter.projectId);
  if (filter.outcome !== undefined) {
    const [from, below] = statusesOf[filter.outcome];
    entries = entries.where('status', '>=', from).where('status', '<', below);
  }
  if (after !== undefined) {
    entries = entries.where(sql<boolean>`(at, number) < (${after[0]}::timestamptz, ${after[1]}::bigint)`);
  }
  return entries.execute();
}

export interface AuditCount {
  readonly minute: Date;
  readonly accessKeyId: string;
  readonly operation: string;
  /** Empty for calls that name no project. */
  readonly projectId: string;
  readonly statusClass: '2xx' | '4xx' | '5xx';
  readonly count: number;
}

/** Adds to what is there. Sorted by key, so that two processes never lock each other's rows crosswise. */
export async function addCounts(
  query: Executor,
  counts: readonly (AuditCount & { readonly accountId: string })[],
): Promise<void> {
  await sql`
    insert into audit_counts as stored (account_id, minute, access_key_id, operation, project_id, status_class, count)
    select "accountId", minute, "accessKeyId", operation, "projectId", "statusClass", count
    from json_to_recordset(${JSON.stringify(counts)}::json)
      as added ("accountId" text, minute timestamptz, "accessKeyId" text, operation text, "projectId" text,
                "statusClass" text, count bigint)
    order by 1, 2, 3, 4, 5, 6
    on conflict (account_id, minute, access_key_id, operation, project_id, status_class)
      do update set count = stored.count + excluded.count`.execute(query);
}

export type CountFilter = Pick<EntryFilter, 'accountId' | 'from' | 'until' | 'operation'>;

/** Oldest minute first, in the order of the primary key, behind `after` = the rest of that key. */
export async function listCounts(
  query: Executor,
  filter: CountFilter,
  after: Position | undefined,
  limit: number,
): Promise<AuditCount[]> {
  let counts = query
    .selectFrom('audit_counts')
    .select([
      'minute',
      'access_key_id as accessKeyId',
      'operation',
      'project_id as projectId',
      sql<AuditCount['statusClass']>`status_class`.as('statusClass'),
      'count',
    ])
    .where('account_id', '=', filter.accountId)
    .orderBy('minute')
    .orderBy('access_key_id')
    .orderBy('operation')
    .orderBy('project_id')
    .orderBy('status_class')
    .limit(limit);
  if (filter.from !== undefined) counts = counts.where('minute', '>=', filter.from);
  if (filter.until !== undefined) counts = counts.where('minute', '<', filter.until);
  if (filter.operation !== undefined) counts = counts.where('operation', '=', filter.operation);
  if (after !== undefined) {
    const [minute, accessKeyId, operation, projectId, statusClass] = after;
    counts = counts.where(
      sql<boolean>`(minute, access_key_id, operation, project_id, status_class) >
        (${minute}::timestamptz, ${accessKeyId}::text, ${operation}::text, ${projectId}::text, ${statusClass}::text)`,
    );
  }
  return counts.execute();
}

/** Uses no index of its own: a daily sweep, account by account through the primary key. */
export async function deleteCountsBefore(query: Executor, before: Date): Promise<void> {
  await sql`
    delete from audit_counts using accounts
    where audit_counts.account_id = accounts.account_id and audit_counts.minute < ${before}`.execute(query);
}
