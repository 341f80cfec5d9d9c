/** Everything that can be wrong with a value in one place, and what the refusal must say of it. */
import type { Shape } from '../../../scripts/contract/api.ts';
import { type PlainShape, resolveShape, type Shapes } from './model.ts';
import type { Json } from './values.ts';

export interface Fault {
  readonly message: string;
  /** Makes the value wrong; what it returns makes it right again. */
  apply(): () => void;
}

type Holder = Record<string | number, Json | undefined>;

/** @param body a valid value of the shape, which the faults change in place */
export function* faultsOf(shapes: Shapes, shape: Shape, body: Json): Generator<Fault> {
  yield* faultsInside(shapes, resolveShape(shapes, shape), body, '');
}

function* faultsInside(shapes: Shapes, shape: PlainShape, value: Json, place: string): Generator<Fault> {
  const holder = value as unknown as Holder;
  if (shape.kind === 'structure') {
    for (const member of shape.members) {
      if (!(member.name in holder)) continue;
      const inner = place === '' ? member.name : `${place}.${member.name}`;
      if (member.required) {
        yield { message: `${inner} is required`, apply: () => replace(holder, member.name, undefined) };
        yield { message: `${inner} is required`, apply: () => replace(holder, member.name, null) };
      }
      yield* faultsAt(shapes, member.shape, holder, member.name, inner);
    }
  } else if (shape.kind === 'list') {
    yield* faultsAt(shapes, shape.element, holder, 0, `${place}[0]`);
    yield { message: `${place}[0] must not be null`, apply: () => replace(holder, 0, null) };
  } else if (shape.kind === 'list or lone value') {
    yield* faultsInside(shapes, { kind: 'list', element: { kind: 'string' } }, value, place);
  } else if (shape.kind === 'map') {
    const [key] = Object.keys(holder) as [string];
    yield* faultsAt(shapes, shape.value, holder, key, `${place}.${key}`);
    const keys = shape.keys && resolveShape(shapes, shape.keys);
    if (keys?.kind === 'enum') {
      const message = `A key of ${place} must be one of ${keys.values.join(', ')}`;
      yield { message, apply: () => replace(holder, 'UNKNOWN', holder[key]) };
    }
  }
}

function* faultsAt(
  shapes: Shapes,
  shape: Shape,
  holder: Holder,
  key: string | number,
  place: string,
): Generator<Fault> {
  const plain = resolveShape(shapes, shape);
  for (const [wrong, rule] of wrongValues(plain)) {
    yield { message: `${place} must ${rule}`, apply: () => replace(holder, key, wrong) };
  }
  yield* faultsInside(shapes, plain, holder[key] as Json, place);
}

function replace(holder: Holder, key: string | number, value: Json | undefined): () => void {
  const before = holder[key];
  holder[key] = value;
  return () => {
    if (before === undefined) delete holder[key];
    else holder[key] = before;
  };
}

function wrongValues(shape: PlainShape): [wrong: Json, rule: string][] {
  switch (shape.kind) {
    case 'item':
      // Whatever stands there is for the handler to judge: requests.test.ts looks at items by themselves.
      return [];
    case 'structure':
    case 'document':
    case 'map':
      return [
        [[], 'be an object'],
        ['text', 'be an object'],
        [7, 'be an object'],
      ];
    case 'list':
      return [[{}, 'be a list'], ['text', 'be a list'], ...tooMany(shape)];
    case 'list or lone value':
      return [
        [{}, 'be a list of strings'],
        [true, 'be a list of strings'],
      ];
    case 'enum':
      return [
        [7, 'be a string'],
        ['UNKNOWN', `be one of ${shape.values.join(', ')}`],
        ['', `be one of ${shape.values.join(', ')}`],
      ];
    case 'integer':
      return [
        ['1', 'be a whole number'],
        [0.5, 'be a whole number'],
        [true, 'be a whole number'],
        [shape.maximum + 1, `be at most ${shape.maximum}`],
        [shape.minimum - 1, `be at least ${shape.minimum}`],
      ];
    case 'double':
      return [
        ['1', 'be a number'],
        [false, 'be a number'],
        [[1], 'be a number'],
      ];
    case 'boolean':
      return [
        ['true', 'be true or false'],
        [1, 'be true or false'],
      ];
    case 'timestamp':
      return [
        [7, 'be a string'],
        ['yesterday', 'have the documented form'],
        ['2026-11-02T10:00:00Z ', 'have the documented form'],
      ];
    case 'blob':
      return [
        [7, 'be a string'],
        [{}, 'be a string'],
      ];
    case 'string':
      return [
        [7, 'be a string'],
        [true, 'be a string'],
        [['text'], 'be a string'],
        [{}, 'be a string'],
        ...tooLong(shape),
      ];
  }
}

function tooMany({ maximum }: { maximum?: number }): [Json, string][] {
  return maximum === undefined ? [] : [[Array(maximum + 1).fill('text'), `have at most ${maximum} elements`]];
}

function tooLong({ minimum, maximum }: { minimum?: number; maximum?: number }): [Json, string][] {
  const faults: [Json, string][] = [];
  if (maximum !== undefined) faults.push(['x'.repeat(maximum + 1), `have at most ${maximum} characters`]);
  if (minimum === 1) faults.push(['', 'have at least 1 character']);
  return faults;
}
