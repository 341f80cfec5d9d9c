/** Content packed and unpacked as it streams by, with memory that stays the same. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { FileFault } from './file-fault.ts';

export async function* gzipped(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 3, chunkSize: 256 * 1024 });
  const source = Readable.from(content);
  const fed = pipeline(source, gzip);
  fed.catch(() => undefined); // Whoever reads `gzip` sees the fault.
  try {
    yield* gzip as AsyncIterable<Buffer>;
  } finally {
    gzip.destroy();
    source.destroy();
  }
}

/** @param onPacked called before the first bytes when it is gzip, whatever its name. @throws FileFault for a gzip bomb */
export async function* unpacked(content: AsyncIterable<Buffer>, onPacked?: () => void): AsyncGenerator<Buffer> {
  const chunks = content[Symbol.asyncIterator]();
  try {
    const start = await firstBytes(chunks);
    if (start[0] === 0x1f && start[1] === 0x8b) {
      onPacked?.();
      yield* gunzip(start, chunks);
    } else {
      yield start;
      yield* restOf(chunks);
    }
  } finally {
    await chunks.return?.();
  }
}

/** Text of people packs to a tenth; what packs to less than a two hundred and fiftieth is no list of them. */
const largestExpansion = 250;
/** Small files may be as monotonous as they like. */
const expansionFrom = 64 * 1024 * 1024;

async function* gunzip(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGunzip({ chunkSize: 256 * 1024 });
  let [packed, expanded] = [0, 0];
  const source = Readable.from(counted());
  const fed = pipeline(source, gzip);
  fed.catch(() => undefined); // Whoever reads `gzip` sees the fault.
  try {
    for await (const chunk of gzip as AsyncIterable<Buffer>) {
      expanded += chunk.length;
      if (expanded > expansionFrom && expanded > packed * largestExpansion) {
        throw new FileFault(`The file unpacks to more than ${largestExpansion} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    const broken = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw broken ? new FileFault('The gzip file is damaged or not whole', { cause: error }) : error;
  } finally {
    gzip.destroy();
    source.destroy();
  }

  async function* counted(): AsyncGenerator<Buffer> {
    packed += start.length;
    yield start;
    for await (const chunk of restOf(chunks)) {
      packed += chunk.length;
      yield chunk;
    }
  }
}

/** They tell what a file is, and a chunk may be a single byte. */
export async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  return start;
}

export async function* restOf(chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
