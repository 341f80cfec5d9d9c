/** Endpoints whose activity this process noted a moment ago: saying it again within a minute would write nothing. */
import { RecentlyUsed } from '../../kernel/recently-used.ts';
import { type EndpointKey, keyText } from './endpoint.ts';

const worthNotingMilliseconds = 60_000;
const capacity = 50_000;

export class RecentActivity {
  readonly #noted = new RecentlyUsed<number>(capacity);

  isNews(key: EndpointKey, at: Date): boolean {
    const noted = this.#noted.get(keyText(key));
    return noted === undefined || at.getTime() - noted > worthNotingMilliseconds;
  }

  /** After the commit. */
  note(key: EndpointKey, at: Date): void {
    if (this.isNews(key, at)) this.#noted.set(keyText(key), at.getTime());
  }
}
