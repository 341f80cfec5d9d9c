/** Where in a text of JSON something stands: the place of a path such as `$.Statement[0].Effect`, or of what is no JSON. */

export interface Place {
  /** Offsets in the text, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface JsonFault extends Place {
  readonly says: string;
}

/** @returns undefined when it is JSON */
export function findJsonFault(text: string): JsonFault | undefined {
  const read = readPlaces(text);
  return read instanceof Map ? undefined : read;
}

/** The value at this path, or the closest one around it that is there. */
export function findPlace(text: string, path: string): Place {
  const places = readPlaces(text);
  const whole = { from: 0, to: text.length };
  if (!(places instanceof Map)) return places;
  for (
    let known = path;
    known !== '';
    known = known.slice(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('[')))
  ) {
    const place = places.get(known);
    if (place !== undefined) return place;
    if (known === '$') break;
  }
  return whole;
}

/** Counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** A message of the server that begins with the path of what it is about. */
export function splitMessage(message: string): { readonly path: string; readonly says: string } | undefined {
  const [, path, says] = /^(\$[^\s:]*(?::[^\s:]+)*): (.*)$/s.exec(message) ?? [];
  return path === undefined || says === undefined ? undefined : { path, says };
}

const deepest = 100;

function readPlaces(text: string): Map<string, Place> | JsonFault {
  const places = new Map<string, Place>();
  try {
    const reader = new Reader(text, places);
    reader.value('$', 0);
    reader.end();
    return places;
  } catch (error) {
    if (error instanceof NoJson)
      return { from: error.at, to: Math.min(error.at + 1, text.length), says: error.message };
    throw error;
  }
}

class NoJson extends Error {
  readonly at: number;

  constructor(says: string, at: number) {
    super(says);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  readonly #places: Map<string, Place>;
  #at = 0;

  constructor(text: string, places: Map<string, Place>) {
    this.#text = text;
    this.#places = places;
  }

  value(path: string, depth: number): void {
    this.#skip();
    const from = this.#at;
    const sign = this.#text[from];
    if (depth > deepest) throw new NoJson('This is nested too deep.', from);
    if (sign === '{') this.#object(path, depth);
    else if (sign === '[') this.#list(path, depth);
    else if (sign === '"') this.#string();
    else this.#literal();
    this.#places.set(path, { from, to: this.#at });
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw new NoJson('Nothing may stand behind the end.', this.#at);
  }

  #object(path: string, depth: number): void {
    this.#at += 1;
    if (this.#next('}')) return;
    do {
      this.#skip();
      if (this.#text[this.#at] !== '"') throw this.#expected('a name in quotes');
      const name = JSON.parse(this.#string()) as string;
      if (!this.#next(':')) throw this.#expected('a colon');
      this.value(`${path}.${name}`, depth + 1);
    } while (this.#next(','));
    if (!this.#next('}')) throw this.#expected('a comma or }');
  }

  #list(path: string, depth: number): void {
    this.#at += 1;
    if (this.#next(']')) return;
    let index = 0;
    do {
      this.value(`${path}[${index}]`, depth + 1);
      index += 1;
    } while (this.#next(','));
    if (!this.#next(']')) throw this.#expected('a comma or ]');
  }

  #string(): string {
    const found = this.#match(/"(?:[^"\\\n]|\\.)*"/y);
    if (found === undefined) throw new NoJson('This text does not end in its line.', this.#at);
    try {
      JSON.parse(found);
    } catch {
      throw new NoJson(
        'This text has a sign in it that must be written otherwise, such as \\n for a new line.',
        this.#at,
      );
    }
    this.#at += found.length;
    return found;
  }

  #literal(): void {
    const found = this.#match(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (found === undefined) throw this.#expected('a value: { [ " a number, true, false or null');
    this.#at += found.length;
  }

  #next(sign: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    this.#at += (this.#match(/[ \t\r\n]*/y) ?? '').length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #expected(what: string): NoJson {
    const where = this.#at >= this.#text.length ? 'The text ends where' : 'Here';
    return new NoJson(`${where} ${what} is expected.`, this.#at);
  }
}
