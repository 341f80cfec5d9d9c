/**
 * Text of a template → syntax tree of Handlebars, within limits. The library's parser takes time with the depth of a
 * template for each of its words (measured: 300,000 characters of `{{a}}` inside 2,000 blocks take 20 s), so both are
 * counted with its own lexer before it is let loose.
 */
import Handlebars from 'handlebars';
import { shown, TemplateFault } from './faults.ts';

export type Program = hbs.AST.Program;

/** Blocks, links of an `else if` chain and parentheses inside one another. */
const deepest = 200;
/** Words and signs between braces, and the texts between them. */
const mostTokens = 50_000;

/** The generated parser, which the library exports without types. */
interface Lexer {
  readonly yylloc: { readonly first_line: number; readonly first_column: number };
  setInput(text: string): void;
  /** Number or name of a terminal; 1 at the end. */
  lex(): number | string;
}
interface Parser {
  readonly lexer: Lexer;
  readonly terminals_: Readonly<Record<string, string>>;
}
const { lexer, terminals_: terminals } = (Handlebars as unknown as { readonly Parser: Parser }).Parser;

const opening: ReadonlySet<string> = new Set(['OPEN_BLOCK', 'OPEN_INVERSE', 'OPEN_PARTIAL_BLOCK', 'OPEN_RAW_BLOCK']);
const closing: ReadonlySet<string> = new Set(['OPEN_ENDBLOCK', 'END_RAW_BLOCK']);

const words: Readonly<Record<string, string>> = {
  EOF: 'the end of the template',
  CLOSE: '}}',
  CLOSE_UNESCAPED: '}}}',
  OPEN_ENDBLOCK: 'the end of a block',
  INVERSE: 'else',
  ID: 'a name',
  STRING: 'a text',
  NUMBER: 'a number (an element is written .[0])',
  INVALID: 'a name or text without its end, or a sign without meaning,',
  CLOSE_SEXPR: ')',
  EQUALS: '=',
  SEP: 'a dot',
};

/** @throws TemplateFault */
export function parse(text: string): Program {
  checkLimits(text);
  try {
    return Handlebars.parse(text);
  } catch (error) {
    throw faultOf(error);
  }
}

function checkLimits(text: string): void {
  // One number for each open block: the links of its chain.
  const blocks: number[] = [];
  let depth = 0;
  let tokens = 0;
  for (const token of tokensOf(text)) {
    tokens += 1;
    // At once: what may be the beginning of a text or a name is looked through to the end for each such sign.
    if (token === 'INVALID') throw new TemplateFault(`${words['INVALID']} is not expected here`, place());
    if (opening.has(token)) blocks.push(1);
    else if (token === 'OPEN_INVERSE_CHAIN' && blocks.length > 0) blocks.push((blocks.pop() as number) + 1);
    if (opening.has(token) || token === 'OPEN_INVERSE_CHAIN' || token === 'OPEN_SEXPR') depth += 1;
    else if (token === 'CLOSE_SEXPR') depth -= 1;
    else if (closing.has(token)) depth -= blocks.pop() ?? 0;
    if (depth > deepest) throw new TemplateFault(`nested deeper than ${deepest}`, place());
    if (tokens > mostTokens) throw new TemplateFault(`more than ${mostTokens} words in braces`, place());
  }
}

function* tokensOf(text: string): Generator<string> {
  lexer.setInput(text);
  for (;;) {
    let token: number | string;
    try {
      token = lexer.lex();
    } catch {
      throw new TemplateFault('this is not to be understood here', place());
    }
    if (token === 1) return;
    yield typeof token === 'string' ? token : (terminals[token] ?? '');
  }
}

/** Where the lexer stands. */
function place(): { line: number; column: number } {
  return { line: lexer.yylloc.first_line, column: lexer.yylloc.first_column };
}

/** The parser's own message quotes the template, so only what was expected is taken of it. */
function faultOf(error: unknown): TemplateFault {
  const { message, lineNumber, column } = error as { message: string; lineNumber?: number; column?: number };
  if (lineNumber === undefined || column === undefined) return new TemplateFault(syntaxReason(message), place());
  const mismatch = /^(\S+) doesn't match (\S+) - /.exec(message);
  const reason =
    mismatch === null
      ? 'this path or block is not formed as it should be'
      : `the block ${shown(mismatch[1] as string)} is closed as ${shown(mismatch[2] as string)}`;
  return new TemplateFault(reason, { line: lineNumber, column });
}

function syntaxReason(message: string): string {
  const got = /, got '(\w+)'$/.exec(message)?.[1];
  const found = got === undefined ? undefined : words[got];
  const unclosed = /Expecting .*'OPEN_ENDBLOCK'/.test(message) && got === 'EOF';
  if (unclosed) return 'a block is not closed';
  return found === undefined ? 'this is not to be understood here' : `${found} is not expected here`;
}
