/** Runs jobs in this process, and enqueues those of the schedule. */
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { parseCronItems, type Runner, run, type Task, type WorkerEvents } from 'graphile-worker';
import type { DatabaseConnection } from '../database/index.ts';
import { describeFault, type Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import { DeadRunners } from './dead-runners.ts';
import type { Cron, JobHandler } from './definition.ts';
import { migrateJobs } from './migrate.ts';
import { workerLog } from './worker-log.ts';

export interface JobRunnerOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
  readonly jobs: readonly JobHandler[];
  readonly crons?: readonly Cron[];
  /** Jobs at once in this process. Jobs are coarse, so a few suffice. @default 4 */
  readonly concurrency?: number;
  /** How soon jobs of a killed process are noticed: at the second look. @default 5000 */
  readonly deadRunnerMilliseconds?: number;
  /** How often to look for jobs whose time has come; new ones are told at once. @default 1000 */
  readonly pollMilliseconds?: number;
}

const longestPauseMilliseconds = 10_000;
/** After its jobs are over, a runner has so long to write their outcomes. */
const outcomesMilliseconds = 5_000;

interface Started {
  readonly runner: Runner;
  /**
   * Its jobs are long over, and it does not end. After a few outcomes in a row that it could not write, graphile-worker
   * has counted those under way below zero, and waits for ever for them to be none.
   */
  readonly overdue: Promise<void>;
}

export class JobRunner implements Service {
  readonly name = 'jobs';
  readonly #options: JobRunnerOptions;
  #started: Started | undefined;
  #deadRunners: DeadRunners | undefined;
  #stopping = false;
  #restarting: Promise<void> | undefined;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** False while jobs that this process should run would wait. */
  get working(): boolean {
    return !this.#hasWork || (this.#started !== undefined && !this.#stopping);
  }

  get #hasWork(): boolean {
    return this.#options.jobs.length > 0 || (this.#options.crons ?? []).length > 0;
  }

  /** Also brings the queue's schema up to date. With neither jobs nor schedule that is all. */
  async run(): Promise<void> {
    await migrateJobs(this.#options);
    if (this.#hasWork) await this.#start();
  }

  /** Running jobs finish; those that heed their signal end at the next safe point and run again later. */
  async drain(): Promise<void> {
    this.#stopping = true;
    await this.#restarting;
    const started = this.#started;
    this.#started = undefined;
    if (started !== undefined) {
      const { runner, overdue } = started;
      await Promise.race([Promise.allSettled([runner.stop(), runner.promise]), overdue]);
    }
    await this.#deadRunners?.stop();
    this.#deadRunners = undefined;
  }

  async stop(): Promise<void> {
    await this.drain();
  }

  async #start(): Promise<void> {
    const { connection, logger, jobs, crons = [], concurrency = 4, pollMilliseconds = 1_000 } = this.#options;
    const events: WorkerEvents = new EventEmitter();
    const underWay = new Set<string>();
    events.on('job:start', ({ job }) => underWay.add(job.id));
    events.on('job:complete', ({ job }) => underWay.delete(job.id));
    events.once('pool:create', ({ workerPool }) => {
      this.#deadRunners = new DeadRunners(workerPool.id, {
        connection,
        logger,
        milliseconds: this.#options.deadRunnerMilliseconds ?? 5_000,
        underWay,
      });
      this.#deadRunners.start();
    });
    const overdue = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const jobsAreOver = () => {
      timer ??= setTimeout(overdue.resolve, outcomesMilliseconds);
    };
    events.once('pool:gracefulShutdown:complete', jobsAreOver);
    events.once('pool:gracefulShutdown:error', jobsAreOver);
    const runner = await run({
      connectionString: connection.url,
      // Every job in work may ask for a connection to settle itself, and two are for listening and the schedule.
      maxPoolSize: concurrency + 2,
      concurrency,
      pollInterval: pollMilliseconds,
      noHandleSignals: true,
      // Otherwise outcomes are written by promises that nobody waits for: lost at shutdown, and fatal when they fail.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      // Jobs hear of a shutdown at once.
      gracefulShutdownAbortTimeout: 0,
      logger: workerLog(logger),
      events,
      taskList: Object.fromEntries((jobs.length > 0 ? jobs : [idle]).map((job) => [job.name, this.#task(job)])),
      parsedCronItems: parseCronItems(
        crons.map(({ job, match, payload = {} }) => ({ task: job.name, match, payload: { ...payload } })),
      ),
    });
    const started = { runner, overdue: overdue.promise };
    this.#started = started;
    const ended = Promise.allSettled([runner.promise]).then(() => clearTimeout(timer));
    void Promise.race([ended, overdue.promise]).then(() => this.#ended(started));
  }

  /** graphile-worker gives up when it cannot write a job's outcome, as when the database restarts. We do not. */
  #ended(started: Started): void {
    if (this.#stopping || this.#started !== started) return;
    this.#options.logger.warn('the job runner ended; starting it again');
    this.#started = undefined;
    // One that is overdue still has its connections; one that has ended says that it has.
    void started.runner.stop().catch(() => undefined);
    this.#restarting = this.#restart();
  }

  async #restart(): Promise<void> {
    for (let attempt = 0; !this.#stopping; attempt += 1) {
      // That of the runner before, or of one that did not get further.
      await this.#deadRunners?.stop();
      await pause(Math.min(longestPauseMilliseconds, 200 * 2 ** attempt));
      try {
        return await this.#start();
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'the job runner cannot be started yet');
      }
    }
  }

  #task(handler: JobHandler): Task {
    const { logger } = this.#options;
    return async (payload, { job, abortSignal }) => {
      const bindings = { job: handler.name, jobId: job.id, attempt: job.attempts };
      const begun = performance.now();
      try {
        await handler.run(withoutSchedule(payload), { id: job.id, attempt: job.attempts, signal: abortSignal });
        logger.info({ ...bindings, milliseconds: Math.round(performance.now() - begun) }, 'job done');
      } catch (error) {
        if (abortSignal.aborted) logger.info(bindings, 'job interrupted by shutdown; it will run again');
        else logger.error({ ...bindings, attempts: job.max_attempts, err: error }, 'job failed');
        throw new JobFailed(error);
      }
    };
  }
}

/** What the queue stores of a failure: messages of PostgreSQL and others quote values, so only what kind it was. */
class JobFailed extends Error {
  constructor(error: unknown) {
    const { type, code } = describeFault(error);
    super([type, code].filter((part) => part !== undefined).join(' '));
    this.name = 'JobFailed';
    // graphile-worker stores the stack; ours begins with the message and says nothing more.
    this.stack = this.message;
  }
}

/** A process that only keeps the schedule runs no jobs, and graphile-worker wants to know at least one. */
const idle: JobHandler = { name: 'none', run: async () => {} };

/** graphile-worker adds the time of the schedule to the payload. */
function withoutSchedule(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('_cron' in payload)) return payload;
  const { _cron, ...own } = payload;
  return own;
}
