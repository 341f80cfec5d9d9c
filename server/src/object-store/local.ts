/**
 * The local store: `s3://bucket/key` is the file `bucket/key` below one directory. No key leads out of it, and no
 * symbolic link does. A new file is written elsewhere in the directory and renamed when it is whole.
 */
import { createHash, hash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { flushDirectory, systemCode } from '../kernel/file-system.ts';
import {
  type KeptVersion,
  type ObjectStore,
  ObjectStoreError,
  type ObjectVersion,
  type Place,
  type StoredObject,
} from './object-store.ts';

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
      signal.throwIfAborted();
      // Not given the signal: a stream that is born aborted emits its error before anybody can listen.
      for await (const chunk of handle.createReadStream({ highWaterMark: readBytes, autoClose: false })) {
        yield chunk as Buffer;
        signal.throwIfAborted();
      }
      await checkVersion(handle, object);
    } finally {
      await handle.close();
    }
  }

  async write(place: Place, content: AsyncIterable<Buffer>): Promise<void> {
    await this.#write(place, content);
  }

  /** @param check of the whole file, with its SHA-256, before it shows */
  async #write(
    place: Place,
    content: AsyncIterable<Buffer>,
    check?: (unfinished: string, sha256: string) => Promise<void>,
  ): Promise<void> {
    const path = this.#path(place);
    const unfinished = await this.#beginFile(place);
    try {
      const written = createHash('sha256');
      const handle = await open(unfinished, 'wx', fileMode);
      try {
        for await (const chunk of content) {
          // Not `write`, which takes as much as there is room for on a disk that is nearly full, and says so in its result.
          await handle.appendFile(chunk);
          if (check !== undefined) written.update(chunk);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await check?.(unfinished, written.digest('hex'));
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

  /** There are no former ones. */
  async *listVersions(place: Place): AsyncIterable<ObjectVersion> {
    for await (const object of this.list(place)) yield { ...object, kind: 'content', isCurrent: true };
  }

  async findVersions(place: Place): Promise<readonly ObjectVersion[]> {
    const object = await this.find(place);
    return object === undefined ? [] : [{ ...object, kind: 'content', isCurrent: true }];
  }

  async replace(object: StoredObject, content: AsyncIterable<Buffer>, _signal: AbortSignal): Promise<void> {
    const path = this.#path(object);
    const changed = () => new ObjectStoreError('changed', 'The file changed meanwhile.');
    await this.#write(object, content, async (unfinished, written) => {
      // Who writes the same object later takes an unfinished one away.
      const there = await digestOf(unfinished).catch((error: unknown) => {
        throw systemCode(error) === 'ENOENT' ? changed() : error;
      });
      if (there !== written) throw new ObjectStoreError('unavailable', 'The disk gives back something else.');
      if ((await this.find(object))?.version !== object.version) throw changed();
      await chmod(unfinished, (await stat(path)).mode);
    });
  }

  async removeVersions(versions: readonly ObjectVersion[]): Promise<readonly KeptVersion[]> {
    const kept: KeptVersion[] = [];
    for (const version of versions) {
      await this.remove(version).catch((error: unknown) => {
        if (!(error instanceof ObjectStoreError)) throw error;
        kept.push({ version, reason: error.message });
      });
    }
    return kept;
  }

  /** What is unfinished here is known by a whole name only. */
  async abandonUploads(place: Place): Promise<number> {
    return place.key === '' || place.key.endsWith('/') ? 0 : this.#removeUnfinished(place);
  }

  /** What a killed process left of the same object is removed. */
  async #beginFile(place: Place): Promise<string> {
    await mkdir(join(this.#directory, unfinishedDirectory), { recursive: true, mode: directoryMode });
    await this.#removeUnfinished(place);
    return `${this.#unfinished(place)}.${randomBytes(6).toString('hex')}`;
  }

  #unfinished({ bucket, key }: Place): string {
    return join(this.#directory, unfinishedDirectory, hash('sha256', `${bucket}/${key}`));
  }

  async #removeUnfinished(place: Place): Promise<number> {
    const path = this.#unfinished(place);
    const folder = dirname(path);
    const names = await readdir(folder).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw describe(error);
    });
    const left = names.map((name) => join(folder, name)).filter((file) => file.startsWith(path));
    for (const file of left) await rm(file, { force: true });
    return left.length;
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

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) digest.update(chunk as Buffer);
  return digest.digest('hex');
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
