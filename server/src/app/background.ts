/** What works by itself: streams of events, campaigns that run, campaigns that answer events. */
import { CampaignScheduler, RunWorkers, TriggerWorker } from '../domains/campaigns/index.ts';
import { StreamReaders } from '../domains/events/index.ts';
import { createRunMetrics, type Registry } from '../http/metrics.ts';
import type { Role } from '../kernel/configuration.ts';
import type { Service } from '../kernel/service.ts';

type BackgroundParts = ConstructorParameters<typeof StreamReaders>[0] &
  ConstructorParameters<typeof TriggerWorker>[0] &
  ConstructorParameters<typeof CampaignScheduler>[0];

export function backgroundServices(roles: ReadonlySet<Role>, registry: Registry, parts: BackgroundParts): Service[] {
  const { unreconciled } = createRunMetrics(registry);
  return [
    ...(roles.has('worker')
      ? [new StreamReaders(parts), new RunWorkers({ ...parts, unreconciled }), new TriggerWorker(parts)]
      : []),
    ...(roles.has('scheduler') ? [new CampaignScheduler(parts)] : []),
  ];
}
