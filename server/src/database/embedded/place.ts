/**
 * Where the cluster, its socket and, if needed, its programs lie. In the data directory, whenever the database's user
 * can reach it; otherwise below `/var/lib/repoint`, and the file `cluster-place` in the data directory names it.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import { canEnter, makePrivateDirectory, type SystemUser } from './system-user.ts';

export interface Place {
  /** PostgreSQL's data directory, mode 0700. */
  readonly cluster: string;
  /** Directory of the Unix socket, mode 0700. */
  readonly socket: string;
  /** Where a copy of the programs may be put. */
  readonly programs: string;
  /** False when the data directory only holds a pointer to it. */
  readonly inDataDirectory: boolean;
}

const reachableRoot = '/var/lib/repoint';
const temporaryRoot = '/tmp';
/** `sun_path` has 107 usable bytes; `/.s.PGSQL.65535` comes behind the directory. */
const longestSocketDirectory = 107 - '/.s.PGSQL.65535'.length;

export function choosePlace(dataDirectory: string, user: SystemUser): Place {
  const pointer = join(dataDirectory, 'cluster-place');
  if (existsSync(pointer)) return placeAt(readFileSync(pointer, 'utf8').trim(), user, false);
  if (canEnter(user, dataDirectory)) return placeAt(dataDirectory, user, true);
  const elsewhere = join(reachableRoot, shortHash(realpathSync(dataDirectory)));
  mkdirSync(elsewhere, { recursive: true, mode: 0o711 });
  if (!canEnter(user, elsewhere)) throw new OperatorError(`The user ${user.name} can enter neither ${dataDirectory} nor ${elsewhere}.`);
  writeFileSync(pointer, `${elsewhere}\n`);
  return placeAt(elsewhere, user, false);
}

function placeAt(directory: string, user: SystemUser, inDataDirectory: boolean): Place {
  const socket = chooseSocketDirectory(directory, user);
  return { cluster: join(directory, 'cluster'), socket, programs: inDataDirectory ? directory : reachableRoot, inDataDirectory };
}

function chooseSocketDirectory(directory: string, user: SystemUser): string {
  const wanted = join(directory, 'socket');
  if (Buffer.byteLength(wanted) <= longestSocketDirectory) {
    makePrivateDirectory(user, wanted);
    return wanted;
  }
  const short = join(temporaryRoot, `repoint-${shortHash(directory)}`);
  makePrivateDirectory(user, short);
  // Anybody may make directories in /tmp: one that is not ours, or that others can enter, is not used.
  const { uid, mode } = lstatSync(short);
  const owner = user.ids?.uid ?? process.geteuid?.();
  if (uid !== owner || (mode & 0o777) !== 0o700) throw new OperatorError(`${short} belongs to somebody else. Remove it.`);
  return short;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
