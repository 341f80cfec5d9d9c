/** The API processes behind one port, as the first process sees them: starts, replaces and stops them, adds up metrics. */
import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Deployment } from './deployment.ts';
import type { CollectedMetrics, FromProcess, ToProcess } from './process-messages.ts';

const collectTimeoutMilliseconds = 1_000;
const stopTimeoutMilliseconds = 30_000;
const restartPauseMilliseconds = 500;

export class ProcessPool {
  readonly #deployment: Deployment;
  readonly #registry: Registry;
  readonly #collected = new Map<number, (metrics: CollectedMetrics) => void>();
  #requests = 0;
  #stopping = false;

  /** @param registry of the first process; its figures are added to those of the others */
  constructor(deployment: Deployment, registry: Registry) {
    this.#deployment = deployment;
    this.#registry = registry;
  }

  /** Resolves with the URL when every process listens. */
  async start(): Promise<string> {
    const slots = Array.from({ length: this.#deployment.configuration.processes }, (_, index) => index + 1);
    const urls = await Promise.all(slots.map((slot) => this.#startProcess(slot)));
    return urls[0] as string;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && stopWorker(worker)));
  }

  /** @throws when the process ends before it listens for the first time */
  #startProcess(slot: number): Promise<string> {
    const worker = cluster.fork();
    return new Promise((listening, failed) => {
      worker.on('message', (message: FromProcess) => {
        if (message.kind === 'started') {
          tell(worker, { kind: 'start', slot, connection: this.#deployment.connection });
        } else if (message.kind === 'listening') {
          listening(message.url);
        } else if (message.kind === 'metrics wanted') {
          void this.#readMetrics().then((text) => tell(worker, { kind: 'metrics', request: message.request, text }));
        } else {
          this.#collected.get(message.request)?.(message.metrics);
        }
      });
      worker.on('exit', (code, signal) => {
        failed(new Error(`an API process ended before it served (${signal ?? code})`));
        if (!this.#stopping) this.#replace(slot, { code, signal });
      });
    });
  }

  #replace(slot: number, ended: { code: number; signal: string }): void {
    this.#deployment.logger.error({ slot, ...ended }, 'an API process ended by itself; starting another');
    setTimeout(() => {
      if (this.#stopping) return;
      // Its failure to start shows as another exit, which comes back here.
      this.#startProcess(slot).catch(() => {});
    }, restartPauseMilliseconds);
  }

  async #readMetrics(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const parts = await Promise.all([
      this.#registry.getMetricsAsJSON(),
      ...workers.map((worker) => this.#collectFrom(worker)),
    ]);
    return AggregatorRegistry.aggregate(parts as unknown as object[]).metrics();
  }

  /** Nothing, rather than an error, from a process that is just starting or ending. */
  #collectFrom(worker: Worker): Promise<CollectedMetrics> {
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((settle) => {
      const finish = (metrics: CollectedMetrics) => {
        clearTimeout(timer);
        this.#collected.delete(request);
        settle(metrics);
      };
      const timer = setTimeout(() => finish([]), collectTimeoutMilliseconds);
      this.#collected.set(request, finish);
      tell(worker, { kind: 'collect metrics', request });
    });
  }
}

function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((settle) => {
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), stopTimeoutMilliseconds);
    worker.once('exit', () => {
      clearTimeout(timer);
      settle();
    });
    tell(worker, { kind: 'stop' });
  });
}

/** A process that ends at this moment cannot be told anything; its exit says the rest. */
function tell(worker: Worker, message: ToProcess): void {
  if (worker.isConnected()) worker.send(message, undefined, () => {});
}
