/**
 * A template → one closure that writes it. Closures of our own instead of the code that Handlebars generates: nothing
 * is evaluated, nothing reaches a prototype, and every step is counted (dossier/messaging §3.2).
 */
import { readBlock } from './blocks.ts';
import { type Escaping, escaperOf } from './escape.ts';
import { readExpression, readMustache } from './expressions.ts';
import { shown } from './faults.ts';
import { parse } from './parse.ts';
import type { Run } from './run.ts';
import {
  type Evaluate,
  fault,
  type Level,
  type Reading,
  rootScope,
  type Scope,
  takeSlots,
  type Write,
  withLevel,
} from './scope.ts';
import { isPlainObject } from './values.ts';

/** A text, read once, to be rendered many times. */
export interface CompiledText {
  /** Dotted paths of the variables it uses, in order of first use: `User.UserAttributes.[Last Name].[0]`. */
  readonly variables: readonly string[];
  /** Nothing in it varies: every rendering gives the same text. */
  readonly isConstant: boolean;
  /** For rendering alone. */
  readonly write: Write;
  readonly slots: number;
  /** What it costs to keep, about. */
  readonly bytes: number;
}

/** Blocks inside one another, through partials too: closures call one another, and the stack has an end. */
const greatestHeight = 400;
const bytesPerNode = 400;

/** @throws TemplateFault */
export function compile(text: string, escaping: Escaping): CompiledText {
  const reading: Reading = {
    escaping,
    variables: new Set(),
    paths: new Map(),
    partials: new Map(),
    varies: false,
    slots: 0,
    nodes: 1,
    depth: 0,
    height: 0,
    readProgram: (program, scope) => readProgram(program, scope, reading),
  };
  const write = reading.readProgram(parse(text), rootScope);
  return {
    variables: [...reading.variables],
    isConstant: !reading.varies,
    write,
    slots: reading.slots,
    bytes: text.length * 4 + reading.nodes * bytesPerNode,
  };
}

function readProgram(program: hbs.AST.Program, scope: Scope, reading: Reading): Write {
  reading.depth += 1;
  checkHeight(reading, 0, program);
  // Runs of constant text, each before the write with its number, and one after the last.
  const texts: string[] = [''];
  const writes: Write[] = [];
  for (const node of program.body) {
    if (node.type === 'ContentStatement') texts[writes.length] += (node as hbs.AST.ContentStatement).value;
    else {
      const write = readStatement(node, scope, reading);
      if (write === undefined) continue;
      writes.push(write);
      texts.push('');
    }
  }
  reading.depth -= 1;
  return written(texts, writes);
}

function written(texts: readonly string[], writes: readonly Write[]): Write {
  const count = writes.length;
  const last = texts[count] as string;
  return (run) => {
    run.spend(count + 1);
    for (let index = 0; index < count; index += 1) {
      run.out += texts[index] as string;
      (writes[index] as Write)(run);
    }
    run.out += last;
    run.checkSize();
  };
}

function readStatement(node: hbs.AST.Statement, scope: Scope, reading: Reading): Write | undefined {
  reading.nodes += 1;
  switch (node.type) {
    case 'MustacheStatement':
      return readInsertion(node as hbs.AST.MustacheStatement, scope, reading);
    case 'BlockStatement':
      return readBlock(node as hbs.AST.BlockStatement, scope, reading);
    case 'CommentStatement':
      return undefined;
    case 'DecoratorBlock':
      return definePartial(node as hbs.AST.DecoratorBlock, reading);
    case 'PartialStatement':
      return readPartial(node as hbs.AST.PartialStatement, scope, reading);
    case 'PartialBlockStatement':
      throw fault('blocks of partials are not supported', node);
    default:
      throw fault('decorators are not supported', node);
  }
}

function readInsertion(node: hbs.AST.MustacheStatement, scope: Scope, reading: Reading): Write {
  const evaluate = readMustache(node, scope, reading);
  const escaped = escaperOf(node.escaped ? reading.escaping : 'none');
  const { line } = node.loc.start;
  return (run) => {
    const value = evaluate(run);
    const text = typeof value === 'string' ? value : run.textOf(value);
    if (text === '') noteUnprintable(run, value, line);
    run.allow(text.length);
    run.out += escaped(text);
  };
}

function noteUnprintable(run: Run, value: unknown, line: number): void {
  if (!isPlainObject(value)) return;
  run.line = line;
  run.warn('this variable holds other variables and cannot be printed');
}

/** `{{#* inline "name"}}`: known from here on, so it cannot contain itself (dossier/messaging §4.5). */
function definePartial(node: hbs.AST.DecoratorBlock, reading: Reading): undefined {
  const [name] = node.params;
  if (node.path.original !== 'inline' || name?.type !== 'StringLiteral') {
    throw fault('decorators other than inline "name" are not supported', node);
  }
  const { depth, height } = reading;
  reading.depth = 0;
  reading.height = 0;
  const slot = takeSlots(reading, 2);
  // What it is called with, before the context it is called in; everything else is looked for in the message.
  const level: Level = {
    origins: [
      { slot: slot + 1, parts: [] },
      { slot, parts: [] },
    ],
    slot,
  };
  const write = reading.readProgram(node.program, withLevel(rootScope, level, node));
  reading.partials.set((name as hbs.AST.StringLiteral).value, { write, height: reading.height, slot });
  reading.depth = depth;
  reading.height = height;
  return undefined;
}

function readPartial(node: hbs.AST.PartialStatement, scope: Scope, reading: Reading): Write {
  if (node.name.type === 'SubExpression') throw fault('the name of a partial cannot be computed', node);
  const name = String((node.name as hbs.AST.PathExpression).original);
  const partial = reading.partials.get(name);
  if (partial === undefined) throw fault(`there is no partial ${shown(name)} before this place`, node);
  checkHeight(reading, partial.height, node);
  const { slot, write } = partial;
  const context = node.params[0] && readExpression(node.params[0], scope, reading, 'asked');
  const values = node.hash?.pairs.map(({ key, value }) => ({
    key,
    value: readExpression(value, scope, reading, 'asked'),
  }));
  const call: Write = (run) => {
    run.slots[slot] = context?.(run);
    run.slots[slot + 1] = values && evaluated(values, run);
    write(run);
  };
  return node.indent ? indented(call, node.indent) : call;
}

function evaluated(values: readonly { readonly key: string; readonly value: Evaluate }[], run: Run): unknown {
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of values) object[key] = value(run);
  return object;
}

/** A partial alone on its line is indented as far as its call, as Handlebars does. */
function indented(call: Write, indent: string): Write {
  return (run) => {
    const before = run.out;
    run.out = '';
    call(run);
    const inner = run.out;
    run.spend(run.costOf([inner]));
    run.out = before;
    const lines = inner.split('\n');
    run.allow(inner.length + lines.length * indent.length);
    lines.forEach((line, index) => {
      if (index > 0) run.out += '\n';
      if (line !== '' || index < lines.length - 1) run.out += indent + line;
    });
  };
}

function checkHeight(reading: Reading, above: number, node: hbs.AST.Node): void {
  reading.height = Math.max(reading.height, reading.depth + above);
  if (reading.height > greatestHeight) throw fault('partials and blocks are nested too deep', node);
}
