/** What became of an SMS, and that somebody opted out by one (dossier/events-journeys-console §2.7). */
import { type EventProject, type EventTimes, envelope, type NewEvent } from '../record.ts';
import { type MessageOrigin, originAttributes } from './origin.ts';

/** `PENDING` and `SUCCESSFUL` may be followed by another; the others are final. */
export type SmsRecordStatus =
  | 'SUCCESSFUL'
  | 'DELIVERED'
  | 'PENDING'
  | 'INVALID'
  | 'UNREACHABLE'
  | 'UNKNOWN'
  | 'BLOCKED'
  | 'CARRIER_UNREACHABLE'
  | 'SPAM'
  | 'INVALID_MESSAGE'
  | 'CARRIER_BLOCKED'
  | 'TTL_EXPIRED'
  | 'MAX_PRICE_EXCEEDED'
  | 'OPTED_OUT';

export interface SmsEvent extends EventTimes {
  /** Undefined for a message to a number. */
  readonly endpointId: string | undefined;
  readonly generation?: number;
  readonly origin: MessageOrigin;
  /** An opt-out keyword came back; otherwise the status says which event it is. */
  readonly optOut?: boolean;
  readonly recordStatus: SmsRecordStatus;
  /** Another receipt may follow: `SUCCESSFUL` is a message under way then. */
  readonly final: boolean;
  readonly messageId: string;
  readonly senderRequestId: string;
  readonly originationNumber?: string;
  /** E.164 */
  readonly destinationNumber: string;
  readonly countryCode?: string;
  readonly parts: number;
  readonly messageType: 'TRANSACTIONAL' | 'PROMOTIONAL';
  /** Thousandths of a US cent, of all parts. Never told of a message under way. */
  readonly priceInMillicents?: number;
}

export function smsEvent(project: EventProject, event: SmsEvent): NewEvent {
  const { endpointId, generation, destinationNumber, occurredAt, arrivedAt, priceInMillicents } = event;
  const type = event.optOut === true ? 'OPTOUT' : typeOf(event);
  const priced = type !== 'BUFFERED' && priceInMillicents !== undefined;
  const record = {
    ...envelope(project, `_SMS.${type}`, { clientId: endpointId ?? project.accountId, occurredAt, arrivedAt }),
    attributes: {
      ...originAttributes(event.origin),
      sender_request_id: event.senderRequestId,
      message_id: event.messageId,
      ...(event.originationNumber !== undefined && { origination_phone_number: event.originationNumber }),
      destination_phone_number: destinationNumber,
      record_status: event.recordStatus,
      ...(event.countryCode !== undefined && { iso_country_code: event.countryCode }),
      number_of_message_parts: String(event.parts),
      message_type: event.messageType === 'TRANSACTIONAL' ? 'Transactional' : 'Promotional',
    },
    ...(priced && { metrics: { price_in_millicents_usd: priceInMillicents } }),
  };
  return {
    ...{ projectNumber: project.number, endpointId, address: destinationNumber, record },
    ...(generation !== undefined && { generation }),
  };
}

function typeOf({ recordStatus, final }: SmsEvent): 'BUFFERED' | 'SUCCESS' | 'FAILURE' {
  if (recordStatus === 'PENDING' || (recordStatus === 'SUCCESSFUL' && !final)) return 'BUFFERED';
  return recordStatus === 'SUCCESSFUL' || recordStatus === 'DELIVERED' ? 'SUCCESS' : 'FAILURE';
}
