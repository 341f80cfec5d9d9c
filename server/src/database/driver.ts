/**
 * Kysely's way to PostgreSQL. Its own driver would do but for three things: prepared statements, faults of the
 * connection as `DatabaseUnavailable`, and the connection of a transaction for COPY.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';
import { asServiceFault, faultCode, isConnectionFault, isStalePlan } from './faults.ts';
import { StatementNames } from './statement-names.ts';

const transactionAborted = '25P02';

/** What a pool lends is a whole client, of which its type tells less. */
type PooledClient = pg.PoolClient & Pick<pg.Client, 'connection'>;

export class PostgresConnection implements DatabaseConnection {
  readonly client: PooledClient;
  readonly #names: StatementNames;
  #broken = false;
  /** Of the statements since it was borrowed. */
  #firstFault: unknown;
  /** Statements whose answers nobody has waited for yet. */
  #sent: Promise<unknown>[] = [];
  readonly #pipeline: boolean;
  /** To the last statement. */
  #answer: Promise<unknown> | undefined;
  /** What is written to the connection waits for the end of this turn. */
  #isHeld = false;

  constructor(client: PooledClient, names: StatementNames, pipeline: boolean) {
    this.client = client;
    this.#names = names;
    this.#pipeline = pipeline;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#inTurn(() => this.#execute<Row>(query));
  }

  async #execute<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const name = this.#names.nameOf(sql);
    try {
      const result = await this.client.query({ text: sql, values: [...parameters], ...(name && { name }) });
      return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
    } catch (error) {
      if (isStalePlan(error)) this.#names.forget(sql);
      // A statement that was sent ahead has failed: that is what callers must hear of, and may try again for.
      if (faultCode(error) === transactionAborted && this.#firstFault !== undefined) throw this.#firstFault;
      const fault = this.#fault(error);
      this.#firstFault ??= fault;
      throw fault;
    }
  }

  /** A statement of the driver itself. @returns the command that PostgreSQL says it completed */
  command(text: string): Promise<string> {
    return this.#inTurn(async () => {
      try {
        return (await this.client.query(text)).command;
      } catch (error) {
        throw this.#fault(error);
      }
    });
  }

  /** Without a pipeline, the client is given one statement at a time. */
  #inTurn<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#pipeline) {
      this.#leaveTogether();
      return statement();
    }
    const result = this.#answer === undefined ? statement() : this.#answer.then(statement);
    this.#answer = result.catch(() => undefined);
    return result;
  }

  /**
   * What is asked for before this turn waits for anything leaves in one write: each wakes the server, which costs more
   * than many a statement.
   */
  #leaveTogether(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const { stream } = this.client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#isHeld = false;
      stream.uncork();
    });
  }

  /**
   * Takes a statement without making its caller wait; the next `whenDone` tells how it went. The statements of a connection
   * are done in their order; without a pipeline, each leaves when the one before it is answered.
   */
  send(query: CompiledQuery): void {
    this.#note(this.executeQuery(query));
  }

  /** The same for a statement of the driver itself. */
  sendCommand(text: string): void {
    this.#note(this.command(text));
  }

  /** @throws what the first statement that failed of those sent has thrown */
  async whenDone(): Promise<void> {
    const sent = this.#sent;
    this.#sent = [];
    for (const result of sent) await result;
  }

  #note(result: Promise<unknown>): void {
    // Whoever waits later hears of it; until then, it is nobody's unhandled rejection.
    result.catch(() => undefined);
    this.#sent.push(result);
  }

  release(): void {
    this.client.release(this.#broken);
  }

  /** The state of its transaction is unknown: never lend it again. */
  markBroken(): void {
    this.#broken = true;
  }

  // biome-ignore lint/correctness/useYield: part of the interface
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Cursors are not offered: read large results page by page, in key order.');
  }

  #fault(error: unknown): unknown {
    if (isConnectionFault(error)) this.#broken = true;
    if (error instanceof Error) Error.captureStackTrace(error, PostgresConnection);
    return asServiceFault(error);
  }
}

class PoolDriver implements Driver {
  readonly #pool: pg.Pool;
  readonly #names = new StatementNames();
  /** Of a pool with pipelines: BEGIN and COMMIT cost no round trip of their own. */
  readonly #pipeline: boolean;

  constructor(pool: pg.Pool, pipeline: boolean) {
    this.#pool = pool;
    this.#pipeline = pipeline;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    try {
      return new PostgresConnection((await this.#pool.connect()) as PooledClient, this.#names, this.#pipeline);
    } catch (error) {
      throw asServiceFault(error);
    }
  }

  async beginTransaction(connection: PostgresConnection, settings: TransactionSettings): Promise<void> {
    const isolation = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    const begin = `start transaction${isolation}${settings.accessMode ? ` ${settings.accessMode}` : ''}`;
    // It can only fail with its connection, and then what follows fails too.
    if (this.#pipeline) connection.sendCommand(begin);
    else await connection.command(begin);
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    // After a statement that failed, PostgreSQL takes COMMIT for ROLLBACK.
    const [sent, committed] = await Promise.allSettled([connection.whenDone(), connection.command('commit')]);
    if (sent.status === 'rejected') throw sent.reason;
    if (committed.status === 'rejected') throw committed.reason;
    const completed = committed.value;
    // PostgreSQL answers COMMIT with ROLLBACK when an error inside was caught and forgotten.
    if (completed === 'ROLLBACK') throw new Error('A statement of the transaction had failed; nothing was committed.');
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    try {
      const [, rolledBack] = await Promise.allSettled([connection.whenDone(), connection.command('rollback')]);
      if (rolledBack.status === 'rejected') throw rolledBack.reason;
    } catch {
      // The error that led here is the one to report; PostgreSQL rolls back when the connection ends.
      connection.markBroken();
    }
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
  }

  /** The pool is closed by whoever opened it. */
  async destroy(): Promise<void> {}
}

export function postgresDialect(pool: pg.Pool, { pipeline }: { readonly pipeline: boolean }) {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PoolDriver(pool, pipeline),
    createIntrospector: (query: Kysely<unknown>) => new PostgresIntrospector(query),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
