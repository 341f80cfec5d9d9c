/** What Prometheus reads: requests, latencies, event loop, and gauges that other rooms register. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Registry };

export interface RequestMetrics {
  observe(operation: string, code: string, seconds: number): void;
}

export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Requests by operation and code (`OK` or the error code), and their latency. */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const requests = new Counter({
    name: 'repoint_requests_total',
    help: 'Requests answered, by operation and code.',
    labelNames: ['operation', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'repoint_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  // Looking a series up by its labels costs more than counting.
  const requestSeries = new Map<string, Counter.Internal>();
  const durationSeries = new Map<string, Histogram.Internal<'operation'>>();
  return {
    observe(operation, code, seconds) {
      remember(requestSeries, `${operation} ${code}`, () => requests.labels(operation, code)).inc();
      remember(durationSeries, operation, () => duration.labels(operation)).observe(seconds);
    },
  };
}

export interface MessageMetrics {
  /** What became of one message is written. */
  settled(channelType: string, status: string): void;
  verified(isRight: boolean): void;
}

export function createMessageMetrics(registry: Registry): MessageMetrics {
  const messages = new Counter({
    name: 'repoint_messages_total',
    help: 'Messages of which it is known what became of them, by channel and status.',
    labelNames: ['channel', 'status'],
    registers: [registry],
  });
  const verifications = new Counter({
    name: 'repoint_otp_verifications_total',
    help: 'One-time passwords that were entered.',
    labelNames: ['result'],
    registers: [registry],
  });
  return {
    settled: (channelType, status) => messages.labels(channelType, status).inc(),
    verified: (isRight) => verifications.labels(isRight ? 'SUCCESS' : 'FAILURE').inc(),
  };
}

/** Runs of campaigns. */
export function createRunMetrics(registry: Registry): { unreconciled(): void } {
  const unreconciled = new Counter({
    name: 'repoint_campaign_runs_unreconciled_total',
    help: 'Runs of campaigns whose recipients do not add up: targeted are not sent, failed and skipped. An alarm.',
    registers: [registry],
  });
  return { unreconciled: () => unreconciled.inc() };
}

function remember<Series>(known: Map<string, Series>, key: string, make: () => Series): Series {
  const series = known.get(key) ?? make();
  if (!known.has(key)) known.set(key, series);
  return series;
}

/** A gauge that is read when somebody asks for metrics. */
export function registerGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | Promise<number>,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(await read());
    },
  });
}

export interface GaugeReading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The same for several series; those that are not read again are gone. */
export function registerGauges(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => Promise<readonly GaugeReading[]>,
): void {
  new Gauge({
    ...{ name, help, labelNames: [...labelNames] },
    registers: [registry],
    async collect() {
      const readings = await read();
      this.reset();
      for (const { labels, value } of readings) this.set(labels, value);
    },
  });
}
