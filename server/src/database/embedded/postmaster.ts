/** The PostgreSQL server process: starting it, recognising one that is left over, ending it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { programEnvironment, type SystemUser } from './system-user.ts';

/** A fast shutdown writes a checkpoint first; past this it is cut short, and the next start recovers. */
const fastShutdownMilliseconds = 60_000;

/** Names the socket file only; nothing listens on TCP. */
export const socketPort = 5432;

/**
 * The process id of a server that runs on this cluster, also one whose parent was killed. A lock file whose process
 * is gone, or is another program that got the same number, is removed: PostgreSQL would refuse to start over it.
 */
export function findRunning(cluster: string): number | undefined {
  const lockFile = join(cluster, 'postmaster.pid');
  if (!existsSync(lockFile)) return undefined;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (isAlive(pid) && worksIn(pid, cluster)) return pid;
  rmSync(lockFile, { force: true });
  return undefined;
}

export function spawnPostmaster(
  binaries: Binaries,
  place: Place,
  user: SystemUser,
  settings: Readonly<Record<string, string>>,
): { child: ChildProcess; complaints(): string } {
  const all = { ...settings, listen_addresses: '', unix_socket_directories: place.socket, port: String(socketPort) };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', place.cluster, ...options], {
    ...user.ids,
    cwd: '/',
    env: programEnvironment,
    // Its own process group: Ctrl-C in the terminal is for us, and we stop it in our own time.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  child.on('error', (error) => {
    complaints += error.message;
  });
  child.unref();
  return { child, complaints: () => complaints.trim() };
}

/** Fast shutdown; immediate when that takes too long. */
export async function stopPostmaster(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  if (await hasEnded(pid, fastShutdownMilliseconds)) return;
  process.kill(pid, 'SIGQUIT');
  if (await hasEnded(pid, 10_000)) return;
  throw new OperatorError(`The database process ${pid} does not end.`);
}

async function hasEnded(pid: number, within: number): Promise<boolean> {
  const until = performance.now() + within;
  while (performance.now() < until) {
    if (!isAlive(pid)) return true;
    await sleep(10);
  }
  return !isAlive(pid);
}

/** A zombie (a child that nobody has waited for yet) counts as ended. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync('/proc/self/stat')) return true;
  try {
    return !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}

/** PostgreSQL works in its data directory. Where that cannot be seen (no /proc), a living process is believed. */
function worksIn(pid: number, cluster: string): boolean {
  if (!existsSync('/proc/self/cwd')) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}
