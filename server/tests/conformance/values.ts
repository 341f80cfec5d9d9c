/** Values of a shape: random valid ones, and one that holds every member there is. */
import fc, { type Arbitrary } from 'fast-check';
import type { Shape } from '../../../scripts/contract/api.ts';
import { resolveShape, type Shapes } from './model.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Any text that can be stored. */
export const storableText = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());

const mapKey = fc.oneof(storableText, fc.constantFrom('__proto__', 'constructor', 'toString', '', 'a.b', 'a/b~c'));

const timestamps = fc.constantFrom(
  '2026-11-02',
  '2026-11-02T10:00Z',
  '2026-11-02T10:00:00',
  '2026-11-02T10:00:00.123Z',
  '2026-11-02T10:00:00+02:00',
);

/** A JSON object without nulls, which are the same as absent. */
const documents = fc
  .dictionary(mapKey, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .filter((value) => !hasNull(value)) as Arbitrary<{ [key: string]: Json }>;

function hasNull(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value as object).some(hasNull));
}

/** Optional members of deeper structures are left out: breadth is what matters, and shapes may contain themselves. */
const maximumDepth = 5;

export function arbitraryOf(shapes: Shapes, shape: Shape, depth = 0): Arbitrary<Json> {
  const plain = resolveShape(shapes, shape);
  switch (plain.kind) {
    case 'structure': {
      const members = plain.members.filter(({ required }) => required || depth < maximumDepth);
      return fc.record(
        Object.fromEntries(members.map((member) => [member.name, later(shapes, member.shape, depth + 1)])),
        { requiredKeys: members.filter(({ required }) => required).map(({ name }) => name) },
      );
    }
    case 'list':
      return fc.array(later(shapes, plain.element, depth + 1), { maxLength: Math.min(plain.maximum ?? 3, 3) });
    case 'list or lone value':
      return fc.oneof(fc.array(storableText, { maxLength: 3 }), storableText, arbitraryOf(shapes, { kind: 'double' }));
    case 'map': {
      const keys = plain.keys && resolveShape(shapes, plain.keys);
      const key = keys?.kind === 'enum' ? fc.constantFrom(...keys.values) : mapKey;
      return fc.dictionary(key, later(shapes, plain.value, depth + 1), { maxKeys: 3 });
    }
    case 'enum':
      return fc.constantFrom(...plain.values);
    case 'integer':
      return fc.integer({ min: plain.minimum, max: plain.maximum });
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return timestamps;
    case 'blob':
      return fc.base64String();
    case 'document':
      return documents;
    case 'item':
      return arbitraryOf(shapes, { kind: 'reference', name: plain.name }, depth);
    case 'string':
      return storableText
        .map((text) => text.padEnd(plain.minimum ?? 0, 'x'))
        .filter((text) => text.length <= (plain.maximum ?? Number.POSITIVE_INFINITY));
  }
}

/** Made when it is first needed: a model has hundreds of shapes, and a request a few of them. */
function later(shapes: Shapes, shape: Shape, depth: number): Arbitrary<Json> {
  let made: Arbitrary<Json> | undefined;
  return fc.constant(null).chain(() => {
    made ??= arbitraryOf(shapes, shape, depth);
    return made;
  });
}

/** Needs escaping in a JSON pointer, and is no number: those are shown like the places of a list. */
export const fullMapKey = 'a/b~c.d e';

/** Every member, one element in every list and map. `within` holds the shapes around it: none is entered twice. */
export function fullValueOf(shapes: Shapes, shape: Shape, within: readonly Shape[] = []): Json {
  const plain = resolveShape(shapes, shape);
  const inner = (part: Shape) => fullValueOf(shapes, part, [...within, plain]);
  switch (plain.kind) {
    case 'structure': {
      const members = plain.members.filter(({ shape: part }) => !within.includes(resolveShape(shapes, part)));
      return Object.fromEntries(members.map((member) => [member.name, inner(member.shape)]));
    }
    case 'list':
      return [inner(plain.element)];
    case 'list or lone value':
      return ['text'];
    case 'map': {
      const keys = plain.keys && resolveShape(shapes, plain.keys);
      return { [keys?.kind === 'enum' ? (keys.values[0] as string) : fullMapKey]: inner(plain.value) };
    }
    case 'enum':
      return plain.values[0] as string;
    case 'integer':
      return Math.max(plain.minimum, 1);
    case 'double':
      return 0.5;
    case 'boolean':
      return true;
    case 'timestamp':
      return '2026-11-02T10:00:00Z';
    case 'blob':
      return 'YQ==';
    case 'document':
      return { any: ['thing'] };
    case 'item':
      return inner({ kind: 'reference', name: plain.name });
    case 'string':
      return 'text'.padEnd(plain.minimum ?? 0, 'x').slice(0, plain.maximum);
  }
}
