/**
 * Between judging and composing: the campaign's hook says who stays and as whom (dossier/messaging §1.12), and recommenders
 * say what is recommended to them (§15). Both are calls of somebody else's, made outside of any transaction.
 */
import { toEndpointDefinition } from '../../messaging/index.ts';
import { endpointsPerFilter, filterBatch, type KeptEndpoint } from '../hooks/filter.ts';
import type { ProducedEndpoint } from './enumerate.ts';
import type { OpenRun, OpenTreatment } from './open-run.ts';
import type { Enrich, Enriched, Undecided } from './page.ts';
import type { RunParts } from './parts.ts';
import { findRecommendations, type Recommended, wantsRecommendations } from './recommendations.ts';

/** Of one page; a slow function would hold up the others for longer than its range is held. */
const callsAtOnce = 4;

export function enricher(parts: RunParts, open: OpenRun, signal: AbortSignal): Enrich {
  const { hook } = open;
  const recommends = wantsRecommendations(open);
  return async (wanted) => {
    const verdicts = hook === undefined ? undefined : await askHook(parts, open, { hook, wanted }, signal);
    if (!recommends) return (endpoint) => verdictOf(verdicts?.get(endpoint), undefined);
    const stay = wanted.flatMap(({ endpoint, treatment }) => {
      const verdict = verdicts?.get(endpoint);
      return typeof verdict === 'string' ? [] : [{ endpoint, treatment, shown: verdict?.endpoint }];
    });
    const recommended = await findRecommendations(parts, open, stay, signal);
    return (endpoint) => verdictOf(verdicts?.get(endpoint), recommended.get(endpoint));
  };
}

function verdictOf(
  hooked: HookVerdict | undefined,
  recommended: Recommended | 'RECOMMENDATION_FAILURE' | undefined,
): Enriched {
  if (typeof hooked === 'string') return hooked;
  if (recommended === 'RECOMMENDATION_FAILURE') return recommended;
  return { kept: hooked, recommended };
}

type HookVerdict = KeptEndpoint | 'FILTERED_OUT_BY_HOOK' | 'HOOK_FAILURE';

interface Question {
  readonly hook: NonNullable<OpenRun['hook']>;
  readonly wanted: readonly Undecided[];
}

async function askHook(
  parts: RunParts,
  open: OpenRun,
  { hook, wanted }: Question,
  signal: AbortSignal,
): Promise<ReadonlyMap<ProducedEndpoint, HookVerdict>> {
  const verdicts = new Map<ProducedEndpoint, HookVerdict>();
  const batches = batchesOf(wanted).values();
  const ask = async () => {
    for (const batch of batches) {
      for (const [endpoint, verdict] of await askAbout(parts, open, hook, batch, signal))
        verdicts.set(endpoint, verdict);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, ask));
  return verdicts;
}

interface Batch {
  readonly treatment: OpenTreatment;
  readonly endpoints: readonly ProducedEndpoint[];
}

function batchesOf(wanted: readonly Undecided[]): Batch[] {
  const batches: Batch[] = [];
  for (const [treatment, ofTreatment] of Map.groupBy(wanted, (each) => each.treatment)) {
    for (let from = 0; from < ofTreatment.length; from += endpointsPerFilter) {
      const endpoints = ofTreatment.slice(from, from + endpointsPerFilter).map(({ endpoint }) => endpoint);
      batches.push({ treatment, endpoints });
    }
  }
  return batches;
}

async function askAbout(
  parts: RunParts,
  { run, stored }: OpenRun,
  hook: NonNullable<OpenRun['hook']>,
  { treatment, endpoints }: Batch,
  signal: AbortSignal,
): Promise<(readonly [ProducedEndpoint, HookVerdict])[]> {
  const { campaignId, scheduledStart } = stored;
  const filtered = await filterBatch(
    parts,
    {
      hook,
      run: { applicationId: run.applicationId, campaignId, scheduledStart },
      treatment: { id: treatment.id, message: treatment.message },
      activityId: treatment.activityId,
      endpoints: new Map(endpoints.map((endpoint) => [endpoint.shownId, toEndpointDefinition(endpoint)])),
    },
    signal,
  );
  return endpoints.map((endpoint) => [
    endpoint,
    filtered === 'HOOK_FAILURE' ? filtered : (filtered.kept.get(endpoint.shownId) ?? 'FILTERED_OUT_BY_HOOK'),
  ]);
}
