/**
 * The embedded database: a real PostgreSQL in the data directory, started and stopped by us. `serve` owns it; a command
 * joins the one that runs, or starts it for as long as it needs it.
 */
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../kernel/logger.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { isConnectionFault } from '../faults.ts';
import { clusterPaths } from './cluster.ts';
import { findOperatingSystemUser } from './operating-system-user.ts';
import { startOwned } from './owned-server.ts';
import { becomeGuest, findOwner, type OwnerKind } from './owner.ts';
import { readPassword } from './password.ts';
import { knownPlace, preparePlace } from './place.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
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

/** How long `serve` waits for a command that started the database for itself. */
const commandPatienceMilliseconds = 60_000;

/** @throws OperatorError when the database cannot be started, or another server uses it */
export async function openEmbedded({ dataDirectory, mode, logger, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  await prepareDataDirectory(dataDirectory);
  const user = findOperatingSystemUser(clusterPaths(await knownPlace(dataDirectory)).cluster);
  const place = await realpath(await preparePlace(dataDirectory, user, logger));
  const site: Site = { dataDirectory, user, paths: clusterPaths(place), logger, settings };
  for (const giveUpAt = performance.now() + commandPatienceMilliseconds; ; await pause(200)) {
    const opened = await withStartLock(place, () => (mode === 'join' ? joinOrStart(site) : serve(site)));
    if (opened !== 'busy') return opened;
    if (performance.now() > giveUpAt) {
      throw new OperatorError(
        `A repoint command has been using ${dataDirectory} for a minute. Wait for it, or stop it.`,
      );
    }
  }
}

/** Others must be able to pass through: under root, the database runs as another user. */
async function prepareDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o711 });
    const { mode, uid } = await stat(directory);
    if (uid === process.getuid?.() && (mode & 0o011) !== 0o011) await chmod(directory, (mode & 0o777) | 0o011);
  } catch (error) {
    throw new OperatorError(`The data directory ${directory} cannot be made or entered (${errorCode(error)}).`, {
      cause: error,
    });
  }
}

async function joinOrStart(site: Site): Promise<Embedded> {
  if ((await runningOwner(site)) === undefined) return startOwned(site, 'command');
  const connection = connectionTo(site, await readPassword(site.dataDirectory));
  const guest = await becomeGuest(connection);
  return { connection, place: site.paths.place, close: () => guest.close() };
}

async function serve(site: Site): Promise<Embedded | 'busy'> {
  const owner = await runningOwner(site);
  if (owner === 'command') return 'busy';
  if (owner === undefined) return startOwned(site, 'serve');
  throw new OperatorError(
    `Another Repoint server is running on the data directory ${site.dataDirectory}. Stop it first, or set ` +
      'REPOINT_DATA_DIR to another directory.',
  );
}

/**
 * Who owns the server that runs on the cluster. A server whose owner was killed is stopped cleanly here, to be started
 * again under us: with the settings and programs of this start, and as our child, whose end we notice.
 */
async function runningOwner(site: Site): Promise<OwnerKind | undefined> {
  const running = await findPostmaster(site.paths.cluster);
  if (running === undefined) return undefined;
  const owner = await ownerUnlessAway(site);
  if (owner !== undefined) return owner;
  site.logger.warn('found the database of a process that was killed; stopping it to start it again');
  await stopPostmaster(running);
  return undefined;
}

/** Nobody is served by a database that is still starting or already stopping. */
async function ownerUnlessAway(site: Site): Promise<OwnerKind | undefined> {
  try {
    return await findOwner(connectionTo(site, await readPassword(site.dataDirectory)));
  } catch (error) {
    if (isConnectionFault(error) || errorCode(error) === '3D000') return undefined;
    throw error;
  }
}
