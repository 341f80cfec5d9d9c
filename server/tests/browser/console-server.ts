/** A whole server for the browser to meet, with one user who may sign in. */
import { createUser, hashPassword } from '../../src/domains/accounts/index.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/test-server.ts';

export interface ConsoleServer extends Person {
  readonly server: TestServer;
  readonly origin: string;
}

export interface Person {
  readonly userName: string;
  readonly password: string;
}

export async function startConsoleServer(options: TestServerOptions = {}): Promise<ConsoleServer> {
  const server = await startTestServer(options);
  const person = { userName: 'ada', password: 'correct horse battery' };
  await addPerson(server, person, ['administrator']);
  return { server, origin: server.origin, ...person };
}

/** Somebody more of the first account who may sign in. */
export async function addPerson(
  { administrator: { accountId }, database }: TestServer,
  { userName, password }: Person,
  policies: readonly string[],
): Promise<void> {
  const user = { accountId, name: userName, passwordHash: await hashPassword(password), createdAt: new Date() };
  await database.transaction((tx) => createUser(tx, user, policies));
}
