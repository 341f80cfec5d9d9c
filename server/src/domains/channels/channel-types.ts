/** Channel types (of the contract), and the endpoint as custom channels and hooks receive it. */
import type { ChannelType, PublicEndpoint } from '../../contract/pinpoint-types.ts';

export type { ChannelType };

/** What the guides call an endpoint definition: an endpoint without its id. */
export type EndpointDefinition = PublicEndpoint;
