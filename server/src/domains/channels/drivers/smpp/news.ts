/**
 * Hands on what the SMSC tells: what arrives while one batch is being stored is stored together in the next. Receipts
 * come one by one, and a transaction for each would be the slowest part of sending.
 */
import type { ProviderNews } from '../../driver.ts';

interface Told {
  readonly news: ProviderNews;
  readonly stored: () => void;
  readonly failed: (fault: unknown) => void;
}

const largestBatch = 200;

export class NewsBatches {
  readonly #received: (news: readonly ProviderNews[]) => Promise<void>;
  #waiting: Told[] = [];
  #storing = false;

  constructor(received: (news: readonly ProviderNews[]) => Promise<void>) {
    this.#received = received;
  }

  /** Resolves when it is stored. @throws what storing it threw */
  tell(news: ProviderNews): Promise<void> {
    return new Promise<void>((stored, failed) => {
      this.#waiting.push({ news, stored, failed });
      if (!this.#storing) void this.#store();
    });
  }

  async #store(): Promise<void> {
    this.#storing = true;
    // Everything of one read of the connection comes into one batch.
    await new Promise<void>((turned) => setImmediate(turned));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, largestBatch);
      this.#waiting = this.#waiting.slice(largestBatch);
      if (!(await this.#stored(batch)) && batch.length > 1) await this.#storeEach(batch);
    }
    this.#storing = false;
  }

  /** Whether the batch was stored; of several, a failure is told to nobody yet. */
  async #stored(batch: readonly Told[]): Promise<boolean> {
    try {
      await this.#received(batch.map(({ news }) => news));
    } catch (fault) {
      if (batch.length === 1) batch[0]?.failed(fault);
      return false;
    }
    for (const { stored } of batch) stored();
    return true;
  }

  /** One that cannot be stored shall not hold up the others. */
  async #storeEach(batch: readonly Told[]): Promise<void> {
    for (const told of batch) await this.#stored([told]);
  }
}
