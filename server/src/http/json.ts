/**
 * Reads JSON from outside. What comes back holds no nulls (null is the same as absent), no text that PostgreSQL could
 * not store (NUL, lone surrogates), and objects without a prototype, so that `__proto__` is a key like any other.
 */
import { badRequest, ServiceError } from '../kernel/errors.ts';
import { UnreadableItem } from '../operations/item.ts';
import { shortenPlace } from '../operations/validation-message.ts';

const maximumDepth = 64;
/** Members and elements in one body, nulls among them. A batch of 100 endpoints has fewer by far. */
const maximumNodes = 60_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Where items stand: the places below each key, `*` for any, and `item` where one is. */
export type ItemPlaces = ReadonlyMap<string, ItemPlaces> | 'item';

/** @param places such as `BatchItem.*.Events.*`; none of them stands within another */
export function itemPlaces(places: readonly string[]): ItemPlaces {
  if (places.includes('')) return 'item';
  const below = new Map<string, string[]>();
  for (const place of places) {
    const [first = '', ...rest] = place.split('.');
    below.set(first, [...(below.get(first) ?? []), rest.join('.')]);
  }
  return new Map([...below].map(([key, rest]) => [key, itemPlaces(rest)]));
}

/**
 * @param items what cannot be kept of an item is not the body's fault: an `UnreadableItem` stands there then
 * @throws BadRequestException naming the place, never quoting the text
 */
export function parseJson(body: Buffer, items?: ItemPlaces): unknown {
  const text = decodeUtf8(body);
  // A node takes two bytes at least, so that only large bodies can have too many.
  if (body.length > 2 * maximumNodes && countNodes(body) > maximumNodes) throw tooManyNodes();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('Unable to parse JSON body');
  }
  // Only an escape can smuggle in what UTF-8 itself cannot carry, so most bodies need no look at each text.
  const checkTexts = /\\u(?:0000|d[89a-f])/i.test(text);
  return new Cleaner(checkTexts).clean(value, '', 0, items);
}

/** Of a body that `parseJson` has read: names of its own members that are null. */
export function findNullMembers(body: Buffer): string[] {
  const value: unknown = body.length === 0 ? undefined : JSON.parse(decodeUtf8(body));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (member === null ? [name] : []));
}

function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw badRequest('The request body is not valid UTF-8');
  }
}

/**
 * Commas and openings outside of texts, before anything is parsed: 7 MB of brackets would keep the parser busy for more
 * than a second and fill 200 MB.
 */
function countNodes(body: Buffer): number {
  let nodes = 0;
  let inText = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (inText) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === comma || byte === openList || byte === openObject) nodes += 1;
  }
  return nodes;
}

const [quote, backslash, comma, openList, openObject] = Buffer.from('"\\,[{');

/** True for text that can be stored and sent as UTF-8. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

class Cleaner {
  readonly #checkTexts: boolean;

  constructor(checkTexts: boolean) {
    this.#checkTexts = checkTexts;
  }

  clean(value: unknown, path: string, depth: number, items?: ItemPlaces): unknown {
    if (items === 'item') return this.#item(value, depth);
    if (typeof value === 'string') return this.#text(value, path);
    if (typeof value === 'number') return this.#number(value, path);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= maximumDepth) throw badRequest(`The request body is nested deeper than ${maximumDepth} levels`);
    if (Array.isArray(value)) return this.#list(value, path, depth);
    return this.#object(value as Record<string, unknown>, path, depth, items);
  }

  /** Its fault names the place within the item. */
  #item(value: unknown, depth: number): unknown {
    try {
      return this.clean(value, '', depth);
    } catch (error) {
      if (error instanceof ServiceError) return new UnreadableItem(error);
      throw error;
    }
  }

  #list(list: unknown[], path: string, depth: number): unknown[] {
    for (const [index, element] of list.entries()) {
      if (element === null) throw badRequest(`${describe(`${path}[${index}]`)} must not be null`);
      list[index] = this.clean(element, `${path}[${index}]`, depth + 1);
    }
    return list;
  }

  /** In place: an object made anew without a prototype is one of those that every look into takes longer. */
  #object(object: Record<string, unknown>, path: string, depth: number, items: ItemPlaces | undefined): object {
    Object.setPrototypeOf(object, null);
    for (const [key, value] of Object.entries(object)) {
      if (value === null) {
        delete object[key];
        continue;
      }
      const inner = path === '' ? key : `${path}.${key}`;
      if (this.#checkTexts && !isStorable(key)) throw unstorable(path);
      const cleaned = this.clean(value, inner, depth + 1, items && belowKey(items, key));
      if (cleaned !== value) object[key] = cleaned;
    }
    return object;
  }

  #text(text: string, path: string): string {
    if (this.#checkTexts && !isStorable(text)) throw unstorable(path);
    return text;
  }

  #number(number: number, path: string): number {
    if (!Number.isFinite(number)) throw badRequest(`${describe(path)} is a number out of range`);
    return number;
  }
}

function belowKey(items: ItemPlaces, key: string): ItemPlaces | undefined {
  return items === 'item' ? undefined : (items.get(key) ?? items.get('*'));
}

function tooManyNodes() {
  return badRequest(`The request body has more than ${maximumNodes} members`);
}

function unstorable(path: string) {
  return badRequest(`${describe(path)} holds a character that cannot be stored (NUL or half of a surrogate pair)`);
}

function describe(path: string): string {
  return path === '' ? 'The request body' : shortenPlace(path);
}
