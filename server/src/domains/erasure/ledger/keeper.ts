/** The ledger while a process lives: what a restore lost is done again before anything else begins, and doubts are settled. */
import { advisoryLocks, type DatabaseConnection, openSession } from '../../../database/index.ts';
import type { Service } from '../../../kernel/service.ts';
import type { Ledger } from './ledger.ts';
import { replay } from './replay.ts';
import type { ReplayParts } from './replay-parts.ts';

const settleMilliseconds = 10_000;

export interface KeeperOptions {
  readonly connection: DatabaseConnection;
  readonly ledger: Ledger;
  /** One process of a node compares the ledgers; the others start after it. */
  readonly replays: boolean;
}

export class LedgerKeeper implements Service {
  readonly name = 'erasure ledger';
  readonly #parts: ReplayParts;
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ReplayParts, options: KeeperOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<void> {
    if (this.#options.replays) await this.#replayAlone();
    this.#timer = setInterval(() => void this.#settle(), settleMilliseconds).unref();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#settle();
  }

  stop(): Promise<void> {
    return this.#options.ledger.close();
  }

  /** Nodes that start together do it one after the other; those behind find nothing left to do. */
  async #replayAlone(): Promise<void> {
    const { connection, ledger } = this.#options;
    const { logger } = this.#parts;
    const session = await openSession(connection, 'repoint erasure ledger');
    try {
      await session.query('select pg_advisory_lock($1)', [advisoryLocks.ledger]);
      const { entries, found } = await replay(this.#parts, ledger, this.#stopping.signal);
      if (entries > 0) logger.warn({ entries, found }, 'erasures were done again that the database did not have');
    } finally {
      await session.close();
    }
  }

  async #settle(): Promise<void> {
    try {
      await this.#options.ledger.settle();
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'the erasure ledger cannot be settled at the moment');
    }
  }
}
