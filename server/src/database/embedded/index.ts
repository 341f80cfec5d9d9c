/**
 * The embedded PostgreSQL: real PostgreSQL 18 from npm, started with the server and stopped with it. One process owns
 * it at a time, told by a session advisory lock; commands may join the one that runs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../kernel/logger.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { clientConfig, type DatabaseConnection } from '../connection.ts';
import { provideBinaries } from './binaries.ts';
import { ensureCluster, readPassword, superuser } from './cluster.ts';
import { choosePlace } from './place.ts';
import { findRunning, socketPort, spawnPostmaster, stopPostmaster } from './postmaster.ts';
import { findSystemUser } from './system-user.ts';
import { tunedSettings } from './tuning.ts';

export interface Embedded {
  readonly connection: DatabaseConnection;
  /** Stops the server if this process started it. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  /** `serve` owns the server; `join` uses the one that runs, or starts it for as long as it is open. */
  readonly mode: 'serve' | 'join';
  readonly logger: Logger;
  /** Overrides single settings of PostgreSQL; tests trade durability for speed with it. */
  readonly settings?: Readonly<Record<string, string>>;
}

const databaseName = 'repoint';
/** Advisory lock of the owner: `repoint` in hexadecimal, cut to an integer. */
const ownerLock = 0x7265706f;
/** How long a starting server waits for a command that has the database to itself. */
const ownerPatienceMilliseconds = 10_000;
const startPatienceMilliseconds = 600_000;
const longestRestartPause = 10_000;

/** @throws OperatorError when another server owns the data directory, or PostgreSQL cannot be started */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDirectory, mode, logger } = options;
  const user = findSystemUser();
  const place = choosePlace(dataDirectory, user);
  if (!place.inDataDirectory) logger.info({ place: place.cluster }, 'the database lies outside the data directory, where its user can reach it');
  const password = readPassword(dataDirectory);
  const connection = { host: place.socket, port: socketPort, user: superuser, password, database: databaseName };

  const running = findRunning(place.cluster);
  if (running !== undefined && mode === 'join') return { connection, close: async () => {} };
  if (running !== undefined) await retire(running, connection, logger);

  const binaries = provideBinaries(user, place.programs);
  const created = ensureCluster(place.cluster, user, binaries, password);
  if (created) logger.info({ place: place.cluster }, 'made a new database cluster');
  const settings = { ...tunedSettings(), ...options.settings };
  const supervised = new SupervisedPostmaster(() => spawnPostmaster(binaries, place, user, settings), connection, logger);
  await supervised.start();
  await createDatabase(connection);
  await supervised.own();
  return { connection, close: () => supervised.stop() };
}

/** Ends a server that was left behind; refuses when its owner is alive. */
async function retire(pid: number, connection: DatabaseConnection, logger: Logger): Promise<void> {
  const until = performance.now() + ownerPatienceMilliseconds;
  for (;;) {
    if (!(await isOwned(connection))) break;
    if (performance.now() > until) {
      throw new OperatorError('Another Repoint server is running on this data directory. Stop it first, or set REPOINT_DATA_DIR.');
    }
    await sleep(200);
  }
  logger.info({ pid }, 'ending a database server that was left behind');
  await stopPostmaster(pid);
}

async function isOwned(connection: DatabaseConnection): Promise<boolean> {
  const client = new pg.Client(clientConfig({ ...connection, database: 'postgres' } as DatabaseConnection, 'repoint start'));
  try {
    await client.connect();
    const { rowCount } = await client.query(
      "select from pg_locks where locktype = 'advisory' and objid = $1 and granted",
      [ownerLock],
    );
    return (rowCount ?? 0) > 0;
  } catch {
    // A server that cannot be asked (it is shutting down, or still recovering) has no owner to protect.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(connection: DatabaseConnection): Promise<void> {
  const client = new pg.Client(clientConfig({ ...connection, database: 'postgres' } as DatabaseConnection, 'repoint start'));
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** Keeps a postmaster running until it is told to stop. */
class SupervisedPostmaster {
  readonly #spawn: () => ReturnType<typeof spawnPostmaster>;
  readonly #connection: DatabaseConnection;
  readonly #logger: Logger;
  #process: ReturnType<typeof spawnPostmaster> | undefined;
  #owner: pg.Client | undefined;
  #stopping = false;
  #restarts = 0;

  constructor(spawn: () => ReturnType<typeof spawnPostmaster>, connection: DatabaseConnection, logger: Logger) {
    this.#spawn = spawn;
    this.#connection = connection;
    this.#logger = logger;
  }

  /** Resolves when the server takes connections. */
  async start(): Promise<void> {
    const started = this.#spawn();
    this.#process = started;
    const { child } = started;
    const until = performance.now() + startPatienceMilliseconds;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
        throw new OperatorError(`PostgreSQL did not start: ${started.complaints() || 'no reason given'}`);
      }
      if (performance.now() > until) throw new OperatorError('PostgreSQL did not become ready within ten minutes.');
      await sleep(20);
    }
    child.once('exit', (code, signal) => {
      if (!this.#stopping) void this.#restart({ code, signal });
    });
  }

  /** Holds the lock that keeps a second server off this cluster. */
  async own(): Promise<void> {
    const client = new pg.Client(clientConfig({ ...this.#connection, database: 'postgres' } as DatabaseConnection, 'repoint owner'));
    client.on('error', () => {});
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [ownerLock]);
    this.#owner = client;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#owner?.end().catch(() => {});
    const pid = this.#process?.child.pid;
    if (pid !== undefined) await stopPostmaster(pid);
  }

  async #restart(ended: { code: number | null; signal: NodeJS.Signals | null }): Promise<void> {
    this.#restarts += 1;
    this.#logger.error({ ...ended, restarts: this.#restarts }, 'the database server ended by itself; starting it again');
    await sleep(Math.min(longestRestartPause, 100 * 2 ** Math.min(this.#restarts, 10)));
    if (this.#stopping) return;
    try {
      await this.start();
      await this.own();
      this.#logger.info('the database server is back');
    } catch (error) {
      this.#logger.error({ err: error }, 'the database server could not be started again');
      if (!this.#stopping) void this.#restart(ended);
    }
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client(clientConfig({ ...this.#connection, database: 'postgres' } as DatabaseConnection, 'repoint start'));
    client.on('error', () => {});
    try {
      await client.connect();
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code;
      // Not yet: no socket, nobody behind it, starting up. Anything else (a wrong password) will not pass by itself.
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === '57P03') return false;
      throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
