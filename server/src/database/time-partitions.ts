/**
 * Tables that are partitioned by a moment: a partition holds a week, is made before it is needed, and is dropped as a
 * whole when its time is over. Whoever writes a row of another time (an old run, a test's clock) makes its partition.
 */
import { sql } from 'kysely';
import { faultCode } from './faults.ts';
import type { Executor } from './open.ts';

const weekMilliseconds = 7 * 24 * 3600 * 1000;
/** A Monday, 00:00 UTC. */
const firstWeek = Date.UTC(1970, 0, 5);

interface Week {
  readonly name: string;
  readonly begin: Date;
  readonly end: Date;
}

function weekOf(table: string, moment: Date): Week {
  const begin = firstWeek + Math.floor((moment.getTime() - firstWeek) / weekMilliseconds) * weekMilliseconds;
  const day = new Date(begin).toISOString().slice(0, 10).replaceAll('-', '');
  return { name: `${table}_${day}`, begin: new Date(begin), end: new Date(begin + weekMilliseconds) };
}

/** Makes the partition of a moment, and the next one. Several nodes may do so at once. */
export async function ensureTimePartitions(query: Executor, table: string, moment: Date): Promise<void> {
  for (const { name, begin, end } of [moment, new Date(moment.getTime() + weekMilliseconds)].map((at) =>
    weekOf(table, at),
  )) {
    const { rows } = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(query);
    if (rows[0]?.there) continue;
    await makePartition(query, table, { name, begin, end });
  }
}

async function makePartition(query: Executor, table: string, { name, begin, end }: Week): Promise<void> {
  try {
    await sql`create table if not exists ${sql.table(name)} partition of ${sql.table(table)}
      for values from (${sql.lit(begin.toISOString())}) to (${sql.lit(end.toISOString())})
      with (fillfactor = 80)`.execute(query);
  } catch (error) {
    if (!madeMeanwhile.has(faultCode(error) ?? '')) throw error;
  }
}

/** Two who make the same table at once: it exists (42P07), or its name or type does (23505). */
const madeMeanwhile = new Set(['42P07', '23505']);

/**
 * Runs a write again after making the partition that it lacked.
 * @param moment of the rows
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

/** Drops the partitions whose whole week lies before a moment. @returns their names */
export async function dropTimePartitions(query: Executor, table: string, before: Date): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    join pg_class child on child.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = to_regclass(${table})`.execute(query);
  const oldest = weekOf(table, before).name;
  // Names of one table have one length and end in a date: they sort by it.
  const over = rows
    .map(({ name }) => name)
    .filter((name) => name < oldest)
    .sort();
  for (const name of over) await sql`drop table if exists ${sql.table(name)}`.execute(query);
  return over;
}
