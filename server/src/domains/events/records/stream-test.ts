/** The first record of a stream that was just configured: consumers filter it (dossier/events-journeys-console §2.1). */
import { type EventProject, envelope, type NewEvent } from '../record.ts';

/** @param clientId a UUID made for it */
export function streamTest(project: EventProject, clientId: string, at: Date): NewEvent {
  const common = envelope(project, '_test.event_stream', { clientId, occurredAt: at, arrivedAt: at });
  return { projectNumber: project.number, endpointId: undefined, record: { ...common, attributes: {} } };
}
