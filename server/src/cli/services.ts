/** Starts services in order and stops them in reverse, users first: the last one started is the first to drain. */
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';

export async function runServices(services: readonly Service[]): Promise<void> {
  for (const service of services) await service.run();
}

/** Never throws: a part that cannot end cleanly must not keep the others from it. */
export async function stopServices(services: readonly Service[], logger: Logger): Promise<void> {
  const reversed = services.toReversed();
  for (const service of reversed) await attempt(service, 'drain', logger);
  for (const service of reversed) await attempt(service, 'stop', logger);
}

async function attempt(service: Service, step: 'drain' | 'stop', logger: Logger): Promise<void> {
  try {
    await service[step]();
  } catch (error) {
    logger.error({ service: service.name, err: error }, `could not ${step} a part of the server`);
  }
}
