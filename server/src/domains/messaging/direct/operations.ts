/** SendMessages and SendUsersMessages (dossier/messaging §5). */
import type {
  AddressConfiguration,
  ChannelType,
  EndpointMessageResult,
  EndpointSendConfiguration,
  MessageRequest,
  MessageResult,
  SendUsersMessageRequest,
  TemplateConfiguration,
} from '../../../contract/pinpoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import {
  type Audience,
  endpointKey,
  findEndpoints,
  readUsers,
  userKeys,
  type WholeEndpoint,
} from '../../audience/index.ts';
import { isPushChannel } from '../../channels/index.ts';
import type { FoundTemplate, TemplateLookup, TemplateType } from '../../templates/index.ts';
import { directSources } from '../compose/direct-sources.ts';
import type { MessageSources } from '../compose/sources.ts';
import type { Run, SendResult } from '../sends/send.ts';
import type { IdempotentCalls } from './idempotent-calls.ts';
import { type DirectParts, type DirectTarget, sendDirect } from './send-direct.ts';

export interface DirectOperationParts extends DirectParts {
  readonly database: Database;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly idempotentCalls: IdempotentCalls;
}

/** Addresses and endpoints of one call together. */
const maximumTargets = 100;

export function directOperations(parts: DirectOperationParts): Handlers<'SendMessages' | 'SendUsersMessages'> {
  const { audience, database, idempotentCalls } = parts;

  async function sendMessages(request: MessageRequest, call: ProjectCall) {
    const addresses = Object.entries(request.Addresses ?? {});
    const endpoints = Object.entries(request.Endpoints ?? {});
    checkTargets(addresses.length + endpoints.length);
    const sources = await readSources(parts, request, call);
    const found = await Promise.all(endpoints.map(([id]) => audience.find(endpointKey(call.project.number, id))));
    const targets = [
      ...addresses.map(([address, given]) => addressTarget(address, given, request)),
      ...endpoints.map(([, given], index) => endpointTarget(found[index], given, request)),
    ];
    const known = targets.filter((target) => target !== undefined);
    const sent = await sendDirect(parts, { call, run: directRun(call), sources, traceId: request.TraceId }, known);
    const results = sent.values();
    const all = targets.map((target) => (target === undefined ? noSuchEndpoint : (results.next().value as SendResult)));
    return {
      ...{ ApplicationId: call.project.id, RequestId: call.requestId },
      ...(addresses.length > 0 && {
        Result: Object.fromEntries(addresses.map(([address], index) => [address, toResult(all[index] as SendResult)])),
      }),
      ...(endpoints.length > 0 && {
        EndpointResult: Object.fromEntries(
          endpoints.map(([id], index) => [
            id,
            toEndpointResult(all[addresses.length + index] as SendResult, found[index]),
          ]),
        ),
      }),
    };
  }

  async function sendUsersMessages(request: SendUsersMessageRequest, call: ProjectCall) {
    const users = Object.entries(request.Users);
    checkTargets(users.length);
    const sources = await readSources(parts, request, call);
    const endpoints = await endpointsOfUsers(
      database,
      call.project.number,
      users.map(([userId]) => userId),
    );
    const reached = users.flatMap(([userId, given]) =>
      (endpoints.get(userId) ?? [])
        .filter((endpoint) => endpoint.status === 'ACTIVE' && hasContentFor(sources, endpoint))
        .map((endpoint) => ({ userId, endpoint, target: endpointTarget(endpoint, given, request) as DirectTarget })),
    );
    const direct = { call, run: directRun(call), sources, traceId: request.TraceId };
    const results = await sendDirect(
      parts,
      direct,
      reached.map(({ target }) => target),
    );
    const byUser = users.map(([userId]) => {
      const own = reached.flatMap(({ userId: owner, endpoint }, index) =>
        owner === userId ? [[endpoint.shownId, toEndpointResult(results[index] as SendResult, endpoint)] as const] : [],
      );
      return [userId, Object.fromEntries(own)] as const;
    });
    return { ApplicationId: call.project.id, RequestId: call.requestId, Result: Object.fromEntries(byUser) };
  }

  return {
    SendMessages: ({ MessageRequest: request }, call) =>
      once(idempotentCalls, request, call, () => sendMessages(request, call)),
    SendUsersMessages: ({ SendUsersMessageRequest: request }, call) =>
      once(idempotentCalls, request, call, () => sendUsersMessages(request, call)),
  };
}

/** With an `Idempotency-Key`, a repeated call answers what the first one did. */
export function once<Answer>(
  calls: IdempotentCalls,
  request: unknown,
  call: ProjectCall,
  make: () => Promise<Answer>,
): Promise<Answer> {
  const key = call.idempotencyKey;
  if (key === undefined) return make();
  const { accessKeyId } = call.caller;
  const name = { projectNumber: call.project.number, accessKeyId, operation: call.operation, key };
  return calls.once(name, request, call.now, make);
}

