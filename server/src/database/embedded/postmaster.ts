/** One postmaster process: started, waited for, found, stopped. */
import type { ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Binaries } from './binaries.ts';
import { belongsToCluster } from './cluster-processes.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { isAlive } from './process-identity.ts';
import { spawnAs } from './run-as.ts';
import { readEndOfLog } from './server-log.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

/** Where everything of one cluster is; all absolute. */
export interface ClusterPaths {
  readonly place: string;
  /** In the command line of every process of the cluster. */
  readonly name: string;
  readonly cluster: string;
  readonly log: string;
  readonly settings: string;
  /** What PostgreSQL writes before its own logging begins. */
  readonly startOutput: string;
  readonly socketDirectory: string;
}

export interface Postmaster {
  readonly pid: number;
  /** Resolves when it has ended, with a description of how. */
  readonly ended: Promise<string>;
}

/** Recovery after a crash may have gigabytes of WAL to go through. */
const longestStartMilliseconds = 10 * 60_000;

/**
 * @returns when it accepts connections
 * @throws OperatorError with the end of PostgreSQL's log when it does not start
 */
export async function startPostmaster(
  binaries: Binaries,
  user: OperatingSystemUser,
  paths: ClusterPaths,
): Promise<Postmaster> {
  await rm(paths.startOutput, { force: true });
  const output = await open(paths.startOutput, 'wx', 0o600);
  let child: ChildProcess;
  try {
    const settings = [`config_file=${paths.settings}`, `cluster_name=${paths.name}`];
    const parameters = ['-D', paths.cluster, ...settings.flatMap((setting) => ['-c', setting])];
    child = spawnAs(user, binaries.postgres, parameters, ['ignore', output.fd, output.fd]);
  } finally {
    await output.close();
  }
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(`it could not be started (${errorCode(error)})`));
    child.once('exit', (code, signal) => settle(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  child.unref(); // It does not keep us running: whoever serves does.
  const pid = child.pid;
  const failure = pid === undefined ? await ended : await untilReady(pid, paths.cluster, ended);
  if (failure !== undefined || pid === undefined) {
    const log = await readEndOfLog(paths.startOutput, paths.log);
    throw new OperatorError(`PostgreSQL did not start: ${failure}.\n${log}`);
  }
  return { pid, ended };
}

/** PostgreSQL writes its state into the eighth line of its lock file. */
async function untilReady(pid: number, cluster: string, ended: Promise<string>): Promise<string | undefined> {
  let failure: string | undefined;
  void ended.then((how) => {
    failure = how;
  });
  for (const giveUpAt = performance.now() + longestStartMilliseconds; performance.now() < giveUpAt; await pause(10)) {
    if (failure !== undefined) return failure;
    const lines = (await unlessMissing(readFile(join(cluster, 'postmaster.pid'), 'utf8'), '')).split('\n');
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return undefined;
  }
  signal(pid, 'SIGQUIT');
  return 'it was not ready within ten minutes';
}

/** The postmaster that runs on this cluster, whoever started it. */
export async function findPostmaster({ cluster, name }: ClusterPaths): Promise<number | undefined> {
  const text = await unlessMissing(readFile(join(cluster, 'postmaster.pid'), 'utf8'), '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 && belongsToCluster(pid, name) ? pid : undefined;
}

/** Fast shutdown (finishes nothing, loses nothing); immediate, then kill, when that takes too long. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [name, milliseconds] of waysToStop) {
    signal(pid, name);
    if (await isGoneWithin(pid, milliseconds)) return;
  }
}

const waysToStop = [
  ['SIGINT', 60_000],
  ['SIGQUIT', 15_000],
  ['SIGKILL', 15_000],
] as const;

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  for (const giveUpAt = performance.now() + milliseconds; performance.now() < giveUpAt; await pause(10)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error; // It is gone already.
  }
}
