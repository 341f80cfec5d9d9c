/**
 * Lines of CSV. Imports read a line as a row; other programs write values that go over several lines, so a row may be
 * that here, when it then has as many values as the header. A stray quote costs its own line and no other.
 */
import { parseCsvLines } from '../../transfers/index.ts';
import type { Matcher } from './identities.ts';
import type { LineJudge, Verdict } from './verdict.ts';

interface Columns {
  readonly count: number;
  readonly id: number;
  readonly userId: number;
  readonly address: number;
  readonly channelType: number;
  /** A list of users and nothing else: several ids may stand in one line. */
  readonly usersOnly: boolean;
}

/** No endpoint is larger, so that no value of one goes over more. */
const longestRow = 64 * 1024;
const mostLines = 200;

export function judgeCsvLines(matcher: Matcher): LineJudge {
  return { escapeByte: 0x22, isApart: false, judge: openJudge(matcher) };
}

function openJudge(matcher: Matcher): LineJudge['judge'] {
  let columns: Columns | undefined;
  let begun = false;
  return (lines, isEnd) => {
    const verdicts: Verdict[] = [];
    let next = 0;
    for (; !begun && next < lines.length; next += 1) {
      const line = lines[next] as string;
      if (line.trim() === '') {
        verdicts.push('no row');
        continue;
      }
      begun = true;
      columns = readColumns(line);
      // Without a header it is a person already.
      verdicts.push(columns === undefined && matcher.isIn(line) ? 'drop' : 'no row');
    }
    if (columns === undefined) {
      for (; next < lines.length; next += 1) verdicts.push(judgeDamaged(lines[next] as string, matcher));
      return { verdicts, judged: next };
    }
    const rows = cutRows(lines, next, columns.count, isEnd);
    for (const { text, count, cells } of rows) {
      const verdict = judgeRow(text, cells, columns, matcher);
      verdicts.push(verdict);
      for (let more = 1; more < count; more += 1) verdicts.push(verdict === 'drop' ? 'goes along' : 'no row');
    }
    return { verdicts, judged: verdicts.length };
  };
}

function readColumns(line: string): Columns | undefined {
  const cells = parseCsvLines([line])[0];
  if (cells === undefined) return undefined;
  const at = (name: string) => cells.findIndex((cell) => cell.trim() === name);
  const [id, userId, address, channelType] = [at('Id'), at('User.UserId'), at('Address'), at('ChannelType')];
  if (id < 0 && userId < 0 && address < 0) return undefined;
  return {
    ...{ count: cells.length, id, userId, address, channelType },
    usersOnly: cells.length === 1 && userId === 0,
  };
}

interface Row {
  readonly text: string;
  /** Lines that it goes over. */
  readonly count: number;
  /** Undefined when it is not CSV. */
  readonly cells: readonly string[] | undefined;
}

/** Stops before a row whose end may still come. */
function cutRows(lines: readonly string[], from: number, width: number, isEnd: boolean): Row[] {
  const quoted: number[] = [];
  const rows: (Row | undefined)[] = [];
  for (let next = from; next < lines.length; ) {
    const text = lines[next] as string;
    if (!text.includes('"')) {
      rows.push({ text, count: 1, cells: text.split(',') });
      next += 1;
      continue;
    }
    const long = isOpen(text) ? joinRow(lines, next, width) : undefined;
    if (long === 'cut off' && !isEnd) break;
    if (typeof long === 'object') {
      rows.push(long);
      next += long.count;
      continue;
    }
    quoted.push(rows.push(undefined) - 1);
    rows[rows.length - 1] = { text, count: 1, cells: undefined };
    next += 1;
  }
  // Those with quotes are parsed many at a time.
  const cells = parseCsvLines(quoted.map((row) => rows[row]?.text ?? ''));
  for (const [index, row] of quoted.entries()) {
    rows[row] = { text: rows[row]?.text ?? '', count: 1, cells: cells[index] };
  }
  return rows as Row[];
}

/** Whether a quote is not closed at the end of the line. */
function isOpen(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
}

/** @returns undefined when the line is none that others belong to */
function joinRow(lines: readonly string[], from: number, width: number): Row | 'cut off' | undefined {
  let text = lines[from] as string;
  for (let count = 1; count < mostLines && text.length < longestRow; count += 1) {
    const line = lines[from + count];
    if (line === undefined) return 'cut off';
    text += `\n${line}`;
    if (!line.includes('"') || !isOpen(line)) continue;
    const cells = parseCsvLines([text])[0];
    return cells?.length === width ? { text, count: count + 1, cells } : undefined;
  }
  return undefined;
}

function judgeRow(text: string, cells: Row['cells'], columns: Columns, matcher: Matcher): Verdict {
  if (text.trim() === '') return 'no row';
  if (cells?.length !== columns.count) return judgeDamaged(text, matcher);
  if (columns.usersOnly) return judgeUsers(cells[0] ?? '', matcher);
  const row = { id: cells[columns.id], userId: cells[columns.userId], address: cells[columns.address] };
  return matcher.isRow({ ...row, channelType: cells[columns.channelType] }) ? 'drop' : 'keep';
}

/** The others of the line stay. */
function judgeUsers(cell: string, matcher: Matcher): Verdict {
  const userIds = cell.split(/\s+/).filter((id) => id !== '');
  const others = userIds.filter((id) => !matcher.isUser(id));
  if (others.length === userIds.length) return 'keep';
  return others.length === 0 ? 'drop' : { instead: quote(others.join(' ')) };
}

function quote(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function judgeDamaged(text: string, matcher: Matcher): Verdict {
  if (text.trim() === '') return 'no row';
  return matcher.isIn(text) ? 'drop' : 'keep';
}
