/** The embedded database when processes are killed: nothing committed is lost, and the next start always succeeds. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { clusterName } from '../../src/database/embedded/cluster-processes.ts';
import { listProcesses } from '../../src/database/embedded/process-list.ts';
import {
  isRunning,
  killAndWait,
  makeFolder,
  placeOf,
  postmasterPid,
  read,
  startProcess,
} from '../support/embedded-processes.ts';

const committedRows = async (url: string) =>
  (await read<{ count: number }>(url, 'select count(*) as count from written'))[0]?.count as number;

const backends = "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";

/** Of each initdb that runs for a data directory; the servers that it runs are in it too. */
function initdbGroups(directory: string): number[] {
  const name = clusterName(placeOf(directory));
  return listProcesses()
    .filter(({ command }) => command.includes(name) && command.includes('/initdb'))
    .map(({ group }) => group);
}

describe('kill -9 of the server', () => {
  it('leaves a database that the next start takes over with every committed row', async () => {
    const directory = makeFolder();
    const first = startProcess([directory, 'serve', 'write']);
    await vi.waitFor(() => expect(first.news.length).toBeGreaterThan(200), { timeout: 20_000 });
    await first.kill();
    const committed = first.news.at(-1)?.committed as number;
    const orphan = postmasterPid(directory) as number;
    expect(isRunning(orphan)).toBe(true);

    const second = startProcess([directory, 'serve']);
    const url = await second.next('url');
    expect(isRunning(orphan)).toBe(false);
    expect(await committedRows(url)).toBeGreaterThanOrEqual(committed);
    await second.stop();
    expect(second.news.at(-1)).toEqual({ closed: true });
    expect(postmasterPid(directory)).toBeUndefined();
  });

  it('and of the database with it loses nothing either', async () => {
    const directory = makeFolder();
    for (let round = 0; round < 3; round += 1) {
      const server = startProcess([directory, 'serve', 'write']);
      await vi.waitFor(() => expect(server.news.length).toBeGreaterThan(100), { timeout: 20_000 });
      await Promise.all([killAndWait(postmasterPid(directory) as number), server.kill()]);
      const committed = server.news.at(-1)?.committed as number;
      const next = startProcess([directory, 'serve']);
      expect(await committedRows(await next.next('url'))).toBeGreaterThanOrEqual(committed);
      await next.stop();
    }
  });

  it('in the middle of making the cluster leaves nothing that hinders the next start', async () => {
    const directory = makeFolder();
    const groups: number[] = [];
    for (const milliseconds of [0, 150]) {
      const server = startProcess([directory, 'serve']);
      const group = await vi.waitUntil(() => initdbGroups(directory).find((one) => !groups.includes(one)), {
        timeout: 10_000,
        interval: 2,
      });
      await pause(milliseconds);
      // Slow enough to be still at it when the next one comes.
      process.kill(-group, 'SIGSTOP');
      groups.push(group);
      await server.kill();
    }
    const server = startProcess([directory, 'serve']);
    await server.next('ready');
    expect(readdirSync(placeOf(directory)).filter((name) => name.includes('new'))).toEqual([]);
    expect(listProcesses().filter(({ group }) => groups.includes(group))).toEqual([]);
    await server.stop();
  });

  it('is not confused by lock files whose number belongs to another process by now', async () => {
    const directory = makeFolder();
    const first = startProcess([directory, 'serve', 'write']);
    await first.next('committed');
    const files = ['cluster/postmaster.pid', 'socket/.s.PGSQL.5432.lock'].map((name) => join(placeOf(directory), name));
    const locks = files.map((file) => readFileSync(file, 'utf8'));
    await Promise.all([killAndWait(postmasterPid(directory) as number), first.kill()]);
    // Of the same user: PostgreSQL itself would take that for its like.
    const { uid, gid } = statSync(join(placeOf(directory), 'cluster'));
    const stranger = spawn('sleep', ['60'], { uid, gid });
    for (const [index, file] of files.entries()) {
      writeFileSync(file, locks[index]?.replace(/^\d+/, String(stranger.pid)) as string);
    }
    const next = startProcess([directory, 'serve']);
    expect(await committedRows(await next.next('url'))).toBeGreaterThan(0);
    await next.stop();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
    await once(stranger, 'exit');
  });

  it('ends what works on the cluster without a postmaster before the next start', async () => {
    const directory = makeFolder();
    const first = startProcess([directory, 'serve', 'write']);
    await first.next('committed');
    const [backend] = await read<{ pid: number }>(await first.next('url'), backends);
    // As good as one in the middle of a long computation: it does not notice that its postmaster is gone.
    process.kill(backend?.pid as number, 'SIGSTOP');
    await Promise.all([killAndWait(postmasterPid(directory) as number), first.kill()]);
    expect(isRunning(backend?.pid as number)).toBe(true);

    const next = startProcess([directory, 'serve']);
    expect(await committedRows(await next.next('url'))).toBeGreaterThan(0);
    expect(isRunning(backend?.pid as number)).toBe(false);
    await next.stop();
  });
});

