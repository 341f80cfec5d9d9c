/** Transactions: all or nothing, tried again when PostgreSQL asks for it. */
import { type IsolationLevel, type Kysely, type QueryResult, type RawBuilder, sql } from 'kysely';
import type { PostgresConnection } from './driver.ts';
import { isWorthAnotherTry } from './faults.ts';
import type { Tables } from './tables.ts';

export type Transaction = import('kysely').Transaction<Tables>;

export interface TransactionOptions {
  /** Further attempts after a serialization failure or a deadlock. */
  readonly retries?: number;
  readonly isolationLevel?: IsolationLevel;
  readonly readOnly?: boolean;
  /**
   * False for what is done again when it is lost, and is followed by a transaction that is durable: COMMIT does not wait
   * for the disk. All or nothing all the same.
   */
  readonly durable?: boolean;
}

/**
 * Runs `work` in one transaction and commits. It may run several times, so it must not do anything outside of the
 * database that cannot be repeated.
 * @throws whatever `work` throws, after rolling back; DatabaseUnavailable
 */
export async function inTransaction<Result>(
  query: Kysely<Tables>,
  work: (tx: Transaction) => Promise<Result>,
  { retries = 3, isolationLevel, readOnly = false, durable = true }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      let transaction = query.transaction();
      if (isolationLevel !== undefined) transaction = transaction.setIsolationLevel(isolationLevel);
      if (readOnly) transaction = transaction.setAccessMode('read only');
      let done: readonly (() => void)[] | undefined;
      const result = await transaction.execute(async (tx) => {
        done = whenCommitted(tx);
        if (!durable) await sql`set local synchronous_commit = off`.execute(tx);
        return work(tx);
      });
      for (const tell of done ?? []) tell();
      return result;
    } catch (error) {
      if (attempt >= retries || !isWorthAnotherTry(error)) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/** By transaction, until it ends. */
const committed = new WeakMap<Transaction, (() => void)[]>();

function whenCommitted(tx: Transaction): readonly (() => void)[] {
  const done: (() => void)[] = [];
  committed.set(tx, done);
  return done;
}

/** What this process may know once a transaction of `inTransaction` has committed; forgotten when it does not. */
export function afterCommit(tx: Transaction, done: () => void): void {
  committed.get(tx)?.push(done);
}

/** Deadlocked transactions must not meet again at the same moment. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}

/**
 * Runs statements in their order, in one round trip: for keyed transactions, whose connections have a pipeline. One that
 * fails makes the others fail. One that is undefined is not run, and has no rows.
 * @throws what the first that failed has thrown
 */
export async function together<Rows extends readonly unknown[]>(
  tx: Transaction,
  statements: { readonly [Index in keyof Rows]: RawBuilder<Rows[Index]> | undefined },
): Promise<{ readonly [Index in keyof Rows]: Rows[Index][] }> {
  const results = await onConnection(tx, (connection) =>
    Promise.allSettled(statements.map((statement) => statement && connection.executeQuery(statement.compile(tx)))),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map(
    (result) => (result as PromiseFulfilledResult<QueryResult<unknown> | undefined>).value?.rows ?? [],
  ) as never;
}

/**
 * The last statements of a transaction, which nobody has to see the results of: they leave together with COMMIT, and
 * what they throw is thrown by the transaction.
 */
export async function sendLast(tx: Transaction, statements: readonly RawBuilder<unknown>[]): Promise<void> {
  await onConnection(tx, async (connection) => {
    for (const statement of statements) connection.send(statement.compile(tx));
  });
}

function onConnection<Result>(
  tx: Transaction,
  work: (connection: PostgresConnection) => Promise<Result>,
): Promise<Result> {
  return tx.getExecutor().provideConnection((connection) => work(connection as PostgresConnection));
}
