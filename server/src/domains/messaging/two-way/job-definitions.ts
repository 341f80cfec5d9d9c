/** What follows an inbound message, once it is stored. */
import { defineJob } from '../../../jobs/index.ts';
import type { Destination } from './inbound-store.ts';

/** With the pauses of the queue, over about an hour: an answer that comes later answers nothing. */
export const answerAttempts = 9;
/** Over about three days. */
export const publishAttempts = 25;

interface Payload {
  readonly inboundId?: unknown;
  readonly destination?: unknown;
}

export const answerInboundMessage = defineJob('messaging/answer inbound message', (payload) => ({
  inboundId: readId(payload as Payload),
}));

export const publishInboundMessage = defineJob('messaging/publish inbound message', (payload) => ({
  inboundId: readId(payload as Payload),
  destination: readDestination(payload as Payload),
}));

export const sweepInboundMessages = defineJob('messaging/sweep inbound messages', () => ({}));

function readId({ inboundId }: Payload): string {
  if (typeof inboundId !== 'string') throw new TypeError('inboundId');
  return inboundId;
}

function readDestination({ destination }: Payload): Destination {
  if (destination !== 'TOPIC' && destination !== 'WEBHOOK') throw new TypeError('destination');
  return destination;
}
