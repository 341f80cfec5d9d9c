/**
 * The letters of a Java SimpleDateFormat pattern: what each prints and, where it can be read, how. English, because
 * Pinpoint is (dossier/messaging §4.3).
 */
import type { DateTime } from 'luxon';

export interface DateParts {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  /** Of `hour`, when it counts half a day. */
  afternoon?: boolean;
  /** Minutes east of UTC. */
  offset?: number;
}

export interface DateField {
  readonly print: (date: DateTime, width: number) => string;
  /** Undefined: such a field cannot be read. */
  readonly read?: {
    /** Digits only: the width matters when the next field is one too. */
    readonly numeric: boolean;
    readonly pattern: (width: number) => string;
    readonly take: (text: string, parts: DateParts, now: DateTime) => void;
  };
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const padded = (value: number, width: number): string => String(value).padStart(width, '0');
const name = (names: readonly string[], number: number, width: number): string => {
  const full = names[number - 1] as string;
  return width >= 4 ? full : full.slice(0, 3);
};

/** A number that can be read into one of the parts. */
function number(
  print: (date: DateTime) => number,
  take: (value: number, parts: DateParts) => void,
  widest: number,
): DateField {
  return {
    print: (date, width) => padded(print(date), width),
    read: {
      numeric: true,
      pattern: () => `\\d{1,${widest}}`,
      take: (text, parts) => take(Number(text), parts),
    },
  };
}

const printed = (print: (date: DateTime) => number): DateField => ({
  print: (date, width) => padded(print(date), width),
});

const month: DateField = {
  print: (date, width) => (width >= 3 ? name(months, date.month, width) : padded(date.month, width)),
  read: {
    numeric: true,
    pattern: (width) => (width >= 3 ? '\\p{L}{3,9}' : '\\d{1,2}'),
    take: (text, parts) => {
      parts.month = /^\d/.test(text) ? Number(text) : indexOfName(months, text);
    },
  },
};

const year: DateField = {
  print: (date, width) => (width === 2 ? padded(date.year % 100, 2) : padded(date.year, width)),
  read: {
    numeric: true,
    pattern: (width) => (width === 2 ? '\\d{4}|\\d{2}' : '\\d{1,4}'),
    take: (text, parts, now) => {
      parts.year = text.length === 2 ? century(Number(text), now.year) : Number(text);
    },
  },
};

const weekday: DateField = {
  print: (date, width) => name(weekdays, date.weekday, width),
  read: { numeric: false, pattern: () => '\\p{L}{3,9}', take: () => undefined },
};

const marker: DateField = {
  print: (date) => (date.hour < 12 ? 'AM' : 'PM'),
  read: {
    numeric: false,
    pattern: () => '[AaPp][Mm]',
    take: (text, parts) => {
      parts.afternoon = /^p/i.test(text);
    },
  },
};

const offset = (print: (date: DateTime, width: number) => string): DateField => ({
  print,
  read: {
    numeric: false,
    pattern: () => 'Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?',
    take: (text, parts) => {
      const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
      const total = Number(hours ?? 0) * 60 + Number(minutes);
      parts.offset = sign === '-' ? -total : total;
    },
  },
});

const zoneName = offset(
  (date, width) =>
    (width >= 4 ? date.setLocale('en-US').offsetNameLong : date.setLocale('en-US').offsetNameShort) ?? '',
);

export const dateFields: ReadonlyMap<string, DateField> = new Map([
  ['G', { print: (date) => (date.year > 0 ? 'AD' : 'BC') }],
  ['y', year],
  ['Y', { print: (date, width) => padded(width === 2 ? weekYear(date) % 100 : weekYear(date), width) }],
  ['M', month],
  ['L', month],
  ['w', printed(weekOfYear)],
  ['W', printed((date) => Math.ceil((date.day + (date.startOf('month').weekday % 7)) / 7))],
  ['D', printed((date) => date.ordinal)],
  [
    'd',
    number(
      (date) => date.day,
      (value, parts) => (parts.day = value),
      2,
    ),
  ],
  ['F', printed((date) => Math.ceil(date.day / 7))],
  ['E', weekday],
  ['u', printed((date) => date.weekday)],
  ['a', marker],
  [
    'H',
    number(
      (date) => date.hour,
      (value, parts) => (parts.hour = value),
      2,
    ),
  ],
  [
    'k',
    number(
      (date) => date.hour || 24,
      (value, parts) => (parts.hour = value % 24),
      2,
    ),
  ],
  [
    'K',
    number(
      (date) => date.hour % 12,
      (value, parts) => (parts.hour = value),
      2,
    ),
  ],
  [
    'h',
    number(
      (date) => date.hour % 12 || 12,
      (value, parts) => (parts.hour = value % 12),
      2,
    ),
  ],
  [
    'm',
    number(
      (date) => date.minute,
      (value, parts) => (parts.minute = value),
      2,
    ),
  ],
  [
    's',
    number(
      (date) => date.second,
      (value, parts) => (parts.second = value),
      2,
    ),
  ],
  [
    'S',
    number(
      (date) => date.millisecond,
      (value, parts) => (parts.millisecond = value),
      3,
    ),
  ],
  ['z', zoneName],
  ['Z', offset((date) => date.toFormat('ZZZ'))],
  ['X', offset((date, width) => (date.offset === 0 ? 'Z' : offsetIso(date, width)))],
]);

function offsetIso(date: DateTime, width: number): string {
  if (width === 1) return date.toFormat('ZZZ').slice(0, 3);
  return date.toFormat(width === 2 ? 'ZZZ' : 'ZZ');
}

/** American weeks: they begin on Sunday, and the first is the one with January 1. */
function weekOfYear(date: DateTime): number {
  if (weekYear(date) > date.year) return 1;
  return Math.ceil((date.ordinal + (date.startOf('year').weekday % 7)) / 7);
}

function weekYear(date: DateTime): number {
  return date.plus({ days: 6 - (date.weekday % 7) }).year;
}

function indexOfName(names: readonly string[], text: string): number {
  const wanted = text.toLowerCase();
  return 1 + names.findIndex((full) => full.toLowerCase() === wanted || full.slice(0, 3).toLowerCase() === wanted);
}

/** Two digits mean a year from 80 before to 19 after this one (SimpleDateFormat). */
function century(twoDigits: number, thisYear: number): number {
  const first = thisYear - 80;
  return first + ((((twoDigits - first) % 100) + 100) % 100);
}