function checkTargets(count: number): void {
  if (count < 1 || count > maximumTargets) throw badRequest(`A call must name 1 to ${maximumTargets} recipients`);
}

export function directRun(call: ProjectCall): Run {
  return {
    id: call.requestId,
    accountId: call.caller.accountId,
    region: call.region,
    projectNumber: call.project.number,
    applicationId: call.project.id,
    startedAt: call.now,
    kind: 'direct',
  };
}

async function readSources(
  { templates }: DirectOperationParts,
  { MessageConfiguration, TemplateConfiguration }: MessageRequest | SendUsersMessageRequest,
  call: ProjectCall,
): Promise<MessageSources> {
  const scope = { accountId: call.caller.accountId, region: call.region };
  const find = async <Type extends TemplateType>(type: Type, member: keyof TemplateConfiguration) => {
    const named = TemplateConfiguration?.[member];
    if (named?.Name === undefined) return undefined;
    const template: FoundTemplate<Type> | undefined = await templates.find(scope, {
      ...{ type, name: named.Name, version: named.Version },
    });
    if (template === undefined)
      throw badRequest(`TemplateConfiguration.${member} names a template that does not exist`);
    return template;
  };
  return directSources(MessageConfiguration, {
    EMAIL: await find('EMAIL', 'EmailTemplate'),
    PUSH: await find('PUSH', 'PushTemplate'),
    SMS: await find('SMS', 'SMSTemplate'),
    VOICE: await find('VOICE', 'VoiceTemplate'),
  });
}

function addressTarget(address: string, given: AddressConfiguration, request: MessageRequest): DirectTarget {
  return { channelType: given.ChannelType, address, endpoint: undefined, ...targetOptions(given, request) };
}

function endpointTarget(
  endpoint: WholeEndpoint | undefined,
  given: EndpointSendConfiguration,
  request: MessageRequest | SendUsersMessageRequest,
): DirectTarget | undefined {
  if (endpoint === undefined) return undefined;
  const { channelType, address } = endpoint;
  return {
    ...{ channelType: (channelType ?? undefined) as ChannelType | undefined, address: address ?? undefined, endpoint },
    ...targetOptions(given, request),
  };
}

function targetOptions(given: EndpointSendConfiguration, request: MessageRequest | SendUsersMessageRequest) {
  return {
    overrides: { title: given.TitleOverride, body: given.BodyOverride, rawContent: given.RawContent },
    substitutions: given.Substitutions ?? {},
    context: { ...request.Context, ...given.Context },
  };
}

async function endpointsOfUsers(database: Database, projectNumber: number, userIds: readonly string[]) {
  const users = await readUsers(
    database.query,
    userIds.map((userId) => ({ projectNumber, userId })),
  );
  const keys = users.flatMap(({ endpointIds }) => userKeys(projectNumber, endpointIds));
  const endpoints = (await findEndpoints(database.query, keys)).filter((endpoint) => endpoint !== undefined);
  return Map.groupBy(endpoints, ({ userId }) => userId as string);
}

/** Endpoints of channels that the message has nothing for are left out (dossier/messaging §5.2). */
function hasContentFor(sources: MessageSources, { channelType, address }: WholeEndpoint): boolean {
  if (address === null || channelType === null) return false;
  if (isPushChannel(channelType as ChannelType)) return sources.push(channelType as 'GCM') !== undefined;
  const plain = { EMAIL: sources.email, SMS: sources.sms, VOICE: sources.voice };
  return Object.hasOwn(plain, channelType) && plain[channelType as keyof typeof plain] !== undefined;
}

const noSuchEndpoint: SendResult = {
  status: 'PERMANENT_FAILURE',
  statusCode: 404,
  statusMessage: 'The endpoint does not exist',
};

function toEndpointResult(result: SendResult, endpoint: WholeEndpoint | undefined): EndpointMessageResult {
  return { ...(endpoint?.address != null && { Address: endpoint.address }), ...toResult(result) };
}

/** What the API has no word for, in its words. */
export function toResult(result: SendResult): MessageResult {
  const { status, statusCode, statusMessage, messageId, updatedAddress } = result;
  return {
    DeliveryStatus: toDeliveryStatus(status),
    StatusCode: statusCode,
    StatusMessage: statusMessage,
    ...(messageId !== undefined && { MessageId: messageId }),
    ...(updatedAddress !== undefined && { UpdatedToken: updatedAddress }),
  };
}

function toDeliveryStatus(status: SendResult['status']): MessageResult['DeliveryStatus'] {
  switch (status) {
    // Accepted, and not attempted (dossier/messaging §12).
    case 'SUPPRESSED':
      return 'SUCCESSFUL';
    case 'INACTIVE':
    case 'ERASED':
      return 'PERMANENT_FAILURE';
    default:
      return status;
  }
}
