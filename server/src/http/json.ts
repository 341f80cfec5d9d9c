/**
 * Reads JSON from outside. What comes back holds no nulls (null is the same as absent), no text that PostgreSQL could
 * not store (NUL, lone surrogates), and objects without a prototype, so that `__proto__` is a key like any other.
 */
import { badRequest } from '../kernel/errors.ts';

const maximumDepth = 64;
/** Members and elements in one body. A batch of 100 endpoints at all their limits has fewer. */
const maximumNodes = 60_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** @throws BadRequestException naming the place, never quoting the text */
export function parseJson(body: Buffer): unknown {
  const text = decodeUtf8(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('Unable to parse JSON body');
  }
  // Only an escape can smuggle in what UTF-8 itself cannot carry, so most bodies need no look at each text.
  const checkTexts = /\\u(?:0000|d[89ab])/i.test(text);
  return new Cleaner(checkTexts).clean(value, '', 0);
}

function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw badRequest('The request body is not valid UTF-8');
  }
}

/** True for text that can be stored and sent as UTF-8. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

class Cleaner {
  #nodes = 0;
  readonly #checkTexts: boolean;

  constructor(checkTexts: boolean) {
    this.#checkTexts = checkTexts;
  }

  clean(value: unknown, path: string, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value, path);
    if (typeof value === 'number') return this.#number(value, path);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= maximumDepth) throw badRequest(`The request body is nested deeper than ${maximumDepth} levels`);
    return Array.isArray(value) ? this.#list(value, path, depth) : this.#object(value, path, depth);
  }

  #list(list: readonly unknown[], path: string, depth: number): unknown[] {
    this.#count(list.length);
    return list.map((element, index) => {
      if (element === null) throw badRequest(`${path}[${index}] must not be null`);
      return this.clean(element, `${path}[${index}]`, depth + 1);
    });
  }

  #object(object: object, path: string, depth: number): object {
    const cleaned: Record<string, unknown> = Object.create(null);
    for (const [key, value] of Object.entries(object)) {
      if (value === null) continue;
      this.#count(1);
      const inner = path === '' ? key : `${path}.${key}`;
      if (this.#checkTexts && !isStorable(key)) throw unstorable(path);
      cleaned[key] = this.clean(value, inner, depth + 1);
    }
    return cleaned;
  }

  #text(text: string, path: string): string {
    if (this.#checkTexts && !isStorable(text)) throw unstorable(path);
    return text;
  }

  #number(number: number, path: string): number {
    if (!Number.isFinite(number)) throw badRequest(`${path || 'The request body'} is a number out of range`);
    return number;
  }

  #count(members: number): void {
    this.#nodes += members;
    if (this.#nodes > maximumNodes) throw badRequest(`The request body has more than ${maximumNodes} members`);
  }
}

function unstorable(path: string) {
  return badRequest(
    `${path || 'The request body'} holds a character that cannot be stored (NUL or half of a surrogate pair)`,
  );
}
