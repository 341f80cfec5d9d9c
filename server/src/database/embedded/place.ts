/**
 * Where the cluster lies: in the data directory whenever its operating-system user can reach that, else below
 * /var/lib/repoint, and a pointer file in the data directory names the place.
 *
 * A place: `cluster/` and `log/` private to PostgreSQL's user, `socket/` the same, `binaries/` when they had to be
 * copied, `postgresql.conf` written at each start.
 */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, realpath, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../kernel/logger.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { giveTo, runAs } from './run-as.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

const pointerName = 'postgres-place';
const systemPlaces = '/var/lib/repoint';
/** In a place outside of the data directory: whose it is. */
const ownerName = 'data-directory';
/** Others may pass through, not look around. */
const passThrough = 0o711;

/** The place chosen at an earlier start, or the one to try first. */
export async function knownPlace(dataDirectory: string): Promise<string> {
  return (await readPointer(dataDirectory)) ?? join(await realpath(dataDirectory), 'postgres');
}

async function readPointer(dataDirectory: string): Promise<string | undefined> {
  const text = await unlessMissing(readFile(join(dataDirectory, pointerName), 'utf8'), undefined);
  return text?.trim() || undefined;
}

/** Makes sure that `user` reaches the place; moves on to another one when there is no cluster in it yet. */
export async function preparePlace(dataDirectory: string, user: OperatingSystemUser, logger: Logger): Promise<string> {
  const pointer = await readPointer(dataDirectory);
  if (pointer !== undefined) await confirmSystemPlace(pointer, dataDirectory);
  const place = pointer ?? (await knownPlace(dataDirectory));
  await makeDirectory(place);
  if (await canReach(user, place)) return realpath(place);
  if (await unlessMissing(lstat(join(place, 'cluster')), undefined)) {
    throw new OperatorError(
      `The database lies in ${place}, where ${user.name} cannot reach it any more. Let others pass through the folders ` +
        'above it (chmod o+x), as it was when the database was made.',
    );
  }
  await rmdir(place);
  return takeSystemPlace(dataDirectory, user, logger);
}

/** It must not begin anew in silence when the place was lost, as in a container whose volume holds the data directory only. */
async function confirmSystemPlace(place: string, dataDirectory: string): Promise<void> {
  if ((await unlessMissing(lstat(place), undefined)) === undefined) {
    throw new OperatorError(
      `The database lay in ${place}, as ${join(dataDirectory, pointerName)} says, and is gone. Restore it from a ` +
        'backup, or remove that file to begin with an empty database.',
    );
  }
  await nameOwner(place, dataDirectory); // The data directory may have been moved.
}

async function takeSystemPlace(dataDirectory: string, user: OperatingSystemUser, logger: Logger): Promise<string> {
  const place = join(systemPlaces, randomBytes(4).toString('hex'));
  try {
    await makeDirectory(systemPlaces);
    await tellLeftovers(logger);
    await makeDirectory(place);
  } catch (error) {
    throw new OperatorError(
      `${user.name} runs the database and can reach neither ${dataDirectory} nor a folder in ${systemPlaces} ` +
        `(${errorCode(error)}). Put REPOINT_DATA_DIR where other users may pass through.`,
      { cause: error },
    );
  }
  await nameOwner(place, dataDirectory);
  const unfinished = join(dataDirectory, `${pointerName}.new`);
  await writeFile(unfinished, `${place}\n`, { mode: 0o600, flush: true });
  await rename(unfinished, join(dataDirectory, pointerName));
  logger.info({ place }, `the database lies in ${place}: ${user.name}, who runs it, cannot reach the data directory`);
  return place;
}

async function nameOwner(place: string, dataDirectory: string): Promise<void> {
  await writeFile(join(place, ownerName), `${await realpath(dataDirectory)}\n`, { mode: 0o600 });
}

/** A data directory that was deleted leaves its database behind, with everything in it: somebody must be told. */
async function tellLeftovers(logger: Logger): Promise<void> {
  for (const name of await readdir(systemPlaces)) {
    const place = join(systemPlaces, name);
    const owner = (await readFile(join(place, ownerName), 'utf8').catch(() => '')).trim();
    if (owner === '') continue;
    const pointer = await readFile(join(owner, pointerName), 'utf8').catch(() => '');
    if (pointer.trim() === place) continue;
    logger.warn(
      { place },
      `the database in ${place} belonged to a data directory that is gone; delete it when not needed`,
    );
  }
}

/** Asks the system by trying, as that user: access lists and mounts count, not only modes. */
async function canReach(user: OperatingSystemUser, directory: string): Promise<boolean> {
  if (user.switchTo === undefined) return true;
  const { code, output } = await runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory]);
  if (code !== undefined) return code === 0;
  throw new OperatorError(
    `PostgreSQL does not run as root, and this root may not run anything as ${user.name} (${output}). Start Repoint as ` +
      'an ordinary user, or set REPOINT_DATABASE_URL.',
  );
}

async function makeDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: passThrough });
  if (made !== undefined) await chmod(path, passThrough);
}

/** A directory that only `user` may enter. */
export async function makePrivateDirectory(user: OperatingSystemUser, path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  await giveTo(user, path);
}
