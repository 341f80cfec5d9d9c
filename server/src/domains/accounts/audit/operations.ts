/** Reading the audit log: entries newest first, counts of the data plane by minute. */
import type { AuditCount as AuditCountResponse, AuditLogEntry } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers } from '../../../operations/call.ts';
import {
  type AuditCount,
  type AuditEntry,
  type AuditOutcome,
  auditOutcomes,
  listCounts,
  listEntries,
} from './store.ts';

export function auditOperations(parts: {
  database: Database;
  pagingTokens: PagingTokens;
}): Handlers<'GetAuditLog' | 'GetAuditCounts'> {
  const { database, pagingTokens } = parts;

  return {
    async GetAuditLog({ StartTime, EndTime, Operation, UserName, ProjectId, Outcome, ...page }, call) {
      const filter = {
        accountId: call.caller.accountId,
        from: readTime(StartTime, 'start-time'),
        until: readTime(EndTime, 'end-time'),
        operation: Operation,
        userName: UserName,
        projectId: ProjectId,
        outcome: readOutcome(Outcome),
      };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `audit-log ${JSON.stringify(filter)}`,
        page,
        (after, limit) => listEntries(database.query, filter, after, limit),
        (last) => [toTimestamp(last.at), last.number],
      );
      return { Item: items.map(toEntryResponse), NextToken };
    },

    async GetAuditCounts({ StartTime, EndTime, Operation, ...page }, call) {
      const filter = {
        accountId: call.caller.accountId,
        from: readTime(StartTime, 'start-time'),
        until: readTime(EndTime, 'end-time'),
        operation: Operation,
      };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `audit-counts ${JSON.stringify(filter)}`,
        page,
        (after, limit) => listCounts(database.query, filter, after, limit),
        (last) => [toTimestamp(last.minute), last.accessKeyId, last.operation, last.projectId, last.statusClass],
      );
      return { Item: items.map(toCountResponse), NextToken };
    },
  };
}

/** ISO 8601 with a time zone: what JavaScript reads besides goes beyond the years of PostgreSQL. */
const timePattern =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

function readTime(text: string | undefined, parameter: string): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(timePattern.test(text) ? text : Number.NaN);
  if (Number.isNaN(time.getTime())) throw badRequest(`${parameter} must be a time such as 2026-11-25T10:00:00Z`);
  return time;
}

function readOutcome(text: string | undefined): AuditOutcome | undefined {
  const outcome = auditOutcomes.find((each) => each === text);
  if (text !== undefined && outcome === undefined) {
    throw badRequest(`outcome must be one of ${auditOutcomes.join(', ')}`);
  }
  return outcome;
}

function toEntryResponse(entry: AuditEntry): AuditLogEntry {
  return {
    Id: String(entry.number),
    Time: toTimestamp(entry.at),
    UserName: entry.userName,
    AccessKeyId: entry.accessKeyId,
    Operation: entry.operation,
    ...(entry.projectId !== null && { ProjectId: entry.projectId }),
    ...(entry.resource !== null && { Resource: entry.resource }),
    SourceAddress: entry.sourceAddress,
    Status: entry.status,
    ...(entry.errorCode !== null && { ErrorCode: entry.errorCode }),
    RequestId: entry.requestId,
    Region: entry.region,
  };
}

function toCountResponse(count: AuditCount): AuditCountResponse {
  return {
    Minute: toTimestamp(count.minute),
    AccessKeyId: count.accessKeyId,
    Operation: count.operation,
    ...(count.projectId !== '' && { ProjectId: count.projectId }),
    StatusClass: count.statusClass,
    Count: count.count,
  };
}
