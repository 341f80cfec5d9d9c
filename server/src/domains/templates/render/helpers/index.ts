/** Every helper but conditions and blocks, by name (dossier/messaging §4). */
import { dateHelpers } from './dates.ts';
import { encodingHelpers } from './encoding.ts';
import type { Helper } from './helper.ts';
import { listHelpers } from './lists.ts';
import { mathHelpers } from './math.ts';
import { paddingHelpers } from './padding.ts';
import { stringHelpers } from './strings.ts';

export const helpers: ReadonlyMap<string, Helper> = new Map([
  ...listHelpers,
  ...stringHelpers,
  ...paddingHelpers,
  ...dateHelpers,
  ...mathHelpers,
  ...encodingHelpers,
]);
