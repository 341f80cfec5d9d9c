/** Helpers for texts (dossier/messaging §4.3). Positions and lengths count characters, never halves of one. */
import { printNumber, readNumber } from '../numbers.ts';
import type { Run } from '../run.ts';
import { unwrap } from '../values.ts';
import { cutAt, lengthOf } from './characters.ts';
import { type HelperTable, isOn, ofText, textOperand, textOption } from './helper.ts';

const ellipsis = '...';

export const stringHelpers: HelperTable = [
  ['abbreviate', ofText(2, (text, [, length]) => abbreviated(text, readNumber(unwrap(length))))],
  [
    'capitalize',
    ofText(1, (text, _operands, options, run) =>
      (isOn(options, 'fully', run) ? text.toLowerCase() : text).replace(/(?<!\S)\S/gu, (first) => first.toUpperCase()),
    ),
  ],
  ['capitalizeFirst', ofText(1, (text) => text.replace(/^./su, (first) => first.toUpperCase()))],
  [
    'cut',
    ofText(1, (text, [, removed], _options, run) => {
      const target = textOperand(run, unwrap(removed), ' ');
      return target === '' ? text : text.replaceAll(target, '');
    }),
  ],
  ['lower', ofText(1, (text) => text.toLowerCase())],
  ['upper', ofText(1, (text) => text.toUpperCase())],
  [
    'replace',
    ofText(2, (text, [, target, replacement], _options, run) =>
      replaced(text, textOperand(run, unwrap(target), ''), textOperand(run, unwrap(replacement), ''), run),
    ),
  ],
  ['slugify', ofText(1, slugified)],
  ['stripTags', ofText(1, withoutTags)],
  ['substring', ofText(2, (text, [, start, end]) => substring(text, readNumber(unwrap(start)), end))],
  [
    'inflect',
    {
      operands: 3,
      words: [1, 2],
      call: ([given, singular, plural], options, run, name) => {
        const count = readNumber(unwrap(given));
        if (count === undefined) return unreadable(run, name, unwrap(given));
        const word = textOperand(run, unwrap(count === 1 ? singular : plural), '');
        return isOn(options, 'includeCount', run) ? `${printNumber(count)} ${word}` : word;
      },
    },
  ],
  [
    'ordinalize',
    {
      operands: 1,
      call: ([given], _options, run, name) => {
        const number = readNumber(unwrap(given));
        if (number === undefined || !Number.isInteger(number)) return unreadable(run, name, unwrap(given));
        return printNumber(number) + ordinalSuffix(Math.abs(number));
      },
    },
  ],
  [
    'yesno',
    {
      operands: 1,
      asks: true,
      call: ([given], options, run) => {
        const value = unwrap(given);
        if (value === true || value === 'true') return textOption(options, 'yes', run, 'yes');
        if (value === false || value === 'false') return textOption(options, 'no', run, 'no');
        return textOption(options, 'maybe', run, 'maybe');
      },
    },
  ],
];

/** Empty, with a warning unless the value was missing anyway. */
function unreadable(run: Run, name: string, value: unknown): string {
  if (value !== undefined) run.warn(`${name} was given what is no number it can use`);
  return '';
}

/** At most `length` characters, dots included; too few for dots: cut. */
function abbreviated(text: string, length: number | undefined): string {
  if (length === undefined || length < 0 || lengthOf(text) <= length) return text;
  return length <= ellipsis.length
    ? cutAt(text, 0, length)
    : cutAt(text, 0, Math.floor(length) - ellipsis.length) + ellipsis;
}

/** The length of the result is known before the result is made: it may be the square of the text. */
function replaced(text: string, target: string, replacement: string, run: Run): string {
  if (target === '') return text;
  if (replacement.length > target.length) {
    let found = 0;
    for (let at = text.indexOf(target); at >= 0; at = text.indexOf(target, at + target.length)) found += 1;
    run.allow(text.length + found * (replacement.length - target.length));
  }
  return text.replaceAll(target, () => replacement);
}

function slugified(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}0-9_\s-]/gu, '')
    .replace(/[\s-]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** By hand: `/<[^>]*>/` takes time with the square of the text when brackets are never closed. */
function withoutTags(text: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const opened = text.indexOf('<', from);
    const closed = opened < 0 ? -1 : text.indexOf('>', opened);
    if (closed < 0) return kept + text.slice(from);
    kept += text.slice(from, opened);
    from = closed + 1;
  }
}

function substring(text: string, start: number | undefined, end: unknown): string {
  const last = end === undefined ? lengthOf(text) : readNumber(unwrap(end));
  if (start === undefined || last === undefined) return '';
  return cutAt(text, Math.max(0, Math.floor(start)), Math.max(0, Math.floor(last)));
}

function ordinalSuffix(number: number): string {
  const [tens, ones] = [number % 100, number % 10];
  if (tens >= 11 && tens <= 13) return 'th';
  return ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th';
}
