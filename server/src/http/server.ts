/** The listening server: turns Fastify's requests into `IncomingRequest`s and answers back into replies. */
import { type IncomingMessage, METHODS, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { badRequest, notFound, ServiceError } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { announcesBody, type BodyReader } from './body.ts';
import { refuseBrokenRequest } from './broken-request.ts';
import type { Answer, IncomingRequest } from './chain.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { defaultEventStreamTimes, EventStreams, type EventStreamTimes, eventStreamHeaders } from './event-streams.ts';
import { beginFile } from './file-documents.ts';
import { pageHeaders } from './page-headers.ts';
import { refusalOf } from './refusal.ts';

export interface ServerOptions {
  readonly trustedProxies: readonly string[];
  readonly bodyReader: BodyReader;
  /** Told of faults outside of `answer`, which keeps a log of its own. */
  readonly logger?: Logger;
  readonly timeouts?: Partial<Timeouts>;
  readonly eventStreamTimes?: EventStreamTimes;
  answer(request: IncomingRequest): Promise<Answer>;
}

/** All in milliseconds. */
export interface Timeouts {
  /** A sender that needs longer than this for one request is cut off. */
  readonly request: number;
  readonly headers: number;
  readonly keepAlive: number;
  /** A connection with a request under way on which nothing moves for so long is cut: its reader has stopped reading. */
  readonly stall: number;
  /** How long a sender that was refused in the middle of its body gets to read why. */
  readonly linger: number;
  /** How often senders are held against their time. */
  readonly check: number;
}

const defaultTimeouts: Timeouts = {
  request: 60_000,
  headers: 20_000,
  // Longer than the idle time of common load balancers (60 s), so that they close first.
  keepAlive: 75_000,
  stall: 120_000,
  linger: 1_000,
  check: 5_000,
};

/** Everything Node's parser knows, so that the chain can answer 405; OPTIONS is CORS, CONNECT never gets here. */
const apiMethods = METHODS.filter((method) => method !== 'OPTIONS' && method !== 'CONNECT');

/** Builds the server; it does not listen yet. Health, metrics and console routes are added by their own rooms. */
export function createHttpServer(options: ServerOptions): FastifyInstance {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const latestResponses = new WeakMap<Socket, ServerResponse>();
  const streams = new EventStreams(options.eventStreamTimes ?? defaultEventStreamTimes, options.logger);
  const send = createSender(timeouts.linger, streams);
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    send(reply, refusalOf(error, request.id));

  const server = Fastify({
    logger: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.keepAlive,
    connectionTimeout: timeouts.stall,
    forceCloseConnections: 'idle',
    // What still arrives while the server closes is answered, and its connection closed.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    genReqId: newRequestId,
    http: {
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: timeouts.check,
      keepAliveTimeoutBuffer: 1_000,
      // Refused below, in the words of every other refusal.
      requireHostHeader: false,
    },
    // The chain reads the query itself, as it is signed.
    routerOptions: { querystringParser: () => ({}) },
    frameworkErrors: (_error, request, reply) =>
      refuse(badRequest('The path is not correctly percent-encoded'), request, reply as FastifyReply),
    clientErrorHandler: (error, socket: Socket) =>
      refuseBrokenRequest(error, socket, latestResponses.get(socket), timeouts.linger),
  });
  // RFC 9110 §10.1.1 lets a server pass over an expectation that it does not know.
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response));
  server.addHook('onRequest', (request, reply, done) => {
    latestResponses.set(request.raw.socket, reply.raw);
    done(lacksHost(request.raw) ? badRequest('The Host header is missing') : undefined);
  });
  server.setErrorHandler((error, request, reply) => {
    const refused = toServiceError(error, request.raw);
    if (refused === undefined) options.logger?.error({ requestId: request.id, err: error }, 'request failed');
    return refuse(refused, request, reply);
  });
  server.addHook('preClose', (done) => {
    streams.endAll();
    done();
  });
  server.setNotFoundHandler((request, reply) => refuse(notFound(), request, reply));
  server.options('/*', (request, reply) =>
    reply.code(204).headers(preflightHeaders(request.headers['access-control-request-headers'])).send(),
  );
  // Fastify shall read no body: what the content type says must not matter, and any method may have one.
  for (const method of apiMethods) server.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  for (const url of ['/v1/*', '/repoint/v1/*']) {
    server.route({
      method: apiMethods,
      url,
      // No promise of the reply: it would be awaited, with listeners on the whole stream, until the response has left.
      handler: (request, reply) => {
        options.bodyReader
          .withBody(request.raw, async (body) => {
            const answer = await options.answer(toIncoming(request, body));
            leaveTogether(() => {
              try {
                void send(reply, answer);
              } catch (error) {
                void refuse(error, request, reply);
              }
            });
          })
          .catch((error: unknown) => reply.send(error));
      },
    });
  }
  return server;
}

