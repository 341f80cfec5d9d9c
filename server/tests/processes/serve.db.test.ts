/** `repoint serve` as a process: first start, second start, signals, several processes, several nodes, crashes. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CreateAppCommand, GetAppsCommand, type PinpointClient } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { makeDataDirectory, type RunningProgram, runProgram } from '../support/program.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import { administratorClient, clientOf, prepareDeployment, startForTest } from './deployment.ts';

const deployment = prepareDeployment();
const { dataDirectory, settings } = deployment;
const administrator = ({ origin }: { origin: string }) => administratorClient(origin, dataDirectory);

const createApp = (client: PinpointClient, Name: string) =>
  client.send(new CreateAppCommand({ CreateApplicationRequest: { Name } }));

async function appNames(client: PinpointClient): Promise<string[]> {
  const { ApplicationsResponse } = await client.send(new GetAppsCommand({ PageSize: '1000' }));
  return (ApplicationsResponse?.Item ?? []).map(({ Name }) => Name as string);
}

async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openDatabase({ connection: { url: deployment.databaseUrl }, logger: createLogger('silent') });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const clean = { exitCode: 0, signal: null };

describe('one process', { timeout: 60_000 }, () => {
  it('makes account and key at the first start, and goes on where it stood at the second', async () => {
    const first = await startForTest(settings);
    expect(statSync(join(dataDirectory, 'credentials')).mode & 0o777).toBe(0o600);
    expect(first.text().output).toContain('Try: AWS_SHARED_CREDENTIALS_FILE=');
    await createApp(administrator(first), 'before');
    expect(await first.end()).toEqual(clean);

    const second = await startForTest(settings);
    expect(await appNames(administrator(second))).toEqual(['before']);
    expect(await second.end('SIGINT')).toEqual(clean);
  });

  it('says how to come by a key where no profile lies', async () => {
    const profile = join(dataDirectory, 'credentials');
    renameSync(profile, `${profile}.away`);
    try {
      const server = await startForTest(settings);
      expect(server.text().output).toContain('npm run repoint -- keys create --user administrator');
      expect(server.text().output).not.toContain('AWS_SHARED_CREDENTIALS_FILE');
    } finally {
      renameSync(`${profile}.away`, profile);
    }
  });

  it('is the only server on its data directory', async () => {
    const server = await startForTest(settings);
    const second = await runProgram(['serve'], { ...settings, REPOINT_PORT: '0' });
    expect([second.exitCode, second.errors]).toEqual([1, expect.stringContaining('Another Repoint server (process')]);
    expect(await appNames(administrator(server))).toEqual(['before']);
    await server.end('SIGKILL');
    const begun = performance.now();
    await startForTest(settings);
    // Nobody waits for a lock of the dead to run out.
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('answers health, readiness and metrics', async () => {
    const server = await startForTest(settings);
    const get = async (path: string) => {
      const answer = await fetch(server.origin + path);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect((await get('/readyz')).text).toBe(
      '{"ready":true,"checks":{"database":true,"notifications":true,"jobs":true}}',
    );
    await appNames(administrator(server));
    const { text } = await get('/metrics');
    expect(text).toMatch(/^repoint_requests_total\{operation="GetApps",code="OK"\} 1$/m);
    for (const name of ['repoint_jobs_waiting', 'repoint_database_connections', 'nodejs_eventloop_lag_seconds']) {
      expect(text).toMatch(new RegExp(`^${name} [0-9.e-]+$`, 'm'));
    }
    await server.end();
  });

  it('finishes the request it has begun before it ends', async () => {
    const server = await startForTest(settings);
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
    const sentences: [Record<string, string>, RegExp][] = [
      [{ REPOINT_MASTER_KEY: 'short' }, /^REPOINT_MASTER_KEY must be 32 bytes/],
      [{ REPOINT_DATA_DIR: join(dataDirectory, 'credentials', 'below') }, /^The data directory .* cannot be made/],
      [{ REPOINT_HOST: 'nowhere.invalid' }, /^nowhere\.invalid is not an address of this machine/m],
    ];
    for (const [own, sentence] of sentences) {
      const { exitCode, errors } = await runProgram(['serve'], { ...settings, REPOINT_PORT: '0', ...own });
      expect([own, exitCode, errors]).toEqual([own, 1, expect.stringMatching(sentence)]);
      expect(errors).not.toContain('Node.js v');
    }
    const otherKey = { ...settings, REPOINT_MASTER_KEY: randomBytes(32).toString('hex') };
    const refused = await runProgram(['serve'], otherKey);
    expect([refused.exitCode, refused.errors]).toEqual([1, expect.stringContaining('The master key is not the one')]);
  });

  it('ends at a fault that nobody expected with one line and without the objects that hang on it', async () => {
    const nodeId = join(dataDirectory, 'node-id');
    renameSync(nodeId, `${nodeId}.away`);
    mkdirSync(nodeId);
    try {
      const { exitCode, errors } = await runProgram(['serve'], { ...settings, REPOINT_PORT: '0' });
      const last = JSON.parse(errors.trim().split('\n').at(-1) as string);
      expect([exitCode, last]).toMatchObject([1, { level: 60, err: { code: 'EISDIR' } }]);
      expect(errors).not.toContain('Node.js v');
    } finally {
      rmdirSync(nodeId);
      renameSync(`${nodeId}.away`, nodeId);
    }
  });

  it('loses nothing that was answered when it is killed, and has an audit entry for each', async () => {
    const server = await startForTest(settings);
    const client = administrator(server);
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

    const again = await startForTest(settings);
    const names = await appNames(administrator(again));
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
    const server = await startForTest({ ...settings, REPOINT_LOG_LEVEL: 'trace' });
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

describe.each([/^credentials/, /^credentials$/])('a first start that is killed at the sight of %s', (sight) => {
  const directory = makeDataDirectory();

  it('leaves nothing in the way of the second, which makes account and key', { timeout: 60_000 }, async () => {
    const empty = await createTestDatabase('empty');
    const own = { ...settings, REPOINT_DATABASE_URL: empty.url, REPOINT_DATA_DIR: directory };
    try {
      const program = join(import.meta.dirname, '../../src/main.ts');
      const child = spawn(process.execPath, [program, 'serve'], {
        env: { ...own, REPOINT_PORT: '0' },
        stdio: 'ignore',
      });
      await vi.waitFor(() => expect(readdirSync(directory).some((name) => sight.test(name))).toBe(true), {
        timeout: 15_000,
        interval: 1,
      });
      child.kill('SIGKILL');
      await once(child, 'exit');
      const again = await startForTest(own);
      expect(await appNames(administratorClient(again.origin, directory))).toEqual([]);
      await again.end();
    } finally {
      await dropTestDatabase(empty);
    }
  });
});

describe('several processes behind one port', { timeout: 60_000 }, () => {
  const anotherDirectory = makeDataDirectory();
  const requestsCounted = async (origin: string) => {
    const text = await (await fetch(`${origin}/metrics`)).text();
    return /^repoint_requests_total\{operation="GetApps",code="OK"\} (\d+)$/m.exec(text)?.[1];
  };
  const childrenOf = ({ child }: RunningProgram) =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

  it('answer as one server, add up their metrics, and end together', async () => {
    const server = await startForTest({ ...settings, REPOINT_PROCESSES: '2' });
    const calls = 30;
    // A client each, so that connections spread over the processes.
    await Promise.all(Array.from({ length: calls }, () => appNames(administrator(server))));
    expect(await requestsCounted(server.origin)).toBe(String(calls));
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    const workers = childrenOf(server);
    expect(workers).toHaveLength(2);
    expect(await server.end()).toEqual(clean);
    expect(workers.some(isAlive)).toBe(false);
  });

  it('say in a sentence why they cannot start', async () => {
    const holder = await startForTest(settings);
    const REPOINT_PORT = new URL(holder.origin).port;
    const own = { ...settings, REPOINT_DATA_DIR: anotherDirectory, REPOINT_PORT, REPOINT_PROCESSES: '2' };
    const { exitCode, errors } = await runProgram(['serve'], own);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^Port \d+ of 127\.0\.0\.1 is taken/m);
    expect(errors).toMatch(/^An API process ended before it served; it said why above\.$/m);
    expect(errors).not.toContain('Node.js v');
  });

  it('replace one that was killed, and leave none behind when the first is killed', async () => {
    const server = await startForTest({ ...settings, REPOINT_PROCESSES: '2' });
    const [victim] = childrenOf(server);
    process.kill(victim as number, 'SIGKILL');
    await vi.waitFor(
      async () => {
        const workers = childrenOf(server);
        expect(workers.filter((pid) => pid !== victim)).toHaveLength(2);
        for (let call = 0; call < 10; call += 1) await appNames(administrator(server));
      },
      { timeout: 15_000, interval: 200 },
    );
    const workers = childrenOf(server);
    await server.end('SIGKILL');
    await vi.waitFor(() => expect(workers.some(isAlive)).toBe(false), { timeout: 10_000, interval: 50 });
  });
});

describe('several nodes', { timeout: 60_000 }, () => {
  const directories = [makeDataDirectory(), makeDataDirectory(), makeDataDirectory()];

  it('that start at once on an empty database make one account between them', async () => {
    const empty = await createTestDatabase('empty');
    try {
      const shared = {
        REPOINT_DATABASE_URL: empty.url,
        REPOINT_MASTER_KEY: randomBytes(32).toString('base64'),
        REPOINT_ACCOUNT_ID: '123456789012',
        REPOINT_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
        REPOINT_SECRET_ACCESS_KEY: 'chosen by the operator',
      };
      const nodes = await Promise.all(
        directories.map((directory) => startForTest({ ...shared, REPOINT_DATA_DIR: directory })),
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
    const server = await startForTest({ ...settings, REPOINT_ROLES: 'worker,scheduler' });
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${server.origin}/v1/apps`)).status).toBe(404);
    expect((await fetch(`${server.origin}/console/`)).status).toBe(404);
    await server.end();
  });
});
