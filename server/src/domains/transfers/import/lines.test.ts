/** Files as lines: against a plain split, whatever the chunks; and files that want to use up memory or time. */
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, readLines } from './lines.ts';

async function* inChunks(content: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (let part = 0; start < content.length; part += 1) {
    const size = sizes[part % sizes.length] as number;
    yield content.subarray(start, start + size);
    start += size;
  }
}
async function read(content: AsyncIterable<Buffer>): Promise<Line[]> {
  const all: Line[] = [];
  for await (const lines of readLines(content)) all.push(...lines);
  return all;
}
const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);
const fault = (message: RegExp) =>
  expect.objectContaining({ name: 'FileFault', message: expect.stringMatching(message) });

describe('lines', () => {
  it('are the same however the file comes in, packed or not', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/[\0\r\n\ufeff]/g, ''));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, fc.boolean(), fc.boolean(), fc.boolean(), async (...given) => {
        const [lines, chunks, packed, marked, windows] = given;
        // What begins like another kind of file is one.
        fc.pre(!/^PK/.test(lines[0] ?? ''));
        const text = lines.map((one) => `${one}${windows ? '\r\n' : '\n'}`).join('');
        const content = Buffer.from(marked ? `\ufeff${text}` : text);
        const found = await read(inChunks(packed ? gzipSync(content) : content, chunks));
        expect(texts(found)).toEqual(lines);
        expect(found.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
      }),
    );
  });

  it('that are not UTF-8 are told apart from their neighbours', async () => {
    const content = Buffer.concat([Buffer.from('ä\n'), Buffer.from([0xe4, 0x0a]), Buffer.from('ö')]);
    const found = await read(inChunks(content, [100]));
    expect(texts(found)).toEqual(['ä', undefined, 'ö']);
    expect(found[1]?.fault).toMatch(/UTF-8/);
  });

  it('that hold what cannot be stored are told apart too', async () => {
    const found = await read(inChunks(Buffer.from('ä\nb\0\nö'), [100]));
    expect(texts(found)).toEqual(['ä', undefined, 'ö']);
    expect(found[1]?.fault).toMatch(/NUL/);
  });

  it('that are too long cost neither their neighbours nor memory, be they two gigabytes', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const file = (async function* () {
      yield Buffer.from('first\nlong');
      for (let part = 0; part < 2048; part += 1) yield chunk;
      yield Buffer.from('end\nlast\n');
    })();
    const before = process.memoryUsage().rss;
    let most = 0;
    const watched = (async function* () {
      for await (const part of file) {
        most = Math.max(most, process.memoryUsage().rss);
        yield part;
      }
    })();
    const found = await read(watched);
    expect(texts(found)).toEqual(['first', undefined, 'last']);
    expect(found[1]).toEqual({ number: 2, text: undefined, fault: 'A line can have at most 1 MB' });
    expect((most - before) / 1024 / 1024).toBeLessThan(100);
  }, 30_000);

  it.each([0, 1, 2, 3])('end where the file ends, after %i bytes too', async (length) => {
    expect(texts(await read(inChunks(Buffer.from('abc'.slice(0, length)), [1])))).toEqual(
      length === 0 ? [] : ['abc'.slice(0, length)],
    );
  });
});

describe('files', () => {
  it('of gzip in gzip members are read to the end; cut off ones are damaged', async () => {
    const members = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]);
    expect(texts(await read(inChunks(members, [7])))).toEqual(['a', 'b']);
    await expect(read(inChunks(members.subarray(0, -5), [7]))).rejects.toEqual(fault(/damaged or not whole/));
    const flipped = gzipSync('a\n'.repeat(1000));
    flipped[20] = 255;
    await expect(read(inChunks(flipped, [1000]))).rejects.toEqual(fault(/damaged/));
  });

  it('that unpack to far more than people do are refused', async () => {
    const zeros = Readable.from(
      (function* () {
        for (let part = 0; part < 200; part += 1) yield Buffer.alloc(1024 * 1024);
      })(),
    );
    await expect(read(zeros.pipe(createGzip()) as AsyncIterable<Buffer>)).rejects.toEqual(fault(/250 times/));
  });

  it('are let go of when nobody reads on', async () => {
    let open = true;
    const source = (async function* () {
      try {
        for (;;) yield Buffer.from('line\n');
      } finally {
        open = false;
      }
    })();
    for await (const _lines of readLines(source)) break;
    expect(open).toBe(false);
  });

  it('tell their own faults from those of where they come from', async () => {
    const broken = (async function* () {
      yield gzipSync('a\n').subarray(0, 12);
      throw new RangeError('the cable');
    })();
    await expect(read(broken)).rejects.toThrow('the cable');
  });
});
