/** Starts the database as its owner: programs, cluster, settings, postmaster, supervision. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { type DatabaseConnection, withDatabase } from '../connection.ts';
import { faultCode } from '../faults.ts';
import { connectOnce } from '../reach.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { databaseName, makeCluster, writeServerSettings } from './cluster.ts';
import { hasGuests } from './guests.ts';
import { becomeOwner, giveUpOwnership, type OwnerKind } from './owner.ts';
import { makePassword, readPassword } from './password.ts';
import { makePrivateDirectory } from './place.ts';
import { type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { pruneServerLog } from './server-log.ts';
import { connectionTo, type Embedded, type Site } from './site.ts';
import { prepareSocketDirectory, removeSocketDirectory } from './socket-directory.ts';
import { withStartLock } from './start-lock.ts';
import { Supervisor } from './supervisor.ts';
import { unlessMissing } from './system-errors.ts';
import { takeOver } from './takeover.ts';

/** Called under the start lock, when nobody owns the server. */
export async function startOwned(site: Site, kind: OwnerKind): Promise<Embedded> {
  const { paths, logger, dataDirectory } = site;
  await takeOver(site);
  const binaries = await prepareBinaries(paths.place, site.user, logger);
  const connection = connectionTo(site, await prepareCluster(site, binaries));
  const postmaster = await start(site, binaries);
  try {
    await prepareDatabase(connection);
    await becomeOwner(dataDirectory, kind);
  } catch (error) {
    await stopPostmaster(postmaster.pid);
    throw error;
  }
  logger.info({ place: paths.place }, 'the embedded database runs');
  const restart = () =>
    withStartLock(dataDirectory, async () => {
      await takeOver(site);
      return start(site, binaries);
    });
  const supervisor = new Supervisor({ start: restart, logDirectory: paths.log, logger }, postmaster);
  const stop = async () => {
    await supervisor.stop();
    await removeSocketDirectory(paths.socketDirectory);
    await giveUpOwnership(dataDirectory);
  };
  const close = kind === 'serve' ? stop : () => stopWithoutGuests(dataDirectory, connection, stop);
  return { connection, place: paths.place, close };
}

/** @returns the password */
async function prepareCluster(site: Site, binaries: Binaries): Promise<string> {
  const { paths, dataDirectory, logger } = site;
  const version = await unlessMissing(readFile(join(paths.cluster, 'PG_VERSION'), 'utf8'), undefined);
  if (version === undefined) {
    logger.info({ place: paths.place }, 'making the database');
    const password = await makePassword(dataDirectory);
    await makeCluster(binaries, site.user, paths, password);
    return password;
  }
  if (version.trim() !== binaries.version.split('.')[0]) {
    throw new OperatorError(
      `The database in ${paths.cluster} was made by PostgreSQL ${version.trim()}; this version of Repoint brings ` +
        `${binaries.version}. Start the version of Repoint that made it.`,
    );
  }
  return readPassword(dataDirectory);
}

async function start({ paths, user, settings }: Site, binaries: Binaries): Promise<Postmaster> {
  await makePrivateDirectory(user, paths.log);
  await pruneServerLog(paths.log);
  await prepareSocketDirectory(paths.socketDirectory, user);
  await writeServerSettings(paths, settings);
  return startPostmaster(binaries, user, paths);
}

const missingDatabase = '3D000';
const wrongPassword = '28P01';

/** The first start also makes the database itself. */
async function prepareDatabase(connection: DatabaseConnection): Promise<void> {
  try {
    await (await connectOnce(connection, 'repoint')).end();
  } catch (error) {
    if (faultCode(error) === missingDatabase) return createDatabase(connection);
    if (faultCode(error) !== wrongPassword) throw error;
    throw new OperatorError(
      'The database refuses its password: the file postgres-password is not the one it was made with.',
    );
  }
}

async function createDatabase(connection: DatabaseConnection): Promise<void> {
  const client = await connectOnce(withDatabase(connection, 'postgres'), 'repoint');
  try {
    await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

const longestGuestMilliseconds = 10 * 60_000;

/** Guests come under the start lock, so none comes while we stop. One that stays beyond ten minutes is not waited for. */
async function stopWithoutGuests(
  dataDirectory: string,
  connection: DatabaseConnection,
  stop: () => Promise<void>,
): Promise<void> {
  const giveUpAt = performance.now() + longestGuestMilliseconds;
  const stopUnlessUsed = async () => {
    if (performance.now() < giveUpAt && (await hasGuests(connection))) return false;
    await stop();
    return true;
  };
  while (!(await withStartLock(dataDirectory, stopUnlessUsed))) await pause(200);
}
