/**
 * The connections to one mail server. Jobs wait in one queue; each connection takes from it. As many are opened as there
 * is work for; the idle are closed.
 */
import type { Logger } from '../../../../kernel/logger.ts';
import type { Outcome } from '../../driver.ts';
import { notComposed } from '../../email/not-sent.ts';
import { Conversation, type JobSource } from './conversation.ts';
import { SmtpFault } from './fault.ts';
import type { Job } from './job.ts';
import { JobQueue } from './job-queue.ts';
import { outcomeBefore } from './outcomes.ts';
import type { PrepareMail } from './prepare.ts';
import type { Session } from './session.ts';

export interface PoolParts {
  readonly connections: number;
  readonly idleMilliseconds: number;
  /** @throws SmtpFault */
  openSession(signal: AbortSignal): Promise<Session>;
  readonly prepare: PrepareMail;
  readonly logger: Logger;
}

/** After the server refused one more connection than it has. */
const pauseMilliseconds = 5_000;

export class SmtpPool implements JobSource {
  readonly #parts: PoolParts;
  readonly #queue = new JobQueue();
  /** Resolved with true when there is work, with false when there is none any more. */
  readonly #idle = new Set<(isWanted: boolean) => void>();
  readonly #workers = new Set<Promise<void>>();
  /** No further connections before (performance.now()). */
  #pausedUntil = 0;
  /** Workers that have no connection yet. */
  #opening = 0;
  readonly #conversations = new Set<Conversation>();
  readonly #ending = new AbortController();

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  add(jobs: readonly Job[]): void {
    for (const job of jobs) this.#queue.add(job);
    this.#callWorkers();
  }

  take(): Job | undefined {
    return this.#queue.take();
  }

  takeAhead(): Job | undefined {
    const notOpened = this.#isPaused ? 0 : this.#parts.connections - this.#workers.size;
    return this.#queue.size > this.#idle.size + this.#opening + notOpened ? this.#queue.take() : undefined;
  }

  giveBack(job: Job): void {
    this.#queue.addFirst(job);
    this.#callWorkers();
  }

  couldNotCompose(error: unknown): Outcome {
    this.#parts.logger.error({ err: error }, 'a mail could not be composed');
    return notComposed;
  }

  /** Ends connections at once: whoever had a job in the pool has given it up. */
  async close(): Promise<void> {
    this.#ending.abort();
    for (const wake of [...this.#idle]) wake(false);
    for (const conversation of this.#conversations) conversation.close();
    await Promise.all(this.#workers);
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) job.giveUp();
  }

  get #isClosed(): boolean {
    return this.#ending.signal.aborted;
  }

  get #isPaused(): boolean {
    return performance.now() < this.#pausedUntil;
  }

  #callWorkers(): void {
    if (this.#isClosed) return;
    let wanted = this.#queue.size;
    for (const wake of [...this.#idle].slice(0, wanted)) {
      wanted -= 1;
      wake(true);
    }
    const most = this.#isPaused ? 1 : this.#parts.connections;
    for (; wanted > 0 && this.#workers.size < most; wanted -= 1) {
      const worker = this.#work();
      this.#workers.add(worker);
      void worker.finally(() => {
        this.#workers.delete(worker);
        // What was given back by the last of them.
        this.#callWorkers();
      });
    }
  }

  async #work(): Promise<void> {
    let conversation: Conversation | undefined;
    try {
      do {
        while (this.#queue.size > 0 && !this.#isClosed) {
          if (conversation === undefined || conversation.isOver) {
            this.#leave(conversation);
            conversation = new Conversation(await this.#open(), this, this.#parts.prepare);
            this.#conversations.add(conversation);
          }
          await conversation.run();
        }
      } while (await this.#waitForWork());
    } catch (error) {
      this.#giveUp(error);
    } finally {
      this.#leave(conversation);
    }
  }

  #leave(conversation: Conversation | undefined): void {
    if (conversation === undefined) return;
    conversation.close();
    this.#conversations.delete(conversation);
  }

  async #open(): Promise<Session> {
    this.#opening += 1;
    try {
      return await this.#parts.openSession(this.#ending.signal);
    } finally {
      this.#opening -= 1;
    }
  }

  /** @returns false: the connection is not needed any longer */
  #waitForWork(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((settle) => {
      const wake = (isWanted: boolean) => {
        clearTimeout(timer);
        this.#idle.delete(wake);
        settle(isWanted);
      };
      const timer = setTimeout(wake, this.#parts.idleMilliseconds, false);
      this.#idle.add(wake);
    });
  }

  /** While others have a connection or hope for one, the jobs are theirs. */
  #giveUp(error: unknown): void {
    if (this.#isClosed) return;
    // A reply may quote the user.
    const detail = error instanceof SmtpFault ? { fault: error.kind, code: error.reply?.code } : { err: error };
    this.#parts.logger.warn(detail, 'a connection to the mail server failed');
    if (this.#workers.size > 1) {
      this.#pausedUntil = performance.now() + pauseMilliseconds;
      return;
    }
    const fault = error instanceof SmtpFault ? error : new SmtpFault('unwilling', undefined, { cause: error });
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) job.settle(outcomeBefore(fault));
  }
}
