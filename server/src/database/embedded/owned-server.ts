/** Starts the database as its owner: programs, cluster, settings, postmaster, ownership, supervision. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import { type DatabaseConnection, withDatabase } from '../connection.ts';
import { faultCode } from '../faults.ts';
import { connectOnce } from '../reach.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { databaseName, makeCluster, writeServerSettings } from './cluster.ts';
import { becomeOwner, type OwnerKind, type Session, untilGuestsLeft } from './owner.ts';
import { makePassword, readPassword } from './password.ts';
import { makePrivateDirectory, prepareSocketDirectory } from './place.ts';
import { findPostmaster, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { pruneServerLog } from './server-log.ts';
import { connectionTo, type Embedded, type Site } from './site.ts';
import { withStartLock } from './start-lock.ts';
import { Supervisor } from './supervisor.ts';
import { unlessMissing } from './system-errors.ts';

/** Called under the start lock, when no postmaster runs on the cluster. */
export async function startOwned(site: Site, kind: OwnerKind): Promise<Embedded> {
  const { paths, logger } = site;
  const binaries = await prepareBinaries(paths.place, site.user, logger);
  const password = await prepareCluster(site, binaries);
  const connection = connectionTo(site, password);
  const postmaster = await start(site, binaries);
  const ownership = await firstOwnership(postmaster, connection, kind);
  const supervisor = new Supervisor(
    {
      start: () => withStartLock(paths.place, () => start(site, binaries)),
      takeOwnership: () => takeOwnership(connection, kind),
      cluster: paths.cluster,
      logDirectory: paths.log,
      logger,
    },
    postmaster,
    ownership,
  );
  return {
    connection,
    place: paths.place,
    async close() {
      if (kind === 'command') await untilGuestsLeft(connection);
      await supervisor.stop();
    },
  };
}

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
  if ((await findPostmaster(paths.cluster)) !== undefined) throw new Error('Another process started the database.');
  await makePrivateDirectory(user, paths.log);
  await pruneServerLog(paths.log);
  await prepareSocketDirectory(paths.place, user);
  await writeServerSettings(paths, settings);
  return startPostmaster(binaries, user, paths);
}

/** The first start also makes the database itself. */
async function firstOwnership(
  postmaster: Postmaster,
  connection: DatabaseConnection,
  kind: OwnerKind,
): Promise<Session> {
  try {
    return await takeOwnership(connection, kind).catch(async (error: unknown) => {
      if (faultCode(error) !== missingDatabase) throw error;
      await createDatabase(connection);
      return takeOwnership(connection, kind);
    });
  } catch (error) {
    await stopPostmaster(postmaster.pid);
    if (faultCode(error) !== wrongPassword) throw error;
    throw new OperatorError(
      'The database refuses its password: the file postgres-password is not the one it was made with.',
    );
  }
}

const missingDatabase = '3D000';
const wrongPassword = '28P01';

async function createDatabase(connection: DatabaseConnection): Promise<void> {
  const client = await connectOnce(withDatabase(connection, 'postgres'), 'repoint');
  try {
    await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function takeOwnership(connection: DatabaseConnection, kind: OwnerKind): Promise<Session> {
  const ownership = await becomeOwner(connection, kind);
  if (ownership === undefined) throw new Error('Another process owns the database.');
  return ownership;
}
