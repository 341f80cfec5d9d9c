/** The embedded database when processes are killed: nothing committed is lost, and the next start always succeeds. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { connectOnce } from '../../src/database/reach.ts';
import { killAndWait, makeDataDirectory, postmasterPid, startProcess } from '../support/embedded-processes.ts';

async function read<Row>(url: string, text: string): Promise<Row[]> {
  const client = await connectOnce({ url }, 'test');
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

const committedRows = async (url: string) =>
  (await read<{ count: number }>(url, 'select count(*) as count from written'))[0]?.count as number;

const alive = (pid: number) => existsSync(`/proc/${pid}`) && !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('kill -9 of the server', () => {
  it('leaves a database that the next start takes over with every committed row', async () => {
    const directory = makeDataDirectory();
    const first = startProcess([directory, 'serve', 'write']);
    await vi.waitFor(() => expect(first.news.length).toBeGreaterThan(200), { timeout: 20_000 });
    await first.kill();
    const committed = first.news.at(-1)?.committed as number;
    const orphan = postmasterPid(directory) as number;
    expect(alive(orphan)).toBe(true);

    const second = startProcess([directory, 'serve']);
    const url = await second.next('url');
    expect(alive(orphan)).toBe(false);
    expect(await committedRows(url)).toBeGreaterThanOrEqual(committed);
    await second.stop();
    expect(second.news.at(-1)).toEqual({ closed: true });
    expect(postmasterPid(directory)).toBeUndefined();
  });

  it('and of the database with it loses nothing either', async () => {
    const directory = makeDataDirectory();
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
    const directory = makeDataDirectory();
    for (const milliseconds of [150, 350, 550]) {
      const server = startProcess([directory, 'serve']);
      await pause(milliseconds);
      await server.kill();
    }
    const server = startProcess([directory, 'serve']);
    expect(await server.next('ready')).toBe(true);
    await server.stop();
  });

  it('is not confused by a lock file whose number belongs to another process by now', async () => {
    const directory = makeDataDirectory();
    const first = startProcess([directory, 'serve', 'write']);
    await first.next('committed');
    const file = join(directory, 'postgres', 'cluster', 'postmaster.pid');
    const lock = readFileSync(file, 'utf8');
    await Promise.all([killAndWait(postmasterPid(directory) as number), first.kill()]);
    writeFileSync(file, lock.replace(/^\d+/, String(process.pid)));
    const next = startProcess([directory, 'serve']);
    expect(await committedRows(await next.next('url'))).toBeGreaterThan(0);
    await next.stop();
  });
});

describe('kill -9 of the database', () => {
  it('is mended while the server serves, with every committed row', async () => {
    const directory = makeDataDirectory();
    const server = startProcess([directory, 'serve']);
    const url = await server.next('url');
    await read(url, 'create table written (number int); insert into written select generate_series(1, 1000)');
    const killed = postmasterPid(directory) as number;
    await killAndWait(killed);
    await vi.waitFor(async () => expect(await committedRows(url)).toBe(1000), { timeout: 20_000, interval: 50 });
    expect(postmasterPid(directory)).not.toBe(killed);
    // It is still the owner.
    const other = startProcess([directory, 'serve']);
    expect(await other.next('failed')).toContain('Another Repoint server is running');
    await server.stop();
    expect(server.news.at(-1)).toEqual({ closed: true });
  });

  it('of one backend only is, too', async () => {
    const directory = makeDataDirectory();
    const server = startProcess([directory, 'serve']);
    const url = await server.next('url');
    const [backend] = await read<{ pid: number }>(
      url,
      "select pid from pg_stat_activity where application_name = 'repoint owner'",
    );
    await killAndWait(backend?.pid as number);
    await vi.waitFor(
      async () =>
        expect(await read(url, "select 1 from pg_stat_activity where application_name = 'repoint owner'")).toHaveLength(
          1,
        ),
      { timeout: 20_000 },
    );
    await server.stop();
    expect(postmasterPid(directory)).toBeUndefined();
  });
});
