/** The HTTP server as a part of the process. `cli/listen.ts` opens its port, after everything else has started. */
import type { FastifyInstance } from 'fastify';
import type { Service } from '../kernel/service.ts';

export type HttpServer = FastifyInstance;

/** Requests that have not been answered by then are cut off; load balancers try them elsewhere. */
const longestDrainMilliseconds = 20_000;
const closeIdleMilliseconds = 50;

export function httpService(server: HttpServer): Service {
  return {
    name: 'http',
    run: async () => {
      await server.ready();
    },
    /** No new connections, idle ones closed, begun requests answered. */
    drain: async () => {
      const cutOff = setTimeout(() => server.server.closeAllConnections(), longestDrainMilliseconds);
      // A connection whose request was under way becomes idle only later, and Node does not look again by itself.
      const closeIdle = setInterval(() => server.server.closeIdleConnections(), closeIdleMilliseconds);
      try {
        await server.close();
      } finally {
        clearTimeout(cutOff);
        clearInterval(closeIdle);
      }
    },
    stop: async () => {},
  };
}
