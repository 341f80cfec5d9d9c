/**
 * A provider's messages per second, held over all nodes: the database keeps what is left, and each process takes a tenth
 * of a second's worth at a time, so that a message costs no query.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';

const retryMilliseconds = 50;

export class RateBudget {
  readonly #query: Executor;
  readonly #providerKey: string;
  readonly #perSecond: number;
  #held = 0;
  #waiting: Promise<void> = Promise.resolve();

  constructor(query: Executor, providerKey: string, perSecond: number) {
    this.#query = query;
    this.#providerKey = providerKey;
    this.#perSecond = perSecond;
  }

  /** As many as leave together without a burst. */
  get portion(): number {
    return Math.max(1, Math.ceil(this.#perSecond / 10));
  }

  /** Resolves once so many messages may leave. In the order of the calls. */
  take(messages: number, signal: AbortSignal): Promise<void> {
    const turn = this.#waiting.then(() => this.#wait(messages, signal));
    this.#waiting = turn.catch(() => undefined);
    return turn;
  }

  async #wait(messages: number, signal: AbortSignal): Promise<void> {
    for (let missing = messages - this.#held; missing > 0; missing = messages - this.#held) {
      const granted = await takeTokens(this.#query, this.#providerKey, {
        perSecond: this.#perSecond,
        wanted: Math.max(missing, this.portion),
      });
      this.#held += granted;
      if (granted === 0) await pause(retryMilliseconds, undefined, { signal });
    }
    this.#held -= messages;
  }
}

/** Of providers that are gone, or that nothing leaves through: made again when it is asked for. */
export async function deleteIdleBudgets(query: Executor): Promise<void> {
  await sql`delete from provider_budgets where refilled_at < clock_timestamp() - interval '1 day'`.execute(query);
}

/**
 * Never more than a fifth of a second's worth gathers while nobody sends: there is no burst after a quiet hour. Nor is
 * anything owed for a clock that was set back, as when another server takes over.
 */
async function takeTokens(
  query: Executor,
  providerKey: string,
  { perSecond, wanted }: { readonly perSecond: number; readonly wanted: number },
): Promise<number> {
  const most = Math.max(1, perSecond / 5);
  const { rows } = await sql<{ granted: number }>`
    with added as (
      insert into provider_budgets (provider_key, tokens, refilled_at)
      values (${providerKey}, ${most}, clock_timestamp())
      on conflict do nothing),
    current as (
      select least(${most}::float8,
                   tokens + greatest(0, extract(epoch from clock_timestamp() - refilled_at)) * ${perSecond}::float8)
               as available
      from provider_budgets where provider_key = ${providerKey} for update),
    granted as (select available, floor(least(available, ${wanted}::float8)) as number from current)
    update provider_budgets set tokens = granted.available - granted.number, refilled_at = clock_timestamp()
    from granted where provider_key = ${providerKey}
    returning granted.number as granted`.execute(query);
  return Number(rows[0]?.granted ?? 0);
}
