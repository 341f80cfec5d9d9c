/** Figures of this moment for /metrics. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database/index.ts';
import type { Audience } from '../domains/audience/index.ts';
import type { Outbox } from '../domains/channels/index.ts';
import { type EventIngest, findStreamLags, type StreamLag } from '../domains/events/index.ts';
import type { Messaging } from '../domains/messaging/index.ts';
import type { ProjectLookup } from '../domains/projects/index.ts';
import type { BodyReader } from '../http/body.ts';
import { type Registry, registerGauge, registerGauges } from '../http/metrics.ts';
import { countWaitingJobs } from '../jobs/index.ts';
import type { Clock } from '../kernel/clock.ts';

interface Watched {
  readonly database: Database;
  readonly clock: Clock;
  readonly bodyReader: BodyReader;
  readonly projects: ProjectLookup;
  readonly audience: Audience;
  readonly outbox: Outbox;
  readonly ingest: EventIngest;
  readonly messaging: Messaging;
  readonly isPoolProcess: boolean;
}

/**
 * Figures of this moment for /metrics. Those of the whole database are told by one process of a node only; while it is
 * away they are missing, and the others are not.
 */
export function watch(registry: Registry, { database, clock, bodyReader, isPoolProcess, ...domains }: Watched): void {
  const { projects, audience, outbox, ingest, messaging } = domains;
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    registerGauge(registry, `repoint_${name}`, help, read);
  gauge('database_connections', 'Open connections of the pool.', () => database.pool().size);
  gauge('database_connections_idle', 'Connections of the pool nobody uses.', () => database.pool().idle);
  gauge('database_waiting', 'Callers that wait for a connection.', () => database.pool().waiting);
  gauge('project_lookups_waiting', 'Callers that wait for a project look-up.', () => projects.figures.waiting);
  gauge('endpoint_writes_waiting', 'Callers that wait for a write of endpoints.', () => {
    const { writes, batchWrites } = audience.figures;
    return writes.waiting + batchWrites.waiting;
  });
  gauge('endpoint_reads_waiting', 'Callers that wait for a read of endpoints.', () => audience.figures.reads.waiting);
  gauge('event_batches_waiting', 'Endpoints with their events that wait to be stored.', () => {
    const { few, many, long } = ingest.figures;
    return few.waiting + many.waiting + long.waiting;
  });
  gauge('sends_waiting', 'Messages that wait to be claimed, or for their outcome to be written.', () => {
    const { claims, settlements, stored } = messaging.pipeline.figures;
    return claims.waiting + settlements.waiting + stored.waiting;
  });
  gauge('messages_waiting_for_providers', 'Messages that no driver has taken yet.', () => {
    return messaging.pipeline.figures.waitingForProviders;
  });
  gauge('providers_down', 'Providers that are left alone because they do not answer.', () => {
    return messaging.pipeline.figures.providersDown;
  });
  gauge('outbox_writes_waiting', 'Messages that wait to be stored in the outbox.', () => outbox.figures.waiting);
  gauge('upload_bytes', 'Bytes of request bodies being read.', () => bodyReader.bytesInFlight);
  if (isPoolProcess) return;
  gauge('jobs_waiting', 'Jobs that could run and wait.', () => soon(countWaitingJobs(database.query)));
  watchStreams(registry, database, clock);
}

function watchStreams(registry: Registry, database: Database, clock: Clock): void {
  let reading: Promise<readonly StreamLag[]> | undefined;
  // All that is asked for at once is read once.
  const lags = () => {
    reading ??= soon(findStreamLags(database, clock.now()), []).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const gauges = (name: string, help: string, value: (lag: StreamLag) => number) =>
    registerGauges(registry, `repoint_event_stream_${name}`, help, ['project', 'kind'], async () =>
      (await lags()).map((lag) => ({ labels: { project: lag.applicationId, kind: lag.kind }, value: value(lag) })),
    );
  gauges('lag_seconds', 'Age of the oldest event that was not sent.', ({ seconds }) => seconds);
  gauges('waiting_records', 'Events that were not sent; 100000 are counted at most.', ({ waiting }) => waiting);
  gauges('sent_records', 'Events sent since the stream was made.', ({ sent }) => sent);
  gauges('dropped_records', 'Events too large, or not taken for a day.', ({ dropped }) => dropped);
}

const longestReadMilliseconds = 1_000;

/** NaN for a figure that cannot be read, or not soon: Prometheus waits ten seconds for all of them. */
async function soon(figure: Promise<number>): Promise<number>;
async function soon<Figure>(figure: Promise<Figure>, otherwise: Figure): Promise<Figure>;
async function soon(figure: Promise<unknown>, otherwise: unknown = Number.NaN): Promise<unknown> {
  const late = pause(longestReadMilliseconds, otherwise, { ref: false });
  return Promise.race([figure.catch(() => otherwise), late]);
}
