/**
 * Only one process at a time makes, starts or joins the database of a data directory. The lock is a file that names its
 * process, so that one left behind by a killed process is recognised, also when the number was used again.
 */
import { randomBytes } from 'node:crypto';
import { chmod, link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { describeThisProcess, isStillAlive } from './process-identity.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

const patienceMilliseconds = 120_000;

export async function withStartLock<Result>(dataDirectory: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(dataDirectory, 'postgres-starting');
  const own = `${lock}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, describeThisProcess());
  try {
    await chmod(own, 0o644); // Whatever the umask: others must see that we are gone when we are.
    await take(lock, own);
    try {
      await removeDeadFiles(lock);
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** A hard link appears whole, with its content, or fails because there is one already. */
async function take(lock: string, own: string): Promise<void> {
  for (const giveUpAt = performance.now() + patienceMilliseconds; performance.now() < giveUpAt; await pause(50)) {
    if (await linkUnlessThere(own, lock)) return;
    const holder = await unlessMissing(readFile(lock, 'utf8'), undefined);
    if (holder !== undefined && !isStillAlive(holder)) await breakLock(lock, own, holder);
  }
  throw new OperatorError(
    `Another process has been starting the database for two minutes. Stop it, or remove ${lock}.`,
  );
}

/** Two may find the same dead lock; whoever moves away a fresh one by mistake puts it back. */
async function breakLock(lock: string, own: string, dead: string): Promise<void> {
  const moved = `${own}.dead`;
  await unlessMissing(rename(lock, moved), undefined);
  const content = await unlessMissing(readFile(moved, 'utf8'), undefined);
  if (content !== undefined && content !== dead) await linkUnlessThere(moved, lock);
  await rm(moved, { force: true });
}

/** What killed processes had prepared lies beside the lock. */
async function removeDeadFiles(lock: string): Promise<void> {
  for (const name of await readdir(dirname(lock))) {
    if (!name.startsWith(`${basename(lock)}.`)) continue;
    const file = join(dirname(lock), name);
    const process = await unlessMissing(readFile(file, 'utf8'), '');
    if (process !== '' && !isStillAlive(process)) await rm(file, { force: true });
  }
}

async function linkUnlessThere(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
