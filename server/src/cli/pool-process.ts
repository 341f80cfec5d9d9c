/** One API process behind the shared port. Lives and ends by the word of the first process. */
import { createApp } from '../app.ts';
import { openDatabase } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { createLogger } from '../kernel/logger.ts';
import { readMasterKey } from './data-directory.ts';
import { listen } from './listen.ts';
import type { CollectedMetrics, FromProcess, ToProcess } from './process-messages.ts';
import { runServices, stopServices } from './services.ts';

export async function runPoolProcess(configuration: Configuration): Promise<void> {
  const stopped = untilTold();
  const metrics = new Map<number, (text: string) => void>();
  const { slot, connection } = await askForStart();
  const logger = createLogger(configuration.logLevel, { slot });
  const masterKey = await readMasterKey(configuration);
  const database = await openDatabase({ connection, logger, applicationName: `repoint api ${slot}` });
  let requests = 0;
  const app = createApp({
    ...{ configuration, database, connection, masterKey, logger, slot, roles: new Set(['api'] as const) },
    readMetrics: () =>
      new Promise((settle) => {
        requests += 1;
        metrics.set(requests, settle);
        tell({ kind: 'metrics wanted', request: requests });
      }),
  });
  process.on('message', (message: ToProcess) => {
    if (message.kind === 'collect metrics') {
      void app.registry
        .getMetricsAsJSON()
        .then((collected) =>
          tell({ kind: 'metrics collected', request: message.request, metrics: collected as CollectedMetrics }),
        );
    }
    if (message.kind === 'metrics') {
      metrics.get(message.request)?.(message.text);
      metrics.delete(message.request);
    }
  });
  try {
    await runServices(app.services);
    tell({ kind: 'listening', url: await listen(app.http, configuration) });
    await stopped;
  } finally {
    await stopServices(app.services, logger);
    await database.close();
    process.disconnect?.();
  }
}

/** Ctrl-C reaches the whole process group, so signals are left to the first process; its death ends this one too. */
function untilTold(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  return new Promise((settle) => {
    process.once('disconnect', () => settle());
    process.on('message', (message: ToProcess) => {
      if (message.kind === 'stop') settle();
    });
  });
}

function askForStart(): Promise<Extract<ToProcess, { kind: 'start' }>> {
  return new Promise((settle) => {
    process.on('message', (message: ToProcess) => {
      if (message.kind === 'start') settle(message);
    });
    tell({ kind: 'started' });
  });
}

function tell(message: FromProcess): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
