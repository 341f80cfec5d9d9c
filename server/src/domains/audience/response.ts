/** An endpoint as the API shows it (dossier/audience §2.9). */
import type { EndpointResponse } from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import type { WholeEndpoint } from './store.ts';

export function toEndpointResponse(endpoint: WholeEndpoint, applicationId: string): EndpointResponse {
  const { demographic, location } = endpoint;
  return {
    ...(endpoint.address !== null && { Address: endpoint.address }),
    ApplicationId: applicationId,
    Attributes: endpoint.attributes,
    ...(endpoint.channelType !== null && { ChannelType: endpoint.channelType as EndpointResponse['ChannelType'] }),
    CohortId: String(endpoint.cohort),
    CreationDate: toTimestamp(endpoint.createdAt),
    ...(!isEmpty(demographic) && { Demographic: demographic }),
    EffectiveDate: toTimestamp(endpoint.effectiveAt),
    EndpointStatus: endpoint.status,
    Id: endpoint.shownId,
    ...(!isEmpty(location) && { Location: location }),
    Metrics: endpoint.metrics,
    OptOut: endpoint.optOut,
    RequestId: endpoint.requestId,
    User: toUser(endpoint),
  };
}

function toUser({ userId, sharedAttributes, userAttributes }: WholeEndpoint): EndpointResponse['User'] {
  const known = sharedAttributes ?? userAttributes;
  return { ...(!isEmpty(known) && { UserAttributes: known }), ...(userId !== null && { UserId: userId }) };
}

function isEmpty(members: object): boolean {
  return Object.keys(members).length === 0;
}
