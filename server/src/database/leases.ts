/**
 * Long work, cut into bucket ranges (DESIGN decision 5). A worker leases a range, does a few hundred rows at a time,
 * and moves the cursor in the same transaction. No row stays locked: when a worker dies, its lease runs out and
 * another goes on from the cursor. Times are the database's, since nodes' clocks differ; a test lets time pass by moving
 * `lease_until`.
 */
import { sql } from 'kysely';
import { bucketCount } from '../kernel/bucket.ts';
import type { Database, Executor } from './open.ts';
import type { Transaction } from './transaction.ts';

const leaseMilliseconds = 10_000;
const renewMilliseconds = 3_000;
/** Of a lease that could not be renewed: then it is given up, before anybody else can have it. */
const silentMilliseconds = 8_500;
const lookMilliseconds = 250;

export interface Work {
  /** What kind of work: `import`, `campaign run` … */
  readonly kind: string;
  readonly workId: string;
}

/** A range as its holder sees it. */
export interface Lease extends Work {
  readonly firstBucket: number;
  /** Exclusive. */
  readonly endBucket: number;
  readonly holder: string;
  readonly epoch: number;
  /** Where the last holder stopped; null at the beginning. */
  readonly cursor: unknown;
}

/** The lease ran out or was taken over: whoever sees this stops working on the range, and loses nothing by it. */
export class LeaseLost extends Error {
  constructor() {
    super('The lease on this range was lost.');
    this.name = 'LeaseLost';
  }
}

/** Cuts a piece of work into ranges of equal width. Doing it again changes nothing. */
export async function createWork(tx: Transaction, work: Work, ranges: number): Promise<void> {
  const width = Math.ceil(bucketCount / ranges);
  await sql`
    insert into work_ranges (kind, work_id, first_bucket, end_bucket)
    select ${work.kind}, ${work.workId}, first, least(first + ${width}::int, ${bucketCount}::int)
    from generate_series(0, ${bucketCount - 1}::int, ${width}::int) as first
    on conflict do nothing`.execute(tx);
}

/**
 * Takes a range that nobody holds, or whose lease ran out. Ranges that others are claiming at this moment are stepped
 * over, so that claimers do not wait for each other.
 */
export async function claimRange(query: Executor, work: Work, holder: string): Promise<Lease | undefined> {
  const { rows } = await sql<Lease>`
    update work_ranges set holder = ${holder}, epoch = epoch + 1,
                           lease_until = clock_timestamp() + ${leaseMilliseconds}::int * interval '1 millisecond'
    where (kind, work_id, first_bucket) = (
      select kind, work_id, first_bucket from work_ranges
      where kind = ${work.kind} and work_id = ${work.workId} and finished_at is null
        and (lease_until is null or lease_until < clock_timestamp())
      order by first_bucket
      limit 1
      for update skip locked)
    returning kind, work_id as "workId", first_bucket as "firstBucket", end_bucket as "endBucket", holder, epoch, cursor`.execute(
    query,
  );
  return rows[0];
}

/** Pieces of work of one kind with a range that `claimRange` would give, in no order. */
export async function claimableWork(query: Executor, kind: string): Promise<string[]> {
  const { rows } = await sql<{ workId: string }>`
    select distinct work_id as "workId" from work_ranges
    where kind = ${kind} and finished_at is null and (lease_until is null or lease_until < clock_timestamp())`.execute(
    query,
  );
  return rows.map(({ workId }) => workId);
}

/** Lengthens the lease. @throws LeaseLost */
export async function renewLease(query: Executor, lease: Lease): Promise<void> {
  const { numAffectedRows } = await sql`
    update work_ranges set lease_until = clock_timestamp() + ${leaseMilliseconds}::int * interval '1 millisecond'
    where ${isHeld(lease)}`.execute(query);
  if (numAffectedRows !== 1n) throw new LeaseLost();
}

/**
 * Moves the cursor, in the transaction of the work that it stands for; also lengthens the lease.
 * @throws LeaseLost, which rolls that work back
 */
export async function advanceCursor(tx: Transaction, lease: Lease, cursor: unknown): Promise<void> {
  const { numAffectedRows } = await sql`
    update work_ranges set cursor = ${JSON.stringify(cursor)}::jsonb,
                           lease_until = clock_timestamp() + ${leaseMilliseconds}::int * interval '1 millisecond'
    where ${isHeld(lease)}`.execute(tx);
  if (numAffectedRows !== 1n) throw new LeaseLost();
}

