/** `_SMS.OPTOUT`: somebody answered with an opt-out keyword (dossier/events-journeys-console §2.7). */
import type { Transaction } from '../../../database/index.ts';
import { countryOfNumber } from '../../channels/index.ts';
import { type EventLog, smsEvent } from '../../events/index.ts';
import type { OptedOut } from './receive.ts';

/** In the transaction that changes the list. Without a project, nobody's stream or timeline can tell of it. */
export async function tellOptOuts(
  log: EventLog,
  tx: Transaction,
  optedOut: readonly OptedOut[],
  now: Date,
): Promise<void> {
  const events = optedOut.flatMap(({ message, previous, project }) => {
    if (project === undefined) return [];
    const { send } = previous ?? {};
    const about = send?.projectNumber === project.number ? send.detail : undefined;
    const country = countryOfNumber(message.from);
    return [
      smsEvent(project, {
        endpointId: about?.endpointId,
        ...(about?.endpointGeneration !== undefined && { generation: about.endpointGeneration }),
        origin: send?.detail.origin ?? { kind: 'direct' },
        ...{ optOut: true, recordStatus: 'OPTED_OUT', final: true, occurredAt: message.sentAt, arrivedAt: now },
        ...{ messageId: message.id, senderRequestId: send?.runId ?? message.id },
        ...{ originationNumber: message.number, destinationNumber: message.from },
        ...(country !== undefined && { countryCode: country }),
        parts: send?.detail.sms?.parts ?? 1,
        messageType: send?.detail.sms?.messageType ?? 'TRANSACTIONAL',
      }),
    ];
  });
  await log.append(tx, events);
}
