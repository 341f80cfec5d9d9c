/**
 * For load balancers and monitoring: `/healthz` (the process answers), `/readyz` (database and workers, and not
 * shutting down), `/metrics` (Prometheus).
 */
import type { FastifyInstance } from 'fastify';

/** One thing a ready server needs. A check that throws or takes too long has failed. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<boolean>;
}

export interface HealthOptions {
  readonly readinessChecks: readonly ReadinessCheck[];
  /** @default 2000 */
  readonly checkTimeoutMilliseconds?: number;
  readMetrics(): Promise<string>;
}

export function addHealthRoutes(server: FastifyInstance, options: HealthOptions): void {
  const { readinessChecks, checkTimeoutMilliseconds = 2_000 } = options;
  const method = ['GET', 'HEAD'];

  server.route({
    method,
    url: '/healthz',
    handler: async (_request, reply) => reply.type('application/json').send('{"status":"ok"}'),
  });

  server.route({
    method,
    url: '/readyz',
    handler: async (_request, reply) => {
      const results = await Promise.all(
        readinessChecks.map(async (item) => [item.name, await passes(item, checkTimeoutMilliseconds)] as const),
      );
      const ready = results.every(([, passed]) => passed);
      return reply
        .code(ready ? 200 : 503)
        .type('application/json')
        .send(JSON.stringify({ ready, checks: Object.fromEntries(results) }));
    },
  });

  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.readMetrics()),
  );
}

async function passes(item: ReadinessCheck, timeoutMilliseconds: number): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMilliseconds);
  try {
    return await Promise.race([item.check(), timeout]);
  } catch {
    // What is wrong stands in the log of the part itself; here only the fact matters.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