describe('kill -9 of the database', () => {
  it('is mended while the server serves, with every committed row', async () => {
    const directory = makeFolder();
    const server = startProcess([directory, 'serve']);
    const url = await server.next('url');
    await read(url, 'create table written (number int); insert into written select generate_series(1, 1000)');
    for (let round = 0; round < 2; round += 1) {
      const killed = postmasterPid(directory) as number;
      await killAndWait(killed);
      // A command waits for it to be mended.
      const command = startProcess([directory, 'join']);
      expect(await committedRows(await command.next('url'))).toBe(1000);
      expect(postmasterPid(directory)).not.toBe(killed);
      await command.stop();
    }
    await server.stop();
    expect(server.news.at(-1)).toEqual({ closed: true });
    expect(postmasterPid(directory)).toBeUndefined();
  });

  it('does not make the server lose it to another one', async () => {
    const directory = makeFolder();
    const server = startProcess([directory, 'serve']);
    await server.next('url');
    await killAndWait(postmasterPid(directory) as number);
    const other = startProcess([directory, 'serve']);
    expect(await other.next('failed')).toContain('Another Repoint server is running');
    await vi.waitFor(() => expect(server.log.join()).toContain('serves again'), { timeout: 10_000 });
    await server.stop();
  });

  it('of one backend only is mended by PostgreSQL itself', async () => {
    const directory = makeFolder();
    const server = startProcess([directory, 'serve']);
    await read(await server.next('url'), 'create table written (number int)');
    const postmaster = postmasterPid(directory);
    const [backend] = await read<{ pid: number }>(
      await server.next('url'),
      "select pid from pg_stat_activity where backend_type = 'checkpointer'",
    );
    await killAndWait(backend?.pid as number);
    const command = startProcess([directory, 'join']);
    expect(await committedRows(await command.next('url'))).toBe(0);
    expect(postmasterPid(directory)).toBe(postmaster);
    await command.stop();
    await server.stop();
    expect(server.news.at(-1)).toEqual({ closed: true });
  });
});

/** As another container sees the data directory, when both have the same volume. */
const elsewhere = ['unshare', '--pid', '--fork', '--mount-proc'];
const canGoElsewhere = spawnSync('unshare', [...elsewhere.slice(1), 'true']).status === 0;

describe.runIf(canGoElsewhere)('a server in a container of its own', () => {
  it('leaves alone a database whose processes it cannot see', async () => {
    const directory = makeFolder();
    const server = startProcess([directory, 'serve']);
    await read(await server.next('url'), 'create table written (number int)');
    const postmaster = postmasterPid(directory);
    const other = startProcess([directory, 'serve'], { within: elsewhere });
    expect(await other.next('failed')).toContain('not from this machine or container');
    expect(await committedRows(await server.next('url'))).toBe(0);
    expect(postmasterPid(directory)).toBe(postmaster);
    await server.stop();
    expect(server.news.at(-1)).toEqual({ closed: true });
  });
});
