/** Keeps the server running while we own it: an unexpected end is logged and mended; the pool connects again by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../kernel/logger.ts';
import type { Session } from './owner.ts';
import { type Postmaster, stopPostmaster } from './postmaster.ts';
import { isPostmasterOf } from './process-identity.ts';
import { pruneServerLog } from './server-log.ts';

export interface SupervisorOptions {
  readonly start: () => Promise<Postmaster>;
  /** @throws Error when the server does not answer or another process owns it */
  readonly takeOwnership: () => Promise<Session>;
  readonly cluster: string;
  readonly logDirectory: string;
  readonly logger: Logger;
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;
const pruneMilliseconds = 10 * 60_000;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #pruning: NodeJS.Timeout;
  #postmaster: Postmaster | undefined;
  #ownership: Session | undefined;
  #stopping = false;
  /** The mending under way, if any. */
  #mending: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions, postmaster: Postmaster, ownership: Session) {
    this.#options = options;
    this.#watchPostmaster(postmaster);
    this.#watchOwnership(ownership);
    this.#pruning = setInterval(() => this.#prune(), pruneMilliseconds).unref();
  }

  /** Stops the server for good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#pruning);
    await this.#mending;
    await this.#ownership?.close();
    const pid = this.#postmaster?.pid;
    if (pid !== undefined && isPostmasterOf(pid, this.#options.cluster)) await stopPostmaster(pid);
  }

  #watchPostmaster(postmaster: Postmaster): void {
    this.#postmaster = postmaster;
    void postmaster.ended.then((how) => {
      this.#postmaster = undefined;
      if (this.#stopping) return;
      this.#options.logger.error({ how }, 'the embedded database ended unexpectedly; starting it again');
      this.#mend(async () => {
        if (this.#postmaster === undefined) this.#watchPostmaster(await this.#options.start());
      });
    });
  }

  /** It is also lost when one backend crashes, though the postmaster lives on and recovers by itself. */
  #watchOwnership(ownership: Session): void {
    this.#ownership = ownership;
    void ownership.ended.then(() => {
      this.#ownership = undefined;
      if (this.#stopping) return;
      this.#mend(async () => {
        if (this.#ownership === undefined) this.#watchOwnership(await this.#options.takeOwnership());
        this.#options.logger.info('the embedded database serves again');
      });
    });
  }

  /** One step after the other, each until it succeeds or we stop. */
  #mend(step: () => Promise<void>): void {
    this.#mending = this.#mending.then(async () => {
      for (let attempt = 0; !this.#stopping; attempt += 1) {
        await pause(Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** attempt));
        try {
          return await step();
        } catch (error) {
          if (attempt > 2)
            this.#options.logger.error({ err: error }, 'the embedded database cannot be brought back yet');
        }
      }
    });
  }

  #prune(): void {
    pruneServerLog(this.#options.logDirectory).catch((error: unknown) =>
      this.#options.logger.warn({ err: error }, 'could not remove old logs of the database'),
    );
  }
}
