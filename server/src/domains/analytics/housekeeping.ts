/** Makes few rows out of many: shards of days that are over become one, marks of old messages go. */
import { sql } from 'kysely';
import type { Database } from '../../database/index.ts';
import { dayMilliseconds, dayNumber, hourNumber } from './counting/tally.ts';

const messageMarkDays = 90;
/** Buckets a statement. */
const stride = 64;

/**
 * Sums of yesterday and before into shard 0, project by project. A late event that adds to a row meanwhile is waited for
 * and counted, or makes a row that the next run finds.
 */
export async function joinShards(database: Database, now: Date): Promise<void> {
  const today = new Date(dayNumber(now.getTime()) * dayMilliseconds);
  const { rows } = await sql<{ number: number }>`select number from projects order by number`.execute(database.query);
  for (const { number } of rows) {
    await sql`
      with joined as (
        delete from analytics_counters
        where project_number = ${number} and shard <> 0 and slot < ${today}
        returning metric, slot, source_id, activity_id, treatment_id, label, value
      )
      insert into analytics_counters as stored
        (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard, value)
      select ${number}, metric, slot, source_id, activity_id, treatment_id, label, 0, sum(value) from joined
      group by metric, slot, source_id, activity_id, treatment_id, label
      order by metric, slot, source_id, activity_id, treatment_id, label
      on conflict (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard)
      do update set value = stored.value + excluded.value`.execute(database.query);
    await sql`
      with joined as (
        delete from analytics_uniques
        where project_number = ${number} and shard <> 0 and day < ${dayNumber(now.getTime())}
        returning metric, scope, day, previous, count
      )
      insert into analytics_uniques as stored (project_number, metric, scope, day, previous, shard, count)
      select ${number}, metric, scope, day, previous, 0, sum(count) from joined
      group by metric, scope, day, previous order by metric, scope, day, previous
      on conflict (project_number, metric, scope, day, previous, shard)
      do update set count = stored.count + excluded.count`.execute(database.query);
  }
}

/** Opens of a mail an hour apart, receipts of an SMS: none comes after so long. */
export async function dropMessageMarks(database: Database, now: Date): Promise<void> {
  const mail = hourNumber(now.getTime() - messageMarkDays * dayMilliseconds);
  for (let bucket = 0; bucket < 1024; bucket += stride) {
    await sql`
      delete from analytics_marks
      where bucket >= ${bucket} and bucket < ${bucket + stride}
        and metric in ('direct mail opened', 'campaign mail opened', 'journey mail opened',
                       'direct mail clicked', 'campaign mail clicked', 'journey mail clicked',
                       'direct sms', 'campaign sms', 'journey sms', 'campaign push opened')
        and moments[cardinality(moments)] < ${mail}`.execute(database.query);
  }
}
