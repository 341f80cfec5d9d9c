/**
 * Opens what every command works on: data directory, master key, database (embedded or external), migrations.
 * `serve` owns the embedded database; other commands join it when it runs, and start it for themselves when not.
 */
import { type Database, type DatabaseConnection, migrate, openDatabase, openEmbedded } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { createLogger, type Logger, type LogLevel } from '../kernel/logger.ts';
import type { MasterKey } from '../kernel/master-key.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { hasEmbeddedDatabase, makeDataDirectory } from './data-directory.ts';
import { findMasterKey, makeMasterKey } from './master-key.ts';

/** `serve` owns the embedded database until it ends; `join` uses the running one, or starts it for the time being. */
type Mode = 'serve' | 'join';

export interface Deployment {
  readonly configuration: Configuration;
  readonly connection: DatabaseConnection;
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** @throws OperatorError when it cannot be opened, saying what to do */
export async function openDeployment(configuration: Configuration, mode: Mode): Promise<Deployment> {
  const logger = createLogger(mode === 'serve' ? configuration.logLevel : commandLogLevel(configuration));
  await makeDataDirectory(configuration.dataDirectory);
  const known = await findMasterKey(configuration);
  const { connection, close: leave } = await reachDatabase(configuration, mode, logger);
  let database: Database | undefined;
  const close = async () => {
    await database?.close();
    await leave();
  };
  try {
    await migrate({ connection, logger, ...(known && { masterKeyFingerprint: known.fingerprint() }) });
    database = await openDatabase({ connection, logger });
    const masterKey = known ?? (await makeMasterKey(configuration, database));
    if (known === undefined) await migrate({ connection, logger, masterKeyFingerprint: masterKey.fingerprint() });
    return { configuration, connection, database, masterKey, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whoever runs a command wants its answer; what happens on the way, only when it is a warning. */
function commandLogLevel({ logLevel }: Configuration): LogLevel {
  return logLevel === 'info' ? 'warn' : logLevel;
}

export interface ReachedDatabase {
  readonly connection: DatabaseConnection;
  /** Ends our use of the embedded database; nothing of an external one. */
  close(): Promise<void>;
}

/** Where the database is, running. */
export async function reachDatabase(
  configuration: Configuration,
  mode: Mode,
  logger: Logger,
): Promise<ReachedDatabase> {
  const { databaseUrl, dataDirectory } = configuration;
  if (databaseUrl === undefined) return openEmbedded({ dataDirectory, mode, logger });
  return { connection: { url: databaseUrl }, close: async () => {} };
}

/**
 * Opens a deployment for one command and closes it whatever happens.
 * @throws OperatorError when there is none: a command in the wrong directory must not make one
 */
export async function withDeployment(
  configuration: Configuration,
  work: (deployment: Deployment) => Promise<void>,
): Promise<void> {
  const { databaseUrl, dataDirectory } = configuration;
  if (databaseUrl === undefined && !hasEmbeddedDatabase(dataDirectory)) {
    throw new OperatorError(
      `There is no deployment in ${dataDirectory}. Start the server once (npm start), or set REPOINT_DATA_DIR to the ` +
        'directory of the one you mean.',
    );
  }
  const deployment = await openDeployment(configuration, 'join');
  try {
    await work(deployment);
  } finally {
    await deployment.close();
  }
}
