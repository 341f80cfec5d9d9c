/** `repoint` on the database in its own data directory, started and stopped with it. */
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetAppsCommand } from '@aws-sdk/client-pinpoint';
import { expect, it } from 'vitest';
import { makeDataDirectory, runProgram } from '../support/program.ts';
import { administratorClient, startForTest } from './deployment.ts';

const dataDirectory = makeDataDirectory();
const settings = { REPOINT_DATA_DIR: dataDirectory };
const masterKey = join(dataDirectory, 'master-key');
const clean = { exitCode: 0, signal: null };

it('a server makes its master key once, and never in place of a lost one', { timeout: 120_000 }, async () => {
  const first = await startForTest(settings);
  expect(statSync(masterKey).mode & 0o777).toBe(0o600);
  expect(await first.end()).toEqual(clean);

  renameSync(masterKey, `${masterKey}.backup`);
  for (const words of [['serve'], ['keys', 'list']]) {
    const { exitCode, errors } = await runProgram(words, { ...settings, REPOINT_PORT: '0' });
    expect([exitCode, errors]).toEqual([1, expect.stringContaining(`restore ${masterKey} from its backup`)]);
    expect(existsSync(masterKey)).toBe(false);
  }
  const doctor = await runProgram(['doctor'], { ...settings, REPOINT_PORT: '0' });
  expect([doctor.exitCode, doctor.output]).toEqual([1, expect.stringMatching(/^wrong +The master key is missing/m)]);

  writeFileSync(masterKey, 'damaged');
  const damaged = await runProgram(['keys', 'list'], settings);
  expect([damaged.exitCode, damaged.errors]).toEqual([1, expect.stringContaining(`${masterKey} must be 32 bytes`)]);

  renameSync(`${masterKey}.backup`, masterKey);
  const again = await startForTest(settings);
  await administratorClient(again.origin, dataDirectory).send(new GetAppsCommand({}));
});

it('a command starts the database for itself, and prints what it was asked for alone', {
  timeout: 60_000,
}, async () => {
  const { exitCode, output } = await runProgram(['keys', 'list'], settings);
  expect([exitCode, output]).toEqual([
    0,
    expect.stringMatching(/^access key .*\nAKIA\w+ +administrator +active .*\n$/),
  ]);
});
