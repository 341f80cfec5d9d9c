/** Helpers that calculate (dossier/messaging §4.4). Results stay numbers; they are rounded when they are printed. */
import { readNumber } from '../numbers.ts';
import type { Run } from '../run.ts';
import { present, unwrap } from '../values.ts';
import type { Helper, HelperTable } from './helper.ts';

const ofTwo = (calculate: (left: number, right: number) => number): Helper => ({
  operands: 2,
  call: ([left, right], _options, run, name) => calculated(run, name, calculate, unwrap(left), unwrap(right)),
});

const ofOne = (calculate: (value: number) => number): Helper => ({
  operands: 1,
  call: ([value], _options, run, name) => calculated(run, name, calculate, unwrap(value), 0),
});

export const mathHelpers: HelperTable = [
  ['add', ofTwo((left, right) => left + right)],
  ['subtract', ofTwo((left, right) => left - right)],
  ['multiply', ofTwo((left, right) => left * right)],
  ['divide', ofTwo((left, right) => left / right)],
  ['modulo', ofTwo((left, right) => left % right)],
  ['ceiling', ofOne(Math.ceil)],
  ['floor', ofOne(Math.floor)],
  ['round', ofOne(Math.round)],
];

/** Empty for what is no number and for what has no result, as division by zero. */
function calculated(
  run: Run,
  name: string,
  calculate: (left: number, right: number) => number,
  left: unknown,
  right: unknown,
): number | string {
  const [first, second] = [readNumber(left), readNumber(right)];
  const result = first === undefined || second === undefined ? Number.NaN : calculate(first, second);
  if (Number.isFinite(result)) return result;
  if (present(left) && present(right)) run.warn(`${name} has no result for what it was given`);
  return '';
}
