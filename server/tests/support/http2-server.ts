/** A real HTTP/2 server with TLS in the process of a test: counts connections and streams, answers as it is told. */
import { once } from 'node:events';
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificates.ts';

export interface TestHttp2Server {
  readonly origin: string;
  readonly port: number;
  readonly sessions: readonly ServerHttp2Session[];
  /** Most streams at once on one connection. */
  most(): number;
  streams(): number;
  close(): Promise<void>;
}

export async function startHttp2Server(
  certificate: TestCertificate,
  answer: (stream: ServerHttp2Stream, number: number, headers: IncomingHttpHeaders) => void,
  options: SecureServerOptions = {},
): Promise<TestHttp2Server> {
  const server = createSecureServer({ ...certificate, ...options });
  const sessions: ServerHttp2Session[] = [];
  let streams = 0;
  let most = 0;
  server.on('session', (session) => {
    sessions.push(session);
    let open = 0;
    session.on('error', () => undefined);
    session.on('stream', (stream, headers) => {
      open += 1;
      most = Math.max(most, open);
      stream.on('close', () => (open -= 1));
      stream.on('error', () => undefined);
      answer(stream, streams++, headers);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    port,
    sessions,
    most: () => most,
    streams: () => streams,
    close: async () => {
      for (const session of sessions) session.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** The whole body of a request. */
export async function bodyOf(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
