/**
 * For load balancers and monitoring: `/healthz` (the process answers), `/readyz` (database and workers, and not
 * shutting down), `/metrics` (Prometheus).
 */
import type { FastifyInstance } from 'fastify';

/** One thing a ready server needs. A check that throws or takes longer than two seconds has failed. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<boolean>;
}

const checkTimeoutMilliseconds = 2_000;

export function addHealthRoutes(
  server: FastifyInstance,
  options: { readinessChecks: readonly ReadinessCheck[]; readMetrics(): Promise<string> },
): void {
  server.get('/healthz', async (_request, reply) => reply.type('application/json').send('{"status":"ok"}'));

  server.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      options.readinessChecks.map(async (item) => [item.name, await passes(item)] as const),
    );
    const ready = results.every(([, passed]) => passed);
    return reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(JSON.stringify({ ready, checks: Object.fromEntries(results) }));
  });

  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.readMetrics()),
  );
}

async function passes({ check }: ReadinessCheck): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), checkTimeoutMilliseconds);
  try {
    return await Promise.race([check(), timeout]);
  } catch {
    // What is wrong stands in the log of the part itself; here only the fact matters.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
