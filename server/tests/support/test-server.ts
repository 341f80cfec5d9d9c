/** A whole server on a database of its own, listening on a free port, with one account and its administrator's key. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { afterAll } from 'vitest';
import { createApp } from '../../src/app.ts';
import { listen } from '../../src/cli/listen.ts';
import { runServices, stopServices } from '../../src/cli/services.ts';
import type { Database } from '../../src/database/index.ts';
import { createAccount } from '../../src/domains/accounts/index.ts';
import type { AnyDriverKind } from '../../src/domains/channels/index.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { readConfiguration } from '../../src/kernel/configuration.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TestAccount extends Credentials {
  readonly accountId: string;
}

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Where the local buckets lie. */
  readonly dataDirectory: string;
  readonly database: Database;
  readonly masterKey: MasterKey;
  /** The first account, with its administrator's key. */
  readonly administrator: TestAccount;
  /** Another account, with an administrator of its own. */
  addAccount(): Promise<TestAccount>;
  /** A real SDK client; the administrator's in us-east-1 unless said otherwise. */
  client(options?: { credentials?: Credentials; region?: string }): PinpointClient;
}

export interface TestServerOptions {
  /** Shared by several nodes. */
  readonly deployment?: { readonly testDatabase: TestDatabase; readonly masterKey: MasterKey };
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Kinds of providers besides the server's own. */
  readonly driverKinds?: readonly AnyDriverKind[];
}

/** Call it at the top of a file or in a `beforeAll`; it is stopped after the tests of the file. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { database, connection } = options.deployment?.testDatabase ?? (await openTestDatabase());
  const masterKey = options.deployment?.masterKey ?? new MasterKey(randomBytes(32));
  const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-server-'));
  const configuration = readConfiguration({
    REPOINT_PORT: '0',
    REPOINT_DATA_DIR: dataDirectory,
    REPOINT_LOG_LEVEL: process.env['REPOINT_TEST_LOG_LEVEL'] ?? 'silent',
    ...options.environment,
  });
  const logger = createLogger(configuration.logLevel);
  const app = createApp({
    ...{ configuration, database, connection, masterKey, logger, roles: configuration.roles, slot: 0 },
    ...(options.clock && { clock: options.clock }),
    ...(options.driverKinds && { driverKinds: options.driverKinds }),
  });
  const clients: PinpointClient[] = [];
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await stopServices(app.services, logger);
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  const addAccount = async (): Promise<TestAccount> => {
    const { accountId, key } = await database.transaction((tx) =>
      createAccount(tx, masterKey, { name: 'test', now: options.clock?.now() ?? new Date() }),
    );
    return { accountId, ...key };
  };
  const administrator = await addAccount();
  await runServices(app.services);
  const origin = await listen(app.http, configuration);
  const client: TestServer['client'] = ({ credentials = administrator, region = 'us-east-1' } = {}) => {
    const made = new PinpointClient({ region, endpoint: origin, credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  return { origin, dataDirectory, database, masterKey, administrator, addAccount, client };
}
