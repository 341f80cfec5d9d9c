/** The part of `repoint doctor` that asks the database. It changes nothing: it migrates nothing and makes no key. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, DatabaseUnavailable, openDatabase } from '../database/index.ts';
import { compareLedgers, ledgerKey, openLedgerStore } from '../domains/erasure/index.ts';
import { findOldestTransaction, findStreamLags } from '../domains/events/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { systemCode } from '../kernel/file-system.ts';
import { createLogger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { hasEmbeddedDatabase } from './data-directory.ts';
import { reachDatabase } from './deployment.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';
import { requireMasterKey, storedFingerprint } from './master-key.ts';

const largestClockDifferenceSeconds = 60;

export async function checkDatabase(configuration: Configuration): Promise<Finding[]> {
  const { databaseUrl, dataDirectory } = configuration;
  if (databaseUrl === undefined && !hasEmbeddedDatabase(dataDirectory)) {
    return [ok('there is no database yet; the first start makes it')];
  }
  const logger = createLogger('error');
  const { connection, close } = await reachDatabase(configuration, 'join', logger);
  try {
    const database = await openDatabase({ connection, logger, poolSize: 1, applicationName: 'repoint doctor' });
    try {
      return await question(database, configuration);
    } finally {
      await database.close();
    }
  } catch (error) {
    const code = error instanceof OperatorError ? undefined : faultCode(error);
    if (code === undefined) throw error;
    const place = databaseUrl === undefined ? 'the embedded database' : 'the database of REPOINT_DATABASE_URL';
    return [wrong(`${place} cannot be used (${code})`)];
  } finally {
    await close();
  }
}

/** PostgreSQL's code, or that of the system, which did not reach it. */
function faultCode(error: unknown): string | undefined {
  return systemCode(error instanceof DatabaseUnavailable ? error.cause : error);
}

async function question(database: Database, configuration: Configuration): Promise<Finding[]> {
  const { rows } = await sql<{ migrated: boolean }>`
    select to_regclass('deployment') is not null as migrated`.execute(database.query);
  if (rows[0]?.migrated !== true) return [ok('the database is empty; the first start makes its tables')];
  return [
    await checkMigrations(database),
    await checkMasterKey(database, configuration),
    ...(await checkLedger(database, configuration)),
    ...(await checkServerOf(database, configuration)),
    ...(await checkStreams(database)),
  ];
}

async function checkMigrations(database: Database): Promise<Finding> {
  const { rows } = await sql<{ name: string }>`
    select name from schema_migrations order by number desc limit 1`.execute(database.query);
  const applied = rows[0]?.name ?? '';
  const directory = join(import.meta.dirname, '../database/migrations');
  const newest =
    readdirSync(directory)
      .sort()
      .at(-1)
      ?.replace(/\.sql$/, '') ?? '';
  if (applied === newest) return ok(`the database is at ${applied}, as this program`);
  return applied < newest
    ? warning(`the database is at ${applied}; the next start of this program brings it to ${newest}`)
    : wrong(`the database is at ${applied}: a newer version of Repoint has migrated it`);
}

async function checkMasterKey(database: Database, configuration: Configuration): Promise<Finding> {
  const masterKey = await requireMasterKey(configuration);
  return masterKey.fingerprint() === (await storedFingerprint(database))
    ? ok('the master key matches')
    : wrong('The master key is not the one this database was made with: what it sealed cannot be read');
}