/**
 * Marks the range as done.
 * @returns whether it was the last one: exactly one finisher of a piece of work is told true
 * @throws LeaseLost
 */
export async function finishRange(tx: Transaction, lease: Lease): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`work ${lease.kind} ${lease.workId}`}, 0))`.execute(tx);
  const { numAffectedRows } = await sql`
    update work_ranges set finished_at = clock_timestamp(), holder = null, lease_until = null
    where ${isHeld(lease)}`.execute(tx);
  if (numAffectedRows !== 1n) throw new LeaseLost();
  const { rows } = await sql<{ unfinished: number }>`
    select count(*) as unfinished from work_ranges
    where kind = ${lease.kind} and work_id = ${lease.workId} and finished_at is null`.execute(tx);
  return rows[0]?.unfinished === 0;
}

/** One that is suspended stays so. */
const givenBack = sql`holder = null, lease_until = case when lease_until = 'infinity' then lease_until end`;

/**
 * Gives a range back before its time, so that another worker need not wait for the lease to run out. Of one that was
 * suspended it says that its former holder has ended.
 */
export async function releaseRange(query: Executor, lease: Lease): Promise<void> {
  await sql`update work_ranges set ${givenBack} where ${isOf(lease)}`.execute(query);
}

/** Frees all that a process held in its former life. */
export async function releaseAll(query: Executor, holder: string): Promise<void> {
  await sql`update work_ranges set ${givenBack} where holder = ${holder} and finished_at is null`.execute(query);
}

/** Forgets a piece of work and all its ranges; whoever still holds one finds its lease lost. */
export async function removeWork(tx: Transaction, work: Work): Promise<void> {
  await tx.deleteFrom('work_ranges').where('kind', '=', work.kind).where('work_id', '=', work.workId).execute();
}

/** What those who have lost a range need to end what they had begun: as long as a lease, and some more. */
const endingMilliseconds = 15_000;

/**
 * Makes all ranges of a piece of work another one, to be worked through from their beginnings; whoever holds one finds
 * its lease lost, and has a while to end before anybody gets it.
 */
export async function turnWork(tx: Transaction, work: Work, into: Work): Promise<void> {
  await sql`
    update work_ranges set kind = ${into.kind}, work_id = ${into.workId}, holder = null, finished_at = null, cursor = null,
                           epoch = epoch + 1,
                           lease_until = clock_timestamp() + ${endingMilliseconds}::int * interval '1 millisecond'
    where kind = ${work.kind} and work_id = ${work.workId}`.execute(tx);
}

/**
 * Nobody gets a range of it any more until `resumeWork`; whoever holds one finds its lease lost, and is remembered until
 * it has ended what it had begun.
 */
export async function suspendWork(tx: Transaction, work: Work): Promise<void> {
  await sql`
    update work_ranges set holder = case when lease_until >= clock_timestamp() then holder end, lease_until = 'infinity'
    where kind = ${work.kind} and work_id = ${work.workId} and finished_at is null
      and (lease_until is null or lease_until <> 'infinity')`.execute(tx);
}

/**
 * From where each range stood. One whose holder has not ended yet stays that holder's: it goes on if it has noticed
 * nothing, and others get the range once it has ended, or is silent for too long.
 */
export async function resumeWork(tx: Transaction, work: Work): Promise<void> {
  await sql`
    update work_ranges set lease_until =
      case when holder is not null then clock_timestamp() + ${endingMilliseconds}::int * interval '1 millisecond' end
    where kind = ${work.kind} and work_id = ${work.workId} and finished_at is null
      and lease_until = 'infinity'`.execute(tx);
}

export interface Progress {
  readonly ranges: number;
  readonly finished: number;
}

export async function workProgress(query: Executor, work: Work): Promise<Progress> {
  const { rows } = await sql<Progress>`
    select count(*) as ranges, count(finished_at) as finished from work_ranges
    where kind = ${work.kind} and work_id = ${work.workId}`.execute(query);
  return rows[0] as Progress;
}

/** What one transaction of work came to. */
export interface Step {
  readonly cursor: unknown;
  /** Nothing is left in the range. */
  readonly finished: boolean;
  /** What the step made possible, done once it has committed and before the next one begins. */
  readonly afterCommit?: () => Promise<void>;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  /** Told as soon as it is known that another may have the range: also in the middle of a step. */
  readonly lost?: () => void;
  /** Steps are keyed transactions. */
  readonly keyed?: boolean;
  /**
   * The work has failed, or is another's: ends what was begun outside of the database. The range is not given to anybody
   * before it has, as long as this process can still say so.
   */
  readonly ending?: () => Promise<void>;
}

/**
 * Works through one range, step by step, while renewing its lease. `step` does a few hundred rows in key order behind
 * `cursor` and may run again when its transaction has to be repeated.
 * @returns `work finished` to exactly one of all workers: the one who ended the last range
 * @throws LeaseLost, and whatever `step` throws; the range is free again then
 */
export async function workThrough(
  database: Database,
  lease: Lease,
  step: (tx: Transaction, cursor: unknown) => Promise<Step>,
  options: WorkOptions,
): Promise<'finished' | 'work finished' | 'stopped'> {
  const { signal, lost, keyed = false, ending } = options;
  let isLost = false;
  const stopRenewing = keepRenewing(database, lease, () => {
    isLost = true;
    lost?.();
  });
  try {
    let { cursor } = lease;
    while (!signal.aborted) {
      if (isLost) throw new LeaseLost();
      const transaction = keyed ? database.keyedTransaction : database.transaction;
      const done = await transaction(async (tx) => {
        const outcome = await step(tx, cursor);
        // What it began outside of the database has been ended: the next holder does it.
        if (isLost) throw new LeaseLost();
        await advanceCursor(tx, lease, outcome.cursor);
        return { ...outcome, last: outcome.finished && (await finishRange(tx, lease)) };
      });
      await done.afterCommit?.();
      if (done.finished) return done.last ? 'work finished' : 'finished';
      cursor = done.cursor;
    }
    await releaseRange(database.query, lease);
    return 'stopped';
  } catch (error) {
    stopRenewing();
    if (ending !== undefined) await keepUntil(database, lease, ending());
    // When even that fails the lease runs out by itself.
    await releaseRange(database.query, lease).catch(() => undefined);
    throw error;
  } finally {
    stopRenewing();
  }
}

/** Whatever is heard of it: one that was lost because it was suspended is kept again when it is resumed. */
async function keepUntil(database: Pick<Database, 'query'>, lease: Lease, ended: Promise<void>): Promise<void> {
  const keep = () => void renewLease(database.query, lease).catch(() => undefined);
  keep();
  const keeping = setInterval(keep, renewMilliseconds);
  try {
    await ended;
  } finally {
    clearInterval(keeping);
  }
}

/**
 * A step longer than the renewal interval keeps its range, over faults of the database that pass before the lease runs
 * out. That it was lost shows at the latest when the cursor is written; who does things outside of the database meanwhile
 * has to stop when it is `lost`: also when nothing is heard of the lease for so long that another may have it.
 * @returns ends it
 */
export function keepRenewing(database: Pick<Database, 'query'>, lease: Lease, lost?: () => void): () => void {
  let renewedAt = performance.now();
  const end = () => {
    clearInterval(renewing);
    clearInterval(looking);
  };
  const lose = () => {
    end();
    lost?.();
  };
  const renewing = setInterval(() => {
    const begun = performance.now();
    renewLease(database.query, lease).then(
      () => {
        renewedAt = begun;
      },
      (error: unknown) => {
        if (error instanceof LeaseLost) lose();
      },
    );
  }, renewMilliseconds);
  const looking = setInterval(() => {
    if (performance.now() - renewedAt >= silentMilliseconds) lose();
  }, lookMilliseconds);
  return end;
}

/** Nor is it suspended. */
function isHeld(lease: Lease) {
  return sql`${isOf(lease)} and lease_until <> 'infinity'`;
}

/** Nobody else has had it since. */
function isOf(lease: Lease) {
  return sql`kind = ${lease.kind} and work_id = ${lease.workId} and first_bucket = ${lease.firstBucket}
             and holder = ${lease.holder} and epoch = ${lease.epoch} and finished_at is null`;
}
