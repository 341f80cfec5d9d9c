/** The hook of a campaign between judging and composing: who stays, and as whom (dossier/messaging §1.12). */
import { toEndpointDefinition } from '../../messaging/index.ts';
import { endpointsPerFilter, filterBatch } from '../hooks/filter.ts';
import type { ProducedEndpoint } from './enumerate.ts';
import type { OpenRun, OpenTreatment } from './open-run.ts';
import type { Filter, HookVerdict, Undecided } from './page.ts';
import type { RunParts } from './parts.ts';

/** Of one page; a slow function would hold up the others for longer than its range is held. */
const callsAtOnce = 4;

/** Nobody is asked where the campaign has no hook. */
export function hookFilter(parts: RunParts, open: OpenRun, signal: AbortSignal): Filter {
  const { hook } = open;
  if (hook === undefined) return async () => undefined;
  return async (wanted) => {
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
  };
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
