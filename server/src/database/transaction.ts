/** Transactions: all or nothing, tried again when PostgreSQL asks for it. */
import { type IsolationLevel, type Kysely, sql } from 'kysely';
import { isWorthAnotherTry } from './faults.ts';
import type { Tables } from './tables.ts';

export type Transaction = import('kysely').Transaction<Tables>;

export interface TransactionOptions {
  /** Further attempts after a serialization failure or a deadlock. */
  readonly retries?: number;
  readonly isolationLevel?: IsolationLevel;
  readonly readOnly?: boolean;
  /**
   * Every statement finds its rows by keys that are given. The planner does not know how fast a fresh table grows and
   * reads it whole to join a few hundred keys (measured: 8 times slower at 30,000 rows); this keeps it from doing so.
   */
  readonly byKeys?: boolean;
}

/** Until the end of the transaction. */
const keepToKeys = sql`
  select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
         set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true)`;

/**
 * Runs `work` in one transaction and commits. It may run several times, so it must not do anything outside of the
 * database that cannot be repeated.
 * @throws whatever `work` throws, after rolling back; DatabaseUnavailable
 */
export async function inTransaction<Result>(
  query: Kysely<Tables>,
  work: (tx: Transaction) => Promise<Result>,
  { retries = 3, isolationLevel, readOnly = false, byKeys = false }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      let transaction = query.transaction();
      if (isolationLevel !== undefined) transaction = transaction.setIsolationLevel(isolationLevel);
      if (readOnly) transaction = transaction.setAccessMode('read only');
      return await transaction.execute(async (tx) => {
        if (byKeys) await keepToKeys.execute(tx);
        return work(tx);
      });
    } catch (error) {
      if (attempt >= retries || !isWorthAnotherTry(error)) throw error;
      await pause(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/** Deadlocked transactions must not meet again at the same moment. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
