/** A real HTTP server in the process of a test that stands for a provider: keeps what came, answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificates.ts';

export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: string | object;
  /** Before it answers. */
  readonly afterMilliseconds?: number;
}

export interface ProviderServer {
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
  close(): Promise<void>;
}

/** @param answer `hang up` closes the connection without an answer */
export async function startProvider(
  answer: (request: ProviderRequest, number: number) => ProviderAnswer | 'hang up',
  certificate?: TestCertificate,
): Promise<ProviderServer> {
  const requests: ProviderRequest[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const given = { method, path, headers, body: Buffer.concat(chunks) };
    const said = answer(given, requests.push(given) - 1);
    if (said === 'hang up') {
      request.socket.destroy();
      return;
    }
    if (said.afterMilliseconds !== undefined) await new Promise((resume) => setTimeout(resume, said.afterMilliseconds));
    response.writeHead(said.status, said.headers);
    response.end(typeof said.body === 'object' ? JSON.stringify(said.body) : said.body);
  };
  const listen = (request: IncomingMessage, response: ServerResponse) =>
    void listener(request, response).catch(() => response.destroy());
  const server = certificate === undefined ? createServer(listen) : createSecureServer({ ...certificate }, listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
