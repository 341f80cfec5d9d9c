/** Helpers that take a list, or something out of one (dossier/messaging §4.1, §4.3). */
import { dig, present } from '../values.ts';
import { type HelperTable, textOperand, textOption } from './helper.ts';

export const listHelpers: HelperTable = [
  [
    'join',
    {
      operands: 2,
      call: (operands, options, run) => {
        const [list, second] = operands;
        // Handlebars.java also takes the elements one by one, and the separator last.
        const separator = operands.length > 2 ? operands.at(-1) : second;
        const elements = operands.length > 2 ? operands.slice(0, -1) : Array.isArray(list) ? list : [list];
        if (!elements.some((element) => present(element) && element !== '')) return '';
        const joined = run.joined(elements, textOperand(run, separator, ''));
        return textOption(options, 'prefix', run, '') + joined + textOption(options, 'suffix', run, '');
      },
    },
  ],
  [
    'lookup',
    {
      operands: 2,
      call: ([list, key], _options, run) => dig(list, [textOperand(run, key, '')], 0),
    },
  ],
];
