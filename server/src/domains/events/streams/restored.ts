/**
 * After a restore from a dump. PostgreSQL counts transactions anew there, while events and marks have their numbers of
 * before: marks lie ahead of everything that comes, and events that nobody sent yet look as if they were to come. Both
 * show by numbers that this server has not given to any transaction.
 *
 * What lies behind the mark was not sent: it becomes part of the present transaction, in its order. What lies before it
 * was, and is kept out by its sequence, which a dump carries on: new events have larger ones. The mark begins anew.
 */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import { findMark, setMark } from './store.ts';
import type { Mark } from './stream.ts';

/** @returns whether the database was restored since */
export async function resetAfterRestore(tx: Transaction, projectNumber: number): Promise<boolean> {
  const mark = await findMark(tx, projectNumber);
  if (mark === undefined) return false;
  const { rows } = await sql<{ next: string; ahead: boolean; unsent: boolean }>`
    select next::text, ${mark.transaction}::xid8 >= next as ahead,
           exists (select from events where project_number = ${projectNumber} and transaction_id >= next) as unsent
    from pg_snapshot_xmax(pg_current_snapshot()) as next`.execute(tx);
  const { next, ahead, unsent } = rows[0] as { next: string; ahead: boolean; unsent: boolean };
  if (!ahead && !unsent) return false;
  const fence = ahead ? await lastSent(tx, projectNumber, mark, next) : mark.fence;
  await takeOver(tx, projectNumber, mark, next);
  await setMark(tx, projectNumber, ahead ? { transaction: '0', sequence: 0, fence } : mark);
  return true;
}

async function lastSent(tx: Transaction, projectNumber: number, mark: Mark, next: string): Promise<number> {
  const { rows } = await sql<{ fence: number }>`
    select greatest(max(sequence), ${mark.fence}::bigint, ${mark.sequence}::bigint) as fence from events
    where project_number = ${projectNumber} and transaction_id >= ${next}::xid8
      and (transaction_id, sequence) <= (${mark.transaction}::xid8, ${mark.sequence}::bigint)`.execute(tx);
  return (rows[0] as { fence: number }).fence;
}

async function takeOver(tx: Transaction, projectNumber: number, mark: Mark, next: string): Promise<void> {
  await sql`
    update events set transaction_id = pg_current_xact_id(), sequence = unsent.new_sequence
    from (
      select place, of_table, nextval('event_sequence') as new_sequence
      from (
        select ctid as place, tableoid as of_table from events
        where project_number = ${projectNumber} and transaction_id >= ${next}::xid8
          and (transaction_id, sequence) > (${mark.transaction}::xid8, ${mark.sequence}::bigint)
        order by transaction_id, sequence
      ) as ordered
    ) as unsent
    where events.ctid = unsent.place and events.tableoid = unsent.of_table`.execute(tx);
}
