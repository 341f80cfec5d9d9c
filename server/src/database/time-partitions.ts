/**
 * Tables that are partitioned by a moment: a partition holds a day or a week (UTC), is made before it is needed, and is
 * dropped as a whole when its time is over. Whoever writes a row of another time (an old run, a test's clock) makes its
 * partition. Making one locks nobody who reads or writes the table.
 */
import { sql } from 'kysely';
import { faultCode } from './faults.ts';
import type { Executor } from './open.ts';
import type { Transaction } from './transaction.ts';

export interface TimePartitioning {
  /** What one partition holds. */
  readonly interval: 'day' | 'week';
  /** Percent of a page; the rest is for the next state of its rows. */
  readonly fillFactor: number;
}

/** Of rows that change: those of an outcome, a claim. */
const usual: TimePartitioning = { interval: 'week', fillFactor: 80 };

const dayMilliseconds = 24 * 3600 * 1000;
const lengths = { day: dayMilliseconds, week: 7 * dayMilliseconds };
/** A Monday, 00:00 UTC. */
const firstWeek = Date.UTC(1970, 0, 5);

interface Period {
  readonly name: string;
  readonly begin: Date;
  readonly end: Date;
}

function beginOf(moment: Date, interval: TimePartitioning['interval']): number {
  const length = lengths[interval];
  return firstWeek + Math.floor((moment.getTime() - firstWeek) / length) * length;
}

function periodOf(table: string, moment: Date, interval: TimePartitioning['interval']): Period {
  const begin = beginOf(moment, interval);
  const day = new Date(begin).toISOString().slice(0, 10).replaceAll('-', '');
  return { name: `${table}_${day}`, begin: new Date(begin), end: new Date(begin + lengths[interval]) };
}

/**
 * Makes the partition of a moment, and some after it. Several nodes may do so at once.
 * @param ahead so many after it
 */
export async function ensureTimePartitions(
  query: Executor,
  table: string,
  moment: Date,
  { ahead = 1, ...partitioning }: Partial<TimePartitioning> & { readonly ahead?: number } = {},
): Promise<void> {
  const { interval, fillFactor } = { ...usual, ...partitioning };
  for (let number = 0; number <= ahead; number += 1) {
    const at = new Date(moment.getTime() + number * lengths[interval]);
    await makePartition(query, table, periodOf(table, at, interval), fillFactor);
  }
}

/** @returns whether it was there before */
async function makePartition(
  query: Executor,
  table: string,
  { name, begin, end }: Period,
  fillFactor: number,
): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select make_time_partition(${table}, ${name}, ${begin}::timestamptz, ${end}::timestamptz, ${fillFactor}) as there`.execute(
    query,
  );
  return rows[0]?.there === true;
}

/**
 * Partitions that were seen to be there, by database. One that a transaction of ours made is not: it may be rolled back.
 * What stands for a database is the adapter, which all of its transactions share.
 */
const known = new WeakMap<object, Set<string>>();

/** Within a transaction, which a write without its partition would end: makes what is missing before the rows are written. */
export async function requireTimePartitions(
  tx: Transaction,
  table: string,
  moments: readonly Date[],
  { interval, fillFactor }: TimePartitioning,
): Promise<void> {
  const { adapter } = tx.getExecutor();
  const seen = known.get(adapter) ?? new Set();
  known.set(adapter, seen);
  // Nearly always one: rows that are written together are of one time.
  const begins = new Set(moments.map((moment) => beginOf(moment, interval)));
  const periods = new Map(
    [...begins].map((begin) => periodOf(table, new Date(begin), interval)).map((each) => [each.name, each]),
  );
  // In one order, whoever makes several.
  for (const name of [...periods.keys()].toSorted()) {
    if (!seen.has(name) && (await makePartition(tx, table, periods.get(name) as Period, fillFactor))) seen.add(name);
  }
}

/**
 * Runs a write again after making the partition that it lacked.
 * @param moments of the rows
 */
export async function withTimePartition<Result>(
  query: Executor,
  table: string,
  moments: readonly Date[],
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!lacksPartition(error)) throw error;
    for (const moment of moments) await ensureTimePartitions(query, table, moment);
    return write();
  }
}

/** `no partition of relation … found for row` shares its code with violated checks. */
function lacksPartition(error: unknown): boolean {
  return faultCode(error) === '23514' && error instanceof Error && error.message.startsWith('no partition of relation');
}

export interface TimePartition {
  readonly name: string;
  readonly begins: Date;
  /** Exclusive. */
  readonly ends: Date;
}

/** The oldest first. */
export async function listTimePartitions(query: Executor, table: string): Promise<TimePartition[]> {
  const { rows } = await sql<TimePartition>`
    select name, begins, ends from time_partitions(${table}) order by begins`.execute(query);
  return rows;
}

/**
 * Drops the partitions whose whole time lies before a moment, and before the period that it lies in.
 * @returns their names
 * @throws with code 55P03 when one is in use and stays so: what was dropped before it is gone
 */
export async function dropTimePartitions(
  query: Executor,
  table: string,
  before: Date,
  { interval }: Pick<TimePartitioning, 'interval'> = usual,
): Promise<string[]> {
  const { begin } = periodOf(table, before, interval);
  const over = (await listTimePartitions(query, table)).filter(({ ends }) => ends <= begin).map(({ name }) => name);
  for (const name of over) await sql`select drop_time_partition(${name})`.execute(query);
  return over;
}
