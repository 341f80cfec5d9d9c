/**
 * What is asked for with every request, in memory: forgotten at once when it changes on any node, and not kept at all
 * while news cannot be heard (docs/decisions/0011). The longest unused leaves when it is full.
 */
import { RecentlyUsed } from '../kernel/recently-used.ts';
import type { Notifications } from './notifications.ts';

export interface NewsCacheOptions<Value> {
  readonly notifications: Notifications;
  /** Of the news that make entries worthless. */
  readonly topic: string;
  /** Entries. @default 10,000 */
  readonly capacity?: number;
  /** What an entry takes of it. @default 1 */
  readonly weigh?: (value: Value) => number;
  /** Whether an entry is meant by a piece of news. @default the news is its key */
  readonly concerns?: (news: string, key: string, value: Value) => boolean;
}

export class NewsCache<Value> {
  readonly #options: NewsCacheOptions<Value>;
  readonly #known: RecentlyUsed<Value>;
  /** Rises with every piece of news: what was read before it is not kept. */
  #newsHeard = 0;

  constructor(options: NewsCacheOptions<Value>) {
    this.#options = options;
    this.#known = new RecentlyUsed(options.capacity ?? 10_000, options.weigh);
    options.notifications.subscribe({
      topic: options.topic,
      changed: (news) => this.forget(news),
      forgetAll: () => this.#forgetAll(),
    });
  }

  /** Of all entries. */
  get weight(): number {
    return this.#known.weight;
  }

  get(key: string): Value | undefined {
    return this.#known.get(key);
  }

  /** Reads an entry and keeps it, unless it may have changed meanwhile. Undefined is never kept. */
  async load(key: string, read: () => Promise<Value>): Promise<Value> {
    return this.loadPart(key, read, (value) => value);
  }

  /** Reads a part of an entry and keeps it in the entry, under the same condition. @param join the part with what is known */
  async loadPart<Part>(
    key: string,
    read: () => Promise<Part>,
    join: (part: Part, known: Value | undefined) => Value,
  ): Promise<Part> {
    const newsHeard = this.#newsHeard;
    const part = await read();
    if (part !== undefined && newsHeard === this.#newsHeard && this.#options.notifications.listening) {
      this.#known.set(key, join(part, this.#known.get(key)));
    }
    return part;
  }

  /** After a change that this process made itself: its own news would come a moment too late. */
  forget(news: string): void {
    this.#newsHeard += 1;
    const { concerns } = this.#options;
    if (concerns === undefined) {
      this.#known.delete(news);
      return;
    }
    for (const [key, value] of this.#known.entries()) if (concerns(news, key, value)) this.#known.delete(key);
  }

  #forgetAll(): void {
    this.#newsHeard += 1;
    this.#known.clear();
  }
}
