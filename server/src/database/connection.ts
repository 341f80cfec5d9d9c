/** Where a PostgreSQL is reached: what the pool, the listener and the job runner connect with. */
import type { ClientConfig } from 'pg';

export type DatabaseConnection =
  | { readonly url: string }
  | {
      /** Directory of the Unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

/** Seconds until a connection attempt is given up. */
const connectTimeoutSeconds = 10;

export function clientConfig(connection: DatabaseConnection, applicationName: string): ClientConfig {
  const common = { application_name: applicationName, connectionTimeoutMillis: connectTimeoutSeconds * 1000, keepAlive: true };
  return 'url' in connection ? { connectionString: connection.url, ...common } : { ...connection, ...common };
}
