/** The commands of `repoint` beside `serve`, as an operator runs them while a server runs. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetAppsCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { type RunningProgram, readCredentials, runProgram, startServer } from '../support/program.ts';
import { callApi } from '../support/repoint-api.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';
import type { Credentials, TestServer } from '../support/test-server.ts';
import { clientOf, prepareDeployment } from './deployment.ts';

const { dataDirectory, settings } = prepareDeployment();
let server: RunningProgram;

beforeAll(async () => {
  server = await startServer(settings);
});
afterAll(() => server.end());

const run = (...words: string[]) => runProgram(words, settings);

function keyIn(output: string): Credentials {
  const value = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(output)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

async function getApps(credentials: Credentials): Promise<void> {
  await clientOf(server.origin, credentials).send(new GetAppsCommand({}));
}

const api = (call: string, request: Parameters<typeof callApi>[2] = {}) =>
  callApi({ origin: server.origin } as TestServer, call, { credentials: readCredentials(dataDirectory), ...request });

describe('keys', { timeout: 30_000 }, () => {
  it('create makes user and key, list shows them, disable stops the key on the running server', async () => {
    const created = await run('keys', 'create', '--user', 'backend', '--policy', 'read-only');
    expect(created.exitCode).toBe(0);
    const key = keyIn(created.output);
    await getApps(key);
    const listed = await run('keys', 'list');
    expect(listed.output).toMatch(new RegExp(`^${key.accessKeyId} +backend +active`, 'm'));
    expect(listed.output + listed.errors).not.toContain(key.secretAccessKey);
    expect((await run('keys', 'disable', key.accessKeyId)).exitCode).toBe(0);
    await vi.waitFor(() => expect(getApps(key)).rejects.toThrow(/security token/), { timeout: 1_000 });
    expect((await run('keys', 'list')).output).toMatch(new RegExp(`^${key.accessKeyId} +backend +inactive`, 'm'));
  });

  it('create prints a profile that AWS clients read, and nothing else, on standard output', async () => {
    const { output } = await run('keys', 'create', '--user', 'profile', '--policy', 'read-only');
    expect(output).toMatch(/^\[default\]\naws_access_key_id = \w+\naws_secret_access_key = \S+\n$/);
  });

  it('create for an app does not take another policy that bears the name', async () => {
    const PolicyName = `mobile-client-${'b'.repeat(32)}`;
    const Document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const made = await api('POST /repoint/v1/policies', { body: { PolicyName, Document } });
    expect(made.status).toBe(201);
    const words = ['keys', 'create', '--user', 'tricked', '--policy', 'mobile-client', '--project', 'b'.repeat(32)];
    const { exitCode, errors } = await run(...words);
    expect([exitCode, errors]).toEqual([1, expect.stringContaining('is another one than mobile-client')]);
    expect((await api('GET /repoint/v1/users/tricked')).status).toBe(404);
  });

  it('create for an app makes a policy of one project', async () => {
    const created = await run(
      'keys',
      'create',
      '--user',
      'app',
      '--policy',
      'mobile-client',
      '--project',
      'a'.repeat(32),
    );
    expect(created.exitCode).toBe(0);
    await expect(getApps(keyIn(created.output))).rejects.toThrow(/not authorized/);
    const { body } = await api('GET /repoint/v1/users/app');
    expect(body.Policies).toEqual([`mobile-client-${'a'.repeat(32)}`]);
  });

  it('say in a sentence what cannot be done', async () => {
    const refusals: [string[], RegExp][] = [
      [['keys', 'create', '--user', 'nobody'], /There is no user nobody/],
      [['keys', 'create', '--user', 'b', '--policy', 'king'], /policy that is not there/],
      [['keys', 'create', '--user', 'b', '--policy', 'mobile-client'], /needs --project/],
      [['keys', 'create', '--user', 'no spaces', '--policy', 'sender'], /UserName may have/],
      [['keys', 'disable', 'AKIANOBODY'], /no access key AKIANOBODY/],
      [['keys', 'list', '--account', '000000000000'], /There is no account 000000000000/],
    ];
    for (const [words, sentence] of refusals) {
      const { exitCode, errors } = await run(...words);
      expect([exitCode, errors]).toEqual([1, expect.stringMatching(sentence)]);
      expect(errors).not.toContain('    at ');
    }
  });

  it('do not make a deployment in a directory that has none', async () => {
    const REPOINT_DATA_DIR = join(dataDirectory, 'elsewhere');
    const { exitCode, errors } = await runProgram(['keys', 'list'], { REPOINT_DATA_DIR });
    expect([exitCode, errors]).toEqual([1, expect.stringContaining(`There is no deployment in ${REPOINT_DATA_DIR}`)]);
    expect(existsSync(REPOINT_DATA_DIR)).toBe(false);
  });

  it('leave entries in the audit log', async () => {
    const { body } = await api('GET /repoint/v1/audit-log');
    const seen = body.Item.map((entry: { Operation: string; UserName: string; SourceAddress: string }) => ({
      Operation: entry.Operation,
      who: entry.UserName.replace(/\(.*\)/, '(somebody)'),
      from: entry.SourceAddress,
    }));
    for (const Operation of ['CreateAccount', 'CreateUser', 'CreatePolicy', 'CreateAccessKey', 'UpdateAccessKey']) {
      expect(seen).toContainEqual({ Operation, who: 'command line (somebody)', from: 'local' });
    }
  });
});

describe('users and accounts', { timeout: 30_000 }, () => {
  it('a user that was added signs in', async () => {
    const passwordFile = join(dataDirectory, 'password');
    writeFileSync(passwordFile, 'a long enough password\n');
    const added = await run('users', 'add', 'lea', '--policy', 'administrator', '--password-file', passwordFile);
    expect([added.exitCode, added.output]).toEqual([0, expect.stringContaining('lea may sign in')]);
    const body = { UserName: 'lea', Password: 'a long enough password' };
    expect((await api('POST /repoint/v1/sign-in', { credentials: null, body })).status).toBe(200);
    writeFileSync(passwordFile, 'short');
    const short = await run('users', 'add', 'leo', '--password-file', passwordFile);
    expect([short.exitCode, short.errors]).toEqual([1, expect.stringContaining('at least 12 characters')]);
    const missing = await run('users', 'add', 'leo', '--password-file', join(dataDirectory, 'nowhere'));
    expect([missing.exitCode, missing.errors]).toEqual([1, expect.stringMatching(/cannot be read \(ENOENT\)\.\n$/)]);
    const nobodyToAsk = await run('users', 'add', 'leo');
    expect([nobodyToAsk.exitCode, nobodyToAsk.errors]).toEqual([1, expect.stringContaining('--password-file')]);
  });

  it('with a second account, commands ask which one is meant, and sign-in too', async () => {
    const created = await run('accounts', 'create', 'Second company', '--id', '999999999999');
    expect(created.exitCode).toBe(0);
    await getApps(keyIn(created.output));
    const unclear = await run('keys', 'list');
    expect([unclear.exitCode, unclear.errors]).toEqual([1, expect.stringContaining('--account')]);
    const theirs = await run('keys', 'list', '--account', '999999999999');
    expect(theirs.output.match(/AKIA\w+/g)).toEqual([keyIn(created.output).accessKeyId]);
    const body = { UserName: 'lea', Password: 'a long enough password' };
    expect((await api('POST /repoint/v1/sign-in', { credentials: null, body })).status).toBe(403);
    const again = await run('accounts', 'create', 'Twin', '--id', '999999999999');
    expect([again.exitCode, again.errors]).toEqual([1, expect.stringContaining('already')]);
  });
});

describe('doctor', { timeout: 30_000 }, () => {
  it('finds everything in order beside a running server, and says what is not', async () => {
    const port = new URL(server.origin).port;
    const healthy = await runProgram(['doctor'], { ...settings, REPOINT_PORT: port });
    expect(healthy.output).toMatch(/^ok +the server on .* is ready$/m);
    expect(healthy.output).toMatch(/^ok +external PostgreSQL \d+/m);
    expect(healthy.output).toMatch(/^ok +the master key matches$/m);
    expect(healthy.output).toMatch(/^ok +the database is at \d{4}_\w+, as this program$/m);
    expect([healthy.exitCode, healthy.output]).toEqual([0, expect.not.stringMatching(/^wrong/m)]);
    const sick = await runProgram(['doctor'], { ...settings, REPOINT_MASTER_KEY: randomBytes(32).toString('hex') });
    expect([sick.exitCode, sick.output]).toEqual([1, expect.stringMatching(/^wrong +The master key is not/m)]);
    const confused = await runProgram(['doctor'], { ...settings, REPOINT_QUOTAS: 'many' });
    expect([confused.exitCode, confused.output]).toEqual([1, expect.stringMatching(/^wrong +REPOINT_QUOTAS/m)]);
  });
});

describe('doctor on an empty database', { timeout: 30_000 }, () => {
  it('changes nothing', async () => {
    const connection = await createTestDatabase('empty');
    try {
      const { exitCode, output } = await runProgram(['doctor'], {
        ...{ REPOINT_DATABASE_URL: connection.url, REPOINT_PORT: '0' },
        ...{ REPOINT_MASTER_KEY: randomBytes(32).toString('hex'), REPOINT_DATA_DIR: join(dataDirectory, 'none') },
      });
      expect([exitCode, output]).toEqual([0, expect.stringMatching(/^ok +the database is empty/m)]);
      const database = await openDatabase({ connection, logger: createLogger('silent') });
      const { rows } = await sql`select relname from pg_class where relnamespace = 'public'::regnamespace`.execute(
        database.query,
      );
      await database.close();
      expect(rows).toEqual([]);
      expect(existsSync(join(dataDirectory, 'none'))).toBe(false);
    } finally {
      await dropTestDatabase(connection);
    }
  });
});

describe('migrate and help', { timeout: 30_000 }, () => {
  it('migrate says that there is nothing to do', async () => {
    expect(await run('migrate')).toMatchObject({ exitCode: 0, output: 'The database is up to date.\n' });
  });

  it('help explains every setting', async () => {
    const { output } = await run('--help');
    for (const name of ['REPOINT_PORT', 'REPOINT_MASTER_KEY', 'REPOINT_TRUSTED_PROXIES'])
      expect(output).toContain(name);
  });
});
