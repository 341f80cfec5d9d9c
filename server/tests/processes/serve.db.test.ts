/** `repoint serve` as a process: first start, second start, signals, several processes, several nodes, crashes. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CreateAppCommand, GetAppsCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, type DatabaseConnection, openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import {
  makeDataDirectory,
  type RunningProgram,
  readCredentials,
  runProgram,
  startServer,
} from '../support/program.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { Credentials } from '../support/test-server.ts';

let connection: DatabaseConnection;
let settings: Record<string, string>;
const dataDirectory = makeDataDirectory();

beforeAll(async () => {
  connection = await createTestDatabase('empty');
  settings = {
    REPOINT_DATABASE_URL: connection.url,
    REPOINT_MASTER_KEY: randomBytes(32).toString('hex'),
    REPOINT_DATA_DIR: dataDirectory,
  };
});
afterAll(() => dropTestDatabase(connection));

const clients: PinpointClient[] = [];
afterAll(() => {
  for (const client of clients) client.destroy();
});

function clientOf(origin: string, credentials: Credentials = readCredentials(dataDirectory)): PinpointClient {
  const client = new PinpointClient({ region: 'us-east-1', endpoint: origin, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const createApp = (client: PinpointClient, Name: string) =>
  client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } }));

async function appNames(client: PinpointClient): Promise<string[]> {
  const { ApplicationsResponse } = await client.send(new GetAppsCommand({ PageSize: '1000' }));
  return (ApplicationsResponse?.Item ?? []).map(({ Name }) => Name as string);
}

async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openDatabase({ connection, logger: createLogger('silent') });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const clean = { exitCode: 0, signal: null };

describe('one process', { timeout: 60_000 }, () => {
  it('makes account and key at the first start, and goes on where it stood at the second', async () => {
    const first = await startServer(settings);
    expect(statSync(join(dataDirectory, 'credentials')).mode & 0o777).toBe(0o600);
    expect(first.text().output).toContain('Try: AWS_SHARED_CREDENTIALS_FILE=');
    await createApp(clientOf(first.origin), 'before');
    expect(await first.end()).toEqual(clean);

    const second = await startServer(settings);
    expect(await appNames(clientOf(second.origin))).toEqual(['before']);
    expect(await second.end('SIGINT')).toEqual(clean);
  });

  it('answers health, readiness and metrics', async () => {
    const server = await startServer(settings);
    const get = async (path: string) => {
      const answer = await fetch(server.origin + path);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect((await get('/readyz')).text).toBe(
      '{"ready":true,"checks":{"database":true,"notifications":true,"jobs":true}}',
    );
    await appNames(clientOf(server.origin));
    const { text } = await get('/metrics');
    expect(text).toMatch(/^repoint_requests_total\{operation="GetApps",code="OK"\} 1$/m);
    for (const name of ['repoint_jobs_waiting', 'repoint_database_connections', 'nodejs_eventloop_lag_seconds']) {
      expect(text).toMatch(new RegExp(`^${name} [0-9.e-]+$`, 'm'));
    }
    await server.end();
  });

  it('finishes the request it has begun before it ends', async () => {
    const server = await startServer(settings);
    const { port } = new URL(server.origin);
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.write('POST /v1/apps HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\n\r\n{"Name"');
    await new Promise((resume) => setTimeout(resume, 300));
    const begun = performance.now();
    const ended = server.end();
    await new Promise((resume) => setTimeout(resume, 300));
    socket.write(': 1 }');
    expect(await ended).toEqual(clean);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*MissingAuthenticationToken/);
  });

  it('says in a sentence what is wrong with its settings', async () => {
    const wrong = await runProgram(['serve'], {
      REPOINT_PORT: 'seven',
      REPOINT_ROLES: 'king',
      REPOINT_DATABASE_URL: 'x',
    });
    expect(wrong.exitCode).toBe(1);
    for (const name of ['REPOINT_PORT', 'REPOINT_ROLES', 'REPOINT_DATABASE_URL', 'REPOINT_MASTER_KEY']) {
      expect(wrong.errors).toContain(name);
    }
    expect(wrong.errors).not.toContain('    at ');
    const otherKey = { ...settings, REPOINT_MASTER_KEY: randomBytes(32).toString('hex') };
    const refused = await runProgram(['serve'], otherKey);
    expect([refused.exitCode, refused.errors]).toEqual([1, expect.stringContaining('The master key is not the one')]);
  });

  it('loses nothing that was answered when it is killed, and has an audit entry for each', async () => {
    const server = await startServer(settings);
    const client = clientOf(server.origin);
    const answered: string[] = [];
    const hammer = async (caller: number) => {
      for (let count = 0; ; count += 1) {
        const name = `killed ${caller} ${count}`;
        await createApp(client, name);
        answered.push(name);
      }
    };
    const callers = Promise.allSettled(Array.from({ length: 8 }, (_, caller) => hammer(caller)));
    await vi.waitFor(() => expect(answered.length).toBeGreaterThan(40), { timeout: 10_000 });
    await server.end('SIGKILL');
    await callers;

    const again = await startServer(settings);
    const names = await appNames(clientOf(again.origin));
    expect(names).toEqual(expect.arrayContaining(answered));
    const entries = await withDatabase(async ({ query }) => {
      const { rows } = await sql<{ count: number }>`
        select count(*) from audit_entries where operation = 'CreateApp' and status = 201`.execute(query);
      return rows[0]?.count;
    });
    expect(entries).toBe(names.length);
    await again.end();
  });

  it('logs nothing about the people in its requests', async () => {
    const server = await startServer({ ...settings, REPOINT_LOG_LEVEL: 'trace' });
    const phone = '%2B4915112345678';
    await fetch(`${server.origin}/v1/apps/x/endpoints/${phone}`, {
      method: 'PUT',
      body: '{"Address":"ann@example.com"}',
    });
    await fetch(`${server.origin}/repoint/v1/sign-in`, {
      method: 'POST',
      body: JSON.stringify({ UserName: 'ann@example.com', Password: 'mine alone' }),
    });
    await fetch(`${server.origin}/v1/apps/%ff/endpoints/${phone}`);
    await server.end();
    const { output, errors } = server.text();
    expect(output + errors).not.toMatch(/4915112345678|ann@example|mine alone/);
  });
});

describe('several processes behind one port', { timeout: 60_000 }, () => {
  const requestsCounted = async (origin: string) => {
    const text = await (await fetch(`${origin}/metrics`)).text();
    return /^repoint_requests_total\{operation="GetApps",code="OK"\} (\d+)$/m.exec(text)?.[1];
  };
  const childrenOf = ({ child }: RunningProgram) =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

  it('answer as one server, add up their metrics, and end together', async () => {
    const server = await startServer({ ...settings, REPOINT_PROCESSES: '2' });
    const calls = 30;
    // A client each, so that connections spread over the processes.
    await Promise.all(Array.from({ length: calls }, () => appNames(clientOf(server.origin))));
    expect(await requestsCounted(server.origin)).toBe(String(calls));
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    const workers = childrenOf(server);
    expect(workers).toHaveLength(2);
    expect(await server.end()).toEqual(clean);
    expect(workers.some(isAlive)).toBe(false);
  });

  it('replace one that was killed, and leave none behind when the first is killed', async () => {
    const server = await startServer({ ...settings, REPOINT_PROCESSES: '2' });
    const [victim] = childrenOf(server);
    process.kill(victim as number, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const workers = childrenOf(server);
        expect(workers.filter((pid) => pid !== victim)).toHaveLength(2);
        for (let call = 0; call < 10; call += 1) await appNames(clientOf(server.origin));
      },
      { timeout: 15_000, interval: 200 },
    );
    const workers = childrenOf(server);
    await server.end('SIGKILL');
    await vi.waitFor(() => expect(workers.some(isAlive)).toBe(false), { timeout: 10_000, interval: 50 });
  });
});

describe('several nodes', { timeout: 60_000 }, () => {
  it('that start at once on an empty database make one account between them', async () => {
    const empty = await createTestDatabase('empty');
    const directories = [makeDataDirectory(), makeDataDirectory(), makeDataDirectory()];
    try {
      const shared = {
        REPOINT_DATABASE_URL: empty.url,
        REPOINT_MASTER_KEY: randomBytes(32).toString('base64'),
        REPOINT_ACCOUNT_ID: '123456789012',
        REPOINT_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
        REPOINT_SECRET_ACCESS_KEY: 'chosen by the operator',
      };
      const nodes = await Promise.all(
        directories.map((directory) => startServer({ ...shared, REPOINT_DATA_DIR: directory })),
      );
      const key = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'chosen by the operator' };
      const [first, ...others] = nodes.map(({ origin }) => clientOf(origin, key)) as [
        PinpointClient,
        ...PinpointClient[],
      ];
      const { ApplicationResponse } = await createApp(first, 'shared');
      expect(ApplicationResponse?.Arn).toContain(':123456789012:');
      for (const client of others) expect(await appNames(client)).toEqual(['shared']);
      const listed = await runProgram(['accounts', 'list'], { ...shared, REPOINT_DATA_DIR: directories[0] as string });
      expect(listed.output.match(/\d{12}/g)).toEqual(['123456789012']);
      expect(await Promise.all(nodes.map((node) => node.end()))).toEqual([clean, clean, clean]);
    } finally {
      await dropTestDatabase(empty);
    }
  });

  it('without the role api answer health alone', async () => {
    const server = await startServer({ ...settings, REPOINT_ROLES: 'worker,scheduler' });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${server.origin}/v1/apps`)).status).toBe(404);
    expect((await fetch(`${server.origin}/console/`)).status).toBe(404);
    await server.end();
  });
});
