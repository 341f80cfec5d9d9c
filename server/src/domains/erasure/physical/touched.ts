/** Notes where rows of erased people die: until those partitions are rewritten, their bytes are in the files. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';

/** One partition, by its name: where a transaction knows that it took rows from no other. */
export async function notePartTouched(tx: Transaction, part: string): Promise<void> {
  await sql`
    insert into erasure_touched (relation, taken, touched_at) values (${part}, false, now())
    on conflict do nothing`.execute(tx);
}

/**
 * At the end of a transaction that took rows away. PostgreSQL counts what each transaction changes, partition by partition;
 * it may tell of the one before as well, which does no harm. Nobody waits here for whoever notes the same.
 */
export async function noteTouched(tx: Transaction): Promise<void> {
  await sql`
    insert into erasure_touched (relation, taken, touched_at)
    select oid::regclass::text, false, now() from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'erasure_touched'
      and pg_stat_get_xact_tuples_deleted(oid) + pg_stat_get_xact_tuples_updated(oid) > 0
    order by 1
    on conflict do nothing`.execute(tx);
}
