/** The ceiling for HTTP: a bare `node:http` server that answers the same bytes and does nothing else. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';

const processes = Number(process.argv[2] ?? 1);
const body = process.argv[3] ?? '{}';

if (cluster.isPrimary && processes > 1) {
  let listening = 0;
  cluster.on('listening', (_worker, address) => {
    listening += 1;
    if (listening === processes) process.stdout.write(`${address.port}\n`);
  });
  for (let index = 0; index < processes; index += 1) cluster.fork();
} else {
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (cluster.isPrimary && address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
}
