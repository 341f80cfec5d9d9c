/** Patterns of Java's SimpleDateFormat, compiled once: to print a date, and to read one. */
import { DateTime, FixedOffsetZone, type Zone } from 'luxon';
import { type DateField, type DateParts, dateFields } from './date-fields.ts';

/** The four styles by name, American (dossier/messaging §4.3). */
const styles: Readonly<Record<string, string>> = {
  full: 'EEEE, MMMM d, yyyy',
  long: 'MMMM d, yyyy',
  medium: 'MMM d, yyyy',
  short: 'M/d/yy',
};

type Piece = string | { readonly letter: string; readonly width: number; readonly field: DateField };

interface DatePattern {
  readonly pieces: readonly Piece[];
  /** Undefined: it holds fields that cannot be read, or one of them twice. */
  readonly reader: RegExp | undefined;
}

const longest = 100;
const mostKnown = 1_000;
/** Patterns come from data too, so what is remembered of them is bounded. */
const known = new Map<string, DatePattern | undefined>();

/** Undefined when it is no pattern. */
export function printDate(date: DateTime, format: string): string | undefined {
  const pattern = patternOf(format);
  if (pattern === undefined) return undefined;
  let text = '';
  for (const piece of pattern.pieces) text += typeof piece === 'string' ? piece : piece.field.print(date, piece.width);
  return text;
}

/**
 * Reads a date as SimpleDateFormat does: numbers of any width, nothing said about what follows.
 * @param zone of a date that names neither a zone nor a time of day: it stays that day. One with a time is in UTC.
 */
export function readDate(text: string, format: string, zone: Zone, now: Date): DateTime | undefined {
  const pattern = patternOf(format);
  const found = pattern?.reader?.exec(text.trim().slice(0, 4 * longest));
  if (pattern === undefined || !found) return undefined;
  const parts: DateParts = {};
  const today = DateTime.fromJSDate(now, { zone: 'utc' });
  let group = 0;
  for (const piece of pattern.pieces) {
    if (typeof piece === 'string') continue;
    group += 1;
    piece.field.read?.take(found[group] as string, parts, today);
  }
  return dateOf(parts, zone);
}

function dateOf(parts: DateParts, zone: Zone): DateTime | undefined {
  const { year = 1970, month = 1, day = 1, minute = 0, second = 0, millisecond = 0, afternoon, offset } = parts;
  const hour = afternoon === undefined ? (parts.hour ?? 0) : ((parts.hour ?? 0) % 12) + (afternoon ? 12 : 0);
  const hasTime = parts.hour !== undefined || parts.minute !== undefined;
  const written =
    offset !== undefined ? FixedOffsetZone.instance(offset) : hasTime ? FixedOffsetZone.utcInstance : zone;
  const date = DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone: written });
  return date.isValid ? date.setZone(zone) : undefined;
}

function patternOf(format: string): DatePattern | undefined {
  if (known.has(format)) return known.get(format);
  if (format.length > longest) return undefined;
  const pieces = piecesOf(styles[format.toLowerCase()] ?? format);
  const pattern = pieces && { pieces, reader: readerOf(pieces) };
  if (known.size >= mostKnown) known.clear();
  known.set(format, pattern);
  return pattern;
}

/** Quoted text, two quotes for one, a run of one letter, anything else (SimpleDateFormat). */
const parts = /'((?:[^']|'')+)'|('')|(([A-Za-z])\4*)|([^A-Za-z']+)/y;

function piecesOf(format: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  parts.lastIndex = 0;
  while (parts.lastIndex < format.length) {
    const found = parts.exec(format);
    if (found === null) return undefined;
    const [, quoted, quote, run, letter = '', other] = found;
    if (run === undefined) {
      pieces.push(quoted?.replaceAll("''", "'") ?? (quote === undefined ? (other as string) : "'"));
      continue;
    }
    const field = dateFields.get(letter);
    if (field === undefined) return undefined;
    pieces.push({ letter, width: run.length, field });
  }
  return pieces;
}

/** Each field once at most: what could be read in many ways would take long to fail. */
function readerOf(pieces: readonly Piece[]): RegExp | undefined {
  const letters = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.letter]));
  if (new Set(letters).size !== letters.length) return undefined;
  let source = '';
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece === 'string') source += piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    else {
      const { read } = piece.field;
      if (read === undefined) return undefined;
      const next = pieces[index + 1];
      const isTight =
        read.numeric && typeof next === 'object' && next.field.read?.numeric === true && piece.width !== 3;
      source += isTight ? `(\\d{${piece.width}})` : `(${read.pattern(piece.width)})`;
    }
  }
  return new RegExp(`^${source}`, 'u');
}
