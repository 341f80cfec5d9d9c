/** Helpers for dates (dossier/messaging §4.3): English, UTC unless a zone is named. */
import { DateTime, FixedOffsetZone, type Zone } from 'luxon';
import { readNumber } from '../numbers.ts';
import type { Run } from '../run.ts';
import { present, unwrap } from '../values.ts';
import { printDate, readDate } from './date-patterns.ts';
import { type HelperTable, type Options, textOperand, textOption } from './helper.ts';
import { zoneOf } from './time-zones.ts';

export const dateHelpers: HelperTable = [
  [
    'dateFormat',
    {
      operands: 1,
      words: [1],
      wordOptions: ['inputFormat', 'outputFormat', 'tz'],
      call: ([given, format], options, run, name) => {
        const value = unwrap(given);
        if (!present(value) || value === '') return '';
        const zone = zoneOption(options, run, name);
        const inputFormat = textOption(options, 'inputFormat', run, '');
        const date = inputFormat === '' ? dateOf(value, zone) : readDate(run.textOf(value), inputFormat, zone, run.now);
        if (date === undefined) {
          run.warn(`${name} was given what is no date it can read`);
          return '';
        }
        return print(date, textOption(options, 'outputFormat', run, textOperand(run, unwrap(format), '')), run, name);
      },
    },
  ],
  [
    'now',
    {
      operands: 0,
      words: [0],
      wordOptions: ['tz'],
      varies: true,
      call: ([format], options, run, name) => {
        const date = DateTime.fromJSDate(run.now, { zone: zoneOption(options, run, name) });
        return print(date, textOperand(run, unwrap(format), ''), run, name);
      },
    },
  ],
];

function print(date: DateTime, format: string, run: Run, name: string): string {
  const text = printDate(date, format === '' ? 'medium' : format);
  if (text !== undefined) return text;
  run.warn(`${name} was given what is no format for dates`);
  return '';
}

function zoneOption(options: Options, run: Run, name: string): Zone {
  const given = textOption(options, 'tz', run, '');
  if (given === '') return FixedOffsetZone.utcInstance;
  const zone = zoneOf(given);
  if (zone === undefined) run.warn(`${name} was given what is no time zone, and took UTC`);
  return zone ?? FixedOffsetZone.utcInstance;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Milliseconds since 1970 (a number, or more digits than a date has) or ISO 8601; a day alone stays that day. */
function dateOf(value: unknown, zone: Zone): DateTime | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  if (typeof value === 'number' || /^-?\d{9,16}$/.test(text))
    return valid(DateTime.fromMillis(readNumber(value) ?? Number.NaN, { zone }));
  if (instant.test(text)) return valid(DateTime.fromMillis(Date.parse(text), { zone }));
  const [, year, month, date] = day.exec(text) ?? [];
  if (year !== undefined) {
    return valid(DateTime.fromObject({ year: Number(year), month: Number(month), day: Number(date) }, { zone }));
  }
  // Without a year luxon would take the day of today.
  if (text.length > 40 || !/^[+-]?\d{4}/.test(text)) return undefined;
  return valid(DateTime.fromISO(text, { zone: text.includes('T') ? FixedOffsetZone.utcInstance : zone }).setZone(zone));
}

function valid(date: DateTime): DateTime | undefined {
  return date.isValid ? date : undefined;
}
