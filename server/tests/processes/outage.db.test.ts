/** An external database that is away for a while and comes back. */
import { readFileSync } from 'node:fs';
import { GetAppsCommand, type PinpointClient } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { type RunningProgram, runProgram } from '../support/program.ts';
import { DatabaseProxy } from './database-proxy.ts';
import { administratorClient, clientOf, prepareDeployment, startForTest } from './deployment.ts';

const deployment = prepareDeployment();
const { dataDirectory } = deployment;
let proxy: DatabaseProxy;
let settings: Record<string, string>;

beforeAll(async () => {
  proxy = new DatabaseProxy(deployment.databaseUrl);
  settings = { ...deployment.settings, REPOINT_DATABASE_URL: proxy.url };
  await proxy.open();
});
afterAll(async () => {
  await proxy.close();
  proxy.remove();
});

const isReady = async ({ origin }: RunningProgram) => (await fetch(`${origin}/readyz`)).status === 200;
const statusOf = (client: PinpointClient) =>
  client.send(new GetAppsCommand({})).then(
    () => 200,
    (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
  );

describe.each(['1', '2'])('a server of %s process(es)', { timeout: 60_000 }, (REPOINT_PROCESSES) => {
  it('stays up, says what is the matter, and goes on when the database is back', async () => {
    const server = await startForTest({ ...settings, REPOINT_PROCESSES });
    const client = administratorClient(server.origin, dataDirectory);
    expect(await statusOf(client)).toBe(200);
    await proxy.close();
    try {
      expect(await statusOf(client)).toBe(503);
      expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
      expect(await isReady(server)).toBe(false);
      // Asking for metrics must not end the server, and what it can tell it tells.
      const metrics = await (await fetch(`${server.origin}/metrics`)).text();
      expect(metrics).toMatch(/^repoint_requests_total\{operation="GetApps",code="OK"\} 1$/m);
      expect(metrics).toMatch(/^repoint_jobs_waiting nan$/im);
    } finally {
      await proxy.open();
    }
    await vi.waitFor(async () => expect(await isReady(server)).toBe(true), { timeout: 15_000, interval: 100 });
    expect(await statusOf(client)).toBe(200);
    expect(await server.end()).toEqual({ exitCode: 0, signal: null });
  });
});

describe('while the database is away', { timeout: 60_000 }, () => {
  it('a process that ends is replaced after longer and longer pauses', async () => {
    const server = await startForTest({ ...settings, REPOINT_PROCESSES: '2' });
    const children = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/children`, 'utf8');
    await proxy.close();
    try {
      process.kill(Number(children.split(' ')[0]), 'SIGKILL');
      const pauses = () =>
        [...server.text().errors.matchAll(/"pauseMilliseconds":(\d+)/g)].map(([, pause]) => Number(pause));
      await vi.waitFor(() => expect(pauses()).toEqual([500, 1000, 2000]), { timeout: 30_000, interval: 100 });
    } finally {
      await proxy.open();
    }
    const client = administratorClient(server.origin, dataDirectory);
    await vi.waitFor(
      async () => {
        expect(await isReady(server)).toBe(true);
        expect(await statusOf(client)).toBe(200);
      },
      { timeout: 15_000, interval: 100 },
    );
  });

  it('a key that is switched off by others does not work afterwards', async () => {
    const server = await startForTest(settings);
    const created = await runProgram(['keys', 'create', '--user', 'backend', '--policy', 'read-only'], settings);
    const value = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(created.output)?.[1] as string;
    const accessKeyId = value('aws_access_key_id');
    const client = clientOf(server.origin, { accessKeyId, secretAccessKey: value('aws_secret_access_key') });
    expect(await statusOf(client)).toBe(200);
    await proxy.close();
    const database = await openDatabase({
      connection: { url: deployment.databaseUrl },
      logger: createLogger('silent'),
    });
    await sql`update credentials set active = false where access_key_id = ${accessKeyId}`.execute(database.query);
    await database.close();
    await proxy.open();
    await vi.waitFor(async () => expect(await isReady(server)).toBe(true), { timeout: 15_000, interval: 100 });
    expect(await statusOf(client)).toBe(403);
  });

  it('the doctor says so, after everything else it found', async () => {
    await proxy.close();
    try {
      const { exitCode, output } = await runProgram(['doctor'], settings);
      expect(exitCode).toBe(1);
      expect(output).toMatch(/^wrong +the database of REPOINT_DATABASE_URL cannot be used \(ENOENT\)$/m);
      expect(output).toMatch(/^ok +the configuration can be read$/m);
    } finally {
      await proxy.open();
    }
  });
});
