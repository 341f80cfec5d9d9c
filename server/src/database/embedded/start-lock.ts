/**
 * Only one process at a time makes or starts a cluster. The lock is a file that names its process, so that one left
 * behind by a killed process is recognised, also when the number was used again.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { processIdentity } from './process-identity.ts';
import { errorCode, unlessMissing } from './system-errors.ts';

const patienceMilliseconds = 120_000;

export async function withStartLock<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(place, 'starting');
  const own = `${lock}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, `${process.pid} ${processIdentity(process.pid)}`, { mode: 0o600 });
  try {
    await take(lock, own);
    try {
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
    try {
      await link(own, lock);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = await unlessMissing(readFile(lock, 'utf8'), undefined);
    if (holder !== undefined && !isHeldBy(holder)) await breakLock(lock, own, holder);
  }
  throw new OperatorError(
    `Another process has been starting the database for two minutes. Stop it, or remove ${lock}.`,
  );
}

function isHeldBy(holder: string): boolean {
  const [, pid, identity] = /^(\d+) (.*)$/s.exec(holder) ?? [];
  return pid !== undefined && processIdentity(Number(pid)) === identity;
}

/** Two may find the same dead lock; whoever moves away a fresh one by mistake puts it back. */
async function breakLock(lock: string, own: string, dead: string): Promise<void> {
  const moved = `${own}.dead`;
  await unlessMissing(rename(lock, moved), undefined);
  const content = await unlessMissing(readFile(moved, 'utf8'), undefined);
  if (content !== undefined && content !== dead) await link(moved, lock);
  await rm(moved, { force: true });
}
