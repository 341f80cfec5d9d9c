/** Requests as they are shown: kinds and counts, nobody's name. */
import type { ErasureLocation, ErasureRequestResponse } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { goneFrom, type LocationCounts, type StoredRequest } from './request.ts';

export function toResponse(
  request: StoredRequest,
  counts: readonly LocationCounts[],
  applicationId: string,
): ErasureRequestResponse {
  return {
    Id: request.id,
    RequestId: request.callerId,
    ApplicationId: applicationId,
    Mode: request.mode,
    Origin: request.origin,
    State: request.state,
    CreationDate: toTimestamp(request.createdAt),
    DueDate: toTimestamp(request.dueAt),
    ...(request.acceptedAt !== null && { AcceptedDate: toTimestamp(request.acceptedAt) }),
    ...(request.endedAt !== null && { CompletedDate: toTimestamp(request.endedAt) }),
    Identities: request.identityTypes as Readonly<Record<string, number>>,
    Endpoints: request.endpoints,
    Users: request.users,
    Addresses: request.addresses,
    MessagesUnderWay: request.messagesUnderWay,
    Locations: counts.map((count) => toLocation(request, count)),
    Skipped: request.skipped.map(({ what, why }) => ({ What: what, Why: why })),
    ...(request.fault !== null && { Fault: request.fault }),
    SoftwareVersion: request.version,
  };
}

function toLocation(request: StoredRequest, count: LocationCounts): ErasureLocation {
  const { location, found, retained, leftOver } = count;
  return {
    ...{ Name: location, Found: found, Erased: goneFrom(request, count), Retained: retained },
    ...(leftOver !== null && { LeftOver: leftOver }),
  };
}
