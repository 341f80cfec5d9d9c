/** A database and a data directory for the tests of one file, and servers on them that end with their test. */
import { randomBytes } from 'node:crypto';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  makeDataDirectory,
  type RunningProgram,
  readCredentials,
  type Settings,
  startServer,
} from '../support/program.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { Credentials } from '../support/test-server.ts';

export interface TestDeployment {
  readonly dataDirectory: string;
  /** Known when the tests begin. */
  readonly settings: Record<string, string>;
  /** Its database, without tables until the first server starts. */
  readonly databaseUrl: string;
}

/** Call it at the top of a file. */
export function prepareDeployment(): TestDeployment {
  const settings: Record<string, string> = {
    REPOINT_MASTER_KEY: randomBytes(32).toString('hex'),
    REPOINT_DATA_DIR: makeDataDirectory(),
  };
  beforeAll(async () => {
    settings['REPOINT_DATABASE_URL'] = (await createTestDatabase('empty')).url;
  });
  afterAll(() => dropTestDatabase({ url: settings['REPOINT_DATABASE_URL'] as string }));
  return {
    settings,
    dataDirectory: settings['REPOINT_DATA_DIR'] as string,
    get databaseUrl() {
      return settings['REPOINT_DATABASE_URL'] as string;
    },
  };
}

const running = new Set<RunningProgram>();

/** A server that is ended after the test at the latest, also when the test fails. */
export async function startForTest(settings: Settings): Promise<RunningProgram> {
  const server = await startServer(settings);
  running.add(server);
  return server;
}

afterEach(async () => {
  await Promise.all([...running].map((server) => server.end()));
  running.clear();
});

const clients: PinpointClient[] = [];
afterAll(() => {
  for (const client of clients) client.destroy();
});

export function clientOf(origin: string, credentials: Credentials): PinpointClient {
  const client = new PinpointClient({ region: 'us-east-1', endpoint: origin, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

/** The administrator's, with the profile that the first start wrote. */
export function administratorClient(origin: string, dataDirectory: string): PinpointClient {
  return clientOf(origin, readCredentials(dataDirectory));
}
