/** Reads the file of a backup, once to see that it is whole and once to load it: nothing is changed for half a file. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { systemCode } from '../../kernel/file-system.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import {
  type BackupEnd,
  type BackupHead,
  backupFormat,
  backupVersion,
  endName,
  filesFolder,
  headName,
  tablesFolder,
} from './format.ts';

export interface BackupReader {
  /** The rows of a table, in the binary COPY format. */
  table?(table: string, content: AsyncIterable<Buffer>): Promise<void>;
  file?(name: string, bytes: number, content: AsyncIterable<Buffer>): Promise<void>;
}

export interface ReadBackup {
  readonly head: BackupHead;
  readonly end: BackupEnd;
}

interface Entry extends AsyncIterable<Buffer> {
  readonly header: { readonly name: string; readonly size?: number | null };
}

const largestJson = 64 * 1024 * 1024;

/** @throws OperatorError for what is no backup, or not a whole one; whatever the reader throws */
export async function readBackup(
  file: string,
  reader: BackupReader & { head?(head: BackupHead): Promise<void> },
): Promise<ReadBackup> {
  const tar = extract();
  const compressed = createReadStream(file);
  const decompress = createZstdDecompress();
  for (const stream of [compressed, decompress]) stream.on('error', (error: Error) => tar.destroy(error));
  compressed.pipe(decompress).pipe(tar as unknown as NodeJS.WritableStream);
  try {
    return await readEntries(tar as unknown as AsyncIterable<Entry>, file, reader);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const code = systemCode(error);
    if (code === 'ENOENT') throw new OperatorError(`There is no file ${file}.`);
    if (code?.startsWith('ZSTD') || code === 'Z_BUF_ERROR' || /tar|Unexpected end|header/i.test(String(error))) {
      throw new OperatorError(`${file} is not a backup, or not a whole one.`, { cause: error });
    }
    throw error;
  } finally {
    compressed.destroy();
    decompress.destroy();
    tar.destroy();
  }
}

async function readEntries(
  tar: AsyncIterable<Entry>,
  file: string,
  reader: Parameters<typeof readBackup>[1],
): Promise<ReadBackup> {
  const entries = tar[Symbol.asyncIterator]();
  let entry = await entries.next();
  if (entry.done || entry.value.header.name !== headName) throw new OperatorError(`${file} is not a backup.`);
  const head = checkHead(JSON.parse(await textOf(entry.value)), file);
  await reader.head?.(head);
  const sums = new Map<string, { bytes: number; hash: Hash }>();
  const files = { count: 0, bytes: 0, hash: createHash('sha256') };
  entry = await entries.next();
  while (!entry.done) {
    const { name, size } = entry.value.header;
    if (name === endName) {
      const end = JSON.parse(await textOf(entry.value)) as BackupEnd;
      check(file, end, sums, files);
      return { head, end };
    }
    if (name.startsWith(tablesFolder)) {
      const table = tableOf(name);
      const sum = { bytes: 0, hash: createHash('sha256') };
      sums.set(table, sum);
      // Pieces of one table follow each other.
      const content = async function* (): AsyncGenerator<Buffer> {
        while (!entry.done && tableOf(entry.value.header.name) === table) {
          for await (const chunk of entry.value) {
            sum.bytes += chunk.length;
            sum.hash.update(chunk);
            yield chunk;
          }
          entry = await entries.next();
        }
      };
      if (reader.table === undefined) await drain(content());
      else await reader.table(table, content());
    } else if (name.startsWith(filesFolder)) {
      const key = name.slice(filesFolder.length);
      files.count += 1;
      files.bytes += size ?? 0;
      files.hash.update(`${key}\0${size ?? 0}\0`);
      const hashed = async function* (from: Entry): AsyncGenerator<Buffer> {
        for await (const chunk of from) {
          files.hash.update(chunk);
          yield chunk;
        }
      };
      if (reader.file === undefined) await drain(hashed(entry.value));
      else await reader.file(key, size ?? 0, hashed(entry.value));
      entry = await entries.next();
    } else throw new OperatorError(`${file} has something in it that a backup has not.`);
  }
  throw new OperatorError(`${file} ends before its end: it is not a whole backup.`);
}

function check(
  file: string,
  end: BackupEnd,
  sums: ReadonlyMap<string, { bytes: number; hash: Hash }>,
  files: { count: number; bytes: number; hash: Hash },
): void {
  const damaged = Object.entries(end.tables)
    .filter(([table, { bytes, sha256 }]) => {
      const sum = sums.get(table);
      return sum === undefined || sum.bytes !== bytes || sum.hash.digest('hex') !== sha256;
    })
    .map(([table]) => table);
  if (files.count !== end.files.count || files.hash.digest('hex') !== end.files.sha256) damaged.push('files');
  if (damaged.length > 0) {
    throw new OperatorError(`${file} is damaged: checksums of ${damaged.join(', ')} are wrong. Nothing was changed.`);
  }
}

function tableOf(name: string): string {
  return name.startsWith(tablesFolder) ? name.slice(tablesFolder.length, name.lastIndexOf('/')) : '';
}

function checkHead(head: BackupHead, file: string): BackupHead {
  if (head.format !== backupFormat) throw new OperatorError(`${file} is not a backup.`);
  if (head.version !== backupVersion) throw new OperatorError(`${file} was written by a newer version of Repoint.`);
  return head;
}

async function textOf(entry: Entry): Promise<string> {
  if ((entry.header.size ?? 0) > largestJson) throw new OperatorError('The backup has no end to its beginning.');
  const pieces: Buffer[] = [];
  for await (const piece of entry) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function drain(content: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of content);
}
