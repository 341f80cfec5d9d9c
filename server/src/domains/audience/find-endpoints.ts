/** A person by whatever is known of them (ours): an endpoint id, a user id or an address, each a look-up in an index. */
import type { FoundEndpoint } from '../../contract/repoint-types.ts';
import type { Database } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest } from '../../kernel/errors.ts';
import type { Handlers } from '../../operations/call.ts';
import type { Audience } from './audience.ts';
import { endpointKey } from './endpoint.ts';
import { inOrder, userKeys } from './remove.ts';
import { findByAddress, findEndpoints, type WholeEndpoint } from './store.ts';
import { readUsers } from './users-store.ts';

/** Somebody may share an address with a whole test system. */
const mostFound = 100;

export function findEndpointsOperation({
  database: { query },
  audience,
}: {
  readonly database: Database;
  readonly audience: Audience;
}): Handlers<'FindEndpoints'> {
  return {
    async FindEndpoints({ FindEndpointsRequest: { Identity } }, { project }) {
      const identity = Identity.trim();
      if (identity === '') throw badRequest('Identity must not be empty');
      const [byId, users, ...byAddress] = await Promise.all([
        audience.find(endpointKey(project.number, identity)),
        readUsers(query, [{ projectNumber: project.number, userId: identity }]),
        ...spellings(identity).map((address) => findByAddress(query, project.number, address)),
      ]);
      const ofUsers = await findEndpoints(
        query,
        users.flatMap(({ endpointIds }) => userKeys(project.number, endpointIds)),
      );
      const found = [
        ...(byId === undefined ? [] : [toFound(byId, 'ENDPOINT_ID')]),
        ...inOrder(ofUsers).map((endpoint) => toFound(endpoint, 'USER_ID')),
        ...byAddress.flat().map((endpoint) => toFound(endpoint, 'ADDRESS')),
      ];
      // Whoever uses an address as an endpoint id is found twice.
      const once = new Map(found.toReversed().map((each) => [each.EndpointId, each]));
      return { Item: [...once.values()].toReversed().slice(0, mostFound) };
    },
  };
}

/** A number as it is spelt, and as it is dialled. */
function spellings(address: string): readonly string[] {
  const dialled = address.startsWith('+') ? address.replaceAll(/[\s().\-/]/g, '') : address;
  return [...new Set([address, dialled])];
}

function toFound(endpoint: WholeEndpoint, FoundBy: FoundEndpoint['FoundBy']): FoundEndpoint {
  const { shownId, channelType, address, userId, status, optOut, createdAt } = endpoint;
  return {
    ...{ EndpointId: shownId, EndpointStatus: status, OptOut: optOut, CreationDate: toTimestamp(createdAt), FoundBy },
    ...(channelType !== null && { ChannelType: channelType }),
    ...(address !== null && { Address: address }),
    ...(userId !== null && { UserId: userId }),
  };
}
