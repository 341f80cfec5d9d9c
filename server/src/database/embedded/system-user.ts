/**
 * The operating-system user that PostgreSQL runs as: ourselves, or, because PostgreSQL refuses to run as root, an
 * unprivileged user that is made when it is missing.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { OperatorError } from '../../kernel/operator-error.ts';

const unprivilegedName = 'repoint';

export interface SystemUser {
  readonly name: string;
  /** Set when processes must be started as another user than ours. */
  readonly ids?: { readonly uid: number; readonly gid: number };
}

/** @throws OperatorError when we are root and no unprivileged user can be made */
export function findSystemUser(): SystemUser {
  if (process.geteuid?.() !== 0) return { name: userInfo().username };
  const found = lookUp(unprivilegedName) ?? createUser();
  return { name: unprivilegedName, ids: found };
}

/** Whether that user may run the program where it lies. */
export function canExecute(user: SystemUser, program: string): boolean {
  return runAs(user, program, ['--version']).status === 0;
}

/** Whether that user can enter the directory. */
export function canEnter(user: SystemUser, directory: string): boolean {
  return runAs(user, '/bin/sh', ['-c', 'cd "$0"', directory]).status === 0;
}

/** A directory that belongs to that user and nobody else can look into. */
export function makePrivateDirectory(user: SystemUser, directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (user.ids !== undefined) chownSync(directory, user.ids.uid, user.ids.gid);
}

export function runAs(user: SystemUser, program: string, parameters: readonly string[]) {
  return spawnSync(program, parameters, { ...user.ids, cwd: '/', encoding: 'utf8', env: programEnvironment });
}

/** PostgreSQL's programs read a handful of variables; none of ours is meant for them. */
export const programEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

function lookUp(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function createUser(): { uid: number; gid: number } {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ['/usr/sbin/useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', unprivilegedName]],
    // Alpine: busybox.
    ['/usr/sbin/adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', unprivilegedName]],
  ];
  for (const [program, parameters] of ways) {
    if (existsSync(program)) spawnSync(program, parameters, { stdio: 'ignore' });
    const made = lookUp(unprivilegedName);
    if (made !== undefined) return made;
  }
  throw new OperatorError(
    `PostgreSQL refuses to run as root, and the user ${unprivilegedName} could not be made. ` +
      'Create it, start Repoint as an ordinary user, or set REPOINT_DATABASE_URL.',
  );
}
