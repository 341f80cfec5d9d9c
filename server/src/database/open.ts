/** Opens the database for one process and checks that it is one we can live with. */
import { Kysely, sql } from 'kysely';
import type { Logger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import type { DatabaseConnection } from './connection.ts';
import { postgresDialect } from './driver.ts';
import { closePool, openPool, type PoolMetrics, poolMetrics } from './pool.ts';
import type { Tables } from './tables.ts';
import { inTransaction, type Transaction, type TransactionOptions } from './transaction.ts';

/** What stores take: the database outside of a transaction, or a transaction. */
export type Executor = Kysely<Tables>;

export interface Database {
  /** For single statements. */
  readonly query: Kysely<Tables>;
  /** See `inTransaction`: `work` may run several times. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /**
   * The same for work in which every statement finds its rows by keys that are given. The planner does not know how
   * fast a fresh table grows, and would read it whole to join a few hundred keys; on these connections it may not.
   * Statements may leave together there (`together`, `sendLast`).
   */
  keyedTransaction<Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /** Single statements of that kind. */
  readonly keyedQuery: Kysely<Tables>;
  pool(): PoolMetrics;
  /** Waits for statements under way. */
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
  /** Most connections of this process. @default 10 */
  readonly poolSize?: number;
  readonly applicationName?: string;
}

/** @throws OperatorError when the server is too old, not UTF-8 or read-only; DatabaseUnavailable */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const pool = openPool({ ...options, size: options.poolSize, sessionSettings: everyPartition });
  const query = new Kysely<Tables>({ dialect: postgresDialect(pool, { pipeline: false }) });
  const keyedPool = openPool({ ...options, size: keyedPoolSize, sessionSettings: keysOnly, pipeline: true });
  const keyed = new Kysely<Tables>({ dialect: postgresDialect(keyedPool, { pipeline: true }) });
  const database: Database = {
    query,
    keyedQuery: keyed,
    transaction: (work, settings) => inTransaction(query, work, settings),
    keyedTransaction: (work, settings) => inTransaction(keyed, work, settings),
    pool: () => addMetrics(poolMetrics(pool), poolMetrics(keyedPool)),
    async close() {
      await Promise.all([closePool(pool), closePool(keyedPool)]);
    },
  };
  try {
    await checkServer(query);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** Counts are made of each partition by itself, and joined: a third less than of all rows together. */
const everyPartition = '-c enable_partitionwise_aggregate=on';

/** Hot writes go in batches, so a few connections carry them all. */
const keyedPoolSize = 8;
const keysOnly = [
  ...['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_bitmapscan'].map((setting) => `${setting}=off`),
  // There is one way to go, whatever the parameters: planning it once a connection is enough.
  'plan_cache_mode=force_generic_plan',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

function addMetrics(one: PoolMetrics, other: PoolMetrics): PoolMetrics {
  return { size: one.size + other.size, idle: one.idle + other.idle, waiting: one.waiting + other.waiting };
}

const oldestVersion = 15;

async function checkServer(query: Executor): Promise<void> {
  const { rows } = await sql<{ version: number; name: string; encoding: string; standby: boolean }>`
    select current_setting('server_version_num')::int / 10000 as version, current_setting('server_version') as name,
           current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`.execute(query);
  const server = rows[0];
  if (server === undefined) throw new Error('The database did not say which version it is.');
  if (server.version < oldestVersion) {
    throw new OperatorError(
      `Repoint needs PostgreSQL ${oldestVersion} or newer; REPOINT_DATABASE_URL leads to version ${server.name}.`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw new OperatorError(
      `The database is encoded in ${server.encoding}. Repoint needs UTF8: create database … encoding 'UTF8' template template0.`,
    );
  }
  if (server.standby) {
    throw new OperatorError('REPOINT_DATABASE_URL leads to a read-only standby. Repoint needs the primary.');
  }
}
