/** The part of `repoint doctor` that asks the database. It changes nothing: it migrates nothing and makes no key. */
import { sql } from 'kysely';
import { type Database, DatabaseUnavailable, openDatabase } from '../database/index.ts';
import { compareLedgers, ledgerKey, openLedgerStore } from '../domains/erasure/index.ts';
import { findOldestTransaction, findStreamLags } from '../domains/events/index.ts';
import {
  type Finding,
  isBehind,
  judgeDatabase,
  judgeLedger,
  ok,
  readDatabaseFacts,
  readLedgerFacts,
  warning,
  wrong,
} from '../domains/health/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { systemCode } from '../kernel/file-system.ts';
import { createLogger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { hasEmbeddedDatabase } from './data-directory.ts';
import { reachDatabase } from './deployment.ts';
import { requireMasterKey, storedFingerprint } from './master-key.ts';

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
    await checkMasterKey(database, configuration),
    ...(await checkLedger(database, configuration)),
    ...(await checkServerOf(database, configuration)),
    ...(await checkStreams(database)),
  ];
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
    ...judgeLedger(await readLedgerFacts(database.query), configuration),
  ];
  return findings.length > 0 ? findings : [ok(`the erasure ledger in ${store.place} has all ${known} entries`)];
}

async function checkServerOf(database: Database, { databaseUrl }: Configuration): Promise<Finding[]> {
  const facts = await readDatabaseFacts(database.query);
  const megabytes = Math.round(facts.bytes / 1024 ** 2);
  return [
    ok(`${databaseUrl === undefined ? 'embedded' : 'external'} PostgreSQL ${facts.version}, ${megabytes} MB`),
    facts.accounts > 0
      ? ok(`${facts.accounts} account(s), ${facts.processes} process(es) running`)
      : wrong('there is no account; start the server once'),
    ...judgeDatabase(facts, new Date()),
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
  const findings = lags.flatMap((lag) => {
    const { applicationId, kind, seconds, waiting, dropped, fault } = lag;
    const stream = `the event stream of project ${applicationId} (${kind})`;
    const lost = dropped > 0 ? [warning(`${stream} has dropped ${dropped} event(s)`)] : [];
    if (!isBehind(lag)) return lost;
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
