/** Deals with one batch of rows in one transaction: endpoints, members of the segment, counters and cursor. */
import type { Database, Transaction } from '../../../database/index.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { ServiceError } from '../../../kernel/errors.ts';
import {
  type Audience,
  type EndpointKey,
  endpointKey,
  findSuppressedIdentities,
  keyText,
  lockEndpoints,
  readEndpoints,
  suppressed,
  type UnitOutcome,
  userIdentity,
  type WriteUnit,
  writeBatch,
} from '../../audience/index.ts';
import { addMembers } from '../../segments/index.ts';
import type { Piece, Run } from '../store.ts';
import type { RowTask } from './row.ts';
import type { RowBatch } from './rows.ts';
import { type Failure, settleLines } from './store.ts';

export interface BatchParts {
  readonly database: Database;
  readonly audience: Audience;
  readonly clock: Clock;
}

export interface Target {
  readonly run: Run;
  readonly piece: Piece;
  /** Whether endpoints are written; otherwise they must be there. */
  readonly register: boolean;
}

interface EndpointRow {
  readonly line: number;
  readonly key: EndpointKey;
  readonly task: Extract<RowTask, { kind: 'endpoint' }>;
}

const unknownEndpoint = 'Resource not found';

export async function importBatch(parts: BatchParts, target: Target, batch: RowBatch): Promise<void> {
  const { run, register } = target;
  const sorted = sortRows(batch, run.projectNumber);
  const { rows, failures } = await withoutUnknown(parts.database, sorted, register);
  const units = register ? rows.map((row) => toUnit(row, run, parts.clock.now())) : [];
  await writeBatch(parts.database, parts.audience.writeParts, units, async (tx, outcomes) => {
    const refused = register
      ? refusals(rows, outcomes)
      : missing(rows, await lockEndpoints(tx, distinct(rows.map(({ key }) => key))));
    const barred = await suppressedUsers(tx, parts.audience, run.projectNumber, sorted.users);
    if (run.membership !== null) {
      const bad = new Set(refused.map(({ line }) => line));
      const good = rows.filter(({ line }) => !bad.has(line));
      const userIds = sorted.users.filter((user) => !barred.has(user)).map(({ userId }) => userId);
      await addMembers(tx, run.membership, { endpointIds: good.map(({ key }) => key.id), userIds });
    }
    await settleLines(tx, run, target.piece, {
      ...{ firstLine: batch.firstLine, lastLine: batch.lastLine, processed: batch.rows.length },
      failures: [...failures, ...refused, ...refusedUsers(barred)].toSorted((one, other) => one.line - other.line),
    });
  });
}

/** What two batches must not change at the same time. */
export function concernsOf({ rows }: RowBatch): ReadonlySet<string> {
  const concerns = new Set<string>();
  for (const { task } of rows) {
    if (task instanceof ServiceError || task.kind === 'users') continue;
    concerns.add(`endpoint ${foldEndpointId(task.endpointId)}`);
    if (task.change.userId !== undefined) concerns.add(`user ${task.change.userId}`);
    if (task.change.address !== undefined) concerns.add(`address ${task.change.address.toLowerCase()}`);
  }
  return concerns;
}

interface UserRow {
  readonly line: number;
  readonly userId: string;
}

interface SortedRows {
  readonly rows: readonly EndpointRow[];
  readonly users: readonly UserRow[];
  readonly failures: readonly Failure[];
}

function sortRows(batch: RowBatch, projectNumber: number): SortedRows {
  const rows: EndpointRow[] = [];
  const users: UserRow[] = [];
  const failures: Failure[] = [];
  for (const { line, task } of batch.rows) {
    if (task instanceof ServiceError) failures.push({ line, reason: task.message });
    else if (task.kind === 'users') users.push(...task.userIds.map((userId) => ({ line, userId })));
    else rows.push({ line, task, key: endpointKey(projectNumber, task.endpointId) });
  }
  return { rows, users, failures };
}

/** Rows that say too little to make an endpoint are left out where there is none, in the file or before it. */
async function withoutUnknown(
  database: Database,
  { rows, failures }: SortedRows,
  register: boolean,
): Promise<Pick<SortedRows, 'rows' | 'failures'>> {
  const asking = rows.filter(({ task }) => register && task.onlyIfKnown);
  if (asking.length === 0) return { rows, failures };
  const stored = await readEndpoints(database.query, distinct(asking.map(({ key }) => key)));
  const known = new Set(stored.map(keyText));
  const kept: EndpointRow[] = [];
  const unknown: Failure[] = [];
  for (const row of rows) {
    if (!row.task.onlyIfKnown) known.add(keyText(row.key));
    if (known.has(keyText(row.key))) kept.push(row);
    else unknown.push({ line: row.line, reason: unknownEndpoint });
  }
  return { rows: kept, failures: [...failures, ...unknown] };
}

function toUnit({ key, task }: EndpointRow, run: Run, now: Date): WriteUnit {
  const { endpointId, change } = task;
  const write = { key, endpointId, change, applicationId: run.applicationId, now, requestId: run.id };
  return { writes: [write], begunAt: run.begunAt };
}

/** Users of whom a list may not speak any more. */
async function suppressedUsers(
  tx: Transaction,
  audience: Audience,
  projectNumber: number,
  users: readonly UserRow[],
): Promise<ReadonlySet<UserRow>> {
  const asked = users.map((user) => ({
    user,
    projectNumber,
    hash: audience.identities.of(projectNumber, userIdentity(user.userId)),
  }));
  const suppressed = await findSuppressedIdentities(tx, asked);
  return new Set(asked.filter(({ hash }) => suppressed.has(hash.toString('hex'))).map(({ user }) => user));
}

function refusedUsers(users: ReadonlySet<UserRow>): Failure[] {
  return [...new Set([...users].map(({ line }) => line))].map((line) => ({ line, reason: suppressed().message }));
}

function refusals(rows: readonly EndpointRow[], outcomes: readonly UnitOutcome[]): Failure[] {
  return rows.flatMap(({ line }, index) => {
    const outcome = outcomes[index];
    if (outcome === 'written') return [];
    return [{ line, reason: reasonOf(outcome) }];
  });
}

function reasonOf(outcome: UnitOutcome | undefined): string {
  if (outcome instanceof ServiceError) return outcome.message;
  return outcome === 'suppressed' ? suppressed().message : 'Deleted after the import had begun';
}

function missing(rows: readonly EndpointRow[], stored: readonly EndpointKey[]): Failure[] {
  const known = new Set(stored.map(keyText));
  return rows.filter(({ key }) => !known.has(keyText(key))).map(({ line }) => ({ line, reason: unknownEndpoint }));
}

function distinct(keys: readonly EndpointKey[]): EndpointKey[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}
