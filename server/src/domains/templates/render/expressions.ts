/** Expressions of a template → closures: literals, variables, calls of helpers. */
import { shown } from './faults.ts';
import { type Condition, conditions } from './helpers/conditions.ts';
import type { Helper, Options } from './helpers/helper.ts';
import { helpers } from './helpers/index.ts';
import { type Manner, type PathNode, pathBelow, readPath } from './paths.ts';
import type { Run } from './run.ts';
import { type Evaluate, fault, type Reading, type Scope } from './scope.ts';

type Expression = hbs.AST.Expression;
/** What mustaches and parentheses have in common. */
type Call = hbs.AST.Node & Pick<hbs.AST.SubExpression, 'path' | 'params' | 'hash'>;

/** Helpers that make sense without operands, so that their bare name is a call. */
const bare: ReadonlySet<string> = new Set(['now', 'uuid']);
export const blockOnly: ReadonlySet<string> = new Set(['each', 'if', 'unless', 'with']);

export function readExpression(node: Expression, scope: Scope, reading: Reading, manner: Manner): Evaluate {
  reading.nodes += 1;
  switch (node.type) {
    case 'PathExpression':
      return readPath(node as PathNode, scope, reading, manner);
    case 'SubExpression':
      return readCall(node as hbs.AST.SubExpression, scope, reading, manner);
    case 'UndefinedLiteral':
    case 'NullLiteral':
      return () => undefined;
    default: {
      const { value } = node as hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral;
      return () => value;
    }
  }
}

/** What stands alone in braces: a call, a helper without operands, or a variable (`{{"Last Name"}}` is one too). */
export function readMustache(node: hbs.AST.MustacheStatement, scope: Scope, reading: Reading): Evaluate {
  const isCall = node.params.length > 0 || node.hash !== undefined;
  const path = node.path as PathNode;
  if (isCall) return readCall({ ...node, path }, scope, reading, 'needed');
  if (path.type !== 'PathExpression')
    return readPath(literalPath(node.path as hbs.AST.StringLiteral), scope, reading, 'needed');
  const name = simpleName(path);
  if (name !== undefined && bare.has(name) && !scope.parameters.has(name)) {
    return readCall({ ...node, path }, scope, reading, 'needed');
  }
  return readPath(path, scope, reading, 'needed');
}

function readCall(node: Call, scope: Scope, reading: Reading, manner: Manner): Evaluate {
  const name = simpleName(node.path) ?? '';
  const condition = conditions.get(name);
  if (condition !== undefined) return readChoice(condition, node, scope, reading, manner);
  if (name === 'lookup') {
    const path = literalLookup(node);
    if (path !== undefined) return readPath(path, scope, reading, manner);
  }
  const helper = helpers.get(name);
  if (helper !== undefined) return readHelper(helper, name, node, scope, reading, manner);
  throw fault(blockOnly.has(name) ? `${shown(name)} is a block` : `there is no helper ${shown(name)}`, node);
}

/** A condition in one line: the value of `yes` or `no`, or `true` or `false` (dossier/messaging §4.2). */
function readChoice(condition: Condition, node: Call, scope: Scope, reading: Reading, manner: Manner): Evaluate {
  const test = readTest(condition, node, scope, reading);
  const options = readOptions(node, scope, reading, manner, undefined);
  const { yes = () => true, no = () => false } = options;
  return (run) => (test(run) ? yes(run) : no(run));
}

/** The question that a condition asks, whether in one line or as a block. */
export function readTest(condition: Condition, node: Call, scope: Scope, reading: Reading): (run: Run) => boolean {
  needOperands(condition.operands, node);
  const operands = node.params.map((param) => readExpression(param, scope, reading, condition.manner));
  const { test } = condition;
  return (run) => {
    run.spend(1);
    return test(operands, run);
  };
}

function readHelper(
  helper: Helper,
  name: string,
  node: Call,
  scope: Scope,
  reading: Reading,
  manner: Manner,
): Evaluate {
  needOperands(helper.operands, node);
  if (helper.varies === true) reading.varies = true;
  const quiet = manner !== 'needed' || helper.asks === true ? 'asked' : 'needed';
  const operands = node.params.map((param, index) =>
    readExpression(param, scope, reading, helper.words?.includes(index) ? 'word' : quiet),
  );
  const options = readOptions(
    node,
    scope,
    reading,
    quiet === 'asked' && manner !== 'needed' ? 'asked' : 'needed',
    helper,
  );
  const { call } = helper;
  const { line } = node.loc.start;
  return (run) => {
    const values: unknown[] = [];
    for (const operand of operands) values.push(operand(run));
    run.spend(1 + run.costOf(values));
    run.line = line;
    const result = call(values, options, run, name);
    if (typeof result === 'string') run.allowText(result);
    return result;
  };
}

const noOptions: Options = Object.freeze(Object.create(null));

function readOptions(node: Call, scope: Scope, reading: Reading, manner: Manner, helper: Helper | undefined): Options {
  if (node.hash === undefined) return noOptions;
  const options: Record<string, Evaluate> = Object.create(null);
  for (const { key, value } of node.hash.pairs) {
    options[key] = readExpression(value, scope, reading, helper?.wordOptions?.includes(key) ? 'word' : manner);
  }
  return options;
}

function needOperands(least: number, node: Call): void {
  if (node.params.length >= least) return;
  throw fault(`${shown(simpleName(node.path) ?? '')} needs ${least} operand${least === 1 ? '' : 's'}`, node);
}

/** The name of a path that may be a helper: one part, not `this.x`, `../x` or `@x`. */
export function simpleName(path: hbs.AST.Expression): string | undefined {
  const { type, parts, data, original } = path as PathNode;
  return type === 'PathExpression' && parts.length === 1 && !data && original === parts[0] ? original : undefined;
}

export function literalPath(node: hbs.AST.StringLiteral): PathNode {
  const name = String(node.original);
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc: node.loc };
}

function literalLookup(node: Call): PathNode | undefined {
  const [list, key] = node.params;
  if (list?.type !== 'PathExpression' || (key?.type !== 'StringLiteral' && key?.type !== 'NumberLiteral'))
    return undefined;
  const path = list as PathNode;
  return path.data ? undefined : pathBelow(path, String((key as hbs.AST.StringLiteral).value));
}
