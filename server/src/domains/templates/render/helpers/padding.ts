/** Helpers that fill a text up to a width (dossier/messaging §4.3). */
import { readNumber } from '../numbers.ts';
import type { Run } from '../run.ts';
import { unwrap } from '../values.ts';
import { firstCharacter, lengthOf } from './characters.ts';
import { type HelperTable, type Options, ofText, textOption } from './helper.ts';

export const paddingHelpers: HelperTable = [
  ['ljust', ofText(1, (text, [, size], options, run, name) => text + padding(text, size, options, run, name))],
  ['rjust', ofText(1, (text, [, size], options, run, name) => padding(text, size, options, run, name) + text)],
  [
    'center',
    ofText(1, (text, [, size], options, run, name) => {
      const pad = padding(text, size, options, run, name);
      const width = lengthOf(pad);
      // One character, so that the left half is as good as any; the odd one goes right.
      const left = pad.slice(0, Math.floor(width / 2) * (width === 0 ? 0 : pad.length / width));
      return left + text + pad.slice(left.length);
    }),
  ],
];

/** The width is an operand or `size=`: the reference has one, the Java library the other. */
function padding(text: string, operand: unknown, options: Options, run: Run, name: string): string {
  const size = readNumber(unwrap(operand ?? options['size']?.(run)));
  if (size === undefined) run.warn(`${name} was given no size`);
  const missing = Math.floor(size ?? 0) - lengthOf(text);
  if (missing <= 0) return '';
  const pad = firstCharacter(textOption(options, 'pad', run, ' ')) ?? ' ';
  run.allow(missing * pad.length);
  return pad.repeat(missing);
}
