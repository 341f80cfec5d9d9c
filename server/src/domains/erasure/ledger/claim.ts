/** An entry is done again by one process: whoever writes its row first. A transaction that is appending it is waited for. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import type { LedgerEntry } from './entry.ts';

/** @returns false when it was done */
export async function claim(tx: Transaction, entry: LedgerEntry, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into erasure_ledger (id, appended_at, entry, replayed_at)
    values (${entry.id}, ${entry.at}::timestamptz, ${JSON.stringify(entry)}::jsonb, ${now})
    on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}
