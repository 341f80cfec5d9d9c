/** What a handler gives becomes the bare shape as JSON, with the contract's status and without nulls. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { encodeOutput, toJson } from './encode.ts';

describe('encodeOutput', () => {
  it('takes the status from the contract', () => {
    expect(encodeOutput(operations.CreateApp, { Id: 'x' })).toEqual({ status: 201, body: '{"Id":"x"}' });
    expect(encodeOutput(operations.UpdateEndpoint, { Message: 'Accepted' })).toEqual({
      status: 202,
      body: '{"Message":"Accepted"}',
    });
    expect(encodeOutput(operations.TagResource, undefined)).toEqual({ status: 204, body: undefined });
  });
});

describe('toJson', () => {
  it('leaves null and undefined members out, at every depth', () => {
    expect(toJson({ a: null, b: { c: null, d: [{ e: null, f: 0 }] }, g: undefined, h: '', i: false })).toBe(
      '{"b":{"d":[{"f":0}]},"h":"","i":false}',
    );
  });

  it('leaves texts alone that speak of null', () => {
    expect(toJson({ a: 'null', b: ': null,', null: 'x', c: null })).toBe('{"a":"null","b":": null,","null":"x"}');
  });

  it('writes dates as ISO 8601 with milliseconds', () => {
    expect(toJson({ CreationDate: new Date('2026-11-02T10:00:00Z'), x: null })).toBe(
      '{"CreationDate":"2026-11-02T10:00:00.000Z"}',
    );
  });

  it('writes objects without a prototype, and keys that mean something to JavaScript', () => {
    const map = Object.assign(Object.create(null), JSON.parse('{"constructor":"a","toString":"b"}'));
    Object.defineProperty(map, '__proto__', { value: 'c', enumerable: true });
    expect(toJson({ tags: map })).toBe('{"tags":{"constructor":"a","toString":"b","__proto__":"c"}}');
  });

  it('has no member with null in it, and every other one', () => {
    const leaf = fc.oneof(fc.constant(null), fc.constant('null'), fc.string(), fc.integer(), fc.boolean());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), fc.dictionary(fc.string(), tie('value'))),
      list: fc.array(tie('value').filter((element) => element !== null)),
    }));
    const hasNull = (part: unknown): boolean =>
      part === null || (typeof part === 'object' && part !== null && Object.values(part).some(hasNull));
    const without = (part: unknown): unknown =>
      Array.isArray(part)
        ? part.map(without)
        : typeof part === 'object' && part !== null
          ? Object.fromEntries(
              Object.entries(part).flatMap(([key, inner]) => (inner === null ? [] : [[key, without(inner)]])),
            )
          : part;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (output) => {
        const written = JSON.parse(toJson(output));
        expect(hasNull(written)).toBe(false);
        expect(written).toEqual(without(output));
      }),
    );
  });
});