/** What a start would do first: also after a restore that Repoint knows nothing of. */
async function checkLedger(database: Database, configuration: Configuration): Promise<Finding[]> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('erasure_ledger') is not null as there`.execute(database.query);
  if (rows[0]?.there !== true) return [];
  const store = openLedgerStore(configuration);
  const key = ledgerKey(await requireMasterKey(configuration));
  const { due, missing, known } = await compareLedgers(database.query, store, key);
  const findings = [
    ...(due.length > 0
      ? [wrong(`the database was restored: ${due.length} erasure(s) of the ledger are due; start the server anew`)]
      : []),
    ...(missing.length > 0
      ? [warning(`the erasure ledger in ${store.place} lacks ${missing.length} entries; the next start adds them`)]
      : []),
    ...(await checkLedgerPlace(database, configuration)),
  ];
  return findings.length > 0 ? findings : [ok(`the erasure ledger in ${store.place} has all ${known} entries`)];
}

async function checkLedgerPlace(database: Database, { ledgerUrl, databaseUrl }: Configuration): Promise<Finding[]> {
  if (ledgerUrl !== undefined || databaseUrl === undefined) return [];
  const { rows } = await sql<{ nodes: number }>`
    select count(distinct split_part(node_id, '/', 1))::int as nodes from nodes
    where heartbeat_at > now() - interval '30 seconds'`.execute(database.query);
  return (rows[0]?.nodes ?? 0) > 1
    ? [warning('several nodes keep an erasure ledger each: set REPOINT_LEDGER_URL to one place for all of them')]
    : [];
}

interface Facts {
  readonly version: string;
  readonly now: Date;
  readonly size: string;
  readonly accounts: number;
  readonly processes: number;
  readonly connections: number;
  readonly maximum: number;
  readonly logsValues: boolean;
}

async function checkServerOf(database: Database, { databaseUrl }: Configuration): Promise<Finding[]> {
  const { rows } = await sql<Facts>`
    select current_setting('server_version') as version, clock_timestamp() as now,
           pg_size_pretty(pg_database_size(current_database())) as size,
           (select count(*) from accounts) as accounts,
           (select count(*) from nodes where heartbeat_at > now() - interval '30 seconds') as processes,
           (select count(*) from pg_stat_activity where datname = current_database()) as connections,
           current_setting('max_connections')::int as maximum,
           current_setting('log_min_error_statement') <> 'panic' or current_setting('log_statement') <> 'none' as "logsValues"
  `.execute(database.query);
  const facts = rows[0] as Facts;
  const difference = Math.abs(facts.now.getTime() - Date.now()) / 1000;
  return [
    ok(`${databaseUrl === undefined ? 'embedded' : 'external'} PostgreSQL ${facts.version}, ${facts.size}`),
    facts.accounts > 0
      ? ok(`${facts.accounts} account(s), ${facts.processes} process(es) running`)
      : wrong('there is no account; start the server once'),
    facts.connections < facts.maximum * 0.8
      ? ok(`${facts.connections} of ${facts.maximum} database connections in use`)
      : warning(`${facts.connections} of ${facts.maximum} database connections in use: raise max_connections`),
    difference <= largestClockDifferenceSeconds
      ? ok(`clocks of this machine and the database agree within ${Math.ceil(difference)} s`)
      : wrong(`clocks differ by ${Math.round(difference)} s; signatures allow 300 s`),
    facts.logsValues
      ? warning(
          'the database may log statements with personal data: set log_min_error_statement=panic and log_statement=none',
        )
      : ok('the database logs no statements'),
  ];
}

const longestLagSeconds = 60;

/** Whether the stream of each project comes after, and what keeps it. */
async function checkStreams(database: Database): Promise<Finding[]> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('event_streams') is not null as there`.execute(database.query);
  if (rows[0]?.there !== true) return [];
  const lags = await findStreamLags(database, new Date());
  if (lags.length === 0) return [];
  const findings = lags.flatMap(({ applicationId, kind, seconds, gathersSeconds, waiting, dropped, fault }) => {
    const stream = `the event stream of project ${applicationId} (${kind})`;
    const lost = dropped > 0 ? [warning(`${stream} has dropped ${dropped} event(s)`)] : [];
    if (seconds <= longestLagSeconds + gathersSeconds && fault === null) return lost;
    const why = fault === null ? '' : `: ${fault}`;
    return [...lost, warning(`${stream} lags ${Math.round(seconds)} s, ${waiting} event(s) wait${why}`)];
  });
  const oldest = await findOldestTransaction(database.query);
  if (findings.length > 0 && oldest > longestLagSeconds) {
    const age = Math.round(oldest);
    findings.push(
      warning(`a transaction has been open for ${age} s: no event that came after it is streamed before its end`),
    );
  }
  return findings.length > 0 ? findings : [ok(`${lags.length} event stream(s), none behind`)];
}
