/**
 * A campaign was executed for an endpoint, whether that became a message or not, and on whichever channel: push and
 * custom channels have no other event (dossier/events-journeys-console §2.4).
 */
import type { ChannelType } from '../../../contract/pinpoint-types.ts';
import {
  type EventEndpoint,
  type EventProject,
  type EventTimes,
  endpointContext,
  envelope,
  type NewEvent,
} from '../record.ts';
import { type CampaignOrigin, originAttributes } from './origin.ts';

export type CampaignSendStatus =
  | 'SUCCESS'
  | 'FAILURE'
  | 'FAILURE_PERMANENT'
  | 'TRANSIENT_FAILURE'
  | 'THROTTLED'
  | 'UNKNOWN'
  | 'EXPIRED'
  | 'DAILY_CAP'
  | 'CAMPAIGN_CAP'
  | 'QUIET_TIME'
  | 'HOLDOUT'
  | 'DUPLICATE_ADDRESS'
  | 'HOOK_FAILURE'
  | 'CUSTOM_DELIVERY_FAILURE'
  | 'RECOMMENDATION_FAILURE'
  | 'UNSUPPORTED_CHANNEL';

export interface CampaignSend extends EventEndpoint, EventTimes {
  readonly origin: CampaignOrigin;
  /** How it was sent: `CUSTOM` where the endpoint itself has another channel. */
  readonly deliveryType: ChannelType;
  readonly status: CampaignSendStatus;
}

export function campaignSend(
  project: EventProject,
  { id, generation, endpoint, origin, ...send }: CampaignSend,
): NewEvent {
  const { deliveryType, status, occurredAt, arrivedAt } = send;
  const record = {
    ...envelope(project, '_campaign.send', { clientId: id, occurredAt, arrivedAt }),
    attributes: { ...originAttributes(origin), delivery_type: deliveryType, campaign_send_status: status },
    client_context: endpointContext(endpoint),
  };
  return { projectNumber: project.number, endpointId: id, ...(generation !== undefined && { generation }), record };
}
