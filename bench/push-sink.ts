/** An HTTP/2 server with TLS that accepts every push and does nothing else. Reads its certificate as JSON, writes its port. */
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const certificate = JSON.parse(Buffer.concat(chunks).toString()) as { cert: string; key: string };

const answer = JSON.stringify({ name: 'projects/bench/messages/0' });
const server = createSecureServer({ ...certificate, settings: { maxConcurrentStreams: 1000 } });
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined);
  stream.resume();
  stream.respond({ ':status': 200, 'apns-id': headers['apns-id'] ?? '' });
  stream.end(answer);
});
server.on('sessionError', () => undefined);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
