/** Endpoints and users: UpdateEndpoint(sBatch), GetEndpoint, GetUserEndpoints, RemoveAttributes; joins in all others. */
import type { AttributesResource, MessageBody } from '../../contract/pinpoint-types.ts';
import type { Database, Transaction } from '../../database/index.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import type { Audience } from './audience.ts';
import { checkEndpointId, limits, readChange } from './change.ts';
import { deleteEndpointOperations, type RemovedHandler } from './delete-endpoints.ts';
import { endpointKey } from './endpoint.ts';
import { findEndpointsOperation } from './find-endpoints.ts';
import { inOrder, userKeys } from './remove.ts';
import { toEndpointResponse } from './response.ts';
import { blockNames, type NameKind } from './rules.ts';
import { findEndpoints } from './store.ts';
import { readUsers } from './users-store.ts';
import type { EndpointWrite } from './workspace.ts';

type Operation =
  | 'UpdateEndpoint'
  | 'UpdateEndpointsBatch'
  | 'FindEndpoints'
  | 'GetEndpoint'
  | 'DeleteEndpoint'
  | 'GetUserEndpoints'
  | 'DeleteUserEndpoints'
  | 'RemoveAttributes';

const maximumBatch = 100;

/** Names of the path, and what they act on; the last is what very old SDKs say. */
const nameKinds: Readonly<Record<string, NameKind>> = {
  'endpoint-custom-attributes': 'attribute',
  'endpoint-metric-attributes': 'metric',
  'endpoint-user-attributes': 'user attribute',
  'endpoint-custom-metrics': 'metric',
};

/** Told in the transaction of RemoveAttributes which names are no longer captured. */
export type AttributesRemovedHandler = (
  tx: Transaction,
  call: ProjectCall,
  names: { readonly kind: NameKind; readonly patterns: readonly string[] },
) => Promise<void>;

interface OperationParts {
  readonly database: Database;
  readonly audience: Audience;
  readonly removed: RemovedHandler;
  readonly attributesRemoved: AttributesRemovedHandler;
}

export function audienceOperations(parts: OperationParts): Handlers<Operation> {
  const { database, audience, removed, attributesRemoved } = parts;

  return {
    ...findEndpointsOperation({ database, audience }),
    ...deleteEndpointOperations({ audience, removed }),

    async UpdateEndpoint({ EndpointId, EndpointRequest }, call) {
      await audience.write([toWrite(EndpointId, EndpointRequest, call)]);
      return accepted(call);
    },

    async UpdateEndpointsBatch({ EndpointBatchRequest: { Item } }, call) {
      if (Item.length === 0 || Item.length > maximumBatch) {
        throw badRequest(`Item must have 1 to ${maximumBatch} endpoints`);
      }
      await audience.write(Item.map(({ Id, ...request }) => toWrite(Id, request, call)));
      return accepted(call);
    },

    async GetEndpoint({ EndpointId }, call) {
      const endpoint = await audience.find(endpointKey(call.project.number, EndpointId));
      if (endpoint === undefined) throw notFound();
      return toEndpointResponse(endpoint, call.project.id);
    },

    async GetUserEndpoints({ UserId }, call) {
      const [user] = await readUsers(database.query, [{ projectNumber: call.project.number, userId: UserId }]);
      if (user === undefined) throw notFound();
      const endpoints = await findEndpoints(database.query, userKeys(user.projectNumber, user.endpointIds));
      return { Item: inOrder(endpoints).map((endpoint) => toEndpointResponse(endpoint, call.project.id)) };
    },

    async RemoveAttributes({ AttributeType, UpdateAttributesRequest }, call): Promise<AttributesResource> {
      const kind = Object.hasOwn(nameKinds, AttributeType) ? nameKinds[AttributeType] : undefined;
      if (kind === undefined) throw badRequest('attribute-type is not one of the documented ones');
      const patterns = checkPatterns(UpdateAttributesRequest.Blacklist ?? []);
      const resource = { ApplicationId: call.project.id, AttributeType };
      if (patterns.length === 0) return { ...resource, Attributes: [] };
      const freed = await call.transaction((tx) => stopCapturing(tx, call, { kind, patterns }, attributesRemoved));
      audience.forgetRules(call.project.number);
      const exact = patterns.filter((pattern) => !/[*?]/.test(pattern));
      return { ...resource, Attributes: [...new Set([...freed, ...exact])] };
    },
  };
}

/** @throws BadRequestException for one that cannot be a key */
function checkPatterns(patterns: readonly string[]): readonly string[] {
  if (patterns.every((pattern) => pattern.length <= limits.patternLength)) return patterns;
  throw badRequest(`Blacklist: a name or pattern can have at most ${limits.patternLength} characters`);
}

/** @returns names that were in use */
async function stopCapturing(
  tx: Transaction,
  call: ProjectCall,
  names: Parameters<AttributesRemovedHandler>[2],
  attributesRemoved: AttributesRemovedHandler,
): Promise<string[]> {
  const freed = await blockNames(tx, call.project.number, names.kind, names.patterns);
  await attributesRemoved(tx, call, names);
  return freed;
}

function toWrite(id: string | undefined, request: Parameters<typeof readChange>[0], call: ProjectCall): EndpointWrite {
  const endpointId = checkEndpointId(id);
  return {
    key: endpointKey(call.project.number, endpointId),
    endpointId,
    applicationId: call.project.id,
    change: readChange(request),
    now: call.now,
    requestId: call.requestId,
  };
}

function accepted(call: ProjectCall): MessageBody {
  return { Message: 'Accepted', RequestID: call.requestId };
}
