/** Remembers when each key was last used, and writes it down now and then: IAM's figure is not to the second either. */
import type { Database } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { Service } from '../../../kernel/service.ts';
import { type KeyUse, writeKeyUses } from './store.ts';

const writeEveryMilliseconds = 5_000;
/** A key in steady use is written once in this time. */
const worthWritingAfterMilliseconds = 60_000;

export class LastUsed implements Service {
  readonly name = 'last use of keys';
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #unwritten = new Map<string, KeyUse>();
  /** When each key's use was last written by this process, in milliseconds. */
  #writtenAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { database: Database; clock: Clock; logger: Logger }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Called with every accepted signature: cheap, and never throws. */
  note(accessKeyId: string, region: string, operation: string): void {
    const at = this.#clock.now();
    if (at.getTime() - (this.#writtenAt.get(accessKeyId) ?? 0) < worthWritingAfterMilliseconds) return;
    this.#unwritten.set(accessKeyId, { accessKeyId, at, region, operation });
  }

  async run(): Promise<void> {
    this.#timer = setInterval(() => void this.#write(), writeEveryMilliseconds).unref();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  /** A use that cannot be written is noted again by the next request. */
  async #write(): Promise<void> {
    const uses = [...this.#unwritten.values()];
    if (uses.length === 0) return;
    this.#unwritten.clear();
    try {
      // Two processes may write the same keys in another order; a transaction tries again after a deadlock.
      await this.#database.transaction((tx) => writeKeyUses(tx, uses));
      this.#remember(uses);
    } catch (error) {
      this.#logger.warn({ err: error }, 'could not write the last use of access keys');
    }
  }

  #remember(uses: readonly KeyUse[]): void {
    const oldest = this.#clock.now().getTime() - worthWritingAfterMilliseconds;
    this.#writtenAt = new Map([
      ...[...this.#writtenAt].filter(([, writtenAt]) => writtenAt > oldest),
      ...uses.map(({ accessKeyId, at }) => [accessKeyId, at.getTime()] as const),
    ]);
  }
}
