import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isServed, prepareSocketDirectory, socketDirectory } from './socket-directory.ts';

const user = { name: 'the user of this process', switchTo: undefined };

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoint-socket-'));
  directory = join(folder, 'socket');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('the directory is in the place, or in /tmp when its path would be too long for a socket', () => {
  expect(socketDirectory('/srv/repoint')).toBe('/srv/repoint/socket');
  expect(socketDirectory(`/srv/${'x'.repeat(77)}`)).toHaveLength(89);
  expect(socketDirectory(`/srv/${'x'.repeat(78)}`)).toMatch(/^\/tmp\/repoint-[0-9a-f]{16}$/);
  expect(socketDirectory(`/srv/${'ü'.repeat(40)}`)).toMatch(/^\/tmp\/repoint-/);
});

describe('prepareSocketDirectory', () => {
  it('makes it for its user alone, and removes what a killed server left in it', async () => {
    await prepareSocketDirectory(directory, user);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const left = ['.s.PGSQL.5432', '.s.PGSQL.5432.lock'].map((name) => join(directory, name));
    for (const file of left) writeFileSync(file, '1\n');
    await prepareSocketDirectory(directory, user);
    expect(left.filter((file) => existsSync(file))).toEqual([]);
  });

  it('refuses one that others can enter, and a link to elsewhere', async () => {
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    await expect(prepareSocketDirectory(directory, user)).rejects.toThrow('was made by somebody else');
    rmSync(directory, { recursive: true });
    mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(folder, 'elsewhere'), directory);
    await expect(prepareSocketDirectory(directory, user)).rejects.toThrow('was made by somebody else');
  });
});

it('isServed tells a server that listens from the socket that one left', async () => {
  await prepareSocketDirectory(directory, user);
  expect(await isServed(directory, user)).toBe(false);
  const server = createServer((socket) => socket.destroy()).listen(join(directory, '.s.PGSQL.5432'));
  expect(await isServed(directory, user)).toBe(true);
  await new Promise((settle) => server.close(settle));
  writeFileSync(join(directory, '.s.PGSQL.5432'), '');
  expect(await isServed(directory, user)).toBe(false);
});
