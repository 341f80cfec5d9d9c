/**
 * Where the ledger stands outside of the database. Every process writes a chain of its own, which nobody else writes to, so
 * that any number of nodes need no lock between them; readers take all chains.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flushDirectory, systemCode } from '../../../kernel/file-system.ts';
import { OperatorError } from '../../../kernel/operator-error.ts';
import { type ObjectStore, openObjectStore, type Place, parsePlace } from '../../../object-store/index.ts';

export interface LedgerStore {
  /** As operators know it. */
  readonly place: string;
  begin(writer: string): LedgerChain;
  /** All chains, the lines of each in their order; without their ends. */
  read(): AsyncIterable<{ readonly writer: string; readonly lines: readonly string[] }>;
}

export interface LedgerChain {
  /** Resolves once the lines are there for good. After a failure nothing more may be appended. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerSettings {
  readonly ledgerUrl: string | undefined;
  readonly dataDirectory: string;
  readonly s3: { readonly endpoint: string | undefined; readonly region: string };
}

export function openLedgerStore({ ledgerUrl, dataDirectory, s3 }: LedgerSettings): LedgerStore {
  if (ledgerUrl === undefined) return new LedgerFiles(join(dataDirectory, 'erasure-ledger'));
  if (ledgerUrl.startsWith('file:')) return new LedgerFiles(fileURLToPath(ledgerUrl));
  const place = parsePlace(ledgerUrl);
  if (place === undefined)
    throw new OperatorError('REPOINT_LEDGER_URL must be file:///directory or s3://bucket/prefix.');
  return new LedgerObjects(openObjectStore({ objectStore: 's3', dataDirectory, s3 }), place);
}

const ending = '.ledger';
const directoryMode = 0o700;
const fileMode = 0o600;

class LedgerFiles implements LedgerStore {
  readonly place: string;

  constructor(directory: string) {
    this.place = directory;
  }

  begin(writer: string): LedgerChain {
    let opened: Promise<FileHandle> | undefined;
    return {
      append: async (lines) => {
        opened ??= this.#create(writer);
        const handle = await opened;
        await handle.appendFile(lines);
        await handle.datasync();
      },
      close: async () => {
        await (await opened)?.close();
      },
    };
  }

  async #create(writer: string): Promise<FileHandle> {
    await mkdir(this.place, { recursive: true, mode: directoryMode });
    const flags = constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    const handle = await open(join(this.place, writer + ending), flags, fileMode);
    await flushDirectory(this.place);
    return handle;
  }

  async *read() {
    const names = await readdir(this.place).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.filter((each) => each.endsWith(ending)).toSorted()) {
      const lines = (await readFile(join(this.place, name), 'utf8')).split('\n');
      // Behind the last end of a line is nothing, or what a kill left of one.
      yield { writer: name.slice(0, -ending.length), lines: lines.slice(0, -1) };
    }
  }
}

/** Objects that are written once: `prefix/writer/number.ledger`, each with what was appended at one time. */
class LedgerObjects implements LedgerStore {
  readonly place: string;
  readonly #objects: ObjectStore;
  readonly #prefix: Place;

  constructor(objects: ObjectStore, { bucket, key }: Place) {
    this.#objects = objects;
    this.#prefix = { bucket, key: key === '' || key.endsWith('/') ? key : `${key}/` };
    this.place = `s3://${bucket}/${this.#prefix.key}`;
  }

  begin(writer: string): LedgerChain {
    const { bucket, key } = this.#prefix;
    let number = 0;
    return {
      append: async (lines) => {
        number += 1;
        const name = `${key}${writer}/${String(number).padStart(10, '0')}${ending}`;
        await this.#objects.write({ bucket, key: name }, once(Buffer.from(lines)));
      },
      close: async () => undefined,
    };
  }

  async *read() {
    const found: Parameters<ObjectStore['read']>[0][] = [];
    for await (const object of this.#objects.list(this.#prefix)) if (object.key.endsWith(ending)) found.push(object);
    found.sort((one, other) => (one.key < other.key ? -1 : 1));
    const { signal } = new AbortController();
    for (const object of found) {
      const pieces: Buffer[] = [];
      for await (const piece of this.#objects.read(object, signal)) pieces.push(piece);
      const writer = object.key.slice(this.#prefix.key.length).split('/')[0] as string;
      yield { writer, lines: Buffer.concat(pieces).toString().split('\n').slice(0, -1) };
    }
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
