/** What runs campaigns in this process: schedulers make their runs, workers send them. */
import {
  CampaignScheduler,
  type RunParts,
  RunWorkers,
  sendTriggered,
  TriggerWorker,
} from '../domains/campaigns/index.ts';
import { createRunMetrics, type Registry } from '../http/metrics.ts';
import type { Role } from '../kernel/configuration.ts';
import type { Service } from '../kernel/service.ts';

interface Surroundings {
  readonly roles: ReadonlySet<Role>;
  readonly registry: Registry;
}

export function campaignWorkers(
  parts: RunParts & { readonly nodeId: string },
  { roles, registry }: Surroundings,
): Service[] {
  const schedulers = roles.has('scheduler') ? [new CampaignScheduler(parts)] : [];
  if (!roles.has('worker')) return schedulers;
  const { unreconciled } = createRunMetrics(registry);
  return [
    new RunWorkers({ ...parts, unreconciled }),
    new TriggerWorker({ ...parts, send: (run, triggers, signal) => sendTriggered(parts, run, triggers, signal) }),
    ...schedulers,
  ];
}
