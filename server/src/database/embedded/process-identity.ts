/** Whether a process number still means the process it was written down for: numbers are used again, also after a reboot. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processStatus } from './process-list.ts';
import { errorCode } from './system-errors.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return process.platform !== 'linux' || processStatus(pid)?.[0] !== 'Z';
}

/** This process in one line, for a file that says whose it is. */
export function describeThisProcess(): string {
  return `${process.pid} ${identify(process.pid)}`;
}

/** Whether the process that `describeThisProcess` described lives. */
export function isStillAlive(description: string): boolean {
  const [, pid, identity] = /^(\d+) (.*)$/s.exec(description) ?? [];
  return pid !== undefined && identify(Number(pid)) === identity;
}

/** Tells this life of a process number from any other, or undefined when there is no such process. */
function identify(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform !== 'linux') return startTime(pid);
  // Field 22: when it started, in ticks since this boot.
  const started = processStatus(pid)?.[19];
  return started && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started}`;
}

function startTime(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // ps says so when there is no such process.
  }
}
