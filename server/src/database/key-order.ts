/** Pages in the order of a key, of tables that grow while they are read. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './open.ts';
import type { Transaction } from './transaction.ts';

export interface KeyOrderOptions {
  /**
   * Where few of very many rows may be meant, the planner may find all of them by another index and sort those: it
   * weighs that by the values of each question. A guess it gets wrong costs a page, not a run of pages.
   */
  readonly selective?: boolean;
}

/**
 * A planner that does not know how many rows lie behind a page reads and sorts all of them for each, by several
 * processes: a range of a million costs a thousand times its rows. Here it follows the index and stops with the page.
 * @param read one page; may run several times
 */
export function readInKeyOrder<Result>(
  database: Database,
  read: (tx: Transaction) => Promise<Result>,
  { selective = false }: KeyOrderOptions = {},
): Promise<Result> {
  return database.transaction(
    async (tx) => {
      await (selective ? weighTheIndex : followTheIndex).execute(tx);
      return read(tx);
    },
    { readOnly: true },
  );
}

const inOrder = {
  ...{ enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' },
  max_parallel_workers_per_gather: '0',
};
const followTheIndex = setting({ ...inOrder, enable_bitmapscan: 'off' });
const weighTheIndex = setting({
  ...inOrder,
  plan_cache_mode: 'force_custom_plan',
  // The planner takes the rows of a project to lie in the order of their keys, some twenty on a page, since they all have
  // the same first column. They lie anywhere, so a page of the table is read for each; this makes the plan as dear as it
  // is. Among five million endpoints, a page of a segment that nobody is in took up to 4.5 s and takes 1 ms, one of few a
  // fifth of what it took, and others what they did.
  seq_page_cost: '80',
});

function setting(settings: Readonly<Record<string, string>>): RawBuilder<unknown> {
  const each = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  return sql`select ${sql.join(each)}`;
}
