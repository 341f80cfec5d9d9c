/** JSON from hostile hands: what is refused, and that what is accepted is data and nothing but data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../kernel/errors.ts';
import { UnreadableItem } from '../operations/item.ts';
import { findNullMembers, itemPlaces, parseJson } from './json.ts';

const parse = (text: string) => parseJson(Buffer.from(text)) as Record<string, unknown>;

function refusal(body: string | Buffer): string {
  try {
    parseJson(Buffer.from(body));
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'BadRequestException') return error.message;
    throw error;
  }
}

describe('null', () => {
  it('is the same as absent, at every depth', () => {
    expect(parse('{"a":null,"b":{"c":null,"d":1},"e":[{"f":null}]}')).toEqual({ b: { d: 1 }, e: [{}] });
    expect(Object.keys(parse('{"a":null}'))).toEqual([]);
  });

  it('of the body itself is told to whoever asks', () => {
    const members = (text: string) => findNullMembers(Buffer.from(text));
    expect(members('{"a":null,"b":{"c":null},"d":1,"__proto__":null}')).toEqual(['a', '__proto__']);
    expect([members(''), members('{}')]).toEqual([[], []]);
  });

  it('in a list is refused, for it has no place to be absent from', () => {
    expect(refusal('{"a":{"b":[1,null]}}')).toBe('a.b[1] must not be null');
  });
});

describe('items', () => {
  const items = itemPlaces(['Batch.*.Head', 'Batch.*.Parts.*']);
  const parseItems = (text: string) => parseJson(Buffer.from(text), items);

  it('that cannot be kept leave the others alone, and name the place within', () => {
    const text = `{"Batch":{"Parts":{"Head":{"x":"\\u0000"},"Parts":{"1":{"list":["a",null]},"2":{"n":1e999},"3":{"ok":[1]}}},
      "*":{"Head":"fine","Parts":{"__proto__":["\\ud800"],"x":null}}}}`;
    const unreadable = (message: string) => expect.objectContaining({ fault: expect.objectContaining({ message }) });
    const parsed = parseItems(text) as { Batch: Record<string, { Head: unknown; Parts: Record<string, unknown> }> };
    expect(parsed.Batch['Parts']?.Head).toEqual(
      unreadable('x holds a character that cannot be stored (NUL or half of a surrogate pair)'),
    );
    expect(parsed.Batch['Parts']?.Parts).toEqual({
      1: unreadable('list[1] must not be null'),
      2: unreadable('n is a number out of range'),
      3: { ok: [1] },
    });
    expect(parsed.Batch['*']?.Head).toBe('fine');
    const entries = Object.entries(parsed.Batch['*']?.Parts ?? {});
    expect(entries).toEqual([['__proto__', expect.any(UnreadableItem)]]);
  });

  it.each([
    ['{"Batch":{"a":{"Head":{},"Parts":{}}},"Other":1e999}', 'Other is a number out of range'],
    ['{"Batch":{"a":{"Other":"\\u0000"}}}', 'Batch.a.Other holds a character that cannot be stored'],
    ['{"Batch":{"\\u0000":{}}}', 'Batch holds a character that cannot be stored'],
    ['{"Batch":{"a":{"Parts":{"\\ud800":1}}}}', 'Batch.a.Parts holds a character that cannot be stored'],
    ['{"Batch":[null]}', 'Batch[0] must not be null'],
  ])('do not excuse what stands around them: %s', (text, message) => {
    expect(() => parseItems(text)).toThrow(message);
  });
});

describe('texts that PostgreSQL could not store', () => {
  it.each([
    ['{"a":{"b":"x\\u0000"}}', 'a.b'],
    ['{"a":["\\ud800"]}', 'a[0]'],
    ['{"a":"\\uDC00"}', 'a'],
    ['{"a":"\\udfff\\ud800"}', 'a'],
    ['{"a":"\\uDBFF x"}', 'a'],
    ['{"a":{"\\u0000":1}}', 'a'],
    ['{"\\udead":1}', 'The request body'],
  ])('%s is refused', (text, place) => {
    expect(refusal(text)).toBe(`${place} holds a character that cannot be stored (NUL or half of a surrogate pair)`);
  });

  it('are not confused with pairs, escaped backslashes and other escapes', () => {
    expect(parse('{"a":"\\ud83d\\ude00","b":"\\\\u0000","c":"\\u0001","d":"😀"}')).toEqual({
      a: '😀',
      b: '\\u0000',
      c: '\u0001',
      d: '😀',
    });
  });

  it('never get through, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\0', '\ud800', '\udbff', '\udc00', '\udfff'),
        (text, bad) => {
          expect(refusal(JSON.stringify({ [text]: `x${bad}` }))).toContain('cannot be stored');
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('keys that mean something to JavaScript', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'length'];

  it('are keys like any other', () => {
    const text = `{"map":{${names.map((name) => `"${name}":{"polluted":true}`).join(',')}}}`;
    const { map } = parse(text);
    expect(Object.keys(map as object)).toEqual(names);
    expect(Object.getPrototypeOf(map)).toBeNull();
    expect(JSON.stringify({ map })).toBe(text);
  });

  it('pollute nothing', () => {
    parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":[{"__proto__":["x"]}]}');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get([], 'polluted')).toBeUndefined();
    expect(Reflect.get(Object, 'polluted')).toBeUndefined();
  });
});

describe('size', () => {
  it('is bounded in depth', () => {
    expect(refusal(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`)).toBe('accepted');
    expect(refusal(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`)).toBe('The request body is nested deeper than 64 levels');
    expect(refusal('['.repeat(50_000) + ']'.repeat(50_000))).toBe('The request body is nested deeper than 64 levels');
    expect(refusal('{"a":'.repeat(20_000))).toBe('Unable to parse JSON body');
  });

  const list = (count: number) => JSON.stringify({ a: Array.from({ length: count - 1 }, () => 1) });
  const keys = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, key) => [key, 1])));

  it('is bounded in members and elements', () => {
    expect(refusal(list(60_000))).toBe('accepted');
    expect(refusal(list(60_001))).toBe('The request body has more than 60000 members');
    expect(refusal(keys(60_000))).toBe('accepted');
    expect(refusal(keys(100_000))).toBe('The request body has more than 60000 members');
  });

  it('counts no commas and brackets inside of texts', () => {
    const text = '[{,"\\'.repeat(100_000);
    expect(parse(JSON.stringify({ text }))).toEqual({ text });
  });

  it.each([
    ['brackets', '['.repeat(3_500_000) + ']'.repeat(3_500_000)],
    ['empty lists', `[${'[],'.repeat(2_300_000)}1]`],
    ['empty objects', `{"a":[${'{},'.repeat(2_300_000)}1]}`],
  ])('is refused before the work is done: 7 MB of %s', (_name, text) => {
    const body = Buffer.from(text);
    const begun = process.cpuUsage();
    expect(refusal(body)).toBe('The request body has more than 60000 members');
    const { user, system } = process.cpuUsage(begun);
    // Parsing it would take more than half a second; counting takes hundredths of one.
    expect((user + system) / 1000).toBeLessThan(400);
  });

  it('keeps an answer short, however long the key is', () => {
    expect(refusal(`{"${'k'.repeat(1_000_000)}":{"a":[null]}}`).length).toBeLessThan(300);
  });
});

describe('the rest', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":01}',
    '{"a":"\u0000"}',
    '{"a":"\n"}',
    '{} {}',
    'undefined',
  ])('is not JSON: %j', (text) => expect(refusal(text)).toBe('Unable to parse JSON body'));

  it.each(['1e400', '-1e400', '[1e999]'])('numbers out of range are refused: %s', (number) => {
    expect(refusal(`{"a":${number}}`)).toMatch(/^a(\[0\])? is a number out of range$/);
  });

  it.each([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe6, 0xbc]])(
    'invalid UTF-8 is refused: %i %i',
    (...bytes) => {
      const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
      expect(refusal(body)).toBe('The request body is not valid UTF-8');
    },
  );

  it('a byte order mark is passed over', () => expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 }));

  it('messages never quote a value', () => {
    expect(refusal('{"Address":"alice@example.com",}')).not.toContain('alice');
    expect(refusal('{"Address":"alice\\u0000"}')).not.toContain('alice');
  });

  it('what is accepted comes out as JSON has it, but for nulls', () => {
    const json = fc.jsonValue({ depthSize: 'small' }).filter((value) => !JSON.stringify(value).includes('null'));
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\\u(0000|d[89a-f])/.test(text));
        expect(JSON.stringify(parseJson(Buffer.from(text)))).toBe(text);
      }),
    );
  });
});
