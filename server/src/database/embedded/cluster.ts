/** Makes a cluster and says where its parts are. */
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Binaries } from './binaries.ts';
import { clusterName } from './cluster-processes.ts';
import { inspectMachine } from './machine.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import type { ClusterPaths } from './postmaster.ts';
import { giveTo, runAs } from './run-as.ts';
import { socketDirectory } from './socket-directory.ts';
import { type ServerSettings, tune, writeSettings } from './tuning.ts';

export const databaseUser = 'repoint';
export const databaseName = 'repoint';

export function clusterPaths(place: string): ClusterPaths {
  return {
    place,
    name: clusterName(place),
    cluster: join(place, 'cluster'),
    log: join(place, 'log'),
    settings: join(place, 'postgresql.conf'),
    startOutput: join(place, 'start.log'),
    socketDirectory: socketDirectory(place),
  };
}

const unfinishedPrefix = 'cluster.new-';

/**
 * Whole or not at all: made beside its final name. UTF-8 with PostgreSQL's built-in `C.UTF-8`: text sorts by code
 * point, the same on every machine and for ever, so an upgrade of the C library or of ICU never breaks an index, and
 * comparing costs a memcmp; letters and cases beyond ASCII are known all the same.
 */
export async function makeCluster(
  binaries: Binaries,
  user: OperatingSystemUser,
  paths: ClusterPaths,
  password: string,
): Promise<void> {
  await removeUnfinished(paths.place);
  const unfinished = await mkdtemp(join(paths.place, unfinishedPrefix));
  await giveTo(user, unfinished);
  const passwordFile = join(unfinished, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  await giveTo(user, passwordFile);
  const cluster = join(unfinished, 'cluster');
  const { code, output } = await runAs(user, binaries.initdb, [
    `--pgdata=${cluster}`,
    `--username=${databaseUser}`,
    `--pwfile=${passwordFile}`,
    `--set=cluster_name=${paths.name}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ]);
  if (code !== 0) {
    const reason = output.trim().split('\n').slice(-5).join('\n');
    throw new OperatorError(`The database could not be made (initdb, exit code ${code}).\n${reason}`);
  }
  await rename(cluster, paths.cluster);
  await removeUnfinished(paths.place);
}

/** With the initial password in it. */
async function removeUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (name.startsWith(unfinishedPrefix)) await rm(join(place, name), { recursive: true, force: true });
  }
}

/** Written anew at each start, since the machine may have changed. */
export async function writeServerSettings(paths: ClusterPaths, overrides: ServerSettings): Promise<void> {
  const settings: ServerSettings = {
    ...tune(await inspectMachine(paths.place)),
    data_directory: paths.cluster,
    // A list, whose parts may be quoted.
    unix_socket_directories: `"${paths.socketDirectory.replaceAll('"', '""')}"`,
    log_directory: paths.log,
    ...overrides,
  };
  const unfinished = `${paths.settings}.new`;
  await writeFile(unfinished, writeSettings(settings), { mode: 0o644 });
  await chmod(unfinished, 0o644);
  await rename(unfinished, paths.settings);
}
