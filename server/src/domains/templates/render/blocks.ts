/** Blocks of a template → closures: loops, `with`, conditions, plain sections. */
import { blockOnly, literalPath, readExpression, readTest, simpleName } from './expressions.ts';
import { shown } from './faults.ts';
import { conditions, truths } from './helpers/conditions.ts';
import { helpers } from './helpers/index.ts';
import { originsBelow } from './paths.ts';
import type { Run } from './run.ts';
import {
  type Evaluate,
  fault,
  loopSlots,
  type Origin,
  type Reading,
  type Scope,
  takeSlots,
  type Write,
  withLevel,
  withParameters,
} from './scope.ts';
import { isPlainObject, truthy } from './values.ts';

type Block = hbs.AST.BlockStatement;

/** Pinpoint stops there (dossier/messaging §4.1). */
const mostTurns = 15;

export function readBlock(node: Block, scope: Scope, reading: Reading): Write {
  if (!('open' in node.openStrip)) throw fault('raw blocks are not supported', node);
  const name = simpleName(node.path);
  const hasOperands = node.params.length > 0 || node.hash !== undefined;
  if (!hasOperands && (name === undefined || !(blockOnly.has(name) || conditions.has(name)))) {
    return readSection(node, scope, reading);
  }
  const condition = name === undefined ? undefined : (truths.get(name) ?? conditions.get(name));
  if (condition !== undefined) {
    const test = readTest(condition, node, scope, reading);
    const yes = readProgram(node.program, scope, reading);
    const no = readProgram(node.inverse, scope, reading);
    return (run) => (test(run) ? yes?.(run) : no?.(run));
  }
  if (name === 'each' || name === 'with') {
    if (node.params.length === 0) throw fault(`${shown(name)} needs 1 operand`, node);
    return name === 'each' ? readEach(node, scope, reading) : readWith(node, scope, reading);
  }
  const known = name !== undefined && helpers.has(name);
  throw fault(`${known ? `${shown(name)} is no block` : `there is no block helper ${shown(name ?? '')}`}`, node);
}

function readProgram(program: hbs.AST.Program | undefined, scope: Scope, reading: Reading): Write | undefined {
  return program === undefined ? undefined : reading.readProgram(program, scope);
}

function readEach(node: Block, scope: Scope, reading: Reading): Write {
  const [operand] = node.params as [hbs.AST.Expression];
  const value = readExpression(operand, scope, reading, 'asked');
  const otherwise = readProgram(node.inverse, scope, reading);
  const first = takeSlots(reading, loopSlots.size);
  const turn = readTurn(node, scope, reading, first, []);
  return (run) => {
    const found = value(run);
    if (!truthy(found)) otherwise?.(run);
    else if (!loop(run, found, first, turn)) otherwise?.(run);
  };
}

/** The program of a loop: what `this` and the block parameters are in it. */
function readTurn(
  node: Block,
  scope: Scope,
  reading: Reading,
  first: number,
  below: readonly Origin[],
): Write | undefined {
  const item: Origin = { slot: first + loopSlots.value, parts: [] };
  const key: Origin = { slot: first + loopSlots.key, parts: [] };
  const inside = withLevel(scope, { origins: [...below, item], slot: first + loopSlots.value }, node);
  const named = withParameters(inside, node.program?.blockParams, [[...below, item], [key]]);
  return readProgram(node.program, { ...named, loops: [...scope.loops, first] }, reading);
}

/** False when there was nothing to go through. */
function loop(run: Run, value: unknown, first: number, turn: Write | undefined): boolean {
  const { slots } = run;
  const keys = isPlainObject(value) ? Object.keys(value) : undefined;
  const list = keys === undefined ? (Array.isArray(value) ? value : [value]) : keys;
  if (list.length === 0) return false;
  if (keys !== undefined) run.spend(keys.length);
  const count = Math.min(list.length, mostTurns);
  slots[first + loopSlots.count] = count;
  for (let index = 0; index < count; index += 1) {
    run.spend(1);
    const entry: unknown = list[index];
    slots[first + loopSlots.value] =
      keys === undefined ? entry : Object.getOwnPropertyDescriptor(value, entry as string)?.value;
    slots[first + loopSlots.index] = index;
    slots[first + loopSlots.key] = keys === undefined ? index : entry;
    turn?.(run);
  }
  return true;
}

function readWith(node: Block, scope: Scope, reading: Reading): Write {
  const [operand] = node.params as [hbs.AST.Expression];
  const value = readExpression(operand, scope, reading, 'truth');
  const otherwise = readProgram(node.inverse, scope, reading);
  const slot = takeSlots(reading, 1);
  const origins: readonly Origin[] = [...originsBelow(operand, scope, reading), { slot, parts: [] }];
  const inside = withParameters(withLevel(scope, { origins, slot }, node), node.program?.blockParams, [origins]);
  const body = readProgram(node.program, inside, reading);
  return (run) => {
    const found = value(run);
    if (!truthy(found)) return otherwise?.(run);
    run.slots[slot] = found;
    body?.(run);
  };
}

/** `{{#name}}…{{/name}}` without a helper: goes through a list, into anything else, past what is falsy. */
function readSection(node: Block, scope: Scope, reading: Reading): Write {
  const operand =
    node.path.type === 'PathExpression' ? node.path : literalPath(node.path as unknown as hbs.AST.StringLiteral);
  const value: Evaluate = readExpression(operand, scope, reading, 'truth');
  const otherwise = readProgram(node.inverse, scope, reading);
  const first = takeSlots(reading, loopSlots.size);
  const turn = readTurn(node, scope, reading, first, originsBelow(operand, scope, reading));
  return (run) => {
    const found = value(run);
    if (!truthy(found)) return otherwise?.(run);
    if (Array.isArray(found)) loop(run, found, first, turn);
    else {
      run.slots[first + loopSlots.value] = found;
      turn?.(run);
    }
  };
}
