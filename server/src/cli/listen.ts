/** Opens the port. Called last: a port that answers means that the first request can be served. */
import type { FastifyInstance } from 'fastify';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';

/** @returns the URL to reach it by from this machine */
export async function listen(
  http: FastifyInstance,
  { host, port }: Pick<Configuration, 'host' | 'port'>,
): Promise<string> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new OperatorError(`Port ${port} of ${host} is taken. Set REPOINT_PORT to another one.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new OperatorError(`${host} is not an address of this machine. Check REPOINT_HOST.`);
    if (code === 'EACCES')
      throw new OperatorError(`Port ${port} may not be opened by this user. Set REPOINT_PORT above 1023.`);
    throw error;
  }
  const bound = http.addresses()[0];
  return urlOf(host, typeof bound === 'object' ? bound.port : port);
}

export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
