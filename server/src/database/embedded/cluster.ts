/** Makes the cluster at first start: whole or not at all, a killed `initdb` leaves only a directory to sweep away. */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Binaries } from './binaries.ts';
import { makePrivateDirectory, runAs, type SystemUser } from './system-user.ts';

export const superuser = 'repoint';

/** The superuser's password, in a file that only our own user can read. */
export function readPassword(dataDirectory: string): string {
  const file = join(dataDirectory, 'database-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
  return readFileSync(file, 'utf8').trim();
}

/** @throws OperatorError with what initdb said */
export function ensureCluster(cluster: string, user: SystemUser, binaries: Binaries, password: string): boolean {
  if (existsSync(join(cluster, 'PG_VERSION'))) return false;
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateDirectory(user, unfinished);
  const passwordFile = `${unfinished}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (user.ids !== undefined) chownSync(passwordFile, user.ids.uid, user.ids.gid);
    const made = runAs(user, binaries.initdb, [
      ...['--pgdata', unfinished, '--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      // The builtin provider sorts by code point, the same on every machine and for ever: no index goes wrong because
      // a C library or ICU was upgraded.
      ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ]);
    if (made.status !== 0) throw new OperatorError(`initdb failed: ${made.stderr || made.error?.message || made.signal}`);
    renameSync(unfinished, cluster);
    return true;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}
