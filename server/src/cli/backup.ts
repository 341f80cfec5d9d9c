/** `repoint backup`: everything of a deployment but its keys in one file, while the server serves. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BackupEnd, type BackupFile, type BackupHead, writeBackup } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { systemCode } from '../kernel/file-system.ts';
import { createLogger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { hasEmbeddedDatabase } from './data-directory.ts';
import { reachDatabase } from './deployment.ts';

export interface BackupOptions {
  /** `-` for standard output. */
  readonly out: string;
  /** Files of local buckets as well. */
  readonly buckets?: boolean;
}

export async function backUp(configuration: Configuration, { out, buckets = false }: BackupOptions): Promise<void> {
  const { databaseUrl, dataDirectory, objectStore } = configuration;
  if (databaseUrl === undefined && !hasEmbeddedDatabase(dataDirectory)) {
    throw new OperatorError(`There is no deployment in ${dataDirectory}. Set REPOINT_DATA_DIR to the one you mean.`);
  }
  if (buckets && objectStore === 's3') {
    throw new OperatorError('Buckets are in S3: back them up there, and leave out --buckets.');
  }
  const begun = performance.now();
  // Not migrated: a backup is made before an upgrade as well.
  const { connection, close } = await reachDatabase(configuration, 'join', createLogger('warn'));
  try {
    const written: { head: BackupHead; end: BackupEnd }[] = [];
    const content = writeBackup({
      ...{ connection, now: new Date(), signal: new AbortController().signal, ended: (all) => written.push(all) },
      ...(buckets && { files: localFiles(join(dataDirectory, 'buckets')) }),
    });
    if (out === '-') await pipeline(content, process.stdout as Writable, { end: false });
    else await writeWhole(out, (file) => pipeline(content, file));
    const [all] = written;
    if (all === undefined) throw new Error('The backup did not end.');
    console.error(describe(out, all, (performance.now() - begun) / 1000));
  } finally {
    await close();
  }
}

function describe(out: string, { head, end }: { head: BackupHead; end: BackupEnd }, seconds: number): string {
  const rows = Object.values(end.tables).reduce((sum, table) => sum + table.rows, 0);
  const files = end.files.count > 0 ? `, ${end.files.count} file(s) of local buckets` : '';
  return (
    `${rows.toLocaleString('en-US')} rows of ${head.tables.length} tables${files} in ${out} (${seconds.toFixed(1)} s); ` +
    `${head.ledger.entries} entries of the erasure ledger. The master key is not in it: keep it elsewhere.`
  );
}

async function writeWhole(out: string, write: (file: Writable) => Promise<void>): Promise<void> {
  const unfinished = `${out}.${process.pid}.unfinished`;
  try {
    await write(createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, out);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOSPC') {
      throw new OperatorError(`${out} cannot be written (${code}).`, { cause: error });
    }
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** What is being written at this moment lies elsewhere until it is whole. */
async function* localFiles(directory: string): AsyncGenerator<BackupFile> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path).split(sep).join('/');
    if (!entry.isFile() || name.startsWith('.')) continue;
    const { size } = await stat(path);
    yield { name, bytes: size, content: () => firstBytes(path, size) };
  }
}

/** What is appended meanwhile is of a later moment. */
async function* firstBytes(path: string, bytes: number): AsyncGenerator<Buffer> {
  if (bytes > 0) yield* createReadStream(path, { end: bytes - 1 });
}
