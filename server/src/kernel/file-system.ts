/** What Node's file system leaves to its callers: making a new file's name last, and reading an error's code. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The name of a new file lies in its directory, which is written down apart from the file. */
export async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `ENOENT` and the like. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
