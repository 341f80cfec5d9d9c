/** RFC 8785: its own samples, and that any document has one spelling. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

describe('RFC 8785', () => {
  it('§3.2.2 spells numbers, texts and words as the RFC does', () => {
    const text = '"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"';
    const document = `{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":${text},"literals":[null,true,false]}`;
    expect(canonicalJson(JSON.parse(document))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('§3.2.3 sorts members by UTF-16 units', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(sorted.toSorted());
    expect([...text.matchAll(/"((?:[^"\\]|\\.)*)":/g)].map(([, name]) => JSON.parse(`"${name}"`))).toEqual(sorted);
  });

  it.each([
    ['-0', -0, '0'],
    ['the smallest', 5e-324, '5e-324'],
    ['the largest', Number.MAX_VALUE, '1.7976931348623157e+308'],
    ['2^53', 9007199254740992, '9007199254740992'],
    ['1e21', 1e21, '1e+21'],
  ])('appendix B: %s', (_name, value, spelling) => {
    expect(canonicalJson(value)).toBe(spelling);
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['half of a surrogate pair', '\ud83d'],
    ['half of one in a name', { '\ude00': 1 }],
    ['undefined', { name: undefined }],
    ['a date', new Date()],
    ['a bigint', 1n],
  ])('has no spelling for %s', (_name, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(TypeError);
  });

  it('spells a document in one way, whatever the order of its members, and means the same', () => {
    const reversed = (value: Json): Json => {
      if (Array.isArray(value)) return value.map((each) => reversed(each as Json));
      if (value === null || typeof value !== 'object') return value;
      const members = Object.entries(value as Record<string, Json>).toReversed();
      return Object.fromEntries(members.map(([name, each]) => [name, reversed(each)]));
    };
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (value) => {
        const document = JSON.parse(JSON.stringify(value)) as Json;
        const text = canonicalJson(document);
        expect(JSON.parse(text)).toEqual(document);
        expect(canonicalJson(reversed(document))).toBe(text);
      }),
    );
  });
});
