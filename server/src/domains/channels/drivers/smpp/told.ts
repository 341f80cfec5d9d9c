/** What the SMSC sends of its own accord: receipts and inbound messages, answered when they are stored. */
import type { DriverParts } from '../../driver.ts';
import { InboundMessages } from './inbound.ts';
import { NewsBatches } from './news.ts';
import { type Pdu, statuses } from './pdu.ts';
import { isReceipt, readReceipt } from './receipt.ts';
import type { SmppSettings } from './settings.ts';
import type { SmppTiming } from './timing.ts';

export interface Told {
  /** Resolves with the status to answer. */
  received(pdu: Pdu, isOpen: () => boolean): Promise<number>;
  close(): Promise<void>;
}

export function createTold(settings: SmppSettings, parts: DriverParts, timing: SmppTiming): Told {
  const { logger, clock } = parts;
  const news = new NewsBatches((batch) => parts.received(batch));
  const inbound = new InboundMessages({ logger, clock, timing, tell: (message) => news.tell(message) });
  return {
    async received(pdu, isOpen) {
      if (!isReceipt(pdu)) return inbound.receive(pdu, isOpen);
      const receipt = readReceipt(pdu, settings.ReceiptIds, clock.now());
      if (receipt === undefined) {
        logger.warn('SMPP: a receipt names no message');
        return statuses.ok;
      }
      try {
        await news.tell(receipt);
        return statuses.ok;
      } catch (err) {
        logger.error({ err }, 'SMPP: a receipt could not be stored');
        return statuses.receiverTemporary;
      }
    },
    close: () => inbound.close(),
  };
}
