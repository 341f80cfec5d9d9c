/** `repoint erase`, `erasure` and `access` as operators and auditors run them (E2, E18, E21). */
import { existsSync, globSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateAppCommand,
  GetEndpointCommand,
  type PinpointClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyReceipt } from '../../src/domains/erasure/index.ts';
import { type RunningProgram, readCredentials, runProgram, startServer } from '../support/program.ts';
import { clientOf, prepareDeployment } from './deployment.ts';

const { dataDirectory, settings } = prepareDeployment();
const run = (...words: string[]) => runProgram(words, settings);
/** On a machine that has never seen the deployment. */
const elsewhere = (...words: string[]) => runProgram(words, { REPOINT_DATA_DIR: join(tmpdir(), 'nowhere', 'at-all') });
const timeout = 120_000;

let server: RunningProgram;
let client: PinpointClient;
let ApplicationId: string;
beforeAll(async () => {
  server = await startServer(settings);
  client = clientOf(server.origin, readCredentials(dataDirectory));
  const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'shop' } }));
  ApplicationId = made.ApplicationResponse?.Id as string;
  const EndpointRequest = {
    ChannelType: 'EMAIL',
    Address: 'Quillonia@example.com',
    User: { UserId: 'quillonia' },
  } as const;
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'quillonia-1', EndpointRequest }));
}, timeout);
afterAll(() => server.end());

const isThere = () =>
  client.send(new GetEndpointCommand({ ApplicationId, EndpointId: 'quillonia-1' })).then(
    () => true,
    () => false,
  );
const quillonia = () => ['--project', ApplicationId, '--email', 'QUILLONIA@example.com'];
const folder = mkdtempSync(join(tmpdir(), 'repoint-receipts-'));

it('E21: access export writes what is held on somebody into a file for them', { timeout }, async () => {
  const out = join(folder, 'person.tar.gz');
  const { exitCode, output, errors } = await run('access', 'export', ...quillonia(), '--out', out);
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toMatch(/^\d+ rows in /);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(globSync(`${out}.*.unfinished`)).toEqual([]);
});

it('E2: erase shows what is held, and does nothing before somebody has said so', { timeout }, async () => {
  const [shown, asked] = await Promise.all([run('erase', ...quillonia(), '--dry-run'), run('erase', ...quillonia())]);
  expect(shown.exitCode).toBe(0);
  expect(shown.output).toMatch(/^1 endpoints, 1 users, 1 addresses\.$/m);
  expect(shown.output).toMatch(/^endpoints +1$/m);
  expect([asked.exitCode, asked.errors]).toEqual([1, expect.stringContaining('Use --yes')]);
  expect(await isThere()).toBe(true);
});

it('E18: erase leaves a receipt that whoever keeps the key can check anywhere', { timeout }, async () => {
  const file = join(folder, 'receipt.json');
  const { exitCode, output, errors } = await run('erase', ...quillonia(), '--yes', '--now', '--receipt', file);
  expect([exitCode, errors]).toEqual([0, expect.stringContaining('completed')]);
  expect(output).toContain(`Receipt 1 is in ${file}`);
  expect(await isThere()).toBe(false);
  const receipt = readFileSync(file);
  expect(verifyReceipt(receipt).receipt.erasure).toMatchObject({ state: 'COMPLETED', subject: { matched: true } });
  expect(receipt.toString()).not.toMatch(/quillonia/i);

  const key = await run('erasure', 'key');
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, key.output);
  const good = await elsewhere('erasure', 'verify', file, '--public-key', keyFile);
  expect([good.exitCode, good.errors]).toEqual([0, '']);
  expect(good.output).toMatch(/^good .*receipt 1, PERSON/);
  const changed = join(folder, 'changed.json');
  writeFileSync(changed, receipt.toString().replace('"erased":1', '"erased":2'));
  const bad = await elsewhere('erasure', 'verify', file, changed);
  expect([bad.exitCode, bad.errors]).toEqual([1, expect.stringContaining('not of this content')]);
  expect(existsSync(join(tmpdir(), 'nowhere'))).toBe(false);
});

it('E18: erasure receipts and check tell of the whole chain', { timeout }, async () => {
  const nobody = ['--project', ApplicationId, '--user', 'nobody', '--yes', '--now'];
  const second = await run('erase', ...nobody, '--receipt', join(folder, 'second.json'));
  expect([second.exitCode, second.output]).toEqual([0, expect.stringContaining('Nothing is held on them.')]);
  const out = join(folder, 'all');
  const [written, checked] = await Promise.all([run('erasure', 'receipts', '--out', out), run('erasure', 'check')]);
  expect([written.exitCode, written.output]).toEqual([0, expect.stringContaining('2 receipts in')]);
  expect([checked.exitCode, checked.output]).toEqual([0, expect.stringContaining('2 receipts of 1 accounts')]);
  const files = globSync(join(out, '*.json')).toSorted();
  const chain = await elsewhere('erasure', 'verify', ...files);
  expect([chain.exitCode, chain.output]).toEqual([
    0,
    expect.stringMatching(/Receipts 1 to 2 of account \d{12} follow/),
  ]);
  expect(readFileSync(files[1] as string)).toEqual(readFileSync(join(folder, 'second.json')));
});
