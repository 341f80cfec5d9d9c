/**
 * Who owns the running server: the process that a file in the data directory names, as long as that process lives. A
 * server whose owner is gone is an orphan. Read and written under the start lock. The database itself is not asked: one
 * that is recovering, or has no connection left, still has its owner.
 */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThisProcess, isStillAlive } from './process-identity.ts';
import { unlessMissing } from './system-errors.ts';

/** `serve` stays until it is stopped; `command` ends by itself soon. */
export type OwnerKind = 'serve' | 'command';

const kinds: readonly OwnerKind[] = ['serve', 'command'];

function ownerFile(dataDirectory: string): string {
  return join(dataDirectory, 'postgres-owner');
}

export async function findOwner(dataDirectory: string): Promise<OwnerKind | undefined> {
  const text = await unlessMissing(readFile(ownerFile(dataDirectory), 'utf8'), '');
  const kind = kinds.find((one) => text.startsWith(`${one} `));
  return kind !== undefined && isStillAlive(text.slice(kind.length + 1)) ? kind : undefined;
}

/** Readable for all: after a start as root, the data directory's own user must see that root's process is gone. */
export async function becomeOwner(dataDirectory: string, kind: OwnerKind): Promise<void> {
  const file = ownerFile(dataDirectory);
  await writeFile(`${file}.new`, `${kind} ${describeThisProcess()}`);
  await chmod(`${file}.new`, 0o644); // Whatever the umask.
  await rename(`${file}.new`, file);
}

export async function giveUpOwnership(dataDirectory: string): Promise<void> {
  await rm(ownerFile(dataDirectory), { force: true });
}
