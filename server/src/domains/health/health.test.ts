/** What is said of figures: nothing more than there is to say, and what to do where something is to be done. */
import { describe, expect, it } from 'vitest';
import type { StreamLag } from '../events/index.ts';
import { type DatabaseFacts, judgeDatabase, judgeMigration } from './database.ts';
import { judgeDisk } from './disk.ts';
import type { Finding } from './finding.ts';
import { judgeJobs } from './jobs.ts';
import { judgeLedger } from './ledger.ts';
import { judgeProcesses, type ProcessFacts } from './processes.ts';
import { judgeStreams, sumStreams } from './streams.ts';

const now = new Date('2026-11-26T12:00:00Z');
const says = (findings: readonly Finding[]) => findings.map(({ state, says }) => `${state}: ${says}`);

const process = (change: Partial<ProcessFacts> = {}): ProcessFacts => ({
  ...{ nodeId: 'a/0', hostName: 'one', processId: 1, roles: ['api', 'worker', 'scheduler'], version: '1.0.0' },
  ...{ startedAt: now, heartbeatAt: now, silentSeconds: 2 },
  ...change,
});

describe('processes', () => {
  it('of one version with all roles are well', () => {
    const second = process({ nodeId: 'a/1', roles: ['api'] });
    expect(says(judgeProcesses([process(), second, process({ nodeId: 'b/0' })]))).toEqual([
      'ok: 3 process(es) on 2 node(s)',
    ]);
  });

  it('that fell silent do no work', () => {
    expect(says(judgeProcesses([process({ silentSeconds: 20 })]))).toEqual([
      'ok: 1 process(es) on 1 node(s)',
      'warning: 1 process(es) have not told of themselves for 15 s',
      'wrong: no process has the role worker: campaigns, imports and erasures wait',
      'wrong: no process has the role scheduler: no campaign begins by itself',
    ]);
  });
});

it('a database is full, late, or written by a newer program', () => {
  const facts: DatabaseFacts = {
    ...{ version: '18.4', migration: '9999_later', now, bytes: 1, accounts: 1, processes: 1 },
    ...{ connections: 80, maximum: 100, logsValues: true },
  };
  const later = new Date(now.getTime() + 90_000);
  expect(says(judgeDatabase(facts, later))).toEqual([
    'wrong: the database is at 9999_later: a newer version of Repoint has migrated it',
    'warning: 80 of 100 database connections in use: raise max_connections',
    'wrong: clocks differ by 90 s; signatures allow 300 s',
    expect.stringMatching(/^warning: the database may log statements/),
  ]);
  expect(judgeMigration('0001_platform').state).toBe('warning');
});

it('a disk is judged by what is left of it', () => {
  expect(judgeDisk({ freeBytes: 1024 ** 3, totalBytes: 1 }).says).toBe(
    '1.0 GB free on the disk of the data directory: too little',
  );
  expect(judgeDisk({ freeBytes: 3 * 1024 ** 3, totalBytes: 1 }).state).toBe('ok');
});

it('jobs are well unless they gave up or wait for long', () => {
  const states = { RUNNING: 1, WAITING: 3, SCHEDULED: 2, RETRYING: 1, FAILED: 0 };
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  expect(says(judgeJobs({ states, oldestWaiting: ago(1) }, now))).toEqual(['ok: background jobs keep up']);
  expect(says(judgeJobs({ states: { ...states, FAILED: 2 }, oldestWaiting: ago(12) }, now))).toEqual([
    expect.stringContaining('2 background job(s) were tried as often as they may be'),
    'warning: the first of 3 background job(s) has waited for 12 minutes',
  ]);
});

it('a ledger of one node may be its own; of several it has one place', () => {
  const facts = { entries: 1, removalWaitsHours: undefined, nodes: 2 };
  const external = { databaseUrl: 'postgres://x', ledgerUrl: undefined };
  expect(judgeLedger(facts, external)).toHaveLength(1);
  expect(judgeLedger(facts, { ...external, ledgerUrl: 's3://ledger/x' })).toEqual([]);
  expect(judgeLedger({ ...facts, nodes: 1 }, external)).toEqual([]);
  const embedded = { databaseUrl: undefined, ledgerUrl: undefined };
  expect(judgeLedger({ ...facts, removalWaitsHours: 1000 }, embedded)[0]?.says).toContain('1000 h ago');
});

it('streams are behind when they lag, or say why they fail', () => {
  const stream: StreamLag = {
    ...{ applicationId: 'p', kind: 'KINESIS', seconds: 1, gathersSeconds: 0, waiting: 5, sent: 1, dropped: 0 },
    ...{ failingSince: null, fault: null },
  };
  expect(judgeStreams(sumStreams([]), 0)).toEqual([]);
  expect(says(judgeStreams(sumStreams([stream]), 0))).toEqual(['ok: 1 event stream(s), none behind']);
  const behind = sumStreams([stream, { ...stream, seconds: 61 }, { ...stream, fault: 'AccessDenied' }]);
  expect(behind).toEqual({ streams: 3, behind: 2, waitingEvents: 15 });
  expect(judgeStreams(behind, 100)).toHaveLength(2);
  // One that gathers files for a minute is not late within it.
  expect(sumStreams([{ ...stream, seconds: 100, gathersSeconds: 60 }]).behind).toBe(0);
});
