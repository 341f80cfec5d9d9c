/**
 * The local store: `s3://bucket/key` is the file `bucket/key` below one directory. No key leads out of it, and no
 * symbolic link does. A new file is written elsewhere in the directory and renamed when it is whole.
 */
import { hash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { flushDirectory, systemCode } from '../kernel/file-system.ts';
import { type ObjectStore, ObjectStoreError, type Place, type StoredObject } from './object-store.ts';

/** No bucket begins with a dot. */
const unfinishedDirectory = '.unfinished';
const readBytes = 256 * 1024;
const directoryMode = 0o700;
const fileMode = 0o600;

export class LocalObjectStore implements ObjectStore {
  readonly #directory: string;

  /** @param directory made when first written to */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async find(place: Place): Promise<StoredObject | undefined> {
    if (place.key === '' || place.key.endsWith('/')) return undefined;
    const handle = await this.#open(place).catch((error: unknown) => {
      if (error instanceof ObjectStoreError && error.fault === 'missing') return undefined;
      throw error;
    });
    if (handle === undefined) return undefined;
    try {
      const status = await handle.stat({ bigint: true });
      return status.isFile() ? { ...place, bytes: Number(status.size), version: versionOf(status) } : undefined;
    } finally {
      await handle.close();
    }
  }

  async *list({ bucket, key }: Place): AsyncIterable<StoredObject> {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const path = this.#path({ bucket, key: folder.slice(0, -1) });
    if (!(await this.#isWithin(path))) return;
    for await (const found of this.#walk({ bucket, key: folder }, path)) if (found.key.startsWith(key)) yield found;
  }

  /** Links are stepped over. */
  async *#walk({ bucket, key }: Place, path: string): AsyncIterable<StoredObject> {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries) {
      const place = { bucket, key: key + entry.name };
      if (entry.isDirectory()) yield* this.#walk({ bucket, key: `${place.key}/` }, join(path, entry.name));
      if (!entry.isFile()) continue;
      const found = await this.find(place);
      if (found !== undefined) yield found;
    }
  }

  async *read(object: StoredObject, signal: AbortSignal): AsyncIterable<Buffer> {
    const handle = await this.#open(object);
    try {
      await checkVersion(handle, object);
      const chunks = handle.createReadStream({ highWaterMark: readBytes, autoClose: false, signal });
      for await (const chunk of chunks) yield chunk as Buffer;
      await checkVersion(handle, object);
    } finally {
      await handle.close();
    }
  }

  async write(place: Place, content: AsyncIterable<Buffer>): Promise<void> {
    const path = this.#path(place);
    const unfinished = await this.#beginFile(place);
    try {
      const handle = await open(unfinished, 'wx', fileMode);
      try {
        for await (const chunk of content) await handle.write(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#makeFolder(dirname(path));
      await rename(unfinished, path);
      await flushDirectory(dirname(path));
    } catch (error) {
      throw describe(error);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async remove(place: Place): Promise<void> {
    const path = this.#path(place);
    if (!(await this.#isWithin(dirname(path)))) return;
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw describe(error);
    }
  }

  /** What a killed process left of the same object is removed. */
  async #beginFile({ bucket, key }: Place): Promise<string> {
    const folder = join(this.#directory, unfinishedDirectory);
    const name = hash('sha256', `${bucket}/${key}`);
    await mkdir(folder, { recursive: true, mode: directoryMode });
    for (const left of await readdir(folder)) {
      if (left.startsWith(name)) await rm(join(folder, left), { force: true });
    }
    return join(folder, `${name}.${randomBytes(6).toString('hex')}`);
  }

  /** Link by link, so that nothing is made outside. */
  async #makeFolder(folder: string): Promise<void> {
    let path = this.#directory;
    for (const name of relative(this.#directory, folder).split(sep)) {
      path = join(path, name);
      await mkdir(path, { mode: directoryMode }).catch((error: unknown) => {
        if (systemCode(error) !== 'EEXIST') throw error;
      });
      if (!(await this.#isWithin(path))) throw leadsOut();
    }
  }

  /** The file that was opened is the one that stands inside: a link put there in between is noticed. */
  async #open(place: Place): Promise<FileHandle> {
    const path = this.#path(place);
    let handle: FileHandle | undefined;
    try {
      if (!(await this.#isWithin(path))) throw new ObjectStoreError('missing', 'There is no such file.');
      handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const [opened, there] = [await handle.stat(), await stat(await realpath(path))];
      if (opened.ino !== there.ino || opened.dev !== there.dev || !(await this.#isWithin(path))) throw leadsOut();
      return handle;
    } catch (error) {
      await handle?.close();
      throw describe(error);
    }
  }

  /** @returns false when it is not there. @throws ObjectStoreError when a link leads out */
  async #isWithin(path: string): Promise<boolean> {
    try {
      const [root, real] = [await realpath(this.#directory), await realpath(path)];
      if (!`${real}${sep}`.startsWith(`${root}${sep}`)) throw leadsOut();
      return true;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error) ?? '')) return false;
      throw describe(error);
    }
  }

  /** @throws ObjectStoreError for a key that no file below the directory has */
  #path({ bucket, key }: Place): string {
    const names = [bucket, ...(key === '' ? [] : key.split('/'))];
    const strange = names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'));
    if (strange || bucket.startsWith('.') || /[/\\]/.test(bucket)) {
      throw new ObjectStoreError('refused', 'The local bucket folder has no files of such names.');
    }
    return join(this.#directory, ...names);
  }
}

function versionOf(status: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${status.ino}-${status.size}-${status.mtimeNs}`;
}

async function checkVersion(handle: FileHandle, { version }: StoredObject): Promise<void> {
  if (versionOf(await handle.stat({ bigint: true })) !== version) {
    throw new ObjectStoreError('changed', 'The file changed while it was read.');
  }
}

function leadsOut(): ObjectStoreError {
  return new ObjectStoreError('refused', 'A link leads out of the local bucket folder.');
}

function describe(error: unknown): unknown {
  const code = systemCode(error);
  if (code === 'ENOENT') return new ObjectStoreError('missing', 'There is no such file.', { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return new ObjectStoreError('refused', 'The server may not use this file.', { cause: error });
  }
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG') {
    return new ObjectStoreError('refused', 'A file or folder of this name cannot be there.', { cause: error });
  }
  if (code === 'ENOSPC' || code === 'EIO') {
    return new ObjectStoreError('unavailable', `The disk does not take it (${code}).`, { cause: error });
  }
  return error;
}
