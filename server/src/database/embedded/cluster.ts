/** Makes a cluster and says where its parts are. */
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { inspectMachine } from './machine.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { makePrivateDirectory, socketDirectory } from './place.ts';
import type { ClusterPaths } from './postmaster.ts';
import { giveTo, runAs } from './run-as.ts';
import { type ServerSettings, tune, writeSettings } from './tuning.ts';

export const databaseUser = 'repoint';
export const databaseName = 'repoint';

export function clusterPaths(place: string): ClusterPaths {
  return {
    place,
    cluster: join(place, 'cluster'),
    log: join(place, 'log'),
    settings: join(place, 'postgresql.conf'),
    startOutput: join(place, 'start.log'),
    socketDirectory: socketDirectory(place),
  };
}

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
  const unfinished = `${paths.cluster}.new`;
  const passwordFile = join(paths.place, 'initial-password');
  await rm(unfinished, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await makePrivateDirectory(user, unfinished);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  await giveTo(user, passwordFile);
  try {
    const { code, output } = await runAs(user, binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${databaseUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ]);
    if (code !== 0)
      throw new Error(`The database could not be made (initdb).\n${output.trim().split('\n').slice(-5).join('\n')}`);
    await rename(unfinished, paths.cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Written anew at each start, since the machine may have changed. */
export async function writeServerSettings(paths: ClusterPaths, overrides: ServerSettings): Promise<void> {
  const settings: ServerSettings = {
    ...tune(await inspectMachine(paths.place)),
    data_directory: paths.cluster,
    unix_socket_directories: paths.socketDirectory,
    log_directory: paths.log,
    ...overrides,
  };
  const unfinished = `${paths.settings}.new`;
  await writeFile(unfinished, writeSettings(settings), { mode: 0o644 });
  await chmod(unfinished, 0o644);
  await rename(unfinished, paths.settings);
}
