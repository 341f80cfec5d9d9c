/** One message on its way through the pool: it is reported once, whatever happens around it. */
import type { Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { notSent, unansweredAtStop } from '../delivery/stop.ts';

export class Job {
  readonly message: OutgoingMessage;
  readonly #report: (outcome: Outcome) => void;
  #settled = false;
  /** The end of its content was written: the server may have taken it. */
  sent = false;
  /** Connections that ended before its content was sent. */
  lostConnections = 0;

  constructor(message: OutgoingMessage, report: (outcome: Outcome) => void) {
    this.message = message;
    this.#report = report;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Only the first outcome counts. */
  settle(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#report(outcome);
  }

  /** The process stops. */
  stop(): void {
    if (!this.sent) this.settle(notSent);
  }

  /** Nobody waits any longer for the answer. */
  giveUp(): void {
    this.settle(this.sent ? unansweredAtStop : notSent);
  }
}
