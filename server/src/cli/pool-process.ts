/** One API process behind the shared port. Lives and ends by the word of the first process. */
import { createApp } from '../app.ts';
import { openDatabase } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { createLogger } from '../kernel/logger.ts';
import type { MasterKey } from '../kernel/master-key.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { listen } from './listen.ts';
import { requireMasterKey } from './master-key.ts';
import type { CollectedMetrics, FromProcess, ProcessStart, ToProcess } from './process-messages.ts';
import { runServices, stopServices } from './services.ts';

export async function runPoolProcess(configuration: Configuration): Promise<void> {
  try {
    await serveUntilTold(configuration);
  } finally {
    // Whatever happened: as long as the first process is listened to, this one does not end.
    process.disconnect?.();
  }
}

async function serveUntilTold(configuration: Configuration): Promise<void> {
  const stopped = untilTold();
  const start = await askForStart();
  const { slot, connection } = start;
  const logger = createLogger(configuration.logLevel, { slot });
  const masterKey = await readSameMasterKey(configuration, start);
  const database = await openDatabase({ connection, logger, applicationName: `repoint api ${slot}` });
  const app = createApp({
    ...{ configuration, database, connection, masterKey, logger, slot, roles: new Set(['api'] as const) },
    readMetrics: askForMetrics(),
  });
  process.on('message', async (message: ToProcess) => {
    if (message.kind !== 'collect metrics') return;
    // Figures that cannot be read are missing from the sum; the others are not.
    const metrics = await app.registry.getMetricsAsJSON().catch(() => []);
    tell({ kind: 'metrics collected', request: message.request, metrics: metrics as CollectedMetrics });
  });
  try {
    await runServices(app.services);
    tell({ kind: 'listening', url: await listen(app.http, configuration) });
    await stopped;
  } finally {
    await stopServices(app.services, logger);
    await database.close();
  }
}

/** @throws OperatorError when the key was taken away or replaced while the server runs */
async function readSameMasterKey(configuration: Configuration, start: ProcessStart): Promise<MasterKey> {
  const masterKey = await requireMasterKey(configuration);
  if (masterKey.fingerprint() === start.masterKeyFingerprint) return masterKey;
  throw new OperatorError('The master key was replaced while the server runs. Restore the former one.');
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

function askForStart(): Promise<ProcessStart> {
  return new Promise((settle) => {
    process.on('message', (message: ToProcess) => {
      if (message.kind === 'start') settle(message.start);
    });
    tell({ kind: 'started' });
  });
}

/** @returns reads the metrics of the whole node from the first process, which adds them up */
function askForMetrics(): () => Promise<string> {
  const waiting = new Map<number, (text: string) => void>();
  let requests = 0;
  process.on('message', (message: ToProcess) => {
    if (message.kind !== 'metrics') return;
    waiting.get(message.request)?.(message.text);
    waiting.delete(message.request);
  });
  return () =>
    new Promise((settle) => {
      requests += 1;
      waiting.set(requests, settle);
      tell({ kind: 'metrics wanted', request: requests });
    });
}

function tell(message: FromProcess): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
