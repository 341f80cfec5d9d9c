/**
 * Optional request rates per account, region and operation, as Pinpoint had them (off by default). A bucket holds one
 * second of its rate and refills steadily; the rates are shared out evenly over the processes that serve the API.
 */
import type { Clock } from '../kernel/clock.ts';
import { tooManyRequests } from '../kernel/errors.ts';
import type { OperationDefinition } from '../operations/definition.ts';

export class RequestQuotas {
  /** When the bucket of a key will be full again, in milliseconds: all there is to know of it. */
  readonly #fullAt = new Map<string, number>();
  readonly #clock: Clock;
  readonly #processes: () => number;
  /** Times are counted from here: small numbers keep their fractions. */
  readonly #startedAt: number;
  #sweptAt = 0;

  /** @param processes how many processes share the rates at this moment */
  constructor(clock: Clock, processes: () => number) {
    this.#clock = clock;
    this.#processes = processes;
    this.#startedAt = clock.now().getTime();
  }

  /** Buckets that are not full. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** @throws TooManyRequestsException when the rate of this operation is used up */
  take(accountId: string, region: string, operation: Pick<OperationDefinition, 'name' | 'quotaPerSecond'>): void {
    const now = this.#clock.now().getTime() - this.#startedAt;
    this.#forgetFull(now);
    const key = `${accountId}/${region}/${operation.name}`;
    const perRequest = (1000 * Math.max(1, this.#processes())) / operation.quotaPerSecond;
    const emptyAt = now + Math.max(1000, perRequest);
    // The upper bound is for a clock that was set back: at worst, the bucket is empty then.
    const fullAt = Math.min(Math.max(this.#fullAt.get(key) ?? now, now), emptyAt);
    // A hundredth of a request of tolerance: many small steps do not add up to exactly one second.
    const passes = fullAt + 0.99 * perRequest <= emptyAt;
    this.#fullAt.set(key, passes ? fullAt + perRequest : fullAt);
    if (!passes) throw tooManyRequests('Too many requests');
  }

  /** Once a second, so that memory is bounded by what one second can bring: the Region is the caller's to choose. */
  #forgetFull(now: number): void {
    if (Math.abs(now - this.#sweptAt) < 1000) return;
    this.#sweptAt = now;
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
  }
}
