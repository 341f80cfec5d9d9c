/**
 * Sifts the rows of one person out of a file: what is left keeps its bytes, blocks without that person as a whole. Memory
 * stays the same whatever the file. What a file is shows in its content, not in its name or in who wrote it.
 */
import { isUtf8 } from 'node:buffer';
import { FileFault } from '../../transfers/index.ts';
import { judgeCsvLines } from './csv-lines.ts';
import type { Matcher } from './identities.ts';
import { judgeJsonLines } from './json-lines.ts';
import type { Needles } from './needles.ts';
import type { LineJudge, Verdict } from './verdict.ts';

export interface Sifted {
  /** Rows about the person. */
  found: number;
}

const newline = 0x0a;
const none = Buffer.alloc(0);
/** Far beyond what an import takes. */
const longestLine = 16 * 1024 * 1024;

/**
 * @param content unpacked
 * @param onRow is told the text of every row that goes
 * @returns what is left
 * @throws FileFault for content that cannot be looked through
 */
export async function* sift(
  content: AsyncIterable<Buffer>,
  matcher: Matcher,
  sifted: Sifted,
  onRow?: (text: string) => void,
): AsyncGenerator<Buffer> {
  const sieve = new Sieve(matcher, sifted, onRow);
  let begun: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    const end = chunk.lastIndexOf(newline) + 1;
    bytes += chunk.length;
    if (bytes > longestLine) throw new FileFault('A line has more than 16 MB');
    if (end === 0) {
      begun.push(chunk);
      continue;
    }
    const block = Buffer.concat([...begun, chunk.subarray(0, end)]);
    const { left, rest } = sieve.take(block, false);
    yield* left;
    begun = [rest, chunk.subarray(end)];
    bytes = rest.length + chunk.length - end;
  }
  yield* sieve.take(Buffer.concat(begun), true).left;
}

class Sieve {
  readonly #matcher: Matcher;
  readonly #sifted: Sifted;
  readonly #onRow: ((text: string) => void) | undefined;
  #judge: LineJudge | undefined;
  #needles: Needles | undefined;

  constructor(matcher: Matcher, sifted: Sifted, onRow: ((text: string) => void) | undefined) {
    this.#matcher = matcher;
    this.#sifted = sifted;
    this.#onRow = onRow;
  }

  /** @param block of whole lines; the last may lack its end where the file ends. @returns `rest`: to be given again */
  take(block: Buffer, isEnd: boolean): { readonly left: readonly Buffer[]; readonly rest: Buffer } {
    if (block.length === 0) return { left: [], rest: block };
    // By far the most: what cannot hold the person stays as it is. The header is read first.
    if (this.#judge !== undefined && this.#needles !== undefined) {
      if (this.#judge.isApart) return { left: this.#takeFew(block, this.#judge, this.#needles), rest: none };
      if (this.#needles.firstIn(block, 0) < 0) return { left: [block], rest: none };
    }
    const endsOpen = block.at(-1) !== newline;
    const lines = textOf(block)
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    if (!endsOpen) lines.pop();
    if (this.#judge === undefined && lines[0]?.startsWith(byteOrderMark)) lines[0] = lines[0].slice(1);
    this.#judge ??= this.#begin(block, lines);
    if (this.#judge === undefined) return { left: [block], rest: none };
    const { verdicts, judged } = this.#judge.judge(lines, isEnd);
    const end = judged === lines.length ? block.length : startOfLine(block, judged);
    const changes = this.#count(lines, verdicts);
    const seen = block.subarray(0, end);
    return { left: changes ? cut(seen, verdicts) : [seen], rest: block.subarray(end) };
  }

  /** Only lines with a needle are looked at. */
  #takeFew(block: Buffer, judge: LineJudge, needles: Needles): Buffer[] {
    const left: Buffer[] = [];
    let kept = 0;
    for (let at = needles.firstIn(block, 0); at >= 0; ) {
      const start = block.lastIndexOf(newline, at) + 1;
      const found = block.indexOf(newline, at);
      const end = found < 0 ? block.length : found + 1;
      const line = textOf(block.subarray(start, found < 0 ? end : found));
      const { verdicts } = judge.judge([line.endsWith('\r') ? line.slice(0, -1) : line], true);
      if (this.#count([line], verdicts)) {
        if (start > kept) left.push(block.subarray(kept, start));
        kept = end;
      }
      at = needles.firstIn(block, end);
    }
    if (kept < block.length) left.push(block.subarray(kept));
    return left;
  }

  /** Undefined while there are empty lines only. */
  #begin(block: Buffer, lines: readonly string[]): LineJudge | undefined {
    if (block[0] === 0xff || block[0] === 0xfe) throw new FileFault('The file is not UTF-8: it looks like UTF-16');
    if (block.subarray(0, 2).toString('latin1') === 'PK') throw new FileFault('The file is a ZIP archive');
    const start = lines.find((line) => line.trim() !== '');
    if (start === undefined) return undefined;
    const judge = start.trimStart().startsWith('{') ? judgeJsonLines(this.#matcher) : judgeCsvLines(this.#matcher);
    this.#needles = this.#matcher.needles(judge.escapeByte);
    return judge;
  }

  /** @returns whether anything goes */
  #count(lines: readonly string[], verdicts: readonly Verdict[]): boolean {
    let changes = false;
    for (const [index, verdict] of verdicts.entries()) {
      if (verdict === 'drop' || typeof verdict === 'object') {
        changes = true;
        this.#sifted.found += 1;
        this.#onRow?.(wholeRow(lines, verdicts, index));
      }
    }
    return changes;
  }
}

const byteOrderMark = '\u{feff}';

/** Lines that are not UTF-8 are looked through byte by byte: Latin 1 has a character for each. */
function textOf(block: Buffer): string {
  if (isUtf8(block)) return block.toString();
  const lines: string[] = [];
  for (let start = 0; start <= block.length; ) {
    const found = block.indexOf(newline, start);
    const line = block.subarray(start, found < 0 ? block.length : found);
    lines.push(line.toString(isUtf8(line) ? 'utf8' : 'latin1'));
    start += line.length + 1;
  }
  return lines.join('\n');
}

function startOfLine(block: Buffer, line: number): number {
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const found = block.indexOf(newline, start);
    if (found < 0) return block.length;
    start = found + 1;
  }
  return start;
}

function wholeRow(lines: readonly string[], verdicts: readonly Verdict[], first: number): string {
  let end = first + 1;
  while (verdicts[end] === 'goes along') end += 1;
  return lines.slice(first, end).join('\n');
}

/** Neighbours that stay are one piece. */
function cut(block: Buffer, verdicts: readonly Verdict[]): Buffer[] {
  const left: Buffer[] = [];
  let kept = 0;
  let start = 0;
  for (const verdict of verdicts) {
    const found = block.indexOf(newline, start);
    const end = found < 0 ? block.length : found + 1;
    if (verdict !== 'keep' && verdict !== 'no row') {
      if (start > kept) left.push(block.subarray(kept, start));
      if (typeof verdict === 'object') left.push(Buffer.from(verdict.instead), lineEnd(block, start, end));
      kept = end;
    }
    start = end;
  }
  if (kept < block.length) left.push(block.subarray(kept));
  return left;
}

function lineEnd(block: Buffer, start: number, end: number): Buffer {
  if (block[end - 1] !== newline) return block.subarray(end);
  return block.subarray(end - 2 >= start && block[end - 2] === 0x0d ? end - 2 : end - 1, end);
}
