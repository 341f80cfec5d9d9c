/** Sends one message to the targets of a call: composes for each, hands it to the pipeline, and collects what became of it. */

import { normaliseAddress } from '../../../kernel/address.ts';
import type { ProjectCall } from '../../../operations/call.ts';
import type { WholeEndpoint } from '../../audience/index.ts';
import { type ChannelType, isPushChannel, type OpenProvider, type Providers } from '../../channels/index.ts';
import { variablesOf } from '../../templates/index.ts';
import { compose, type Recipient, refusal } from '../compose/compose.ts';
import type { MessageSources, Overrides, Substitutions } from '../compose/sources.ts';
import { trackEmail } from '../compose/track-email.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type AddressHashes, type Run, recipientOfEndpoint, type SendResult, type WantedSend } from '../sends/send.ts';
import type { MessagingSettings, SettingsLookup } from '../settings/settings.ts';
import type { TrackingLinks } from '../tracking/links.ts';
import { toRecipientEndpoint } from './public-endpoint.ts';

export interface DirectParts {
  readonly providers: Providers;
  readonly pipeline: Pipeline;
  readonly hashes: AddressHashes;
  readonly settings: SettingsLookup;
  /** Undefined without a public URL. */
  readonly links: TrackingLinks | undefined;
}

/** One that a call wants to reach: an address, or an endpoint. */
export interface DirectTarget {
  readonly channelType: ChannelType | undefined;
  readonly address: string | undefined;
  readonly endpoint: WholeEndpoint | undefined;
  readonly overrides: Overrides;
  readonly substitutions: Substitutions;
  /** Of the request and of the target, merged. */
  readonly context: Readonly<Record<string, string>>;
}

export interface DirectRequest {
  readonly call: ProjectCall;
  readonly run: Run;
  readonly sources: MessageSources;
  readonly traceId: string | undefined;
}

/** Results in the order of the targets. */
export async function sendDirect(
  parts: DirectParts,
  request: DirectRequest,
  targets: readonly DirectTarget[],
): Promise<readonly SendResult[]> {
  const settings = await parts.settings.find(request.run.projectNumber);
  const first = new Set<string>();
  const results = targets.map((target): SendResult | Promise<SendResult> => {
    const { channelType, address } = target;
    if (channelType === undefined) return refusal('ChannelType is missing');
    if (address === undefined || address === '') return refusal('The endpoint has no address');
    const place = `${channelType} ${normaliseAddress(address)}`;
    if (first.has(place)) return duplicate;
    first.add(place);
    return sendToTarget(parts, request, settings, { ...target, channelType, address });
  });
  return settleAll(await Promise.allSettled(results), request);
}

/**
 * A message that could not even be claimed has not left; others of the call have, and whoever hears of a fault of the
 * whole call sends them again. @throws the fault of a call of which nothing was done
 */
function settleAll(
  settled: readonly PromiseSettledResult<SendResult>[],
  { call, run }: DirectRequest,
): readonly SendResult[] {
  const [failed] = settled.filter((each) => each.status === 'rejected');
  if (failed !== undefined && settled.every(({ status }) => status === 'rejected')) throw failed.reason;
  if (failed !== undefined) call.logger.error({ run: run.id, err: failed.reason }, 'messages could not be claimed');
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : notClaimed));
}

const notClaimed: SendResult = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'The message could not be taken at the moment',
};

const duplicate: SendResult = {
  status: 'DUPLICATE',
  statusCode: 200,
  statusMessage: 'Another recipient of this call has the same address',
};

type AddressedTarget = DirectTarget & { readonly channelType: ChannelType; readonly address: string };

async function sendToTarget(
  { providers, pipeline, hashes, links }: DirectParts,
  request: DirectRequest,
  settings: MessagingSettings,
  target: AddressedTarget,
): Promise<SendResult> {
  const { call, run, sources, traceId } = request;
  const { channelType, endpoint, context } = target;
  const provider = await providers.driverFor(call.project, channelType);
  const refused = provider === undefined ? notSupported(channelType) : refuseChannel(channelType, provider);
  if (refused !== undefined || provider === undefined) return refused ?? notSupported(channelType);
  const made = compose(sources, toRecipient(target, sources), provider, {
    ...{ origin: { kind: 'direct' }, context, traceId, now: call.now, missingVariables: settings.missingVariables },
  });
  if ('refused' in made) return made.refused;
  const { composed } = made;
  const recipient = endpoint ? recipientOfEndpoint(endpoint) : hashes.recipientOf(channelType, composed.address);
  const linked = {
    projectNumber: run.projectNumber,
    runId: run.id,
    recipient: recipient.text,
    bucket: recipient.bucket,
    startedAt: run.startedAt,
  };
  const send: WantedSend = {
    ...{ run, recipient, channelType, address: composed.address },
    ...(endpoint && { endpoint: { ...pickKey(endpoint), mustBeActive: false } }),
    content: trackEmail(composed.content, linked, settings, links),
    detail: {
      accountId: run.accountId,
      applicationId: run.applicationId,
      address: composed.address,
      origin: { kind: 'direct', context },
      ...(traceId !== undefined && { traceId }),
      ...(endpoint && { endpointId: endpoint.shownId, endpointGeneration: endpoint.generation }),
      ...composed.detail,
    },
  };
  return pipeline.send(provider, send);
}

function pickKey({ id, bucket, generation }: WholeEndpoint) {
  return { id, bucket, generation };
}

function toRecipient(target: AddressedTarget, sources: MessageSources): Recipient {
  const { channelType, address, endpoint, overrides, substitutions } = target;
  return {
    ...{ channelType, address, overrides, endpointId: endpoint?.shownId },
    variablesFor: (source) =>
      variablesOf({
        ...(endpoint && { endpoint: toRecipientEndpoint(endpoint) }),
        substitutions: [substitutions, source.substitutions, sources.substitutions],
        defaults: source.defaults,
      }),
  };
}

function notSupported(channelType: ChannelType): SendResult {
  return refusal(`The channel ${channelType} is not supported`);
}

/**
 * A channel that was never set up, or is switched off. E-mail goes on while its channel is switched off: that holds back
 * campaigns and journeys only (dossier/messaging §5.1).
 */
function refuseChannel(channelType: ChannelType, { channel }: OpenProvider): SendResult | undefined {
  const known = isPushChannel(channelType) || ['EMAIL', 'SMS', 'VOICE'].includes(channelType);
  if (!known) return notSupported(channelType);
  if (channel === undefined) return refusal(`The channel ${channelType} is not set up in this project`);
  return channel.enabled || channelType === 'EMAIL'
    ? undefined
    : refusal(`The channel ${channelType} is switched off in this project`);
}
