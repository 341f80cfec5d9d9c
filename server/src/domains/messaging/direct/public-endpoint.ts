/** An endpoint as messages, hooks and custom channels see it: the guides' endpoint definition, without its id. */
import { toTimestamp } from '../../../kernel/clock.ts';
import type { WholeEndpoint } from '../../audience/index.ts';
import type { EndpointDefinition } from '../../channels/index.ts';

export function toPublicEndpoint(endpoint: WholeEndpoint): EndpointDefinition {
  const { userId, sharedAttributes, userAttributes } = endpoint;
  return {
    ...(endpoint.address !== null && { Address: endpoint.address }),
    Attributes: endpoint.attributes,
    ...(endpoint.channelType !== null && { ChannelType: endpoint.channelType as EndpointDefinition['ChannelType'] }),
    Demographic: endpoint.demographic,
    EffectiveDate: toTimestamp(endpoint.effectiveAt),
    EndpointStatus: endpoint.status,
    Location: endpoint.location,
    Metrics: endpoint.metrics,
    OptOut: endpoint.optOut,
    RequestId: endpoint.requestId,
    User: { UserAttributes: sharedAttributes ?? userAttributes, ...(userId !== null && { UserId: userId }) },
  };
}

/** The same with what only a stored endpoint has: what the variables of a message may ask for. */
export function toRecipientEndpoint(endpoint: WholeEndpoint) {
  return { ...toPublicEndpoint(endpoint), Id: endpoint.shownId, CreationDate: toTimestamp(endpoint.createdAt) };
}
