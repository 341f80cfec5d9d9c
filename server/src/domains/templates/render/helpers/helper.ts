/** What a helper of Pinpoint's message language is (dossier/messaging §4). */
import type { Run } from '../run.ts';
import type { Evaluate } from '../scope.ts';
import { scalarText, truthy, unwrap } from '../values.ts';

/** What stands behind `name=` in a call; evaluated when the helper asks for it. */
export type Options = Readonly<Record<string, Evaluate>>;

export interface Helper {
  /** The fewest it makes sense with; a call with fewer is a fault of the template. */
  readonly operands: number;
  /** Operands and options that may be words without quotes. */
  readonly words?: readonly number[];
  readonly wordOptions?: readonly string[];
  /** Gives another result each time. */
  readonly varies?: boolean;
  /** Asks whether something is there, so that missing operands are no fault of the data. */
  readonly asks?: boolean;
  /** @param name under which it was called, for warnings */
  readonly call: (operands: readonly unknown[], options: Options, run: Run, name: string) => unknown;
}

export type HelperTable = readonly (readonly [name: string, helper: Helper])[];

/**
 * A helper whose first operand is a text. Falsy gives the empty string, a list of one is its element
 * (dossier/messaging §3.2, §4.3).
 */
export function ofText(
  operands: number,
  call: (text: string, operands: readonly unknown[], options: Options, run: Run, name: string) => unknown,
): Helper {
  return {
    operands,
    call: (given, options, run, name) => {
      const first = unwrap(given[0]);
      return truthy(first) ? call(run.textOf(first), given, options, run, name) : '';
    },
  };
}

/** The text of an operand, or `fallback` when it is missing. */
export function textOperand(run: Run, value: unknown, fallback: string): string {
  return value === undefined || value === null ? fallback : run.textOf(value);
}

/** The text of an option, or `fallback` when it was not given or is missing. */
export function textOption(options: Options, name: string, run: Run, fallback: string): string {
  return textOperand(run, unwrap(options[name]?.(run)), fallback);
}

/** `true` and `"true"`, as the reference has both quoted and not. */
export function isOn(options: Options, name: string, run: Run): boolean {
  return scalarText(unwrap(options[name]?.(run))) === 'true';
}
