/** Delivers SMS over SMPP 3.4: a window of `submit_sm` on one bound connection, and what the SMSC tells of its own accord. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { SmsTooLong } from '../../sms/parts.ts';
import { refused } from '../delivery/outcomes.ts';
import { notSent, type Stop, unansweredAtStop, watchStop } from '../delivery/stop.ts';
import { ofAnswer, ofFault } from './answers.ts';
import { type BindCommand, SmppLink } from './link.ts';
import type { PduFields } from './pdu.ts';
import { spellAnsweredId } from './receipt.ts';
import type { SmppSettings } from './settings.ts';
import { toSubmits, Unsendable } from './submit.ts';
import { type SmppTiming, usualTiming } from './timing.ts';
import { createTold } from './told.ts';
import { Window } from './window.ts';

/** The first is the one that sends. */
const bindsOf: Readonly<Record<SmppSettings['BindMode'], readonly [BindCommand, ...BindCommand[]]>> = {
  TRANSCEIVER: ['bind_transceiver'],
  TRANSMITTER_AND_RECEIVER: ['bind_transmitter', 'bind_receiver'],
  TRANSMITTER: ['bind_transmitter'],
};

/** Deliveries under way; together they fill the window more than once, so that it never runs dry between them. */
const concurrency = 4;

/** Connects at once, so that receipts and inbound messages come although nothing is being sent. */
export function openSmpp(settings: SmppSettings, parts: DriverParts, timing: SmppTiming = usualTiming): Driver {
  const told = createTold(settings, parts, timing);
  const linkParts = { settings, timing, networks: parts.networks, logger: parts.logger, received: told.received };
  const [first, ...others] = bindsOf[settings.BindMode];
  const link = new SmppLink(first, linkParts);
  const links = [link, ...others.map((command) => new SmppLink(command, linkParts))];
  const window = new Window(settings.Window);
  return {
    tellsReceipts: true,
    limits: {
      batch: Math.ceil(settings.Window / 2),
      concurrency,
      ...(settings.MessagesPerSecond !== undefined && { messagesPerSecond: settings.MessagesPerSecond }),
    },
    async deliver(messages, report, signal) {
      const delivery = new Delivery({ settings, timing, link, window }, signal);
      try {
        await Promise.all(messages.map(async (message) => report(message, await delivery.send(message))));
      } finally {
        delivery.end();
      }
    },
    async close() {
      await Promise.all(links.map((each) => each.close()));
      await told.close();
    },
  };
}

interface DeliveryParts {
  readonly settings: SmppSettings;
  readonly timing: SmppTiming;
  readonly link: SmppLink;
  readonly window: Window;
}

/** One `deliver`: its messages share a stop. */
class Delivery {
  readonly #parts: DeliveryParts;
  readonly #stop: Stop;
  /** Whose places are given up at which moment of the stop. */
  readonly #firstParts = {};
  readonly #laterParts = {};

  constructor(parts: DeliveryParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#stop = watchStop(signal, {
      milliseconds: parts.timing.stopMilliseconds,
      onAborted: () => parts.window.dismiss(this.#firstParts),
      onOver: () => parts.window.dismiss(this.#laterParts),
    });
  }

  end(): void {
    this.#stop.forget();
  }

  async send({ address, content }: OutgoingMessage): Promise<Outcome> {
    if (content.kind !== 'sms') return refused('SMPP carries SMS only');
    let submits: readonly PduFields[];
    try {
      submits = toSubmits(address, content, this.#parts.settings);
    } catch (error) {
      if (error instanceof SmsTooLong || error instanceof Unsendable) return refused(error.message);
      throw error;
    }
    let outcome: Outcome = notSent;
    // One after the other: whether the SMSC takes the message at all is known before a phone has got a part of it.
    for (const [at, submit] of submits.entries()) {
      outcome = at === 0 ? await this.#sendFirst(submit) : await this.#sendLater(submit);
      if (outcome.status !== 'SUCCESSFUL') return at === 0 ? outcome : ofPart(outcome, at + 1, submits.length);
    }
    return outcome;
  }

  #sendFirst(submit: PduFields): Promise<Outcome> {
    return this.#sendPart(submit, this.#firstParts, () => this.#stop.aborted);
  }

  /** Something of the message is with the SMSC already: it is finished, if it can be. */
  async #sendLater(submit: PduFields): Promise<Outcome> {
    let outcome = await this.#sendPart(submit, this.#laterParts, () => this.#stop.isOver);
    for (const wait of this.#parts.timing.partRetryMilliseconds) {
      const mayTryAgain = outcome.status === 'THROTTLED' || outcome.status === 'TEMPORARY_FAILURE';
      if (!mayTryAgain || this.#stop.isOver) break;
      await Promise.race([pause(wait, undefined, { ref: false }), this.#stop.over]);
      outcome = await this.#sendPart(submit, this.#laterParts, () => this.#stop.isOver);
    }
    return outcome;
  }

  async #sendPart(submit: PduFields, owner: object, isLate: () => boolean): Promise<Outcome> {
    if (isLate()) return notSent;
    const { window, link } = this.#parts;
    if (!(await window.enter(owner))) return notSent;
    try {
      const connection = await Promise.race([link.connection(), this.#stop.over]);
      if (connection === undefined || isLate()) return notSent;
      const answer = await Promise.race([connection.request('submit_sm', submit), this.#stop.over]);
      return answer === undefined ? unansweredAtStop : this.#spelt(ofAnswer(answer));
    } catch (error) {
      return ofFault(error);
    } finally {
      window.leave();
    }
  }

  #spelt(outcome: Outcome): Outcome {
    const { ReceiptIds } = this.#parts.settings;
    if (outcome.messageId === undefined || ReceiptIds === 'SAME') return outcome;
    return { ...outcome, messageId: spellAnsweredId(outcome.messageId, ReceiptIds) };
  }
}

/**
 * Of a message of which an earlier part was accepted. Where another attempt could succeed, it would double what the
 * phone has got: what became of the whole is not known.
 */
function ofPart(outcome: Outcome, part: number, parts: number): Outcome {
  const statusMessage = `Part ${part} of ${parts}: ${outcome.statusMessage}`;
  const mayDouble = outcome.status === 'THROTTLED' || outcome.status === 'TEMPORARY_FAILURE';
  return { ...outcome, status: mayDouble ? 'UNKNOWN_FAILURE' : outcome.status, statusMessage };
}
