/** Runs a program of PostgreSQL as its operating-system user, with nothing of our environment. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import type { OperatingSystemUser } from './operating-system-user.ts';

/** No locale, language or library path of ours may change what PostgreSQL does. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

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
