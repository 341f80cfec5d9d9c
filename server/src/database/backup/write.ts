/**
 * Writes a backup while the server serves: one transaction sees everything as it was at one moment, and the rows pass
 * through without being looked at. Dead rows are not in it, so nobody who was erased before is.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Pack, pack } from 'tar-stream';
import { OperatorError } from '../../kernel/operator-error.ts';
import { version } from '../../kernel/version.ts';
import type { DatabaseConnection } from '../connection.ts';
import { asServiceFault, faultCode } from '../faults.ts';
import { connectOnce } from '../reach.ts';
import { type BackupTable, readPartitions, readSequences, readTables } from './catalogue.ts';
import {
  type BackupEnd,
  type BackupHead,
  backupFormat,
  backupVersion,
  endName,
  filesFolder,
  headName,
  type TableSum,
  tablesFolder,
} from './format.ts';

/** A file that goes along. */
export interface BackupFile {
  readonly name: string;
  readonly bytes: number;
  content(): AsyncIterable<Buffer>;
}

export interface WriteBackupOptions {
  readonly connection: DatabaseConnection;
  readonly now: Date;
  readonly files?: AsyncIterable<BackupFile>;
  readonly signal: AbortSignal;
  ended(written: { readonly head: BackupHead; readonly end: BackupEnd }): void;
}

const pieceBytes = 4 * 1024 * 1024;

/** The backup, compressed. Whoever stops reading ends the transaction. */
export function writeBackup(options: WriteBackupOptions): Readable {
  const tar = pack();
  const content = ReadableStream.from(tar);
  const compress = createZstdCompress();
  const writing = packAll(options, tar).then(
    (written) => {
      options.ended(written);
      tar.finalize();
    },
    (error: Error) => tar.destroy(error),
  );
  content.on('error', (error) => compress.destroy(error));
  compress.on('close', () => {
    content.destroy();
    tar.destroy();
    void writing;
  });
  return content.pipe(compress);
}

async function packAll({ connection, now, files, signal }: WriteBackupOptions, tar: Pack) {
  const client = await connectOnce(connection, 'repoint backup').catch((error: unknown) => {
    throw asServiceFault(error);
  });
  try {
    await client.query('start transaction isolation level repeatable read, read only');
    const head = await readHead(client, now);
    await lockTables(client, head.tables);
    await add(tar, headName, Buffer.from(JSON.stringify(head, null, 1)));
    const tables: Record<string, TableSum> = {};
    for (const table of head.tables) tables[table.table] = await packTable(client, table, tar, signal);
    await client.query('commit');
    const end: BackupEnd = { tables, files: await packFiles(tar, files, signal) };
    await add(tar, endName, Buffer.from(JSON.stringify(end, null, 1)));
    return { head, end };
  } finally {
    await client.end().catch(() => undefined); // It is gone already.
  }
}

async function readHead(client: pg.Client, now: Date): Promise<BackupHead> {
  const { rows } = await client.query<Omit<BackupHead, 'ledger'> & { entries: number; newest: string | null }>(
    `select current_setting('server_version') as postgres,
            (select name from schema_migrations order by number desc limit 1) as schema,
            (select max(id)::int from graphile_worker.migrations) as "jobsSchema",
            (select value from deployment where name = 'master key fingerprint') as "masterKeyFingerprint",
            (select count(*)::int from erasure_ledger) as entries,
            (select id from erasure_ledger order by appended_at desc, id desc limit 1) as newest`,
  );
  const { entries, newest, ...facts } = rows[0] as NonNullable<(typeof rows)[0]>;
  return {
    ...{ format: backupFormat, version: backupVersion, software: version, createdAt: now.toISOString() },
    ...facts,
    ledger: { entries, newest },
    tables: await readTables(client),
    partitions: await readPartitions(client),
    sequences: await readSequences(client),
  };
}

/** None may be dropped before it is read. */
async function lockTables(client: pg.Client, tables: readonly BackupTable[]): Promise<void> {
  try {
    await client.query(`lock table ${tables.map(({ table }) => table).join(', ')} in access share mode`);
  } catch (error) {
    if (faultCode(error) !== '42P01') throw error;
    throw new OperatorError('A partition was dropped while the backup began. Begin it again.', { cause: error });
  }
}

async function packTable(
  client: pg.Client,
  { table, columns }: BackupTable,
  tar: Pack,
  signal: AbortSignal,
): Promise<TableSum> {
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  const rows = client.query(copyTo(`copy ${table} (${names}) to stdout (format binary)`));
  const sum = createHash('sha256');
  let bytes = 0;
  let number = 0;
  for await (const piece of inPieces(rows, sum)) {
    signal.throwIfAborted();
    number += 1;
    bytes += piece.length;
    await add(tar, `${tablesFolder}${table}/${String(number).padStart(7, '0')}`, piece);
  }
  return { rows: rows.rowCount, bytes, sha256: sum.digest('hex') };
}

async function* inPieces(content: AsyncIterable<Buffer>, sum: Hash): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    sum.update(chunk);
    pieces.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(pieces);
    [pieces, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(pieces);
}

async function packFiles(
  tar: Pack,
  files: WriteBackupOptions['files'],
  signal: AbortSignal,
): Promise<BackupEnd['files']> {
  const sum = createHash('sha256');
  let count = 0;
  let bytes = 0;
  for await (const file of files ?? []) {
    signal.throwIfAborted();
    const entry = tar.entry({ name: filesFolder + file.name, size: file.bytes });
    sum.update(`${file.name}\0${file.bytes}\0`);
    for await (const chunk of file.content()) {
      sum.update(chunk);
      if (!entry.write(chunk)) await new Promise<void>((settle) => entry.once('drain', settle));
    }
    await new Promise<void>((settle, fail) => {
      entry.once('error', fail);
      entry.end(() => settle());
    });
    count += 1;
    bytes += file.bytes;
  }
  return { count, bytes, sha256: sum.digest('hex') };
}

/** Resolves when there is room for more. */
function add(tar: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((settle, fail) => {
    tar.entry({ name, size: content.length }, content, (error) => (error ? fail(error) : settle()));
  });
}
