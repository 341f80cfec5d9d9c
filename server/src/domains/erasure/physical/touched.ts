/** Notes where rows of erased people die: until those partitions are rewritten, their bytes are in the files. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';

/**
 * At the end of a transaction that took rows away. PostgreSQL counts what each transaction changes, partition by partition;
 * it may tell of the one before as well, which does no harm. Nobody waits here for whoever notes the same.
 */
export async function noteTouched(tx: Transaction): Promise<void> {
  await sql`
    insert into erasure_touched (relation, taken, touched_at)
    select relid::regclass::text, false, now() from pg_stat_xact_user_tables
    where n_tup_del + n_tup_upd > 0 and relname <> 'erasure_touched'
    order by 1
    on conflict do nothing`.execute(tx);
}
