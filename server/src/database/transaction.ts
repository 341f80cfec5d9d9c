/** Transactions: all or nothing, tried again when PostgreSQL asks for it. */
import type { IsolationLevel, Kysely } from 'kysely';
import { isWorthAnotherTry } from './faults.ts';
import type { Tables } from './tables.ts';

export type Transaction = import('kysely').Transaction<Tables>;

export interface TransactionOptions {
  /** Further attempts after a serialization failure or a deadlock. */
  readonly retries?: number;
  readonly isolationLevel?: IsolationLevel;
  readonly readOnly?: boolean;
}

/**
 * Runs `work` in one transaction and commits. It may run several times, so it must not do anything outside of the
 * database that cannot be repeated.
 * @throws whatever `work` throws, after rolling back; DatabaseUnavailable
 */
export async function inTransaction<Result>(
  query: Kysely<Tables>,
  work: (tx: Transaction) => Promise<Result>,
  { retries = 3, isolationLevel, readOnly = false }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      let transaction = query.transaction();
      if (isolationLevel !== undefined) transaction = transaction.setIsolationLevel(isolationLevel);
      if (readOnly) transaction = transaction.setAccessMode('read only');
      return await transaction.execute(work);
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
