/** What load balancers and monitoring see. */
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addHealthRoutes, type ReadinessCheck } from './health.ts';

const good: ReadinessCheck = { name: 'good', check: async () => true };

function serverWith(...readinessChecks: ReadinessCheck[]) {
  const server = Fastify({ exposeHeadRoutes: false });
  addHealthRoutes(server, { readinessChecks, checkTimeoutMilliseconds: 30, readMetrics: async () => 'repoint_up 1\n' });
  return server;
}

describe('/healthz', () => {
  it('answers as long as the process does, also to HEAD', async () => {
    const server = serverWith({ name: 'bad', check: async () => false });
    expect((await server.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
    expect(await server.inject({ method: 'HEAD', url: '/healthz' })).toMatchObject({ statusCode: 200, body: '' });
  });
});

describe('/readyz', () => {
  it('is 200 when every check passes', async () => {
    const answer = await serverWith(good, { ...good, name: 'better' }).inject({ url: '/readyz' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ready: true, checks: { good: true, better: true } });
  });

  it.each<[string, ReadinessCheck['check']]>([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('postgres://user:secret@host'))],
    [
      'throws',
      () => {
        throw new Error('postgres://user:secret@host');
      },
    ],
    ['takes too long', () => new Promise(() => undefined)],
    ['fails when it is too late', () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 50))],
  ])('is 503 when a check %s, and tells no more than which', async (_name, check) => {
    const answer = await serverWith(good, { name: 'bad', check }).inject({ url: '/readyz' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ ready: false, checks: { good: true, bad: false } });
    await new Promise((resume) => setTimeout(resume, 40));
  });

  it('keeps a check its own object', async () => {
    class Database {
      readonly name = 'database';
      readonly up = true;
      async check() {
        return this.up;
      }
    }
    expect((await serverWith(new Database()).inject({ url: '/readyz' })).statusCode).toBe(200);
  });
});

describe('/metrics', () => {
  it('are text for Prometheus', async () => {
    const answer = await serverWith().inject({ url: '/metrics' });
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toBe('repoint_up 1\n');
  });
});
