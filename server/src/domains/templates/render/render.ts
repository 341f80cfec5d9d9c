/** A compiled text and the variables of one recipient → the text that is sent. */
import { systemClock } from '../../../kernel/clock.ts';
import type { CompiledText } from './compile.ts';
import { Run } from './run.ts';
import type { Variables } from './variables.ts';

export interface Rendered {
  readonly text: string;
  /** Variables that are printed, were not to be found and have no default; they rendered empty. */
  readonly missing: readonly string[];
  /** What helpers could not use, by line. Never a value. */
  readonly warnings: readonly string[];
}

export interface RenderOptions {
  /** What `{{now}}` prints. */
  readonly now: Date;
  /** Every node, turn of a loop, call of a helper, and 64 characters that a helper looks at, is a step. */
  readonly steps?: number;
  /** Characters of the text. */
  readonly size?: number;
}

const mostSteps = 500_000;
const mostCharacters = 1024 * 1024;
const none: readonly string[] = Object.freeze([]);

/** @throws RenderFault when it takes more than the options allow */
export function renderText(compiled: CompiledText, variables: Variables, options?: RenderOptions): Rendered {
  const now = options?.now ?? systemClock.now();
  const limits = { now, steps: options?.steps ?? mostSteps, size: options?.size ?? mostCharacters };
  const run = new Run(variables, limits, compiled.slots);
  compiled.write(run);
  return { text: run.out, missing: run.missing ?? none, warnings: run.warnings ?? none };
}
