/** A whole server for the browser to meet, with one user who may sign in. */
import { createUser, hashPassword } from '../../src/domains/accounts/index.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/test-server.ts';

export interface ConsoleServer {
  readonly server: TestServer;
  readonly origin: string;
  readonly userName: string;
  readonly password: string;
}

export async function startConsoleServer(options: TestServerOptions = {}): Promise<ConsoleServer> {
  const server = await startTestServer(options);
  const { accountId } = server.administrator;
  const person = { userName: 'ada', password: 'correct horse battery' };
  const passwordHash = await hashPassword(person.password);
  const user = { accountId, name: person.userName, passwordHash, createdAt: new Date() };
  await server.database.transaction((tx) => createUser(tx, user, ['administrator']));
  return { server, origin: server.origin, ...person };
}
