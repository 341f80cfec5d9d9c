/**
 * The processes of one cluster. They carry the cluster's name in their command line, which anybody may read:
 * PostgreSQL's `cluster_name` is a parameter of initdb and of the postmaster, and stands in the title of each process
 * that the postmaster starts. What initdb starts has no name but is in its process group.
 */
import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { listProcesses, type RunningProcess } from './process-list.ts';
import { errorCode } from './system-errors.ts';

const patienceMilliseconds = 10_000;

/** The same for the same place, different for any other. */
export function clusterName(place: string): string {
  return `repoint-${hash('sha256', place).slice(0, 16)}`;
}

export function belongsToCluster(pid: number, name: string): boolean {
  return listProcesses().some((one) => one.pid === pid && carries(one, name));
}

/**
 * Ends what works on the cluster without a postmaster: an initdb whose Repoint was killed, backends that outlived their
 * postmaster in the middle of a long query. None of them has anything to lose that recovery would not restore.
 * @throws OperatorError when one of them does not end
 */
export async function endLeftBehind(name: string): Promise<void> {
  const groups = new Set<number>();
  for (const giveUpAt = performance.now() + patienceMilliseconds; ; await pause(10)) {
    const running = listProcesses();
    for (const one of running) if (carries(one, name)) groups.add(one.group);
    const left = running.filter((one) => groups.has(one.group) && kill(one.pid));
    if (left.length === 0) return;
    if (performance.now() > giveUpAt) {
      throw new OperatorError(
        `PostgreSQL's process ${left[0]?.pid} does not end, not even killed. Restart the machine.`,
      );
    }
  }
}

/** Whatever an editor or a search has in its command line, it is not PostgreSQL. */
function carries({ command }: RunningProcess, name: string): boolean {
  return command.includes(name) && /^([^\0]*\/)?(postgres|initdb)\b/.test(command);
}

/** @returns false when it is gone, or a stranger's that only looks like ours */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) === 'ESRCH' || errorCode(error) === 'EPERM') return false;
    throw error;
  }
}
