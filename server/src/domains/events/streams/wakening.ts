/** A wait that news cut short, also when they came a moment before it. */
import { setTimeout as pause } from 'node:timers/promises';

export type News = 'appended' | 'changed';

export class Wakening {
  readonly #heard = new Set<News>();
  #cut: ((news: News) => void) | undefined;

  wake(news: News): void {
    this.#heard.add(news);
    this.#cut?.(news);
  }

  /** Ends early for news of these kinds, and when `signal` says so. News of all kinds are old after it. */
  async wait(milliseconds: number, kinds: readonly News[], signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#cut = (news) => {
      if (kinds.includes(news)) end();
    };
    if (signal.aborted || kinds.some((kind) => this.#heard.has(kind))) end();
    try {
      await pause(milliseconds, undefined, { signal: ending.signal });
    } catch {
      // Cut short.
    } finally {
      signal.removeEventListener('abort', end);
      this.#cut = undefined;
      this.#heard.clear();
    }
  }
}
