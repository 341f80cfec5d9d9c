/**
 * Recommendations for those who are about to be written to with a template that is connected to a recommender
 * (dossier/messaging §15). Whoever gets none that the template can use gets no message.
 */

import { toTimestamp } from '../../../kernel/clock.ts';
import { type ChannelType, type EndpointDefinition, isPushChannel } from '../../channels/index.ts';
import { toEndpointDefinition } from '../../messaging/index.ts';
import { findRecommender, type Recommendation, recommend } from '../../recommenders/index.ts';
import type { ProducedEndpoint } from './enumerate.ts';
import type { OpenRun, OpenTreatment } from './open-run.ts';
import type { RunParts } from './parts.ts';

export interface Recommended {
  readonly RecommendationItems: readonly string[];
  readonly Recommendations: Readonly<Record<string, string | readonly string[]>>;
}

export interface WhoIsRecommended {
  readonly endpoint: ProducedEndpoint;
  readonly treatment: OpenTreatment;
  /** As a hook left it. */
  readonly shown: EndpointDefinition | undefined;
}

/** Of those alone whose template wants any. */
export async function findRecommendations(
  parts: RunParts,
  open: OpenRun,
  wanted: readonly WhoIsRecommended[],
  signal: AbortSignal,
): Promise<ReadonlyMap<ProducedEndpoint, Recommended | 'RECOMMENDATION_FAILURE'>> {
  const found = new Map<ProducedEndpoint, Recommended | 'RECOMMENDATION_FAILURE'>();
  const byTemplate = Map.groupBy(wanted, (each) => {
    const id = recommenderOf(each.treatment, each.endpoint.channelType as ChannelType);
    return id === undefined ? undefined : `${each.treatment.id} ${id}`;
  });
  for (const [key, people] of byTemplate) {
    if (key === undefined) continue;
    const answers = await ask(parts, open, key.slice(key.indexOf(' ') + 1), people, signal);
    for (const { endpoint } of people) found.set(endpoint, toRecommended(answers?.get(endpoint.shownId)));
  }
  return found;
}

/** Undefined: a deleted configuration makes messages unsendable. */
async function ask(
  { database, http, lambda }: RunParts,
  { run, stored }: OpenRun,
  id: string,
  people: readonly WhoIsRecommended[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Recommendation> | undefined> {
  const { accountId, region, applicationId } = run;
  const configuration = await findRecommender(database.query, { accountId, region }, id);
  if (configuration === undefined) return undefined;
  const [{ treatment }] = people as readonly [WhoIsRecommended];
  const settings = {
    ...{ ApplicationId: applicationId, CampaignId: stored.campaignId, TreatmentId: treatment.id },
    ...{ ActivityId: treatment.activityId, ScheduledTime: toTimestamp(stored.scheduledStart) },
  };
  const endpoints = new Map(
    people.map(({ endpoint, shown }) => [endpoint.shownId, shown ?? toEndpointDefinition(endpoint)]),
  );
  return recommend({ configuration, endpoints, settings }, { http, lambda }, signal);
}

function toRecommended(answer: Recommendation | undefined): Recommended | 'RECOMMENDATION_FAILURE' {
  if (answer === undefined || 'failure' in answer) return 'RECOMMENDATION_FAILURE';
  return { RecommendationItems: answer.items, Recommendations: answer.attributes };
}

/** One for each template at most. */
function recommenderOf({ templates, custom }: OpenTreatment, channelType: ChannelType): string | undefined {
  if (templates === undefined || custom?.endpointTypes.has(channelType) === true) return undefined;
  if (isPushChannel(channelType)) return templates.PUSH?.content.RecommenderId;
  if (channelType === 'EMAIL') return templates.EMAIL?.content.RecommenderId;
  return channelType === 'SMS' ? templates.SMS?.content.RecommenderId : undefined;
}

/** Nobody is asked where no template of the run is connected. */
export function wantsRecommendations({ treatments }: OpenRun): boolean {
  return [...treatments.values()].some(({ templates }) =>
    [templates?.EMAIL, templates?.PUSH, templates?.SMS].some((each) => each?.content.RecommenderId !== undefined),
  );
}
