/** A project is taken from one account to another, and an account closed and opened again, by an operator's commands. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAppCommand,
  DeleteAppCommand,
  GetAppCommand,
  GetAppsCommand,
  GetEndpointCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningProgram, readCredentials, runProgram, startServer } from '../support/program.ts';
import type { Credentials } from '../support/test-server.ts';
import { clientOf, prepareDeployment } from './deployment.ts';

const { dataDirectory, settings } = prepareDeployment();
let server: RunningProgram;
beforeAll(async () => {
  server = await startServer(settings);
});
afterAll(() => server.end());

const run = (...words: string[]) => runProgram(words, settings);
const accountId = '222233334444';
let other: Credentials;

beforeAll(async () => {
  const { output } = await run('accounts', 'create', 'second', '--id', accountId);
  const value = (name: string) => new RegExp(`^${name} = (.+)$`, 'm').exec(output)?.[1] ?? '';
  other = { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}, 30_000);

describe('export-project and import-project', { timeout: 60_000 }, () => {
  it('take a project to another account, which then outlives the deletion of the first', async () => {
    const client = clientOf(server.origin, readCredentials(dataDirectory));
    const { ApplicationResponse } = await client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'shop', tags: { stage: 'live' } } }),
    );
    const ApplicationId = ApplicationResponse?.Id as string;
    const EndpointRequest = { ChannelType: 'EMAIL', Address: 'lea@example.com' } as const;
    await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'lea', EndpointRequest }));
    const file = join(dataDirectory, 'shop.tar.gz');
    const exported = await run('export-project', '--project', ApplicationId, '--out', file);
    expect([exported.exitCode, exported.errors]).toEqual([0, '']);
    expect(exported.output).toContain(`in ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const imported = await run('import-project', file, '--account', accountId, '--region', 'eu-west-1');
    expect(imported.errors).toBe('');
    expect(imported.output).toContain(`the project is ${ApplicationId} in eu-west-1`);
    await client.send(new DeleteAppCommand({ ApplicationId }));
    const listed = (await run('accounts', 'list')).output.matchAll(/^([0-9]{12}) /gm);
    const first = [...listed].map(([, id]) => id as string).find((id) => id !== accountId) as string;
    await expect(client.send(new GetAppCommand({ ApplicationId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });

    // The same id again, where it was: free as soon as it is erased.
    await vi.waitFor(
      async () => {
        const again = await run('import-project', file, '--account', first, '--name', 'shop 2');
        expect(again.errors).toBe('');
      },
      { timeout: 30_000, interval: 500 },
    );
    const back = await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: 'lea' }));
    expect(back.EndpointResponse?.Address).toBe('lea@example.com');
    const { ApplicationResponse: named } = await client.send(new GetAppCommand({ ApplicationId }));
    expect(named?.Name).toBe('shop 2');
  });

  it('say what is wrong with a file', async () => {
    const file = join(dataDirectory, 'none.tar.gz');
    const missing = await run('import-project', file, '--account', accountId);
    expect([missing.exitCode, missing.errors]).toEqual([1, expect.stringContaining('There is no file')]);
    writeFileSync(file, 'something else');
    const broken = await run('import-project', file, '--account', accountId);
    expect([broken.exitCode, broken.errors]).toEqual([1, expect.stringContaining('not an archive of a project')]);
    const unknown = await run('export-project', '--project', 'f'.repeat(32), '--out', join(dataDirectory, 'x.tar.gz'));
    expect([unknown.exitCode, unknown.errors]).toEqual([1, expect.stringContaining('There is no project')]);
    expect(existsSync(join(dataDirectory, 'x.tar.gz'))).toBe(false);
  });
});

describe('accounts close and reopen', { timeout: 60_000 }, () => {
  it('want the id once more, end what its keys may do, and bring it back', async () => {
    const client = clientOf(server.origin, other);
    await client.send(new GetAppsCommand({}));
    const unsure = await run('accounts', 'close', accountId);
    expect([unsure.exitCode, unsure.errors]).toEqual([1, expect.stringContaining(`--confirm ${accountId}`)]);
    await client.send(new GetAppsCommand({}));

    expect((await run('accounts', 'close', accountId, '--confirm', accountId)).output).toContain('is closed');
    await vi.waitFor(() => expect(client.send(new GetAppsCommand({}))).rejects.toThrow(/security token/), 3_000);
    expect((await run('accounts', 'list')).output).toMatch(new RegExp(`^${accountId} .*closed, erased after`, 'm'));
    const twice = await run('accounts', 'close', accountId, '--confirm', accountId);
    expect([twice.exitCode, twice.errors]).toEqual([1, expect.stringContaining('closed already')]);

    expect((await run('accounts', 'reopen', accountId)).output).toContain('is open again');
    await vi.waitFor(() => client.send(new GetAppsCommand({})), 3_000);
    const again = await run('accounts', 'reopen', accountId);
    expect([again.exitCode, again.errors]).toEqual([1, expect.stringContaining('is not closed')]);
  });

  it('receipts tells of every project that was erased, one line each', async () => {
    const { output, exitCode } = await run('accounts', 'receipts');
    expect(exitCode).toBe(0);
    const receipts = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(receipts).toEqual([
      expect.objectContaining({ number: 1, erasure: expect.objectContaining({ kind: 'PROJECT', state: 'COMPLETED' }) }),
    ]);
  });
});