let leaving: (() => void)[] = [];

/**
 * Answers leave at the end of this turn of the event loop, those of all requests read in it together. Waking a client
 * costs more than writing to one that is awake (measured over loopback: 80 µs a write, or 25).
 */
function leaveTogether(leave: () => void): void {
  leaving.push(leave);
  if (leaving.length > 1) return;
  setImmediate(() => {
    const answers = leaving;
    leaving = [];
    for (const each of answers) each();
  });
}

function toIncoming(request: FastifyRequest, body: Buffer): IncomingRequest {
  const target = originForm(request.raw.url ?? '/');
  const mark = target.indexOf('?');
  return {
    requestId: request.id,
    method: request.method,
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    rawHeaders: request.raw.rawHeaders,
    body,
    sourceAddress: request.ip,
    secureTransport: request.protocol === 'https',
  };
}

/** A client of a proxy sends the whole URL (RFC 9112 §3.2.2); what is signed and routed is the path of it. */
function originForm(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
}

function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1';
}

/** Refusals before the chain, and what is the sender's doing; undefined for a fault of the server. */
function toServiceError(error: unknown, request: IncomingMessage): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  const ofTheSender = request.destroyed || (typeof status === 'number' && status >= 400 && status < 500);
  return ofTheSender ? badRequest('The request cannot be read') : undefined;
}

function createSender(
  lingerMilliseconds: number,
  streams: EventStreams,
): (reply: FastifyReply, answer: Answer) => FastifyReply {
  return (reply, { status, body, contentType, stream, file, errorCode }) => {
    const { id, raw } = reply.request;
    const events = stream && streams.begin(stream, id, reply.raw);
    reply.code(status).headers(corsHeaders).header('x-amzn-requestid', id);
    if (errorCode !== undefined) reply.header('x-amzn-errortype', errorCode);
    if (events !== undefined) return reply.headers(eventStreamHeaders).send(events);
    if (file !== undefined) return beginFile(reply, file);
    if (body === undefined) return reply.send();
    reply.header('content-type', contentType ?? 'application/json');
    if (contentType?.startsWith('text/html')) reply.headers(pageHeaders);
    if (raw.complete || !announcesBody(raw)) return reply.send(body);
    reply.header('connection', 'close').header('content-length', Buffer.byteLength(body));
    return reply.send(Readable.from(answerAndLinger(body, raw, lingerMilliseconds)));
  };
}

/**
 * An answer that leaves before the whole body has come: it is complete for its reader at once, then a while passes in
 * which the rest of the body is thrown away. Closing at once would reset the connection, and the sender, still busy
 * sending, might never read why.
 */
async function* answerAndLinger(
  answer: string,
  request: IncomingMessage,
  milliseconds: number,
): AsyncGenerator<string> {
  yield answer;
  request.resume();
  await finished(request, { signal: AbortSignal.timeout(milliseconds) }).catch(() => undefined);
}
