/**
 * Takes the bytes of erased rows out of the files of the embedded server (E10). A plain VACUUM leaves them in heaps, indexes,
 * statistics and the write-ahead log; they are gone once partitions are rewritten, statistics are made anew and rewritten,
 * and the log is switched and checkpointed, with `wal_recycle` off. Each rewriting locks one partition, waits for its lock a
 * moment at most, and lets the others pass in between.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DatabaseConnection,
  faultCode,
  isLockTimeout,
  openSession,
  type Session,
} from '../../../database/index.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';

export interface RemoveOptions {
  readonly connection: DatabaseConnection;
  readonly inventory: readonly PersonalData[];
  readonly signal: AbortSignal;
  /** Every partition that may hold people, also those in which nobody was erased. */
  readonly everything?: boolean;
  /** How long transactions that began before are waited for. @default 60000 */
  readonly patienceMilliseconds?: number;
}

export interface Removal {
  /** Names of partitions. */
  readonly rewritten: readonly string[];
  /** In use, or still seen by an old transaction: another time. */
  readonly postponed: readonly string[];
  /** Of one partition, from the request for its lock to its release. */
  readonly longestLockMilliseconds: number;
}

const lockMilliseconds = 500;
const lockAttempts = 20;
/** Tables this small are rewritten whether anybody was erased in them or not: former values lie about in them too. */
const smallBytes = 16 * 1024 * 1024;

export async function removePhysically(options: RemoveOptions): Promise<Removal> {
  const session = await openSession(options.connection, 'repoint physical removal');
  try {
    return await remove(session, options);
  } finally {
    await session.close();
  }
}

async function remove(
  session: Session,
  { inventory, signal, everything = false, patienceMilliseconds = 60_000 }: RemoveOptions,
): Promise<Removal> {
  const relations = await take(session, inventory, everything);
  if (relations.length === 0) return { rewritten: [], postponed: [], longestLockMilliseconds: 0 };
  if (!(await untilNobodySees(session, patienceMilliseconds, signal))) {
    return { rewritten: [], postponed: relations, longestLockMilliseconds: 0 };
  }
  await session.query(`set lock_timeout = ${lockMilliseconds}`);
  const rewritten: string[] = [];
  const postponed: string[] = [];
  let longest = 0;
  for (const relation of relations) {
    signal.throwIfAborted();
    const milliseconds = await rewrite(session, relation, signal);
    (milliseconds === undefined ? postponed : rewritten).push(relation);
    longest = Math.max(longest, milliseconds ?? 0);
  }
  await renewStatistics(session, rewritten, signal);
  await emptyLog(session);
  await session.query('delete from erasure_touched where taken and relation = any ($1::text[])', [rewritten]);
  return { rewritten, postponed, longestLockMilliseconds: Math.round(longest) };
}

/** What is noted from here on is the next one's. @returns the partitions there are, the small ones first */
async function take(session: Session, inventory: readonly PersonalData[], everything: boolean): Promise<string[]> {
  const tables = inventory.flatMap((domain) =>
    domain.tables
      .filter(({ columns }) => Object.values(columns).some((kind) => kind === 'identity' || kind === 'personal'))
      .map(({ table }) => table),
  );
  await session.query(`
    with moved as (delete from erasure_touched where not taken returning relation, touched_at)
    insert into erasure_touched select relation, true, touched_at from moved on conflict do nothing`);
  const { rows } = await session.query<{ relation: string }>(
    `with touched as (
       select to_regclass(relation) as relid from erasure_touched where taken and to_regclass(relation) is not null),
     -- Of a table that is not partitioned, pg_partition_tree knows nothing.
     tables as (
       select coalesce(leaf.relid, to_regclass(name)) as relid from unnest($1::text[]) as named (name)
       left join lateral pg_partition_tree(to_regclass(name)) as leaf on true
       where to_regclass(name) is not null and coalesce(leaf.isleaf, true))
     select relid::text as relation from (
       select relid from touched
       union
       select relid from tables
       where $2::boolean or exists (select from touched) and pg_total_relation_size(relid) < $3::bigint) as found
     order by pg_total_relation_size(relid), relid::text`,
    [tables, everything, smallBytes],
  );
  return rows.map(({ relation }) => relation);
}

/** A rewriting keeps rows that an older transaction may still see, such as that of a backup. */
async function untilNobodySees(session: Session, patience: number, signal: AbortSignal): Promise<boolean> {
  const { rows } = await session.query<{ now: string }>('select pg_current_xact_id()::xid::text as now');
  const giveUpAt = performance.now() + patience;
  for (;;) {
    signal.throwIfAborted();
    const { rows: older } = await session.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where pid <> pg_backend_pid() and datname = current_database()
         and (age(backend_xmin) > age($1::text::xid) or age(backend_xid) > age($1::text::xid))`,
      [rows[0]?.now],
    );
    if (older[0]?.count === 0) return true;
    if (performance.now() > giveUpAt) return false;
    await pause(100);
  }
}

/** @returns the milliseconds that the last attempt took; undefined when others use it all the time */
async function whenUnlocked(signal: AbortSignal, work: () => Promise<unknown>): Promise<number | undefined> {
  for (let attempt = 1; attempt <= lockAttempts; attempt += 1) {
    signal.throwIfAborted();
    const begun = performance.now();
    try {
      await work();
      return performance.now() - begun;
    } catch (error) {
      if (isGone(error)) return 0;
      if (!isLocked(error)) throw error;
      await pause(Math.random() * 200 * attempt);
    }
  }
  return undefined;
}

function rewrite(session: Session, relation: string, signal: AbortSignal): Promise<number | undefined> {
  return whenUnlocked(signal, async () => {
    await forgetStatistics(session, relation);
    await session.query(`vacuum (full, analyze) ${relation}`);
  });
}

/** Of the table and of its indexes: ANALYZE keeps what it knew of a table in which nobody is left. */
async function forgetStatistics(session: Session, relation: string): Promise<void> {
  await session.query(
    `select pg_clear_attribute_stats(schemaname, tablename, attname, inherited) from pg_stats
     where (schemaname, tablename) in (
       select relnamespace::regnamespace::text, relname from pg_class
       where oid = $1::regclass or oid in (select indexrelid from pg_index where indrelid = $1::regclass))`,
    [relation],
  );
}

/** Most common values and the bounds of histograms are values: those of partitions, and of what they are parts of. */
async function renewStatistics(session: Session, relations: readonly string[], signal: AbortSignal): Promise<void> {
  const { rows } = await session.query<{ root: string }>(
    `select distinct pg_partition_root(to_regclass(name))::text as root from unnest($1::text[]) as given (name)
     where exists (select from pg_statistic where starelid = pg_partition_root(to_regclass(name)))
       and pg_partition_root(to_regclass(name)) <> to_regclass(name)`,
    [relations],
  );
  for (const { root } of rows) {
    await whenUnlocked(signal, async () => {
      await forgetStatistics(session, root);
      await session.query(`analyze ${root}`);
    });
  }
  for (const catalogue of ['pg_catalog.pg_statistic', 'pg_catalog.pg_statistic_ext_data']) {
    await rewrite(session, catalogue, signal);
  }
}

/** Segments that were full of them are removed by the checkpoint after the one that no longer needs them. */
async function emptyLog(session: Session): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await session.query('select pg_switch_wal()');
    await session.query('checkpoint');
  }
}

/** By others, or in a circle with them. */
const isLocked = (error: unknown) => isLockTimeout(error) || faultCode(error) === '40P01';
const isGone = (error: unknown) => faultCode(error) === '42P01';
