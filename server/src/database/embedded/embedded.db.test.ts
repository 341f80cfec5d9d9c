/** The embedded database wherever it is started, by whomever, and however npm left its programs. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type EmbeddedProcess,
  makeClone,
  makeDataDirectoryIn,
  makeFolder,
  placeOf,
  postmasterPid,
  read,
  startProcess,
} from '../../../tests/support/embedded-processes.ts';

const isRoot = process.getuid?.() === 0;
/** Nobody's numbers on every Linux. */
const ordinary = { uid: 65_534, gid: 65_534 };
const canBecomeOrdinary = isRoot && spawnSync(process.execPath, ['--version'], ordinary).status === 0;

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function remember(server: EmbeddedProcess): Promise<void> {
  await read(await server.next('url'), 'create table remembered as select 7 as number');
}

async function recall(server: EmbeddedProcess): Promise<unknown> {
  return read(await server.next('url'), 'select number from remembered');
}

const remembered = [{ number: 7 }];

describe('a start', () => {
  it('makes a data directory that others pass through, with private contents; the next one continues', async () => {
    const directory = join(makeFolder(), 'data');
    const first = startProcess([directory, 'serve']);
    await remember(first);
    const modes = (names: string[]) => names.map((name) => modeOf(join(directory, name)));
    expect(modes(['.', 'postgres'])).toEqual(['711', '711']);
    expect(modes(['postgres/cluster', 'postgres/log', 'postgres/socket'])).toEqual(['700', '700', '700']);
    expect(modes(['postgres-password'])).toEqual(['600']);
    await first.stop();

    // Settings are worked out at each start.
    appendFileSync(join(directory, 'postgres/postgresql.conf'), "work_mem = '77MB'\n");
    const second = startProcess([directory, 'serve']);
    expect(await recall(second)).toEqual(remembered);
    const settings = await read(await second.next('url'), 'show work_mem');
    expect(settings).not.toEqual([{ work_mem: '77MB' }]);
    await second.stop();
    expect(second.news.at(-1)).toEqual({ closed: true });
  });

  it('does not mind odd characters in the path, nor one that is too long for a socket', async () => {
    const odd = join(makeFolder(), `o'br"ien, 100% of ünïcode @ home`);
    const long = join(makeFolder(), 'x'.repeat(100));
    const servers = [odd, long].map((directory) => startProcess([directory, 'serve']));
    const urls = await Promise.all(servers.map((server) => server.next('url')));
    for (const url of urls) expect(await read(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const socket = decodeURIComponent(/host=([^&]+)/.exec(urls[1] as string)?.[1] as string);
    expect(dirname(socket)).toBe('/tmp');
    expect(modeOf(socket)).toBe('700');
    await Promise.all(servers.map((server) => server.stop()));
    expect(existsSync(socket)).toBe(false);
  });

  it.runIf(canBecomeOrdinary)('says so when the data directory is not its to write in', async () => {
    const server = startProcess([makeFolder(0o755), 'serve'], ordinary);
    expect(await server.next('failed')).toContain('is not ours to write in (EACCES)');
    expect(await server.next('name')).toBe('OperatorError');
  });
});

describe('a command', () => {
  it('uses the running database, or starts it and waits for others that came to use it', async () => {
    const directory = makeFolder();
    const owner = startProcess([directory, 'join']);
    await remember(owner);
    const guest = startProcess([directory, 'join']);
    expect(await recall(guest)).toEqual(remembered);
    // Neither is a server, so one that comes now waits for them.
    const server = startProcess([directory, 'serve']);
    const ownerEnds = owner.stop();
    await pause(700);
    expect([owner, server].flatMap(({ news }) => news)).toEqual([expect.objectContaining({ ready: true })]);
    expect(await recall(guest)).toEqual(remembered);
    await guest.stop();
    await ownerEnds;
    expect(owner.news.at(-1)).toEqual({ closed: true });
    expect(await recall(server)).toEqual(remembered);
    await server.stop();
  });
});

describe.runIf(isRoot)('as root', () => {
  it('runs as another user, and elsewhere when that one cannot reach the data directory', async () => {
    const directory = makeDataDirectoryIn(0o700);
    const first = startProcess([directory, 'serve']);
    await remember(first);
    const place = placeOf(directory);
    expect(dirname(place)).toBe('/var/lib/repoint');
    expect(first.log.join()).toContain(`the database lies in ${place}`);
    expect(statSync(`/proc/${postmasterPid(directory)}`).uid).toBe(statSync(join(place, 'cluster')).uid);
    expect(statSync(join(place, 'cluster')).uid).not.toBe(0);
    await first.stop();

    // The database stays with a data directory that moves.
    renameSync(directory, `${directory}-moved`);
    const second = startProcess([`${directory}-moved`, 'serve']);
    expect(await recall(second)).toEqual(remembered);
    await second.stop();
    expect(readFileSync(join(place, 'data-directory'), 'utf8')).toContain('-moved');

    rmSync(place, { recursive: true });
    const third = startProcess([`${directory}-moved`, 'serve']);
    expect(await third.next('failed')).toContain('remove that file to begin with an empty database');
  });

  it('goes on with the database of an ordinary user as that user, who can go on with it afterwards', async () => {
    const directory = makeFolder();
    chownSync(directory, ordinary.uid, ordinary.gid);
    const theirs = startProcess([directory, 'serve'], ordinary);
    await remember(theirs);
    expect(statSync(`/proc/${postmasterPid(directory)}`).uid).toBe(ordinary.uid);
    await theirs.stop();
    const ours = startProcess([directory, 'serve']);
    expect(await recall(ours)).toEqual(remembered);
    expect(statSync(`/proc/${postmasterPid(directory)}`).uid).toBe(ordinary.uid);
    await ours.kill();
    const theirsAgain = startProcess([directory, 'serve'], ordinary);
    expect(await recall(theirsAgain)).toEqual(remembered);
    await theirsAgain.stop();
  });
});

/** As some containers run it. */
const powerless = ['setpriv', '--bounding-set', '-setuid,-setgid'];
const canBePowerless = isRoot && spawnSync('setpriv', [...powerless.slice(1), 'true']).status === 0;

describe.runIf(canBePowerless)('as a root that may not become another user', () => {
  it('says that it cannot', async () => {
    const server = startProcess([makeFolder(), 'serve'], { within: powerless });
    expect(await server.next('failed')).toContain('this root may not run anything as');
    expect(await server.next('name')).toBe('OperatorError');
  });
});

describe("PostgreSQL's programs", () => {
  it('run from a clone whose links npm did not make', async () => {
    const script = makeClone({ mode: 0o755, installScripts: false });
    const directory = makeFolder();
    const server = startProcess([directory, 'serve'], { script });
    await remember(server);
    expect(server.log.join()).toContain("copied PostgreSQL's programs to");
    await server.stop();
    const again = startProcess([directory, 'serve'], { script });
    expect(await recall(again)).toEqual(remembered);
    expect(again.log.join()).not.toContain('copied');
    await again.stop();
  });

  it.runIf(isRoot)('run as root from a clone in a folder that nobody else may enter', async () => {
    const script = makeClone({ mode: 0o700, installScripts: true });
    const directory = makeFolder();
    const server = startProcess([directory, 'serve'], { script });
    await remember(server);
    expect(server.log.join()).toContain(`copied PostgreSQL's programs to ${placeOf(directory)}/binaries`);
    await server.stop();
  });
});
