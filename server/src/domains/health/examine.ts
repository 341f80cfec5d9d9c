/** Looks at everything at once, and says what somebody should look at. */
import type { HealthFinding, HealthResponse } from '../../contract/repoint-types.ts';
import type { Database } from '../../database/index.ts';
import { countJobs, type JobCounts, type KnownSchedule, listSchedules } from '../../jobs/index.ts';
import { type Clock, toTimestamp } from '../../kernel/clock.ts';
import { version } from '../../kernel/version.ts';
import { findOldestTransaction, findStreamLags } from '../events/index.ts';
import { judgeDatabase, readDatabaseFacts } from './database.ts';
import { judgeDisk, readDiskFacts } from './disk.ts';
import { type Finding, ok, warning } from './finding.ts';
import { judgeJobs } from './jobs.ts';
import { judgeLedger, readLedgerFacts } from './ledger.ts';
import { judgeProcesses, type ProcessFacts, readProcesses } from './processes.ts';
import { judgeStreams, sumStreams } from './streams.ts';

export interface SendingFigures {
  readonly waitingForProviders: number;
  readonly providersDown: number;
}

export interface HealthParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly ledgerUrl: string | undefined;
  /** Where the ledger is kept outside of the database. */
  readonly ledgerPlace: string;
  /** Of this process. */
  readonly sending: () => SendingFigures;
}

export async function examine(parts: HealthParts): Promise<HealthResponse> {
  const { database, clock, nodeId, databaseUrl } = parts;
  const { query } = database;
  const now = clock.now();
  const [facts, processes, disk, jobs, schedules, ledger, lags, oldest] = await Promise.all([
    ...([readDatabaseFacts(query), readProcesses(query), readDiskFacts(parts.dataDirectory)] as const),
    ...([countJobs(query), listSchedules(query), readLedgerFacts(query)] as const),
    ...([findStreamLags(database, now), findOldestTransaction(query)] as const),
  ]);
  const sending = parts.sending();
  const streams = sumStreams(lags);
  const findings: HealthFinding[] = [
    ...inArea('PROCESSES', judgeProcesses(processes)),
    // Whose clock is asked: that of the machine, not one that a test moves.
    ...inArea('DATABASE', judgeDatabase(facts, new Date())),
    ...inArea('DISK', [judgeDisk(disk)]),
    ...inArea('JOBS', judgeJobs(jobs, facts.now)),
    ...inArea('LEDGER', judgeLedger(ledger, parts)),
    ...inArea('STREAMS', judgeStreams(streams, oldest)),
    ...inArea('SENDING', [judgeSending(sending)]),
  ];
  return {
    State: worstOf(findings),
    Time: toTimestamp(now),
    Version: version,
    NodeVersion: process.versions.node,
    Findings: findings,
    Processes: processes.map((each) => toProcess(each, nodeId)),
    Database: {
      ...{ Kind: databaseUrl === undefined ? 'EMBEDDED' : 'EXTERNAL', Version: facts.version },
      ...{ Migration: facts.migration, Bytes: facts.bytes, Connections: facts.connections },
      ...{ MaxConnections: facts.maximum, OldestTransactionSeconds: Math.round(oldest) },
    },
    Disk: { FreeBytes: disk.freeBytes, TotalBytes: disk.totalBytes },
    Jobs: toCounts(jobs),
    Schedules: schedules.map(toSchedule),
    Ledger: {
      ...{ Place: parts.ledgerPlace, Entries: ledger.entries },
      ...(ledger.removalWaitsHours !== undefined && { RemovalWaitsHours: ledger.removalWaitsHours }),
    },
    Streams: { Streams: streams.streams, Behind: streams.behind, WaitingEvents: streams.waitingEvents },
    Sending: { WaitingForProviders: sending.waitingForProviders, ProvidersDown: sending.providersDown },
  };
}

function judgeSending({ providersDown }: SendingFigures): Finding {
  return providersDown === 0
    ? ok('no provider is left alone')
    : warning(`${providersDown} provider(s) do not answer and are left alone for a while: see the channels`);
}

function inArea(area: HealthFinding['Area'], findings: readonly Finding[]): HealthFinding[] {
  const states = { ok: 'OK', warning: 'WARNING', wrong: 'WRONG' } as const;
  return findings.map(({ state, says }) => ({ Area: area, State: states[state], Says: says }));
}

function worstOf(findings: readonly HealthFinding[]): HealthResponse['State'] {
  const states = findings.map(({ State }) => State);
  return states.includes('WRONG') ? 'WRONG' : states.includes('WARNING') ? 'WARNING' : 'OK';
}

function toProcess(each: ProcessFacts, nodeId: string): HealthResponse['Processes'][number] {
  return {
    ...{ NodeId: each.nodeId, HostName: each.hostName, ProcessId: each.processId, Roles: each.roles },
    ...{ Version: each.version, StartTime: toTimestamp(each.startedAt), HeartbeatTime: toTimestamp(each.heartbeatAt) },
    Answered: each.nodeId === nodeId,
  };
}

export function toCounts({ states, oldestWaiting }: JobCounts): HealthResponse['Jobs'] {
  return {
    ...{ Running: states.RUNNING, Waiting: states.WAITING, Scheduled: states.SCHEDULED },
    ...{ Retrying: states.RETRYING, Failed: states.FAILED },
    ...(oldestWaiting !== undefined && { OldestWaitingTime: toTimestamp(oldestWaiting) }),
  };
}

function toSchedule({ name, knownSince, lastAt }: KnownSchedule): HealthResponse['Schedules'][number] {
  return {
    ...{ JobName: name, KnownSince: toTimestamp(knownSince) },
    ...(lastAt !== null && { LastTime: toTimestamp(lastAt) }),
  };
}
