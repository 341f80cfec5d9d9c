/** The processes of this machine, or of the container we are in, as anybody may see them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { errorCode } from './system-errors.ts';

export interface RunningProcess {
  readonly pid: number;
  /** Number of its process group. */
  readonly group: number;
  /** On Linux its words end with NUL. */
  readonly command: string;
}

export function listProcesses(): RunningProcess[] {
  return process.platform === 'linux' ? listFromFiles() : listFromPs();
}

function listFromFiles(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const [state, , group] = processStatus(Number(entry)) ?? [];
      return state === undefined || state === 'Z'
        ? []
        : { pid: Number(entry), group: Number(group), command: readProcessFile(Number(entry), 'cmdline') ?? '' };
    });
}

/** Other systems have no such files, and always ps; small Linux images have none. */
function listFromPs(): RunningProcess[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, group, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : { pid: Number(pid), group: Number(group), command };
  });
}

/**
 * Linux only: field 3 of a process's status (its state) and those behind it; the name in field 2 may contain anything.
 * A process that ended stays as a zombie (Z) when its parent, such as the first process of a container, never asks for
 * it.
 */
export function processStatus(pid: number): string[] | undefined {
  return readProcessFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');
}

function readProcessFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined; // It ended in this moment.
    throw error;
  }
}
