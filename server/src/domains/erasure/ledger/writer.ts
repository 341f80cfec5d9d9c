/** Appends to the store. What is asked for while something is being written goes along with the next: one flush for many. */
import { randomBytes } from 'node:crypto';
import { unavailable } from '../../../kernel/errors.ts';
import { systemCode } from '../../../kernel/file-system.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { firstLink, type Link, toLines } from './chain.ts';
import type { LedgerEntry } from './entry.ts';
import type { LedgerChain, LedgerStore } from './store.ts';

interface Waiting {
  readonly entries: readonly LedgerEntry[];
  settle(): void;
  fail(error: unknown): void;
}

interface OpenChain {
  readonly chain: LedgerChain;
  last: Link;
}

/** Bounds the size of what is written at once. */
const mostAtOnce = 200;

export class LedgerWriter {
  readonly #store: LedgerStore;
  readonly #key: Buffer;
  readonly #logger: Logger;
  #open: OpenChain | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(store: LedgerStore, key: Buffer, logger: Logger) {
    this.#store = store;
    this.#key = key;
    this.#logger = logger;
  }

  /** @throws ServiceUnavailableException when they are not there for good: then nothing may be accepted */
  append(entries: readonly LedgerEntry[]): Promise<void> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ entries, settle, fail });
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#open?.chain.close();
    this.#open = undefined;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, mostAtOnce);
      try {
        this.#open ??= this.#begin();
        const open = this.#open;
        const { text, last } = toLines(
          this.#key,
          open.last,
          some.flatMap(({ entries }) => entries),
        );
        await open.chain.append(text);
        open.last = last;
        for (const { settle } of some) settle();
      } catch (error) {
        // What is behind half a line would not be read: the next one begins a chain of its own.
        await this.#open?.chain.close().catch(() => undefined);
        this.#open = undefined;
        this.#logger.error({ code: systemCode(error), err: error }, 'the erasure ledger cannot be written');
        for (const { fail } of some) fail(unavailable('The erasure ledger cannot be written at the moment.'));
      }
    }
    this.#writing = undefined;
  }

  #begin(): OpenChain {
    const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const writer = `${moment}-${randomBytes(6).toString('hex')}`;
    return { chain: this.#store.begin(writer), last: firstLink(writer) };
  }
}
