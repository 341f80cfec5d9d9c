/** The database password: made once, kept in the data directory for us alone. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import { unlessMissing } from './system-errors.ts';

export function passwordFile(dataDirectory: string): string {
  return join(dataDirectory, 'postgres-password');
}

/** Called before the cluster is made, so that there is never a cluster whose password is lost. */
export async function makePassword(dataDirectory: string): Promise<string> {
  const known = await findPassword(dataDirectory);
  if (known !== undefined) return known;
  const password = randomBytes(24).toString('base64url');
  const unfinished = `${passwordFile(dataDirectory)}.new`;
  await writeFile(unfinished, `${password}\n`, { mode: 0o600, flush: true });
  await rename(unfinished, passwordFile(dataDirectory));
  return password;
}

/** @throws OperatorError when it is missing though there is a cluster */
export async function readPassword(dataDirectory: string): Promise<string> {
  const password = await findPassword(dataDirectory);
  if (password !== undefined) return password;
  throw new OperatorError(`The database's password is missing: restore ${passwordFile(dataDirectory)} from a backup.`);
}

async function findPassword(dataDirectory: string): Promise<string | undefined> {
  const text = await unlessMissing(readFile(passwordFile(dataDirectory), 'utf8'), undefined);
  return text?.trim() || undefined;
}
