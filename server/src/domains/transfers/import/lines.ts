/**
 * A file as lines, a chunk at a time: unpacked when it is gzip, whatever its name; without a byte order mark; LF or
 * CRLF. Memory stays the same whatever the file: long lines are dropped, not gathered.
 */
import { isUtf8 } from 'node:buffer';
import { FileFault } from '../file-fault.ts';
import { firstBytes, restOf, unpacked } from '../gzip.ts';

export interface Line {
  /** 1 for the first of the file. */
  readonly number: number;
  /** Without its end. Undefined when it cannot be used. */
  readonly text: string | undefined;
  /** Why not. */
  readonly fault?: string;
}

/** Far beyond an endpoint of 15 KB, however much of it is escaped. */
const longestLineBytes = 1024 * 1024;
const newline = 0x0a;

/** @throws FileFault for what is neither text nor gzip of text, and for a gzip bomb */
export async function* readLines(content: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  const cutter = new LineCutter();
  for await (const chunk of withoutMark(unpacked(content))) {
    const lines = cutter.cut(chunk);
    if (lines.length > 0) yield lines;
  }
  yield cutter.end();
}

class LineCutter {
  #number = 0;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #tooLong = false;

  cut(chunk: Buffer): Line[] {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      this.#begin(chunk);
      return [];
    }
    const lines = this.#take(chunk.subarray(0, end));
    this.#begin(chunk.subarray(end + 1));
    return lines;
  }

  end(): Line[] {
    return this.#begunBytes > 0 || this.#tooLong ? this.#take(Buffer.alloc(0)) : [];
  }

  #begin(bytes: Buffer): void {
    this.#begunBytes += bytes.length;
    if (this.#begunBytes > longestLineBytes) {
      this.#tooLong = true;
      this.#begun = [];
    }
    if (!this.#tooLong && bytes.length > 0) this.#begun.push(bytes);
  }

  /** Lines that end with this block; what was begun belongs to the first. */
  #take(block: Buffer): Line[] {
    const cut = this.#tooLong ? block.indexOf(newline) : -1;
    const lines: Line[] = [];
    let rest: Buffer | undefined = Buffer.concat([...this.#begun, block]);
    if (this.#tooLong) {
      lines.push(this.#tooLongLine());
      rest = cut < 0 ? undefined : block.subarray(cut + 1);
    }
    this.#begun = [];
    this.#begunBytes = 0;
    this.#tooLong = false;
    if (rest !== undefined) for (const line of this.#split(rest)) lines.push(line);
    return lines;
  }

  *#split(block: Buffer): Generator<Line> {
    const good = faultOf(block) === undefined;
    // Each line is decoded on its own only where it has to be.
    const texts = good ? block.toString().split('\n') : splitBytes(block);
    for (const text of texts) {
      this.#number += 1;
      if (typeof text !== 'string') yield { number: this.#number, text: undefined, ...text };
      else if (text.length > longestLineBytes) yield { number: this.#number, text: undefined, fault: tooLong };
      else yield { number: this.#number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    }
  }

  #tooLongLine(): Line {
    this.#number += 1;
    return { number: this.#number, text: undefined, fault: tooLong };
  }
}

const tooLong = 'A line can have at most 1 MB';

/** Of bytes that cannot be text of an endpoint. The database stores no NUL, and would refuse the whole batch for it. */
function faultOf(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return 'The line is not UTF-8';
  return bytes.includes(0) ? 'The line holds a character that cannot be stored (NUL)' : undefined;
}

function splitBytes(block: Buffer): (string | { readonly fault: string })[] {
  const lines: (string | { readonly fault: string })[] = [];
  for (let start = 0; start <= block.length; ) {
    const found = block.indexOf(newline, start);
    const line = block.subarray(start, found < 0 ? block.length : found);
    const fault = faultOf(line);
    lines.push(fault === undefined ? line.toString() : { fault });
    start += line.length + 1;
  }
  return lines;
}

async function* withoutMark(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = content[Symbol.asyncIterator]();
  try {
    const start = await firstBytes(chunks);
    if (start[0] === 0xff || start[0] === 0xfe) throw new FileFault('The file is not UTF-8: it looks like UTF-16');
    if (start.subarray(0, 2).toString('latin1') === 'PK') throw new FileFault('The file is a ZIP archive');
    yield start.subarray(0, 3).equals(byteOrderMark) ? start.subarray(3) : start;
    yield* restOf(chunks);
  } finally {
    await chunks.return?.();
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
