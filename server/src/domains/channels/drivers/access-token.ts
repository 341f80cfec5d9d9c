/** A token that many requests use until it grows old: made once however many ask for it at the same time. */
import type { Clock } from '../../../kernel/clock.ts';

export interface MadeToken {
  readonly value: string;
  readonly usableForMilliseconds: number;
}

export class AccessToken {
  readonly #make: () => Promise<MadeToken>;
  readonly #clock: Clock;
  readonly #renewalPause: number;
  #current: { readonly value: string; readonly usableUntil: number } | undefined;
  #making: Promise<string> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  /** @param renewalPause milliseconds before a token that was refused may be followed by yet another */
  constructor(make: () => Promise<MadeToken>, clock: Clock, renewalPause = 0) {
    this.#make = make;
    this.#clock = clock;
    this.#renewalPause = renewalPause;
  }

  /** Throws what making it throws; the next caller tries again. */
  async get(): Promise<string> {
    const current = this.#current;
    if (current !== undefined && this.#clock.now().getTime() < current.usableUntil) return current.value;
    this.#making ??= this.#makeAndKeep().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** After a refusal: the token that took its place meanwhile, or a new one; undefined: there will be none so soon. */
  async renew(refused: string): Promise<string | undefined> {
    if (this.#current?.value === refused) {
      const now = this.#clock.now().getTime();
      if (now - this.#renewedAt < this.#renewalPause) return undefined;
      this.#renewedAt = now;
      this.#current = undefined;
    }
    return this.get();
  }

  async #makeAndKeep(): Promise<string> {
    const { value, usableForMilliseconds } = await this.#make();
    this.#current = { value, usableUntil: this.#clock.now().getTime() + usableForMilliseconds };
    return value;
  }
}
