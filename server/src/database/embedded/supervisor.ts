/** Keeps the server running while we own it: an unexpected end is logged and mended; the pool connects again by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../kernel/logger.ts';
import { type Postmaster, stopPostmaster } from './postmaster.ts';
import { pruneServerLog } from './server-log.ts';

export interface SupervisorOptions {
  /** Starts the server again. */
  readonly start: () => Promise<Postmaster>;
  readonly logDirectory: string;
  readonly logger: Logger;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;
const pruneMilliseconds = 10 * 60_000;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #pruning: NodeJS.Timeout;
  readonly #stopping = new AbortController();
  /** Undefined while it is down. */
  #postmaster: Postmaster | undefined;
  /** The mending under way, if any. */
  #mending: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions, postmaster: Postmaster) {
    this.#options = options;
    this.#watch(postmaster);
    this.#pruning = setInterval(() => this.#prune(), pruneMilliseconds).unref();
  }

  /** Stops the server for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#pruning);
    await this.#mending;
    if (this.#postmaster !== undefined) await stopPostmaster(this.#postmaster.pid);
  }

  #watch(postmaster: Postmaster): void {
    this.#postmaster = postmaster;
    void postmaster.ended.then((how) => {
      this.#postmaster = undefined;
      if (this.#stopping.signal.aborted) return;
      this.#options.logger.error({ how }, 'the embedded database ended unexpectedly; starting it again');
      this.#mending = this.#mend();
    });
  }

  /** Tries until it succeeds or we stop. */
  async #mend(): Promise<void> {
    const { start, logger } = this.#options;
    for (let attempt = 0; await this.#pauseBefore(attempt); attempt += 1) {
      try {
        this.#watch(await start());
        logger.info('the embedded database serves again');
        return;
      } catch (error) {
        logger.error({ err: error }, 'the embedded database cannot be brought back yet');
      }
    }
  }

  /** @returns false when we stop */
  async #pauseBefore(attempt: number): Promise<boolean> {
    const milliseconds = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** attempt);
    await pause(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }

  #prune(): void {
    pruneServerLog(this.#options.logDirectory).catch((error: unknown) =>
      this.#options.logger.warn({ err: error }, 'could not remove old logs of the database'),
    );
  }
}
