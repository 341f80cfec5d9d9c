/**
 * Finds jobs that are locked and that nobody runs, and frees them: graphile-worker alone waits four hours. Each runner
 * holds a session advisory lock for its id as long as it lives, so a lock that can be taken means a dead runner, on any
 * node and by no clock. A living one may have a job that it does not know of: its connection was lost before the answer
 * that gave it came.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseConnection, openSession, type Session } from '../database/index.ts';
import type { Logger } from '../kernel/logger.ts';

/** First half of the two-part lock key: "job runners". */
const lockClass = 1_785_685_874;

export interface DeadRunnersOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
  /** Between two looks. A runner counts as dead at the second look in a row: its connection may just be away. */
  readonly milliseconds: number;
  /** Ids of jobs that this runner has begun and whose outcome it has not written. */
  readonly underWay: ReadonlySet<string>;
}

export class DeadRunners {
  readonly #options: DeadRunnersOptions;
  readonly #runnerId: string;
  readonly #stopping = new AbortController();
  #suspects = new Set<string>();
  #unknown = new Set<string>();
  #looking: Promise<void> = Promise.resolve();

  constructor(runnerId: string, options: DeadRunnersOptions) {
    this.#runnerId = runnerId;
    this.#options = options;
  }

  start(): void {
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    let session: Session | undefined;
    while (!signal.aborted) {
      try {
        session ??= await this.#announce();
        await this.#freeDead(session);
        await this.#freeLost(session);
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'cannot look for jobs of dead runners yet');
        await session?.close();
        session = undefined;
      }
      await pause(this.#options.milliseconds, undefined, { signal }).catch(() => undefined); // Stopping ends the pause.
    }
    await session?.close();
  }

  async #announce(): Promise<Session> {
    const session = await openSession(this.#options.connection, 'repoint job runner');
    await session.query('select pg_advisory_lock($1, hashtext($2))', [lockClass, this.#runnerId]);
    return session;
  }

  async #freeDead(session: Session): Promise<void> {
    const { rows } = await session.query<{ id: string }>(
      `with holders as (
         select locked_by as id from graphile_worker._private_jobs where locked_by is not null
         union select locked_by from graphile_worker._private_job_queues where locked_by is not null)
       select id from holders
       where id <> $2 and not exists (
         select from pg_locks
         where locktype = 'advisory' and classid = $1 and objid::bigint = hashtext(id)::bigint & 4294967295
           and objsubid = 2 and granted
           and database = (select oid from pg_database where datname = current_database()))`,
      [lockClass, this.#runnerId],
    );
    const dead = rows.map(({ id }) => id).filter((id) => this.#suspects.has(id));
    this.#suspects = new Set(rows.map(({ id }) => id));
    if (dead.length === 0) return;
    await session.query('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
    this.#options.logger.warn({ runners: dead.length }, 'freed the jobs of runners that were killed');
  }

  /** Own jobs that are not under way at the second look in a row: at the first, one may just be on its way. */
  async #freeLost(session: Session): Promise<void> {
    const { rows } = await session.query<{ id: string }>(
      'select id::text as id from graphile_worker._private_jobs where locked_by = $1',
      [this.#runnerId],
    );
    const unknown = rows.map(({ id }) => id).filter((id) => !this.#options.underWay.has(id));
    const lost = unknown.filter((id) => this.#unknown.has(id));
    this.#unknown = new Set(unknown);
    if (lost.length === 0) return;
    await session.query(
      `with freed as (
         update graphile_worker._private_jobs set locked_at = null, locked_by = null
         where id = any ($1::bigint[]) and locked_by = $2
         returning job_queue_id)
       update graphile_worker._private_job_queues set locked_at = null, locked_by = null
       where locked_by = $2 and id in (select job_queue_id from freed)`,
      [lost, this.#runnerId],
    );
    this.#options.logger.warn({ jobs: lost.length }, 'freed jobs that were given to a connection that was lost');
  }
}
