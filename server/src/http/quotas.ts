/**
 * Optional request rates per account, region and operation, as Pinpoint had them (off by default). A bucket holds one
 * second of its rate and refills steadily; the rates are shared out evenly over the processes that serve the API.
 */
import type { Clock } from '../kernel/clock.ts';
import { tooManyRequests } from '../kernel/errors.ts';
import type { OperationDefinition } from '../operations/definition.ts';

interface Bucket {
  tokens: number;
  refilledAt: number;
}

export class RequestQuotas {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #processes: () => number;

  /** @param processes how many processes share the rates at this moment */
  constructor(clock: Clock, processes: () => number) {
    this.#clock = clock;
    this.#processes = processes;
  }

  /** @throws TooManyRequestsException when the rate of this operation is used up */
  take(accountId: string, region: string, operation: Pick<OperationDefinition, 'name' | 'quotaPerSecond'>): void {
    const rate = operation.quotaPerSecond / Math.max(1, this.#processes());
    const key = `${accountId}/${region}/${operation.name}`;
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: rate, refilledAt: now };
    const elapsed = Math.max(0, now - bucket.refilledAt);
    bucket.tokens = Math.min(Math.max(1, rate), bucket.tokens + (elapsed / 1000) * rate);
    bucket.refilledAt = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) throw tooManyRequests('Too many requests');
    bucket.tokens -= 1;
  }
}
