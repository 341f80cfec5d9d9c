/** One open driver for all who send through the same provider, closed when it was replaced and nobody uses it. */
import type { Logger } from '../../../kernel/logger.ts';
import type { Driver, DriverLimits, DriverStorage, Outcome } from '../driver.ts';
import type { OutgoingMessage } from '../message.ts';

/** Nothing was sent: another attempt finds the driver that came after this one. */
const replaced: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'The provider was changed at this moment',
};

export class SharedDriver implements Driver {
  readonly #driver: Driver;
  readonly #logger: Logger;
  #underWay = 0;
  #retired = false;
  #closed: Promise<void> | undefined;
  readonly #whenIdle: (() => void)[] = [];

  constructor(driver: Driver, logger: Logger) {
    this.#driver = driver;
    this.#logger = logger;
  }

  get limits(): DriverLimits {
    return this.#driver.limits;
  }

  get tellsReceipts(): boolean {
    return this.#driver.tellsReceipts ?? false;
  }

  get storage(): DriverStorage | undefined {
    return this.#driver.storage;
  }

  /** Whoever still holds a driver that was replaced gets TEMPORARY_FAILURE, and asks `driverFor` again. */
  async deliver(
    messages: readonly OutgoingMessage[],
    report: (message: OutgoingMessage, outcome: Outcome) => void,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#retired) {
      for (const message of messages) report(message, replaced);
      return;
    }
    this.#underWay += 1;
    try {
      await this.#driver.deliver(messages, report, signal);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#becomeIdle();
    }
  }

  /** Takes no more messages, and ends its connections once those under way have their answers. */
  retire(): void {
    this.#retired = true;
    if (this.#underWay === 0) void this.close();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((settle) => this.#whenIdle.push(settle));
  }

  /** Never rejects. */
  close(): Promise<void> {
    this.#retired = true;
    this.#closed ??= this.#driver.close().catch((error) => {
      this.#logger.warn({ err: error }, 'a driver could not be closed');
    });
    return this.#closed;
  }

  #becomeIdle(): void {
    for (const settle of this.#whenIdle.splice(0)) settle();
    if (this.#retired) void this.close();
  }
}
