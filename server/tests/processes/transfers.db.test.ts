/** `repoint import`, `export` and `endpoints find`: beside a running server, and without one. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runProgram, startServer } from '../support/program.ts';
import { administratorClient, prepareDeployment } from './deployment.ts';

const { dataDirectory, settings } = prepareDeployment();
const file = (name: string) => join(dataDirectory, name);
const run = (...words: string[]) => runProgram(words, settings);
let server: RunningProgram;
let project: string;

beforeAll(async () => {
  server = await startServer(settings);
  const { ApplicationResponse } = await administratorClient(server.origin, dataDirectory).send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'files' } }),
  );
  project = ApplicationResponse?.Id as string;
});

describe('commands on files', { timeout: 60_000 }, () => {
  it('import a file beside a running server, and say what failed', async () => {
    const rows = ['e1,EMAIL,Lea@example.com,u1', 'e2,SMS,+41791112233,u1', 'e3,,x@example.com,'];
    writeFileSync(file('people.csv'), `Id,ChannelType,Address,User.UserId\n${rows.join('\n')}\n`);
    const { exitCode, output, errors } = await run(
      'import',
      file('people.csv'),
      '--project',
      project,
      '--segment',
      'x',
    );
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: '2 of 3 rows imported.\n' });
    expect(errors).toMatch(/people\.csv line 4: Missing ChannelType/);
    expect(errors).toMatch(/100 % {2}3 rows {2}[\d,]+ rows\/s {2}1 failed/);
    expect(
      readdirSync(join(dataDirectory, 'buckets/repoint/uploads')).flatMap((name) =>
        readdirSync(join(dataDirectory, 'buckets/repoint/uploads', name)),
      ),
    ).toEqual([]);
    await server.end();
  });

  it('export without one, packed or not', async () => {
    for (const name of ['out.json', 'out.json.gz']) {
      const { exitCode, output } = await run('export', '--project', project, '--out', file(name));
      expect({ exitCode, output }).toEqual({ exitCode: 0, output: `2 endpoints in ${file(name)}.\n` });
      const content = readFileSync(file(name));
      const lines = (name.endsWith('.gz') ? gunzipSync(content) : content).toString().trim().split('\n');
      expect(lines.map((line) => JSON.parse(line).Id).toSorted()).toEqual(['e1', 'e2']);
    }
  });

  it('find people by what they are known by', async () => {
    const find = async (...words: string[]) => (await run('endpoints', 'find', '--project', project, ...words)).output;
    expect(await find('--email', 'lea@EXAMPLE.com')).toMatch(/^e1 +EMAIL +ACTIVE +NONE +u1 /m);
    expect(await find('--address', '+41791112233')).toMatch(/^e2 +SMS/m);
    expect((await find('--user', 'u1')).trim().split('\n')).toHaveLength(3);
    expect((await find('--user', 'nobody')).trim().split('\n')).toHaveLength(1);
  });

  it('say what is wrong', async () => {
    const refused = async (...words: string[]) => {
      const { exitCode, errors } = await run(...words);
      expect(exitCode).toBe(1);
      return errors;
    };
    writeFileSync(file('typo.csv'), 'Id,channeltype\na,EMAIL\n');
    expect(await refused('import', file('typo.csv'), '--project', project)).toMatch(/channeltype is not one of/);
    expect(await refused('import', file('nothing.csv'), '--project', project)).toMatch(/There is no file/);
    expect(await refused('import', file('people.csv'), '--project', 'x')).toMatch(/There is no project x/);
    expect(await refused('export', '--project', project, '--segment', 'x', '--out', file('x'))).toMatch(/not found/);
    expect(await refused('endpoints', 'find', '--project', project, '--email', '')).toMatch(/Say who/);
    expect(existsSync(file('x'))).toBe(false);
  });
});
