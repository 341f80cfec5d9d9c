/**
 * Who was erased a moment ago, in memory of every process: messages that were claimed before and wait for their provider
 * are not handed over any more. Told to other processes with the commit, and to this one before it.
 */
import { type Notifications, notify, type Transaction } from '../../database/index.ts';
import type { EndpointKey } from './endpoint.ts';
import type { Tombstones } from './tombstones.ts';

interface Erased {
  /** Of an endpoint: up to which. */
  readonly generation: number | undefined;
  /** `performance.now()`, when this process heard of it. */
  readonly at: number;
}

const topic = 'erased';
/** Longer than a message waits for its provider, but for those that are tried again for hours. */
const keptMilliseconds = 15 * 60_000;
/** A notification has 7,900 bytes. */
const namesPerNotification = 100;

export class RecentlyErased {
  readonly #tombstones: Tombstones;
  readonly #erased = new Map<string, Erased>();
  readonly #notifications: Notifications | undefined;
  /** `performance.now()`: who was erased before it may be unknown here. */
  #knownSince = Number.NEGATIVE_INFINITY;

  constructor(tombstones: Tombstones, notifications?: Notifications) {
    this.#tombstones = tombstones;
    this.#notifications = notifications;
    notifications?.subscribe({
      topic,
      changed: (news) => {
        for (const word of news.split(' ')) {
          const [name = '', generation] = word.split(':');
          this.#note(name, generation === undefined ? undefined : Number(generation));
        }
      },
      // What was missed cannot be known: whoever is about to send asks the database (`mayHaveMissed`).
      forgetAll: () => {
        this.#knownSince = performance.now();
      },
    });
  }

  /**
   * @param recipients keyed hashes that stand for bare addresses, as in the log of sends
   */
  async note(
    tx: Transaction,
    endpoints: readonly EndpointKey[],
    generation: number,
    recipients: readonly string[],
  ): Promise<void> {
    const names = endpoints.map((key) => this.#tombstones.textOf(key));
    for (const name of names) this.#note(name, generation);
    for (const recipient of recipients) this.#note(recipient, undefined);
    const all = [...names.map((name) => `${name}:${generation}`), ...recipients];
    for (let from = 0; from < all.length; from += namesPerNotification) {
      await notify(tx, topic, all.slice(from, from + namesPerNotification).join(' '));
    }
  }

  /** Whether this life of an endpoint is over. Costs nothing while nobody was erased. */
  hasEndpoint(key: EndpointKey, generation: number): boolean {
    if (this.#erased.size === 0) return false;
    const erased = this.#erased.get(this.#tombstones.textOf(key));
    return erased?.generation !== undefined && generation <= erased.generation;
  }

  /** Whether an address was erased after a message to it was begun. @param begunAt `performance.now()` */
  hasRecipient(recipient: string, begunAt: number): boolean {
    const erased = this.#erased.size === 0 ? undefined : this.#erased.get(recipient);
    return erased !== undefined && begunAt <= erased.at;
  }

  /** Whether somebody may have been erased unheard since then. @param begunAt `performance.now()` */
  mayHaveMissed(begunAt: number): boolean {
    return begunAt <= this.#knownSince || this.#notifications?.listening === false;
  }

  #note(name: string, generation: number | undefined): void {
    const now = performance.now();
    // In the order in which they came: the oldest are in front.
    for (const [known, { at }] of this.#erased) {
      if (now - at < keptMilliseconds) break;
      this.#erased.delete(known);
      this.#knownSince = Math.max(this.#knownSince, at);
    }
    this.#erased.delete(name);
    this.#erased.set(name, { generation, at: now });
  }
}
