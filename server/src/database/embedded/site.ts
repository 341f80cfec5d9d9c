/** What every step of opening the embedded database needs to know. */
import type { Logger } from '../../kernel/logger.ts';
import { type DatabaseConnection, socketUrl } from '../connection.ts';
import { databaseName, databaseUser } from './cluster.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import type { ClusterPaths } from './postmaster.ts';
import type { ServerSettings } from './tuning.ts';

export interface Site {
  readonly dataDirectory: string;
  readonly user: OperatingSystemUser;
  readonly paths: ClusterPaths;
  readonly logger: Logger;
  /** Instead of the tuned ones. */
  readonly settings: ServerSettings;
}

export interface Embedded {
  readonly connection: DatabaseConnection;
  /** Where cluster, log and socket lie. */
  readonly place: string;
  /** Stops the database when it is ours; else only leaves. */
  close(): Promise<void>;
}

export function connectionTo({ paths }: Site, password: string): DatabaseConnection {
  return {
    url: socketUrl({ directory: paths.socketDirectory, user: databaseUser, password, database: databaseName }),
  };
}
