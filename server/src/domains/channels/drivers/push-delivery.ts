/** What the push drivers share: one request a message, many at once, and an outcome for each whatever happens. */
import { OutgoingFault } from '../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../driver.ts';
import type { OutgoingMessage, PushContent } from '../message.ts';
import { deliverEach } from './delivery/each.ts';
import { outcomeOfFault } from './delivery/http-outcomes.ts';
import { refused } from './delivery/outcomes.ts';
import { notSent } from './delivery/stop.ts';

export type PushMessage = OutgoingMessage & { readonly content: PushContent };

export interface PushSending {
  /** Of the service, for people: `APNs`. */
  readonly service: string;
  /** Most requests of one `deliver` under way at once. */
  readonly width: number;
  /** A fault of the network may be thrown. */
  send(message: PushMessage, signal: AbortSignal): Promise<Outcome>;
  /** The process stops: what waits for a connection is given up. */
  stopWaiting?(signal: AbortSignal): void;
}

export function deliverPush(sending: PushSending, { logger }: Pick<DriverParts, 'logger'>): Driver['deliver'] {
  return (messages, report, signal) =>
    deliverEach(messages, {
      ...{ signal, logger, atOnce: sending.width, settle: report },
      stopWaiting: () => sending.stopWaiting?.(signal),
      async send(message) {
        if (!isPush(message)) return refused('The message is no push notification.');
        try {
          return await sending.send(message, signal);
        } catch (error) {
          const isUnsent = error instanceof OutgoingFault && error.kind === 'unreachable';
          return signal.aborted && isUnsent ? notSent : outcomeOfFault(error, sending.service);
        }
      },
    });
}

function isPush(message: OutgoingMessage): message is PushMessage {
  return message.content.kind === 'push';
}
