/**
 * Messages that people write to our numbers. Parts of a long one are put together; every part is acknowledged when the
 * whole is stored, unless the others keep us waiting: an SMSC that sends one at a time would never send them.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../../kernel/clock.ts';
import { newId } from '../../../../kernel/ids.ts';
import type { Logger } from '../../../../kernel/logger.ts';
import type { InboundMessage } from '../../driver.ts';
import { isShortCode, toE164 } from '../../sms/numbers.ts';
import { decodeTexts, type InboundText, type PartPlace, readInboundText } from './inbound-text.ts';
import { type Pdu, statuses } from './pdu.ts';
import type { SmppTiming } from './timing.ts';

export interface InboundParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing: SmppTiming;
  /** Resolves when it is stored. */
  tell(message: InboundMessage): Promise<void>;
}

interface Collected {
  readonly from: string;
  readonly to: string;
  readonly texts: (InboundText | undefined)[];
  /** The status with which all parts are answered. */
  readonly answered: PromiseWithResolvers<number>;
  /** At least one part was acknowledged: the SMSC will not send it again. */
  acknowledged: boolean;
  timer: NodeJS.Timeout;
}

const mostCollected = 1_000;
const mostUnacknowledged = 10_000;

export class InboundMessages {
  readonly #parts: InboundParts;
  /** Oldest first. */
  readonly #collected = new Map<string, Collected>();
  /** Ids of messages that the SMSC may send again, by their content. */
  readonly #unacknowledged = new Map<string, string>();

  #closed = false;

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  /**
   * The status to answer with, when it is time to answer.
   * @param isOpen whether the answer will still reach the SMSC
   */
  async receive(pdu: Pdu, isOpen: () => boolean): Promise<number> {
    const text = readInboundText(pdu);
    if (text === undefined) {
      this.#parts.logger.info({ dataCoding: pdu.data_coding }, 'SMPP: a binary message was passed over');
      return statuses.ok;
    }
    const from = toParty(pdu.source_addr ?? '', pdu.source_addr_ton ?? 0);
    const to = toParty(pdu.destination_addr ?? '', pdu.dest_addr_ton ?? 0);
    if (text.place !== undefined) return this.#collect({ from, to }, text, text.place, isOpen);
    return this.#tell({ from, to, body: decodeTexts([text]) }, isOpen);
  }

  /** Tells what would be lost: messages of which a part was acknowledged and others never came. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#collected].map(([key, each]) => each.acknowledged && this.#giveUp(key, each)));
    for (const { timer } of this.#collected.values()) clearTimeout(timer);
    this.#collected.clear();
  }

  async #collect(
    party: { readonly from: string; readonly to: string },
    text: InboundText,
    place: PartPlace,
    isOpen: () => boolean,
  ): Promise<number> {
    const key = JSON.stringify([party.from, party.to, place.reference, place.total]);
    const collected = this.#collected.get(key) ?? this.#begin(key, party, place.total);
    collected.texts[place.number - 1] = text;
    if (collected.texts.every((each) => each !== undefined)) {
      return this.#settle(key, collected, decodeTexts(collected.texts), isOpen);
    }
    const held = pause(this.#parts.timing.partHoldMilliseconds, 'held' as const, { ref: false });
    const answer = await Promise.race([collected.answered.promise, held]);
    if (answer !== 'held') return answer;
    if (!isOpen()) return statuses.receiverTemporary;
    collected.acknowledged = true;
    return statuses.ok;
  }

  #begin(key: string, { from, to }: { readonly from: string; readonly to: string }, total: number): Collected {
    const [oldest] = this.#collected;
    if (oldest !== undefined && this.#collected.size >= mostCollected) void this.#giveUp(...oldest);
    const texts = Array<InboundText | undefined>(total).fill(undefined);
    const collected = { from, to, texts, answered: Promise.withResolvers<number>(), acknowledged: false };
    return this.#keep(key, collected);
  }

  #keep(key: string, collected: Omit<Collected, 'timer'>): Collected {
    const life = this.#parts.timing.partLifeMilliseconds;
    const timer = setTimeout(() => void this.#giveUp(key, kept), life).unref();
    const kept: Collected = { ...collected, timer };
    this.#collected.set(key, kept);
    return kept;
  }

  /** Tells the message and answers all of its parts. When it cannot be stored, what is here is kept for the next try. */
  async #settle(key: string, collected: Collected, body: string, isOpen: () => boolean): Promise<number> {
    this.#collected.delete(key);
    clearTimeout(collected.timer);
    const status = await this.#tell({ from: collected.from, to: collected.to, body }, isOpen);
    if (status !== statuses.ok && !this.#closed) {
      const again = this.#collected.get(key);
      const texts = collected.texts.map((text, at) => again?.texts[at] ?? text);
      clearTimeout(again?.timer);
      const acknowledged = collected.acknowledged || again?.acknowledged === true;
      this.#keep(key, { ...collected, texts, acknowledged, answered: again?.answered ?? Promise.withResolvers() });
    }
    collected.answered.resolve(status);
    return status;
  }

  /** The rest does not come: what there is, is told, with a mark where something is missing. */
  async #giveUp(key: string, collected: Collected): Promise<void> {
    const runs: string[] = [];
    let run: InboundText[] = [];
    for (const text of collected.texts) {
      if (text !== undefined) run.push(text);
      else if (run.length > 0 || runs.length === 0) {
        runs.push(decodeTexts(run));
        run = [];
      }
    }
    this.#parts.logger.warn({ parts: collected.texts.length }, 'SMPP: parts of a message never came');
    await this.#settle(key, collected, [...runs, decodeTexts(run)].join('…'), () => true);
  }

  async #tell(
    message: { readonly from: string; readonly to: string; readonly body: string },
    isOpen: () => boolean,
  ): Promise<number> {
    const content = createHash('sha256')
      .update(JSON.stringify([message.from, message.to, message.body]))
      .digest('base64');
    const inboundMessageId = this.#unacknowledged.get(content) ?? newId();
    this.#remember(content, inboundMessageId);
    const at = this.#parts.clock.now();
    try {
      await this.#parts.tell({ type: 'inbound message', inboundMessageId, ...message, at });
    } catch (err) {
      this.#parts.logger.error({ err }, 'SMPP: an inbound message could not be stored');
      return statuses.receiverTemporary;
    }
    // Where the answer does not arrive, the SMSC sends the message again: it then has the same id.
    if (isOpen()) this.#unacknowledged.delete(content);
    return statuses.ok;
  }

  #remember(content: string, id: string): void {
    this.#unacknowledged.set(content, id);
    if (this.#unacknowledged.size <= mostUnacknowledged) return;
    const [oldest] = this.#unacknowledged.keys();
    if (oldest !== undefined) this.#unacknowledged.delete(oldest);
  }
}

const international = 1;
const alphanumeric = 5;

/** E.164 where it is a whole number; short codes, names and what only the provider understands stay as they are. */
function toParty(address: string, typeOfNumber: number): string {
  if (typeOfNumber === alphanumeric || isShortCode(address)) return address;
  const number = typeOfNumber === international && !address.startsWith('+') ? `+${address}` : address;
  return toE164(number) ?? address;
}
