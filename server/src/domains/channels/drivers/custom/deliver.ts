/** Delivers a custom channel's messages call by call; what a call came to holds for each of its endpoints. */
import type { Driver, DriverParts } from '../../driver.ts';
import { deliverEach, type Patience } from '../delivery/each.ts';
import type { Attempt } from './attempts.ts';
import { type CustomBatch, notCustom, toBatches } from './batches.ts';
import { readReply } from './reply.ts';

export function deliverCustom(
  { logger }: Pick<DriverParts, 'logger'>,
  call: (batch: CustomBatch, patience: Patience) => Promise<Attempt>,
): Driver['deliver'] {
  return async (messages, report, signal) => {
    const { batches, strangers } = toBatches(messages);
    for (const message of strangers) report(message, notCustom);
    const replies = new Map<CustomBatch, string>();
    await deliverEach(batches, {
      ...{ signal, logger },
      async send(batch, patience) {
        const { outcome, reply } = await call(batch, patience);
        if (reply !== undefined) replies.set(batch, reply);
        return outcome;
      },
      settle(batch, outcome) {
        const attributesOf = readReply(replies.get(batch) ?? '');
        for (const { message, content } of batch.members) {
          const eventAttributes = attributesOf(content.endpointId);
          report(message, eventAttributes === undefined ? outcome : { ...outcome, eventAttributes });
        }
      },
    });
  };
}
