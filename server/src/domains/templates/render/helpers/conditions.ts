/** Conditions, in one line and as blocks (dossier/messaging §4.1, §4.2). */

import { readNumber } from '../numbers.ts';
import type { Manner } from '../paths.ts';
import type { Run } from '../run.ts';
import type { Evaluate } from '../scope.ts';
import { present, scalarText, truthy, unwrap } from '../values.ts';

export interface Condition {
  readonly operands: number;
  readonly manner: Manner;
  readonly test: (operands: readonly Evaluate[], run: Run) => boolean;
}

const at = (operands: readonly Evaluate[], index: number, run: Run): unknown => unwrap(operands[index]?.(run));

/** A comparison is false when either side is missing (dossier/messaging §4.2), so one operand is no fault. */
const compared = (holds: (order: number) => boolean): Condition => ({
  operands: 1,
  manner: 'asked',
  test: (operands, run) => {
    const order = orderOf(at(operands, 0, run), at(operands, 1, run), run);
    return order !== undefined && holds(order);
  },
});

const firstIsTrue = (expected: boolean): Condition => ({
  operands: 1,
  manner: 'truth',
  test: (operands, run) => truthy((operands[0] as Evaluate)(run)) === expected,
});

const equality = (expected: boolean): Condition => ({
  operands: 2,
  manner: 'asked',
  test: (operands, run) => areEqual(at(operands, 0, run), at(operands, 1, run), run) === expected,
});

/** In one line and as blocks. */
export const conditions: ReadonlyMap<string, Condition> = new Map([
  ['and', { operands: 2, manner: 'truth', test: (operands, run) => operands.every((operand) => truthy(operand(run))) }],
  ['or', { operands: 2, manner: 'truth', test: (operands, run) => operands.some((operand) => truthy(operand(run))) }],
  ['not', firstIsTrue(false)],
  ['eq', equality(true)],
  ['neq', equality(false)],
  ['gt', compared((order) => order > 0)],
  ['gte', compared((order) => order >= 0)],
  ['lt', compared((order) => order < 0)],
  ['lte', compared((order) => order <= 0)],
]);

/** As blocks only. */
export const truths: ReadonlyMap<string, Condition> = new Map([
  ['if', firstIsTrue(true)],
  ['unless', firstIsTrue(false)],
]);

function areEqual(left: unknown, right: unknown, run: Run): boolean {
  run.spend(run.costOf([left, right]));
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, index) => areScalarsEqual(element, right[index]));
  }
  return areScalarsEqual(left, right);
}

/** Numbers and truth values also equal the texts that spell them: literals of a template may be quoted. */
function areScalarsEqual(left: unknown, right: unknown): boolean {
  if (typeof left === typeof right) return left === right;
  if (!present(left) || !present(right)) return !present(left) && !present(right);
  if (typeof left === 'object' || typeof right === 'object') return false;
  if (typeof left === 'boolean' || typeof right === 'boolean') return scalarText(left) === scalarText(right);
  const [first, second] = [readNumber(left), readNumber(right)];
  return first !== undefined && first === second;
}

/** As numbers when both look like numbers, else by code points; undefined when a side is missing. */
function orderOf(left: unknown, right: unknown, run: Run): number | undefined {
  if (!present(left) || !present(right)) return undefined;
  const [first, second] = [readNumber(left), readNumber(right)];
  if (first !== undefined && second !== undefined) return first - second;
  run.spend(run.costOf([left, right]));
  return compareCodePoints(run.textOf(left), run.textOf(right));
}

/** JavaScript's `<` compares halves of surrogate pairs: it puts an emoji before U+FF5E. */
function compareCodePoints(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let index = 0;
  while (index < shorter && left.charCodeAt(index) === right.charCodeAt(index)) index += 1;
  if (index === shorter) return left.length - right.length;
  if (index > 0 && isHighSurrogate(left.charCodeAt(index - 1))) index -= 1;
  return (left.codePointAt(index) as number) - (right.codePointAt(index) as number);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
