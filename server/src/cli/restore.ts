/**
 * `repoint restore`: a backup into an empty database. Whatever was erased after the backup is erased again by the next
 * start, before anybody is served.
 */
import {
  type BackupHead,
  type DatabaseConnection,
  describeTarget,
  emptyDatabase,
  loadBackup,
  migrate,
  openDatabase,
  readBackup,
} from '../database/index.ts';
import { compareLedgers, ledgerKey, openLedgerStore } from '../domains/erasure/index.ts';
import { migrateJobs } from '../jobs/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { createLogger } from '../kernel/logger.ts';
import type { MasterKey } from '../kernel/master-key.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { openObjectStore } from '../object-store/index.ts';
import { makeDataDirectory } from './data-directory.ts';
import { reachDatabase } from './deployment.ts';
import { findMasterKey } from './master-key.ts';

export interface RestoreOptions {
  /** Empties a database that is not empty. */
  readonly replace?: boolean;
}

const logger = createLogger('warn');

export async function restore(
  configuration: Configuration,
  file: string,
  { replace = false }: RestoreOptions,
): Promise<void> {
  const begun = performance.now();
  // The whole file first: nothing is touched for half of one.
  const { head, end } = await readBackup(file, {});
  const masterKey = await checkMasterKey(configuration, head);
  await makeDataDirectory(configuration.dataDirectory);
  const { connection, close } = await reachDatabase(configuration, 'join', logger);
  try {
    await prepareTarget(connection, replace);
    await migrate({ connection, logger, through: head.schema });
    await migrateJobs({ connection, logger });
    const rows = await load(configuration, connection, file);
    await migrate({ connection, logger, masterKeyFingerprint: masterKey.fingerprint() });
    const files = end.files.count > 0 ? ` and ${end.files.count} file(s)` : '';
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${rows.toLocaleString('en-US')} rows${files} of ${head.createdAt} restored (${seconds} s).`);
    console.log(await describeDue(configuration, connection, masterKey));
  } finally {
    await close();
  }
}

async function checkMasterKey(configuration: Configuration, head: BackupHead): Promise<MasterKey> {
  const masterKey = await findMasterKey(configuration);
  if (masterKey?.fingerprint() === head.masterKeyFingerprint) return masterKey;
  throw new OperatorError(
    masterKey === undefined
      ? 'The master key of the backup is needed: put its file master-key into the data directory, or set REPOINT_MASTER_KEY.'
      : 'The backup was made with another master key: what it sealed could not be read. Use that key.',
  );
}

/** @throws OperatorError when there is something in it, or somebody uses it */
async function prepareTarget(connection: DatabaseConnection, replace: boolean): Promise<void> {
  const { isEmpty, processes } = await describeTarget(connection);
  if (processes > 0) {
    throw new OperatorError(
      'A Repoint server uses this database. Stop all of its nodes and try again in half a minute.',
    );
  }
  if (!isEmpty && !replace) {
    throw new OperatorError('The database is not empty. --replace empties it first: what is in it is lost then.');
  }
  await emptyDatabase(connection);
}

async function load(configuration: Configuration, connection: DatabaseConnection, file: string): Promise<number> {
  const { dataDirectory, s3 } = configuration;
  const buckets = openObjectStore({ objectStore: 'local', dataDirectory, s3 });
  return loadBackup({
    ...{ connection, file },
    async writeFile(name, _bytes, content) {
      const slash = name.indexOf('/');
      await buckets.write({ bucket: name.slice(0, slash), key: name.slice(slash + 1) }, content);
    },
  });
}

async function describeDue(
  configuration: Configuration,
  connection: DatabaseConnection,
  masterKey: MasterKey,
): Promise<string> {
  const database = await openDatabase({ connection, logger, poolSize: 1, applicationName: 'repoint restore' });
  try {
    const { due } = await compareLedgers(database.query, openLedgerStore(configuration), ledgerKey(masterKey));
    return due.length === 0
      ? 'The erasure ledger has nothing that came later.'
      : `${due.length} erasure(s) came later: the next start does them again before it serves.`;
  } finally {
    await database.close();
  }
}
