/**
 * Real HTTP or HTTPS servers in the process of a test that stand for a provider: they keep what came and answer as they
 * are told. `serveHttp` is the server itself; the other two are ways of telling it what to answer.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { serverCertificate, type TestCertificate, trustCertificate } from './certificates.ts';

export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

/** On a free port. @param answer given whole requests; it may leave one without an answer, or destroy the response */
export async function serveHttp(
  answer: (request: ProviderRequest, response: ServerResponse) => void | Promise<void>,
  certificate?: TestCertificate,
): Promise<HttpServer> {
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    await answer({ method, path, headers, body: await buffer(request) }, response);
  };
  // A client that went away has no body to the end.
  const listen = (request: IncomingMessage, response: ServerResponse) =>
    void listener(request, response).catch(() => response.destroy());
  const server = certificate === undefined ? createServer(listen) : createSecureServer({ ...certificate }, listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface ProviderAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: string | object;
  /** Before it answers. */
  readonly afterMilliseconds?: number;
}

export interface StartedProvider {
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
  close(): Promise<void>;
}

/** @param answer `hang up` closes the connection without an answer */
export async function startProvider(
  answer: (request: ProviderRequest, number: number) => ProviderAnswer | 'hang up',
  certificate?: TestCertificate,
): Promise<StartedProvider> {
  const requests: ProviderRequest[] = [];
  const server = await serveHttp(async (request, response) => {
    const said = answer(request, requests.push(request) - 1);
    if (said === 'hang up') return void response.destroy();
    if (said.afterMilliseconds !== undefined) await new Promise((resume) => setTimeout(resume, said.afterMilliseconds));
    response.writeHead(said.status, said.headers);
    response.end(typeof said.body === 'object' ? JSON.stringify(said.body) : said.body);
  }, certificate);
  return { url: server.origin.replace('127.0.0.1', 'localhost'), requests, close: server.close };
}

export type ReceivedRequest = Omit<ProviderRequest, 'body'> & { readonly body: string };

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export interface ProviderServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** All since the last `answerWith`. */
  readonly received: readonly ReceivedRequest[];
  answerWith(answer: Answer): void;
}

/** Call it at the top of a file; it is stopped after the tests of the file. @param secure a certificate that this process trusts */
export async function startProviderServer({ secure = false } = {}): Promise<ProviderServer> {
  const received: ReceivedRequest[] = [];
  let answer: Answer = (_request, response) => void response.writeHead(204).end();
  const certificate = secure ? await serverCertificate() : undefined;
  if (certificate !== undefined) trustCertificate(certificate);
  const server = await serveHttp(async (request, response) => {
    const whole = { ...request, body: request.body.toString('utf8') };
    received.push(whole);
    await answer(whole, response);
  }, certificate);
  afterAll(() => server.close());
  return {
    origin: server.origin,
    received,
    answerWith(next) {
      received.length = 0;
      answer = next;
    },
  };
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
