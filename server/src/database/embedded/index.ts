/**
 * The embedded database: a real PostgreSQL in the data directory, started and stopped by us. `serve` owns it; a command
 * joins the one that runs, or starts it for as long as it needs it.
 */
import { constants } from 'node:fs';
import { access, chmod, mkdir, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../kernel/logger.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { isConnectionFault } from '../faults.ts';
import { clusterPaths } from './cluster.ts';
import { becomeGuest } from './guests.ts';
import { findOperatingSystemUser } from './operating-system-user.ts';
import { startOwned } from './owned-server.ts';
import { findOwner } from './owner.ts';
import { readPassword } from './password.ts';
import { knownPlace, preparePlace } from './place.ts';
import { connectionTo, type Embedded, type Site } from './site.ts';
import { withStartLock } from './start-lock.ts';
import { errorCode } from './system-errors.ts';
import type { ServerSettings } from './tuning.ts';

export type { Embedded } from './site.ts';

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  /** `serve` owns the database until it closes; `join` uses the running one, or starts it for the time being. */
  readonly mode: 'serve' | 'join';
  readonly logger: Logger;
  /** Server settings instead of the tuned ones: for throw-away servers, where durability costs time for nothing. */
  readonly settings?: ServerSettings;
}

/** The database is somebody else's for the moment; why, in a sentence. */
interface Busy {
  readonly busy: string;
}

/** How long we wait for somebody who will be gone, or back, soon. */
const patienceMilliseconds = 60_000;

/** @throws OperatorError when the database cannot be started, or another server uses it */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDirectory, mode } = options;
  await prepareDataDirectory(dataDirectory);
  for (const giveUpAt = performance.now() + patienceMilliseconds; ; await pause(200)) {
    const opened = await withStartLock(dataDirectory, () => (mode === 'join' ? joinOrStart(options) : serve(options)));
    if (!('busy' in opened)) return opened;
    if (performance.now() > giveUpAt) throw new OperatorError(opened.busy);
  }
}

/** Others must be able to pass through: under root, the database runs as another user. */
async function prepareDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o711 });
    const { mode, uid } = await stat(directory);
    if (uid === process.getuid?.() && (mode & 0o011) !== 0o011) await chmod(directory, (mode & 0o777) | 0o011);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `The data directory ${directory} cannot be made, or is not ours to write in (${errorCode(error)}).`,
      { cause: error },
    );
  }
}

async function joinOrStart(options: EmbeddedOptions): Promise<Embedded | Busy> {
  const { dataDirectory } = options;
  if ((await findOwner(dataDirectory)) === undefined) return startOwned(await findSite(options), 'command');
  const site = await findSite(options);
  const connection = connectionTo(site, await readPassword(dataDirectory));
  try {
    return { connection, place: site.paths.place, close: await becomeGuest(connection) };
  } catch (error) {
    if (!isConnectionFault(error)) throw error;
    // Not to be waited for under the lock: its owner needs that to bring it back.
    return { busy: `The database of the server that runs on ${dataDirectory} does not answer.` };
  }
}

async function serve(options: EmbeddedOptions): Promise<Embedded | Busy> {
  const { dataDirectory } = options;
  const owner = await findOwner(dataDirectory);
  if (owner === undefined) return startOwned(await findSite(options), 'serve');
  if (owner === 'command') {
    return { busy: `A repoint command has been using ${dataDirectory} for a minute. Wait for it, or stop it.` };
  }
  throw new OperatorError(
    `Another Repoint server is running on the data directory ${dataDirectory}. Stop it first, or set ` +
      'REPOINT_DATA_DIR to another directory.',
  );
}

async function findSite({ dataDirectory, logger, settings = {} }: EmbeddedOptions): Promise<Site> {
  const user = findOperatingSystemUser(clusterPaths(await knownPlace(dataDirectory)).cluster);
  const paths = clusterPaths(await preparePlace(dataDirectory, user, logger));
  return { dataDirectory, user, paths, logger, settings };
}
