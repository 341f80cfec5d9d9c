/**
 * The private directory of the Unix socket, the only way to the database: no port that could be taken, nothing that
 * another user could connect to. It lies in the place, or under a short path in /tmp when the place's is too long.
 */
import { hash } from 'node:crypto';
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { giveTo } from './run-as.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

const socketName = '.s.PGSQL.5432';

/** The path of a socket must be shorter than 108 bytes on Linux and 104 on macOS. */
const longestDirectory = 103 - `/${socketName}`.length;

export function socketDirectory(place: string): string {
  const inPlace = join(place, 'socket');
  if (Buffer.byteLength(inPlace) <= longestDirectory) return inPlace;
  return `/tmp/repoint-${hash('sha256', place).slice(0, 16)}`;
}

/**
 * Without what a killed server left in it: its socket, and a lock file with its process number. PostgreSQL would refuse
 * to start when that number means anything that lives or was not yet reaped.
 */
export async function prepareSocketDirectory(directory: string, user: OperatingSystemUser): Promise<void> {
  if (await makeDirectory(directory)) await giveTo(user, directory);
  if (!(await isOurs(directory, user))) {
    throw new OperatorError(
      `${directory}, where the database's socket belongs, was made by somebody else. Have it removed, or choose a path ` +
        'of less than 80 characters for REPOINT_DATA_DIR.',
    );
  }
  for (const name of [socketName, `${socketName}.lock`]) await rm(join(directory, name), { force: true });
}

/** @returns false when there was one */
async function makeDirectory(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** /tmp is everybody's, so one that is there already must be ours and closed to others. */
async function isOurs(directory: string, user: OperatingSystemUser): Promise<boolean> {
  const found = await unlessMissing(lstat(directory), undefined);
  const owner = user.switchTo?.uid ?? process.getuid?.();
  return found?.isDirectory() === true && found.uid === owner && (found.mode & 0o077) === 0;
}

/** Whether a server listens, be it in another container, where its process cannot be seen. */
export async function isServed(directory: string, user: OperatingSystemUser): Promise<boolean> {
  if (!(await isOurs(directory, user))) return false;
  return new Promise((settle) => {
    const socket = connect(join(directory, socketName));
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => settle(false));
  });
}

/** After the server stopped, so that nothing of it is left in /tmp. */
export async function removeSocketDirectory(directory: string): Promise<void> {
  await rmdir(directory).catch(() => undefined); // Only when it is empty; the next start uses what is there.
}
