/**
 * Keeps away from a provider that is down: after several answers in a row that say so, nothing is sent for a while; then
 * one batch tries, and its outcome decides. Other providers go on meanwhile.
 */
import type { Clock } from '../../../kernel/clock.ts';
import type { Outcome } from '../../channels/index.ts';

const failuresToOpen = 5;
const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 60_000;

export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #openings = 0;
  #closedAgainAt = 0;
  #trying = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until something may be sent again; 0 when it may. */
  get pause(): number {
    if (this.#openings === 0) return 0;
    if (this.#trying) return firstPauseMilliseconds;
    return Math.max(0, this.#closedAgainAt - this.#clock.now().getTime());
  }

  /** A batch is about to leave. */
  begin(): void {
    if (this.#openings > 0) this.#trying = true;
  }

  note({ providerIsDown = false }: Outcome): void {
    this.#trying = false;
    if (!providerIsDown) {
      this.#failures = 0;
      this.#openings = 0;
      return;
    }
    this.#failures += 1;
    if (this.#failures < failuresToOpen && this.#openings === 0) return;
    if (this.pause > 0) return;
    const pause = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** this.#openings);
    this.#openings += 1;
    this.#closedAgainAt = this.#clock.now().getTime() + pause;
  }
}
