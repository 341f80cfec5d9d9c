/** Starts `embedded-process.ts` in data directories of their own, and leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach } from 'vitest';

export interface News {
  readonly ready?: true;
  readonly url?: string;
  readonly place?: string;
  readonly committed?: number;
  readonly closed?: true;
  readonly failed?: string;
}

export interface EmbeddedProcess {
  readonly child: ChildProcess;
  readonly news: News[];
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
    const pid = postmasterPid(directory);
    if (pid !== undefined) await killAndWait(pid);
    const pointer = join(directory, 'postgres-place');
    if (existsSync(pointer)) rmSync(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
});

export function makeDataDirectory(prefix = 'repoint-embedded-'): string {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(directory, 0o711);
  directories.push(directory);
  return directory;
}

/** Whatever is in the lock file, whether it lives or not. */
export function postmasterPid(directory: string): number | undefined {
  const pointer = join(directory, 'postgres-place');
  const place = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(directory, 'postgres');
  const file = join(place, 'cluster', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

export async function killAndWait(pid: number): Promise<void> {
  try {
    for (process.kill(pid, 'SIGKILL'); ; process.kill(pid, 0)) {
      if (existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return;
      await pause(10);
    }
  } catch {
    // Gone.
  }
}

export function startProcess(
  words: readonly string[],
  options: { uid?: number; gid?: number; script?: string } = {},
): EmbeddedProcess {
  const { script: program = script, ...user } = options;
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...user,
  });
  const news: News[] = [];
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const resume of waiting.splice(0)) resume();
  };
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    news.push(JSON.parse(line) as News);
    wake();
  });
  const ended = once(child, 'close').then(wake);
  const one: EmbeddedProcess = {
    child,
    news,
    async next(member) {
      for (;;) {
        const found = news.find((item) => item[member] !== undefined)?.[member];
        if (found !== undefined) return found as never;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${JSON.stringify(news)}`);
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
