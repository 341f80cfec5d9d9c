/** Runs a program of PostgreSQL as its operating-system user, with nothing of our environment. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import type { OperatingSystemUser } from './operating-system-user.ts';

/**
 * What a backend frees at the end of a statement the C library gives back to the system at once, and the next statement
 * takes it again, page by page, each filled with zeros: a sixth of PostgreSQL's time where batches of events are stored.
 * So up to eight megabytes stay with the backend. Other libraries than glibc do not read these.
 */
const memory = {
  MALLOC_TRIM_THRESHOLD_: String(8 * 1024 ** 2),
  MALLOC_TOP_PAD_: String(1024 ** 2),
  MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 2),
};

/** No locale, language or library path of ours may change what PostgreSQL does. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...memory };

export interface Outcome {
  /** Exit code; undefined when it could not be started or was ended by a signal. */
  readonly code: number | undefined;
  /** What it wrote, both streams. */
  readonly output: string;
}

/** Its own process group, so that Ctrl-C at the terminal reaches us alone and we stop it in order. */
export function spawnAs(
  user: OperatingSystemUser,
  program: string,
  parameters: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  return spawn(program, parameters, { ...user.switchTo, cwd: '/', env: environment, stdio, detached: true });
}

export async function runAs(
  user: OperatingSystemUser,
  program: string,
  parameters: readonly string[],
): Promise<Outcome> {
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  try {
    const child = spawnAs(user, program, parameters, ['ignore', 'pipe', 'pipe']);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? undefined, output };
  } catch (error) {
    // Some faults are thrown (EPERM, where root may not become somebody else), others come as an event (ENOENT).
    return { code: undefined, output: (error as Error).message };
  }
}

export async function giveTo(user: OperatingSystemUser, path: string): Promise<void> {
  if (user.switchTo !== undefined) await chown(path, user.switchTo.uid, user.switchTo.gid);
}
