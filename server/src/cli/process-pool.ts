/** The API processes behind one port, as the first process sees them: starts, replaces and stops them, adds up metrics. */
import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { OperatorError } from '../kernel/operator-error.ts';
import type { Deployment } from './deployment.ts';
import type { CollectedMetrics, FromProcess, ToProcess } from './process-messages.ts';

const collectTimeoutMilliseconds = 1_000;
const stopTimeoutMilliseconds = 30_000;
const shortestPauseMilliseconds = 500;
const longestPauseMilliseconds = 10_000;
/** One that lived this long was well: its end is the first one again. */
const wellAfterMilliseconds = 60_000;

export class ProcessPool {
  readonly #deployment: Deployment;
  readonly #registry: Registry;
  readonly #collected = new Map<number, (metrics: CollectedMetrics) => void>();
  #requests = 0;
  /** From when all serve until they are to stop: only then is one that ends replaced. */
  #serving = false;

  /** @param registry of the first process; its figures are added to those of the others */
  constructor(deployment: Deployment, registry: Registry) {
    this.#deployment = deployment;
    this.#registry = registry;
  }

  /**
   * Resolves with the URL when every process listens.
   * @throws OperatorError when one of them ends before that
   */
  async start(): Promise<string> {
    const slots = Array.from({ length: this.#deployment.configuration.processes }, (_, index) => index + 1);
    const urls = await Promise.all(slots.map((slot) => this.#startProcess(slot, 0)));
    this.#serving = true;
    return urls[0] as string;
  }

  async stop(): Promise<void> {
    this.#serving = false;
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && stopWorker(worker)));
  }

  /** @param failures how many before it in this slot ended early, one after the other */
  #startProcess(slot: number, failures: number): Promise<string> {
    const worker = cluster.fork();
    const begun = performance.now();
    return new Promise((listening, failed) => {
      worker.on('message', (message: FromProcess) => {
        if (message.kind === 'listening') listening(message.url);
        else this.#answer(worker, slot, message);
      });
      worker.on('exit', (code, signal) => {
        failed(new OperatorError('An API process ended before it served; it said why above.'));
        const lived = performance.now() - begun;
        this.#replace(slot, { code, signal }, lived < wellAfterMilliseconds ? failures + 1 : 1);
      });
    });
  }

  /** @param failures in a row; while the database is away, new processes would eat the machine to no avail */
  #replace(slot: number, ended: { code: number; signal: string }, failures: number): void {
    if (!this.#serving) return;
    const pauseMilliseconds = Math.min(longestPauseMilliseconds, shortestPauseMilliseconds * 2 ** (failures - 1));
    this.#deployment.logger.error(
      { slot, ...ended, pauseMilliseconds },
      'an API process ended by itself; starting another after a pause',
    );
    const timer = setTimeout(() => {
      if (!this.#serving) return;
      // Its failure to start shows as another exit, which comes back here.
      this.#startProcess(slot, failures).catch(() => {});
    }, pauseMilliseconds);
    timer.unref();
  }

  #answer(worker: Worker, slot: number, message: Exclude<FromProcess, { kind: 'listening' }>): void {
    if (message.kind === 'started') {
      const { connection, masterKey } = this.#deployment;
      tell(worker, { kind: 'start', start: { slot, connection, masterKeyFingerprint: masterKey.fingerprint() } });
    } else if (message.kind === 'metrics wanted') {
      void this.#readMetrics().then((text) => tell(worker, { kind: 'metrics', request: message.request, text }));
    } else {
      this.#collected.get(message.request)?.(message.metrics);
    }
  }

  /** Never rejects: whoever asks for metrics must not be able to end the server. */
  async #readMetrics(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    try {
      const parts = await Promise.all([
        this.#registry.getMetricsAsJSON(),
        ...workers.map((worker) => this.#collectFrom(worker)),
      ]);
      return await AggregatorRegistry.aggregate(parts as unknown as object[]).metrics();
    } catch (error) {
      this.#deployment.logger.error({ err: error }, 'the metrics of the processes cannot be added up');
      return '';
    }
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
