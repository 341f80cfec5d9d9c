/** Public routes as Fastify serves them. Paths are never logged: they name people. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { PublicAnswer, PublicRequest, PublicRoute } from '../operations/public-route.ts';
import { announcesBody, type BodyReader } from './body.ts';
import { pageHeaders } from './page-headers.ts';

/** Providers' notifications are small; nobody unknown gets more memory than that. */
const maximumBodyBytes = 1024 * 1024;

export function addPublicRoutes(
  server: FastifyInstance,
  routes: readonly PublicRoute[],
  { bodyReader, logger }: { readonly bodyReader: BodyReader; readonly logger: Logger },
): void {
  for (const route of routes) {
    server.route({
      method: [...route.methods],
      url: `${route.prefix}*`,
      handler: async (request, reply) => {
        try {
          await bodyReader.withBody(
            request.raw,
            async (body) => send(reply, await route.answer(toPublicRequest(request, route.prefix, body))),
            maximumBodyBytes,
          );
        } catch (error) {
          if (!(error instanceof ServiceError)) logger.error({ route: route.prefix, err: error }, 'request failed');
          send(reply, { status: error instanceof ServiceError ? error.status : 500 });
        }
        return reply;
      },
    });
  }
}

function send(reply: FastifyReply, { status, headers = {}, body }: PublicAnswer): void {
  reply.code(status).headers({ ...pageHeaders, ...headers });
  // Nobody reads the rest of it.
  if (announcesBody(reply.request.raw) && !reply.request.raw.complete) reply.header('connection', 'close');
  void reply.send(body ?? '');
}

function toPublicRequest(request: FastifyRequest, prefix: string, body: Buffer): PublicRequest {
  const target = request.raw.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: request.method as PublicRequest['method'],
    rest: target.slice(prefix.length, mark < 0 ? undefined : mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    target,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body,
    sourceAddress: request.ip,
  };
}
