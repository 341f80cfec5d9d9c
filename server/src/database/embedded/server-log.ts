/** PostgreSQL's own log: kept in the place, bounded, and read back when the server does not start. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './system-errors.ts';

/** PostgreSQL begins a new file each day and at 4 MB. */
const filesKept = 5;

/** Removes all but the newest files. */
export async function pruneServerLog(directory: string): Promise<void> {
  const files = (await unlessMissing(readdir(directory), [])).filter((name) => name.startsWith('postgres-')).sort();
  for (const name of files.slice(0, -filesKept)) await rm(join(directory, name), { force: true });
}

/** The last lines of what a failed start left: first what came before logging began, then the newest log. */
export async function readEndOfLog(startOutput: string, directory: string): Promise<string> {
  const newest = (await unlessMissing(readdir(directory), []))
    .filter((name) => name.startsWith('postgres-'))
    .sort()
    .at(-1);
  const texts = [
    await unlessMissing(readFile(startOutput, 'utf8'), ''),
    newest === undefined ? '' : await unlessMissing(readFile(join(directory, newest), 'utf8'), ''),
  ];
  return texts
    .map((text) => text.trim().split('\n').slice(-4).join('\n'))
    .filter((text) => text !== '')
    .join('\n');
}
