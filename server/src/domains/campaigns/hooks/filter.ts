/**
 * Campaign hooks: a function or a URL that is shown up to fifty endpoints before they are written to, and says who stays
 * and what messages shall know of them (dossier/messaging §1.12).
 */
import type { CampaignHook, MessageConfiguration } from '../../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { CallFailed, type CallParts, callFunction, callUrl } from '../../../outgoing/calls.ts';
import type { EndpointDefinition } from '../../channels/index.ts';
import type { Campaign } from '../campaign.ts';
import { toDirectShape } from './direct-shape.ts';
import { type KeptEndpoint, readReply } from './reply.ts';

export type { KeptEndpoint } from './reply.ts';

export interface HookParts extends CallParts {
  readonly logger: Logger;
}

export interface FilterRequest {
  readonly hook: CampaignHook;
  readonly run: {
    readonly applicationId: string;
    readonly campaignId: string;
    readonly scheduledStart: Date;
  };
  readonly treatment: {
    readonly id: string;
    /** Undefined where a template says everything. */
    readonly message: MessageConfiguration | undefined;
  };
  readonly activityId: string;
  /** By the id that is shown. At most `endpointsPerFilter`. */
  readonly endpoints: ReadonlyMap<string, EndpointDefinition>;
}

export const endpointsPerFilter = 50;

/** Those of the request that stay, as their messages shall see them. */
export interface Filtered {
  readonly kept: ReadonlyMap<string, KeptEndpoint>;
}

/** The hook that filters a campaign's runs: its own before the project's. The mode DELIVERY is no more (§1.12). */
export function filterOf({ definition, inherited }: Pick<Campaign, 'definition' | 'inherited'>) {
  const hook = definition.Hook ?? inherited.hook;
  if (hook === undefined || hook.Mode === 'DELIVERY') return undefined;
  return targetOf(hook) === undefined ? undefined : hook;
}

/**
 * Three attempts of 15 seconds each; what fails then, fails for these endpoints and for no others.
 * @throws the signal's reason, when the process stops: nothing is known of these endpoints
 */
export async function filterBatch(
  parts: HookParts,
  request: FilterRequest,
  signal: AbortSignal,
): Promise<Filtered | 'HOOK_FAILURE'> {
  const { endpoints, run } = request;
  if (endpoints.size > endpointsPerFilter) throw new RangeError('Too many endpoints for one call of a hook');
  const failed = (cause: string) => {
    const context = { projectId: run.applicationId, campaign: run.campaignId, activity: request.activityId };
    parts.logger.warn({ ...context, cause }, 'a campaign hook failed');
    return 'HOOK_FAILURE' as const;
  };
  let reply: string;
  try {
    reply = await ask(parts, request, signal);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return failed(error.message);
  }
  const kept = readReply(reply, endpoints);
  return kept === undefined ? failed('no map of endpoints') : { kept };
}

function ask(parts: HookParts, request: FilterRequest, signal: AbortSignal): Promise<string> {
  const target = targetOf(request.hook);
  if (target === undefined) throw new Error('A hook names neither a function nor a URL');
  const call = target.kind === 'function' ? callFunction : callUrl;
  return call(target.name, toPayload(request), parts, signal);
}

/** An empty text is what clients send of a form that was left empty. */
function targetOf({ LambdaFunctionName: functionName, WebUrl: url }: CampaignHook) {
  if (functionName !== undefined && functionName !== '') return { kind: 'function', name: functionName } as const;
  return url !== undefined && url !== '' ? ({ kind: 'url', name: url } as const) : undefined;
}

/** Members in the order of the documented sample. */
function toPayload({ run, treatment, activityId, endpoints }: FilterRequest): string {
  return JSON.stringify({
    MessageConfiguration: toDirectShape(treatment.message ?? {}),
    ApplicationId: run.applicationId,
    CampaignId: run.campaignId,
    TreatmentId: treatment.id,
    ActivityId: activityId,
    ScheduledTime: toTimestamp(run.scheduledStart),
    Endpoints: Object.fromEntries(endpoints),
  });
}
