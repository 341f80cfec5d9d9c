/** A journey sent a message to a participant, or did not (dossier/events-journeys-console §2.5). */
import {
  type EventEndpoint,
  type EventProject,
  type EventTimes,
  endpointContext,
  envelope,
  type NewEvent,
} from '../record.ts';
import { type JourneyOrigin, originAttributes } from './origin.ts';

export type JourneySendStatus =
  | 'SUCCESS'
  | 'FAILURE'
  | 'CUSTOM_DELIVERY_FAILURE'
  | 'FAILURE_PERMANENT'
  | 'THROTTLED'
  | 'UNSUPPORTED_CHANNEL'
  | 'DAILY_CAP'
  | 'QUIET_TIME'
  | 'QUIET_TIME_MISSING_TIMEZONE'
  | 'QUIET_TIME_WAIT_FINISHED';

export interface JourneySend extends EventEndpoint, EventTimes {
  readonly origin: JourneyOrigin;
  readonly activityType: 'EMAIL' | 'SMS' | 'PUSH' | 'CONTACT_CENTER' | 'CUSTOM';
  readonly status: JourneySendStatus;
  readonly statusMessage: string;
  /** HTTP status. */
  readonly statusCode: number;
}

export function journeySend(
  project: EventProject,
  { id, generation, endpoint, origin, ...send }: JourneySend,
): NewEvent {
  const { activityType, status, statusMessage, statusCode, occurredAt, arrivedAt } = send;
  const record = {
    ...envelope(project, '_journey.send', { clientId: id, occurredAt, arrivedAt }),
    attributes: {
      ...originAttributes(origin),
      // A message that was held back and is let go says no more which kind it is.
      ...(status !== 'QUIET_TIME_WAIT_FINISHED' && { journey_activity_type: activityType }),
      journey_send_status: status,
      journey_send_status_message: statusMessage,
      journey_send_status_code: String(statusCode),
    },
    client_context: endpointContext(endpoint),
  };
  return { projectNumber: project.number, endpointId: id, ...(generation !== undefined && { generation }), record };
}
