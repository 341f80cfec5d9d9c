/** Reads an archive of a project, piece by piece. What is in it was written by whoever had it: everything is checked. */
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { badRequest } from '../../../kernel/errors.ts';
import { archiveFormat, archiveVersion, type End, endName, type Manifest, manifestName } from './manifest.ts';

/** Rows of one table, as newline JSON. */
export interface Chunk {
  readonly table: string;
  readonly lines: readonly string[];
}

/** Told in this order: the manifest, chunks, the end. */
export interface ArchiveReader {
  begin(manifest: Manifest): Promise<void>;
  read(chunk: Chunk): Promise<void>;
  end(end: End): Promise<void>;
}

type Entry = AsyncIterable<unknown> & { readonly header: { readonly size?: number | null } };

/** A page of rows takes a few megabytes; nobody's archive needs this much at once. */
const largestFile = 128 * 1024 * 1024;
const largestManifest = 8 * 1024 * 1024;

/** @throws BadRequestException for what is no archive, or not a whole one; whatever the reader throws */
export async function readArchive(compressed: Readable, reader: ArchiveReader): Promise<void> {
  const tar = extract();
  const stop = feed(compressed, tar);
  let state: 'manifest' | 'tables' | 'over' = 'manifest';
  try {
    for await (const entry of tar) {
      const { name } = entry.header;
      if (state === 'manifest') {
        if (name !== manifestName) throw notAnArchive();
        await reader.begin(checkManifest(parse(await textOf(entry, largestManifest))));
        state = 'tables';
      } else if (name === endName) {
        await reader.end(checkEnd(parse(await textOf(entry, largestManifest))));
        state = 'over';
      } else {
        const [, table] = /^tables\/([a-z_]{1,63})\/[0-9]{7}\.ndjson$/.exec(name) ?? [];
        if (table === undefined || state === 'over') throw notAnArchive();
        await reader.read({ table, lines: (await textOf(entry, largestFile)).split('\n') });
      }
    }
  } catch (error) {
    throw isBroken(error) ? notAnArchive() : error;
  } finally {
    stop();
  }
  if (state !== 'over') throw badRequest('The archive ends before its end');
}

/** What is wrong with the file, or with its compression, fails the tar, and whoever reads it. @returns ends all of it */
function feed(compressed: Readable, tar: Extract): () => void {
  const gunzip = createGunzip();
  const fail = (error: Error) => tar.destroy(error);
  compressed.on('error', fail);
  gunzip.on('error', fail);
  compressed.pipe(gunzip).pipe(tar as unknown as NodeJS.WritableStream);
  return () => {
    compressed.destroy();
    gunzip.destroy();
    tar.destroy();
  };
}

async function textOf(entry: Entry, most: number): Promise<string> {
  if ((entry.header.size ?? 0) > most) throw badRequest('A file of the archive is too large');
  const pieces: Buffer[] = [];
  for await (const piece of entry) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAnArchive();
  }
}

function checkManifest(given: unknown): Manifest {
  const manifest = given as Partial<Manifest> | null;
  if (manifest?.format !== archiveFormat || typeof manifest.schema !== 'number') throw notAnArchive();
  if (manifest.version !== archiveVersion)
    throw badRequest('The archive is of a version that this server does not read');
  const { project, memberships } = manifest;
  const isProject =
    isTexts(project, ['id', 'region', 'name', 'createdAt']) && /^[0-9a-f]{32}$/.test(project.id as string);
  if (!isProject || Number.isNaN(Date.parse(project.createdAt as string)) || !isTags(project['tags']))
    throw notAnArchive();
  if (!Array.isArray(memberships) || !memberships.every(Number.isSafeInteger)) throw notAnArchive();
  return manifest as Manifest;
}

function isTags(given: unknown): boolean {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(given)) return false;
  return Object.entries(given as object).every(([below, tags]) => {
    const isPlace = below === '' || (below.startsWith('/') && below.length <= 512);
    return isPlace && isRecord(tags) && Object.values(tags).every((value) => typeof value === 'string');
  });
}

function isTexts(given: unknown, names: readonly string[]): given is Record<string, unknown> {
  const record = given as Record<string, unknown> | undefined;
  return typeof record === 'object' && record !== null && names.every((name) => typeof record[name] === 'string');
}

function checkEnd(given: unknown): End {
  const rows = (given as Partial<End> | null)?.rows;
  if (typeof rows !== 'object' || rows === null || !Object.values(rows).every(Number.isSafeInteger))
    throw notAnArchive();
  return { rows };
}

/** Of gzip, of tar, and of a file that ends too early. */
function isBroken(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  return (
    /^(Z_|ERR_STREAM)/.test(String(code)) ||
    /^(Invalid tar header|Unexpected end of data|unexpected end of file)/i.test(message ?? '')
  );
}

function notAnArchive(): Error {
  return badRequest('This is not an archive of a project, or it is broken');
}
