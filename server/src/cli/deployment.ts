/**
 * Opens what every command works on: data directory, master key, database (embedded or external), migrations.
 * `serve` owns the embedded database; other commands join it when it runs, and start it for themselves when not.
 */
import { type Database, type DatabaseConnection, migrate, openDatabase, openEmbedded } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { createLogger, type Logger } from '../kernel/logger.ts';
import type { MasterKey } from '../kernel/master-key.ts';
import { makeDataDirectory, readMasterKey } from './data-directory.ts';

export interface Deployment {
  readonly configuration: Configuration;
  readonly connection: DatabaseConnection;
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly logger: Logger;
  close(): Promise<void>;
}

export async function openDeployment(configuration: Configuration, mode: 'serve' | 'join'): Promise<Deployment> {
  const logger = createLogger(configuration.logLevel);
  await makeDataDirectory(configuration.dataDirectory);
  const embedded =
    configuration.databaseUrl === undefined
      ? await openEmbedded({ dataDirectory: configuration.dataDirectory, mode, logger })
      : undefined;
  try {
    const connection = embedded?.connection ?? { url: configuration.databaseUrl as string };
    const masterKey = await readMasterKey(configuration);
    await migrate({ connection, logger, masterKeyFingerprint: masterKey.fingerprint() });
    const database = await openDatabase({ connection, logger });
    const close = async () => {
      await database.close();
      await embedded?.close();
    };
    return { configuration, connection, database, masterKey, logger, close };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

/** Opens a deployment for one command and closes it whatever happens. */
export async function withDeployment(
  configuration: Configuration,
  work: (deployment: Deployment) => Promise<void>,
): Promise<void> {
  const deployment = await openDeployment(configuration, 'join');
  try {
    await work(deployment);
  } finally {
    await deployment.close();
  }
}
