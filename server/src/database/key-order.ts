/** Pages in the order of a key, of tables that grow while they are read. */
import { sql } from 'kysely';
import type { Database } from './open.ts';
import type { Transaction } from './transaction.ts';

/**
 * A planner that does not know how many rows lie behind a page reads and sorts all of them for each, by several
 * processes: a range of a million costs a thousand times its rows. Here it follows the index and stops with the page.
 * @param read one page; may run several times
 */
export function readInKeyOrder<Result>(
  database: Database,
  read: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return database.transaction(
    async (tx) => {
      await followTheIndex.execute(tx);
      return read(tx);
    },
    { readOnly: true },
  );
}

const settings = ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];
const followTheIndex = sql`
  select ${sql.join(settings.map((setting) => sql`set_config(${sql.lit(setting)}, 'off', true)`))},
         set_config('max_parallel_workers_per_gather', '0', true)`;
