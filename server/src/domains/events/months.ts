/**
 * Days of events become months once they are old: a year of days is 365 tables to plan for and to look into, for every
 * timeline and every erasure.
 *
 * The month is filled beside the table, some thousand rows a transaction, so that no transaction lasts: readers of streams
 * wait for the oldest one. Triggers on its days remove from it what is removed from them (0026_event_months.sql). Then, in
 * one short transaction that has the table to itself, it takes their place. Rows keep all they have, their place in
 * streams too. Whoever is killed leaves the days as they were, and the next run begins anew.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import {
  advisoryLocks,
  type Database,
  isLockTimeout,
  listTimePartitions,
  type TimePartition,
  type Transaction,
} from '../../database/index.ts';

const dayMilliseconds = 24 * 3600 * 1000;
/** Days that are younger stay days. */
const youngDays = 90;
/** What is dropped soon is not worth it. */
const worthDays = 31;
const rowsOfStep = 10_000;
/** Whoever wants a day, or all of them, waits for those that have it, and everybody else behind it. */
const patience = { day: '3s', table: '300ms' } as const;
const attempts = 40;
const pauseMilliseconds = 500;

export interface Month extends TimePartition {
  readonly days: readonly string[];
}

/**
 * One run at a time, of all nodes.
 * @param keptDays by the project that keeps for longest
 * @returns the months that were made
 */
