/** The listening server: turns Fastify's requests into `IncomingRequest`s and answers back into replies. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ServiceError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { BodyReader } from './body.ts';
import type { Answer, IncomingRequest } from './chain.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';

export interface ServerOptions {
  readonly trustedProxies: readonly string[];
  readonly bodyReader: BodyReader;
  answer(request: IncomingRequest): Promise<Answer>;
}

/** A sender that needs longer than this for one request is cut off. */
const requestTimeoutMilliseconds = 60_000;
const headersTimeoutMilliseconds = 20_000;
/** Longer than the idle time of common load balancers (60 s), so that they close first. */
const keepAliveTimeoutMilliseconds = 75_000;

/** Builds the server; it does not listen yet. Health, metrics and console routes are added by their own rooms. */
export function createHttpServer(options: ServerOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestTimeout: requestTimeoutMilliseconds,
    keepAliveTimeout: keepAliveTimeoutMilliseconds,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    genReqId: newRequestId,
    http: {
      headersTimeout: headersTimeoutMilliseconds,
      connectionsCheckingInterval: 5_000,
      keepAliveTimeoutBuffer: 1_000,
    },
    routerOptions: { onBadUrl: (_path, request, reply) => refuseBadUrl(request as IncomingMessage, reply) },
    clientErrorHandler: refuseBrokenRequest,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, stream) => options.bodyReader.read(stream));
  server.setErrorHandler((error, request, reply) => send(reply, refusal(error, request.id), request.id));
  server.setNotFoundHandler((request, reply) =>
    send(reply, refusal(new ServiceError('NotFoundException', 'Resource not found'), request.id), request.id),
  );
  server.options('/*', (request, reply) =>
    reply.code(204).headers(preflightHeaders(request.headers['access-control-request-headers'])).send(),
  );
  for (const url of ['/v1/*', '/repoint/v1/*']) {
    server.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler: async (request, reply) => send(reply, await options.answer(toIncoming(request)), request.id),
    });
  }
  return server;
}

function toIncoming(request: FastifyRequest): IncomingRequest {
  const url = request.raw.url ?? '/';
  const mark = url.indexOf('?');
  return {
    requestId: request.id,
    method: request.method,
    rawPath: mark < 0 ? url : url.slice(0, mark),
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : emptyBody,
    sourceAddress: request.ip,
  };
}

const emptyBody = Buffer.alloc(0);

function send(reply: FastifyReply, answer: Answer, requestId: string): FastifyReply {
  reply.code(answer.status).headers(corsHeaders).header('x-amzn-requestid', requestId);
  if (answer.errorCode !== undefined) reply.header('x-amzn-errortype', answer.errorCode);
  if (answer.status === 413) reply.header('connection', 'close');
  if (answer.body === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(answer.body);
}

/** What never reached the chain: bodies that are too large or broke off, and faults of the server itself. */
function refusal(error: unknown, requestId: string): Answer {
  const known = error instanceof ServiceError ? error : brokenRequest(error);
  return {
    status: known.status,
    errorCode: known.code,
    body: JSON.stringify({ Message: known.message, RequestID: requestId }),
  };
}

function brokenRequest(error: unknown): ServiceError {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status < 500
    ? new ServiceError('BadRequestException', 'The request cannot be read')
    : new ServiceError('InternalServerErrorException', 'An internal error occurred');
}

function refuseBadUrl(request: IncomingMessage, reply: unknown): void {
  const answer = refusal(new ServiceError('BadRequestException', 'The path is not correctly encoded'), newRequestId());
  void request;
  (reply as FastifyReply)
    .code(answer.status)
    .header('x-amzn-errortype', answer.errorCode as string)
    .send(answer.body);
}

/** Requests that Node's parser gave up on: there is no request object, only the socket. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const refused =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new ServiceError('RequestHeaderFieldsTooLargeException', 'The request headers are too large')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new ServiceError('RequestTimeoutException', 'The request took too long to arrive')
        : new ServiceError('BadRequestException', 'The request is not valid HTTP');
  const requestId = newRequestId();
  const body = JSON.stringify({ Message: refused.message, RequestID: requestId });
  socket.end(
    `HTTP/1.1 ${refused.status} ${refused.code}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `x-amzn-errortype: ${refused.code}\r\nx-amzn-requestid: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
