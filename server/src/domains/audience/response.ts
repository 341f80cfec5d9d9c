/** An endpoint as the API shows it (dossier/audience §2.9). */
import type { EndpointResponse, PublicEndpoint } from '../../contract/pinpoint-types.ts';
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

/** As events show it: the endpoint itself, without what only our API knows of it, and without what is empty. */
export function toPublicEndpoint(endpoint: WholeEndpoint): PublicEndpoint {
  const { address, channelType, demographic, location, attributes, metrics } = endpoint;
  const user = toUser(endpoint) ?? {};
  return {
    ...(address !== null && { Address: address }),
    ...(!isEmpty(attributes) && { Attributes: attributes }),
    ...(channelType !== null && { ChannelType: channelType as NonNullable<PublicEndpoint['ChannelType']> }),
    ...(!isEmpty(demographic) && { Demographic: demographic }),
    EffectiveDate: toTimestamp(endpoint.effectiveAt),
    EndpointStatus: endpoint.status,
    ...(!isEmpty(location) && { Location: location }),
    ...(!isEmpty(metrics) && { Metrics: metrics }),
    OptOut: endpoint.optOut,
    RequestId: endpoint.requestId,
    ...(!isEmpty(user) && { User: user }),
  };
}

function toUser({ userId, sharedAttributes, userAttributes }: WholeEndpoint): EndpointResponse['User'] {
  const known = sharedAttributes ?? userAttributes;
  return { ...(!isEmpty(known) && { UserAttributes: known }), ...(userId !== null && { UserId: userId }) };
}

function isEmpty(members: object): boolean {
  return Object.keys(members).length === 0;
}
