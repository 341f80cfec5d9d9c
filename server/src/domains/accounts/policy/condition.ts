/** The Condition block of a statement: every operator and every key in it must hold. */
import { badRequest } from '../../../kernel/errors.ts';
import { findConditionKey, type KeyReader, type PolicyContext } from './context.ts';
import { type Comparison, operators } from './operators.ts';
import { asMap, textsIn } from './shape.ts';

/** `undefined`: the request holds a value that cannot be compared; the statement takes it against the caller. */
export type Condition = (context: PolicyContext) => boolean | undefined;

/** @throws BadRequestException with the JSON path of what is not understood */
export function compileCondition(block: unknown, path: string): Condition {
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(asMap(block, path))) {
    const operatorPath = `${path}.${operator}`;
    for (const [key, values] of Object.entries(asMap(keys, operatorPath))) {
      conditions.push(compileTest(operator, key, values, `${operatorPath}.${key}`, operatorPath));
    }
  }
  return (context) => all(conditions, (condition) => condition(context));
}

function compileTest(name: string, keyName: string, block: unknown, path: string, operatorPath: string): Condition {
  const key = findConditionKey(keyName, path);
  const values = textsIn(block, path);
  if (name === 'Null') return compileNull(key.read, values, path);

  const { set, bare, ifExists } =
    /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<bare>\w+?)(?<ifExists>IfExists)?$/.exec(name)?.groups ?? {};
  const operator = operators.get(bare ?? '');
  if (operator === undefined) throw badRequest(`${operatorPath}: the condition operator is not supported`);
  if (key.multivalued && set === undefined) {
    throw badRequest(`${path}: a key with several values needs ForAllValues: or ForAnyValue:`);
  }
  const comparisons = values.map((value, index) => {
    const comparison = operator.compile(value);
    if (comparison === undefined) throw badRequest(`${path}[${index}]: the value cannot be compared with ${bare}`);
    return comparison;
  });
  const holds = (value: string, { userName }: PolicyContext) => {
    const found = any(comparisons, (comparison: Comparison) => comparison(value, userName));
    return operator.negated && found !== undefined ? !found : found;
  };
  return (context) => {
    const present = key.read(context);
    if (present === undefined)
      return ifExists !== undefined || (set === undefined ? operator.negated : set === 'ForAllValues');
    const test = (value: string) => holds(value, context);
    return set === 'ForAnyValue' ? any(present, test) : all(present, test);
  };
}

function compileNull(read: KeyReader, values: readonly string[], path: string): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  if (!wanted.every((value) => value === 'true' || value === 'false'))
    throw badRequest(`${path}: Null is true or false`);
  return (context) => wanted.some((value) => value === String(read(context) === undefined));
}

function all<Item>(items: readonly Item[], test: (item: Item) => boolean | undefined): boolean | undefined {
  let unknown = false;
  for (const item of items) {
    const result = test(item);
    if (result === false) return false;
    if (result === undefined) unknown = true;
  }
  return unknown ? undefined : true;
}

function any<Item>(items: readonly Item[], test: (item: Item) => boolean | undefined): boolean | undefined {
  let unknown = false;
  for (const item of items) {
    const result = test(item);
    if (result === true) return true;
    if (result === undefined) unknown = true;
  }
  return unknown ? undefined : false;
}
