/**
 * One state of the database, read by several connections at once: what a parallel plan would do, without all rows having to
 * pass through one process of the server.
 */
import { sql } from 'kysely';
import type { Database } from './open.ts';
import type { Transaction } from './transaction.ts';

const reading = { isolationLevel: 'repeatable read', readOnly: true } as const;

/**
 * Reads each item once, in no order. The transaction that found the items reads too, so it gets on where no other connection
 * is to be had.
 *
 * @param readers most connections at once
 * @param find in the transaction whose state all others see; locks that it takes last until all is read
 * @throws what the first that failed has thrown, once nobody reads any more
 */
export async function readFromOneSnapshot<Item>(
  database: Database,
  readers: number,
  find: (tx: Transaction) => Promise<readonly Item[]>,
  read: (tx: Transaction, item: Item) => Promise<void>,
): Promise<void> {
  await database.transaction(
    async (tx) => {
      const items = (await find(tx)).values();
      const snapshot = await exportSnapshot(tx);
      const faults: unknown[] = [];
      const work = async (reader: Transaction) => {
        try {
          for (const item of items) {
            if (faults.length > 0) return;
            await read(reader, item);
          }
        } catch (error) {
          faults.push(error);
        }
      };
      const underWay: Promise<void>[] = [];
      let isOver = false;
      const join = async (reader: Transaction) => {
        // Who comes too late has nothing left to do, and that state need not be there any more.
        if (isOver) return;
        const joined = sql`set transaction snapshot ${sql.lit(snapshot)}`.execute(reader).then(() => work(reader));
        // One that cannot join has taken no item. Mostly the transaction that it would join has just failed, and says why.
        underWay.push(joined.catch(() => undefined));
        await joined;
      };
      for (let others = 1; others < readers; others += 1) {
        // One that gets no connection, or cannot join, leaves its items to the others; other faults are among theirs.
        database.transaction(join, { ...reading, retries: 0 }).catch(() => undefined);
      }
      await work(tx);
      isOver = true;
      await Promise.all(underWay);
      if (faults.length > 0) throw faults[0];
    },
    { ...reading, retries: 0 },
  );
}

async function exportSnapshot(tx: Transaction): Promise<string> {
  const { rows } = await sql<{ snapshot: string }>`select pg_export_snapshot() as snapshot`.execute(tx);
  return (rows[0] as { snapshot: string }).snapshot;
}
