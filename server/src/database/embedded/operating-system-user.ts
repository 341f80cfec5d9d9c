/**
 * As whom PostgreSQL runs. It refuses to run as root, so under root it runs as the user `repoint`, made when missing;
 * otherwise as whoever runs us. A cluster that somebody owns already goes on as theirs.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { OperatorError } from '../../kernel/operator-error.ts';
import { errorCode } from './system-errors.ts';

export interface OperatingSystemUser {
  readonly name: string;
  /** Undefined when it is the user of this process. */
  readonly switchTo: { readonly uid: number; readonly gid: number } | undefined;
}

const ownUserName = 'repoint';

/** @param cluster directory of a cluster, which need not exist yet */
export function findOperatingSystemUser(cluster: string): OperatingSystemUser {
  const ownUid = process.getuid?.();
  if (ownUid === undefined) {
    throw new OperatorError('The embedded database runs on Linux and macOS only. Set REPOINT_DATABASE_URL.');
  }
  const owner = ownerOf(cluster);
  if (ownUid !== 0) {
    if (owner !== undefined && owner.uid !== ownUid) {
      throw new OperatorError(
        `The database in ${cluster} belongs to another user (number ${owner.uid}). ` +
          'Start Repoint as the user that made it, or as root.',
      );
    }
    return { name: 'the user of this process', switchTo: undefined };
  }
  if (owner !== undefined && owner.uid !== 0) return { name: `user number ${owner.uid}`, switchTo: owner };
  const user = lookUp(ownUserName) ?? createUser();
  return { name: ownUserName, switchTo: user };
}

function ownerOf(path: string): { uid: number; gid: number } | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && { uid: found.uid, gid: found.gid };
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error;
    throw new OperatorError(
      `The database in ${path} is out of reach. Start Repoint as the user that made it, or as root.`,
    );
  }
}

/** PostgreSQL itself looks its user up, so a number without a name would not do. */
function lookUp(name: string): { uid: number; gid: number } | undefined {
  const uid = ask('-u', name);
  const gid = ask('-g', name);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** `id` knows every source of users that the system has. */
function ask(option: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/** Debian, Red Hat and SUSE have the first; Alpine and other busybox systems the second. */
const waysToCreate: readonly (readonly string[])[] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ],
  ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin'],
];

function createUser(): { uid: number; gid: number } {
  for (const [command, ...options] of waysToCreate) {
    spawnSync(command as string, [...options, ownUserName], { stdio: 'ignore' });
    const user = lookUp(ownUserName);
    if (user !== undefined) return user;
  }
  throw new OperatorError(
    `PostgreSQL does not run as root, and the user "${ownUserName}" that it would run as could not be created. ` +
      `Create it (useradd --system ${ownUserName}), start Repoint as an ordinary user, or set REPOINT_DATABASE_URL.`,
  );
}
