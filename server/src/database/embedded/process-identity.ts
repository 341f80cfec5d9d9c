/** Whether a process number still means the process it was written down for: numbers are used again, also after a reboot. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { errorCode } from './system-errors.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return statusFields(pid)?.[0] !== 'Z';
}

/**
 * Field 3 of Linux's process status (the state) and those behind it; the name in field 2 may contain anything. A
 * process that ended stays as a zombie (Z) when its parent, such as the first process of a container, never asks for it.
 */
function statusFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined; // It ended in this moment.
  }
}

/** Tells this life of a process number from any other, or undefined when there is no such process. */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform !== 'linux') return runPs(pid, 'lstart');
  // Field 22: when it started, in ticks since this boot.
  const started = statusFields(pid)?.[19];
  return started && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started}`;
}

/** Whether a process is a postmaster of this cluster, and not something else that got its number. */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return runPs(pid, 'command')?.includes(cluster) ?? false;
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster) &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
    );
  } catch {
    return false; // Gone, or a stranger's: the user that runs the cluster, and root, may look.
  }
}

function runPs(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