export async function mergeMonths(
  database: Database,
  now: Date,
  keptDays: number,
  signal: AbortSignal,
): Promise<string[]> {
  return database.transaction(async (holding) => {
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_xact_lock(${advisoryLocks.eventMerge}) as held`.execute(holding);
    if (rows[0]?.held !== true) return [];
    // Last, for it leaves no snapshot behind, which whoever makes an index concurrently would wait for.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(holding);
    await discardUnfinished(database);
    if (keptDays < youngDays + worthDays) return [];
    const made: string[] = [];
    for (const month of monthsOf(await listTimePartitions(database.query, 'events'), now)) {
      if (await mergeMonth(database, month, signal)) made.push(month.name);
    }
    return made;
  });
}

/** Those that are over for long enough, and of which there are days. */
export function monthsOf(partitions: readonly TimePartition[], now: Date): Month[] {
  const old = new Date(now.getTime() - youngDays * dayMilliseconds);
  const days = partitions.filter(({ begins, ends }) => ends.getTime() - begins.getTime() === dayMilliseconds);
  const months = Map.groupBy(days, ({ begins }) => begins.toISOString().slice(0, 7));
  return [...months].flatMap(([name, of]) => {
    const [year, month] = name.split('-').map(Number) as [number, number];
    const begins = new Date(Date.UTC(year, month - 1));
    const ends = new Date(Date.UTC(year, month));
    return ends > old
      ? []
      : [{ name: `events_${name.replace('-', '')}`, begins, ends, days: of.map((day) => day.name) }];
  });
}

/** @returns false when days were written to meanwhile: another night will do */
async function mergeMonth(database: Database, month: Month, signal: AbortSignal): Promise<boolean> {
  try {
    await patiently(() => database.transaction((tx) => beginMonth(tx, month)), signal);
    for (const day of month.days) await copyDay(database, month, day, signal);
    await finishTable(database, month);
    const taken = await patiently(() => database.transaction((tx) => takePlace(tx, month)), signal);
    if (!taken) await discardUnfinished(database);
    return taken;
  } catch (error) {
    // When even this fails, the next run does it.
    await discardUnfinished(database).catch(() => undefined);
    throw error;
  }
}

/** Its index finds the rows that triggers follow. */
async function beginMonth(tx: Transaction, { name, begins, ends, days }: Month): Promise<void> {
  await sql`select set_config('lock_timeout', ${patience.day}, true)`.execute(tx);
  await sql`
    insert into event_merges (month, begins, ends, days)
    values (${name}, ${begins}, ${ends}, ${[...days]}::text[])`.execute(tx);
  const [from, to] = [sql.lit(begins.toISOString()), sql.lit(ends.toISOString())];
  await sql`
    create table ${sql.id(name)} (
      like events including defaults,
      constraint ${sql.id(`${name}_time`)} check (arrived_at >= ${from} and arrived_at < ${to})
    ) with (fillfactor = 100)`.execute(tx);
  await sql`create index on ${sql.id(name)} (project_number, transaction_id, sequence)`.execute(tx);
  for (const day of days) {
    await sql`
      create trigger follow_merge after insert or update or delete on ${sql.id(day)}
      for each row execute function follow_event_merge(${sql.lit(name)})`.execute(tx);
  }
}

interface Place {
  readonly project: number;
  readonly transaction: string;
  readonly sequence: number;
}

/** In the order of an index, so that a row that is changed meanwhile is either behind or ahead. */
async function copyDay(database: Database, month: Month, day: string, signal: AbortSignal): Promise<void> {
  for (let place: Place | undefined = { project: 0, transaction: '0', sequence: 0 }; place !== undefined; ) {
    signal.throwIfAborted();
    const from: Place = place;
    place = await patiently(() => database.keyedTransaction((tx) => copyStep(tx, month, day, from)), signal);
  }
}

/** @returns the last row of the step; undefined when there was none */
async function copyStep(tx: Transaction, month: Month, day: string, from: Place): Promise<Place | undefined> {
  await sql`select set_config('lock_timeout', ${patience.day}, true)`.execute(tx);
  // Whoever removes a row comes before, or after and with a trigger that finds the copy.
  await sql`lock table ${sql.id(day)} in share mode`.execute(tx);
  const { rows } = await sql<Place>`
    with copied as (
      insert into ${sql.id(month.name)}
      select * from ${sql.id(day)}
      where (project_number, transaction_id, sequence) > (${from.project}, ${from.transaction}::xid8, ${from.sequence})
      order by project_number, transaction_id, sequence limit ${sql.lit(rowsOfStep)}
      returning project_number, transaction_id, sequence
    )
    select project_number as project, transaction_id::text as transaction, sequence from copied
    order by project_number desc, transaction_id desc, sequence desc limit 1`.execute(tx);
  return rows[0];
}

/** Indexes as the table has them, so that becoming a part of it takes no time; and one of time, which is in order here. */
async function finishTable({ query }: Database, { name }: Month): Promise<void> {
  const month = sql.id(name);
  const indexes: RawBuilder<unknown>[] = [
    sql`(project_number, bucket, endpoint_id, arrived_at, sequence) where endpoint_id is not null`,
    sql`(project_number, bucket, address_key) where endpoint_id is null and address_key is not null`,
    sql`using brin (arrived_at)`,
  ];
  for (const index of indexes) {
    await sql`create index concurrently on ${month} ${index}`.execute(query);
  }
  await sql`vacuum (freeze, analyze) ${month}`.execute(query);
}

/** @returns false when the month is not what its days are */
async function takePlace(tx: Transaction, { name, begins, ends, days }: Month): Promise<boolean> {
  await sql`select set_config('lock_timeout', ${patience.table}, true)`.execute(tx);
  // Whoever makes a partition takes the same one first (make_time_partition).
  await sql`select pg_advisory_xact_lock(hashtextextended('partitions of events', 0))`.execute(tx);
  await sql`lock table events in access exclusive mode`.execute(tx);
  const { rows } = await sql<{ whole: boolean }>`
    select not is_spoiled and days @> now_there and days <@ now_there as whole
    from event_merges, (
      select coalesce(array_agg(part.name), '{}') as now_there from time_partitions('events') as part
      where part.begins < ${ends} and part.ends > ${begins}
    ) as parts
    where month = ${name}`.execute(tx);
  if (rows[0]?.whole !== true) return false;
  for (const day of days) await sql`drop table ${sql.id(day)}`.execute(tx);
  await sql`
    alter table events attach partition ${sql.id(name)}
    for values from (${sql.lit(begins.toISOString())}) to (${sql.lit(ends.toISOString())})`.execute(tx);
  await sql`alter table ${sql.id(name)} drop constraint ${sql.id(`${name}_time`)}`.execute(tx);
  await sql`delete from event_merges where month = ${name}`.execute(tx);
  return true;
}

/** Of runs that were killed, too: only whoever holds the lock of merging calls this. */
async function discardUnfinished(database: Database): Promise<void> {
  const { rows } = await sql<{ month: string; days: string[] }>`select month, days from event_merges`.execute(
    database.query,
  );
  for (const { month, days } of rows) {
    await patiently(() =>
      database.transaction(async (tx) => {
        await sql`select set_config('lock_timeout', ${patience.day}, true)`.execute(tx);
        for (const day of days) {
          await sql`drop trigger if exists follow_merge on ${sql.id(day)}`.execute(tx);
        }
        await sql`drop table if exists ${sql.id(month)}`.execute(tx);
        await sql`delete from event_merges where month = ${month}`.execute(tx);
      }),
    );
  }
}

/** Locks that are not to be had for long are asked for again. @throws the last refusal; the reason of `signal` */
async function patiently<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error) || attempt === attempts) throw error;
      await pause(pauseMilliseconds, undefined, signal && { signal });
    }
  }
}
