/** The message of a run for one endpoint, ready to be claimed; or the failure that it is. */
import { toTimestamp } from '../../../kernel/clock.ts';
import { toPublicEndpoint, type WholeEndpoint } from '../../audience/index.ts';
import type { ChannelType, OpenProvider } from '../../channels/index.ts';
import {
  compose,
  type Messaging,
  type MessagingSettings,
  type Overrides,
  type Refused,
  type Run,
  recipientOfEndpoint,
  refusal,
  type SendDetail,
  toEndpointDefinition,
  toRecipientEndpoint,
  trackEmail,
  type WantedSend,
} from '../../messaging/index.ts';
import { variablesOf } from '../../templates/index.ts';
import type { KeptEndpoint } from '../hooks/filter.ts';
import type { OpenRun, OpenTreatment } from './open-run.ts';
import type { Recommended } from './recommendations.ts';

export interface ComposeContext {
  readonly open: OpenRun;
  /** Of the claims: the run's, or one for each event. */
  readonly run: Run;
  readonly settings: MessagingSettings;
  readonly links: Messaging['links'];
  readonly now: Date;
  /** Told of variables without a value: rehearsals show them. */
  missing?(names: ReadonlySet<string>): void;
}

const noOverrides: Overrides = { title: undefined, body: undefined, rawContent: undefined };
const noContext = Object.freeze({});

export interface Chosen {
  readonly endpoint: WholeEndpoint;
  readonly treatment: OpenTreatment;
  /** As a hook left it: what its message sees, and what is said to it otherwise. */
  readonly kept?: KeptEndpoint | undefined;
  readonly recommended?: Recommended | undefined;
}

/** Address and channel are there: it was judged. */
export function composeSend(
  context: ComposeContext,
  { endpoint, treatment, kept, recommended }: Chosen,
  provider: OpenProvider | undefined,
): WantedSend | Refused {
  const channelType = endpoint.channelType as ChannelType;
  const { custom } = treatment;
  if (custom?.endpointTypes.has(channelType) === true)
    return customSend(context, { endpoint, treatment, kept }, custom);
  if (provider === undefined) return refusal(`Nobody delivers messages of the channel ${channelType}`, 400);
  const shown = { ...toRecipientEndpoint(endpoint), ...kept?.endpoint };
  const overrides = kept === undefined ? noOverrides : { ...noOverrides, title: kept.title, body: kept.body };
  const { sources } = treatment;
  const address = endpoint.address as string;
  const made = compose(
    sources,
    {
      ...{ channelType, address, overrides, endpointId: endpoint.shownId },
      variablesFor: (source) =>
        variablesOf({
          endpoint: shown,
          substitutions: [undefined, source.substitutions, sources.substitutions],
          defaults: source.defaults,
          ...(recommended !== undefined && { recommendations: recommended }),
        }),
    },
    provider,
    {
      ...{ origin: originOf(context, treatment), context: noContext, traceId: undefined, now: context.now },
      missingVariables: context.settings.missingVariables,
    },
  );
  if ('refused' in made) return made.refused;
  const { composed, rendering } = made;
  context.missing?.(rendering.missing);
  const { run, settings, links } = context;
  const recipient = recipientOfEndpoint(endpoint);
  const linked = {
    ...{ projectNumber: run.projectNumber, runId: run.id, startedAt: run.startedAt },
    ...{ recipient: recipient.text, bucket: recipient.bucket },
  };
  return {
    ...{ run, recipient, channelType, address: composed.address },
    endpoint: targetOf(endpoint),
    content: trackEmail(composed.content, linked, settings, links),
    detail: { ...detailOf(context, endpoint, treatment), address: composed.address, ...composed.detail },
    shown: toPublicEndpoint(endpoint),
  };
}

function customSend(
  context: ComposeContext,
  { endpoint, treatment, kept }: Chosen,
  { deliveryUri, data }: NonNullable<OpenTreatment['custom']>,
): WantedSend {
  const { open, run } = context;
  const { campaignId, scheduledStart } = open.stored;
  return {
    ...{ run, recipient: recipientOfEndpoint(endpoint), channelType: 'CUSTOM', address: endpoint.address as string },
    endpoint: targetOf(endpoint),
    content: {
      ...{ kind: 'custom', deliveryUri, data, endpointId: endpoint.shownId },
      endpoint: kept?.endpoint ?? toEndpointDefinition(endpoint),
      origin: {
        ...{ applicationId: run.applicationId, campaignId, treatmentId: treatment.id },
        ...{ activityId: treatment.activityId, scheduledTime: toTimestamp(scheduledStart) },
      },
    },
    detail: detailOf(context, endpoint, treatment),
    shown: toPublicEndpoint(endpoint),
  };
}

function targetOf({ id, bucket, generation }: WholeEndpoint) {
  return { id, bucket, generation, mustBeActive: true };
}

/** What the log of sends keeps, of those who get nothing as well. */
export function detailOf(
  { open, run }: Pick<ComposeContext, 'open' | 'run'>,
  { address, shownId, generation }: WholeEndpoint,
  treatment: Pick<OpenTreatment, 'id' | 'activityId'>,
): SendDetail {
  return {
    ...{ accountId: run.accountId, applicationId: run.applicationId, address: address ?? '' },
    origin: originOf({ open }, treatment),
    ...{ endpointId: shownId, endpointGeneration: generation },
  };
}

export function originOf(
  { open }: Pick<ComposeContext, 'open'>,
  { id, activityId }: Pick<OpenTreatment, 'id' | 'activityId'>,
) {
  return { kind: 'campaign', campaignId: open.stored.campaignId, activityId, treatmentId: id } as const;
}
