/**
 * Anybody may try a password, at sign-in or in a tab that somebody left open, and every try costs a slow hash and some
 * statements: two are looked at at a time, a hundred may wait, few of them from one address.
 */
import { Coalescer } from '../../../database/index.ts';
import { tooManyRequests } from '../../../kernel/errors.ts';

const waitingFromOneAddress = 10;

interface Attempt {
  readonly sourceAddress: string;
  look(): Promise<unknown>;
}

export class PasswordLine {
  readonly #fromAddress = new Map<string, number>();
  readonly #line = new Coalescer<Attempt, unknown>({
    name: 'sign-ins',
    run: async ([attempt]) => [await attempt?.look()],
    maximumBatch: 1,
    maximumInFlight: 2,
    maximumWaiting: 100,
    // One address takes one turn at a time: others pass by its line.
    key: ({ sourceAddress }) => sourceAddress,
  });

  /**
   * Waits for its turn.
   * @throws TooManyRequestsException when too many wait already; whatever `look` throws
   */
  async wait<Result>(sourceAddress: string, look: () => Promise<Result>): Promise<Result> {
    const waiting = this.#fromAddress.get(sourceAddress) ?? 0;
    if (waiting >= waitingFromOneAddress) throw tooManyRequests('The server is busy. Try again.');
    this.#fromAddress.set(sourceAddress, waiting + 1);
    try {
      return (await this.#line.submit({ sourceAddress, look })) as Result;
    } finally {
      this.#leave(sourceAddress);
    }
  }

  #leave(sourceAddress: string): void {
    const waiting = (this.#fromAddress.get(sourceAddress) ?? 1) - 1;
    if (waiting > 0) this.#fromAddress.set(sourceAddress, waiting);
    else this.#fromAddress.delete(sourceAddress);
  }
}
