/** The connection pool of one process. */
import pg from 'pg';
import type { Logger } from '../kernel/logger.ts';
import { columnTypes } from './column-types.ts';
import type { DatabaseConnection } from './connection.ts';
import { faultCode } from './faults.ts';

export interface PoolOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
  /** Most connections at once. */
  readonly size?: number | undefined;
  /** How the connections are named in `pg_stat_activity`. */
  readonly applicationName?: string | undefined;
  /**
   * Statements leave while the answers to earlier ones of their connection are still on the way. Not for COPY.
   * @default false
   */
  readonly pipeline?: boolean | undefined;
  /** Settings of every session, in the form of PostgreSQL's command line: `-c name=value`. */
  readonly sessionSettings?: string | undefined;
}

export interface PoolMetrics {
  /** Open connections. */
  readonly size: number;
  /** Those nobody uses. */
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

/** Above this, callers fail with `DatabaseUnavailable` instead of waiting longer for a connection. */
const longestWaitMilliseconds = 10_000;

export function openPool({
  connection,
  logger,
  size = 10,
  applicationName = 'repoint',
  sessionSettings,
  pipeline = false,
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: connection.url,
    types: columnTypes,
    max: size,
    pipeline,
    application_name: applicationName,
    ...(sessionSettings !== undefined && { options: sessionSettings }),
    connectionTimeoutMillis: longestWaitMilliseconds,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  // One that breaks while lent: its next statement fails, and that is how the borrower learns of it. Without a listener
  // the process would end.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // One that breaks while idle has no caller to tell; the pool has dropped it already.
  pool.on('error', (error) => logger.warn({ code: faultCode(error) }, 'lost an idle database connection'));
  return pool;
}

/** Waits for statements under way. */
export async function closePool(pool: pg.Pool): Promise<void> {
  // A server that is shut down at this moment may say so on connections that are being closed already.
  pool.removeAllListeners('error').on('error', () => undefined);
  await pool.end();
}

export function poolMetrics(pool: pg.Pool): PoolMetrics {
  return { size: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
}
