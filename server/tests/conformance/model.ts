/**
 * Both API models as the conformance tests see them. Pinpoint's is read here once more, apart from the generator, so
 * that a fault of its reader shows; ours goes through the generator's reader.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Shape } from '../../../scripts/contract/api.ts';
import { integer32, integer53 } from '../../../scripts/contract/api.ts';
import { readRepoint } from '../../../scripts/contract/read-repoint.ts';
import type { OperationName } from '../../src/contract/operations.ts';

export type Shapes = ReadonlyMap<string, Shape>;

export interface Parameter {
  /** As on the wire. */
  readonly name: string;
  /** As in a handler's input. */
  readonly member: string;
  readonly shape: Shape;
  readonly required: boolean;
}

export interface ModelOperation {
  readonly name: OperationName;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly labels: readonly Parameter[];
  readonly query: readonly Parameter[];
  /** `name` is of no meaning: a body is never wrapped. */
  readonly body: Parameter | undefined;
  readonly shapes: Shapes;
}

/** A shape that is not a reference. */
export type PlainShape = Exclude<Shape, { kind: 'reference' }>;

export function resolveShape(shapes: Shapes, shape: Shape): PlainShape {
  if (shape.kind !== 'reference') return shape;
  const target = shapes.get(shape.name);
  if (target === undefined) throw new Error(`There is no shape called ${shape.name}`);
  return resolveShape(shapes, target);
}

interface Reference {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring';
  readonly locationName?: string;
}

interface BotocoreShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly payload?: string;
}

interface BotocoreModel {
  readonly operations: Readonly<
    Record<
      string,
      { http: { method: string; requestUri: string; responseCode: number }; input?: Reference; output?: Reference }
    >
  >;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

const read = (name: string) => readFileSync(new URL(`../../../model/${name}`, import.meta.url), 'utf8');

const scalars: Readonly<Record<string, Shape>> = {
  string: { kind: 'string' },
  boolean: { kind: 'boolean' },
  integer: integer32,
  long: integer53,
  double: { kind: 'double' },
  timestamp: { kind: 'timestamp' },
  blob: { kind: 'blob' },
};

function readShape(shape: BotocoreShape): Shape {
  const refer = (reference: Reference): Shape => ({ kind: 'reference', name: reference.shape });
  if (shape.enum !== undefined) return { kind: 'enum', values: shape.enum };
  if (shape.member !== undefined) return { kind: 'list', element: refer(shape.member) };
  if (shape.value !== undefined) return { kind: 'map', keys: refer(shape.key as Reference), value: refer(shape.value) };
  const scalar = scalars[shape.type];
  if (scalar !== undefined) return scalar;
  const members = Object.entries(shape.members ?? {}).map(([name, reference]) => ({
    name: reference.locationName ?? name,
    shape: refer(reference),
    required: shape.required?.includes(name) ?? false,
  }));
  return { kind: 'structure', members };
}

/** Where we are more lenient than the model: maps of lists whose values may also be lone strings or numbers. */
function withLoneValues(name: string, shape: Shape, places: readonly string[]): Shape {
  if (shape.kind !== 'structure') return shape;
  const lenient: Shape = { kind: 'map', value: { kind: 'list or lone value' } };
  const members = shape.members.map((member) =>
    places.includes(`${name}.${member.name}`) ? { ...member, shape: lenient } : member,
  );
  return { ...shape, members };
}

/** Members that are left to the handler: values of a map, or the member itself, which may be missing then. */
function leavingItems(model: BotocoreModel, name: string, shape: Shape, places: readonly string[]): Shape {
  if (shape.kind !== 'structure') return shape;
  const members = shape.members.map((member) => {
    if (!places.includes(`${name}.${member.name}`)) return member;
    const target = (member.shape as { name: string }).name;
    const { value } = model.shapes[target] as BotocoreShape;
    if (value === undefined) return { ...member, shape: { kind: 'item', name: target } as const, required: false };
    return { ...member, shape: { kind: 'map', value: { kind: 'item', name: value.shape } } as const };
  });
  return { ...shape, members };
}

const overlay: { loneValues: string[]; items: string[] } = parse(read('pinpoint-overlay.yaml'));

function readPinpointOperations(): ModelOperation[] {
  const model: BotocoreModel = JSON.parse(read('pinpoint-2016-12-01.json'));
  const shapes = new Map(
    Object.entries(model.shapes).map(([name, shape]) => {
      const lenient = withLoneValues(name, readShape(shape), overlay.loneValues);
      return [name, leavingItems(model, name, lenient, overlay.items)];
    }),
  );
  return Object.entries(model.operations).map(([name, { http, input }]) => {
    const { members = {}, required = [], payload } = input === undefined ? {} : (model.shapes[input.shape] ?? {});
    const at = (location: Reference['location']): Parameter[] =>
      Object.entries(members)
        .filter(([member, reference]) => reference.location === location && (location || member === payload))
        .map(([member, { shape, locationName }]) => ({
          name: locationName ?? member,
          member,
          shape: { kind: 'reference', name: shape },
          required: required.includes(member),
        }));
    return {
      name: name as OperationName,
      method: http.method,
      path: http.requestUri,
      status: http.responseCode,
      labels: at('uri'),
      query: at('querystring'),
      body: at(undefined)[0],
      shapes,
    };
  });
}

function readRepointOperations(): ModelOperation[] {
  const { operations, shapes: own } = readRepoint(read('repoint-v1.yaml'));
  // A body of ours may be a shape of Pinpoint's.
  const shapes = new Map([...(pinpointOperations[0]?.shapes ?? []), ...own]);
  return operations.map(({ definition, input }) => {
    const find = (name: string, member: string): Parameter => {
      const found = input.find((candidate) => candidate.name === member);
      if (found === undefined) throw new Error(`${definition.name} has no ${member}`);
      return { name, member, shape: found.shape, required: found.required };
    };
    return {
      name: definition.name as OperationName,
      method: definition.method,
      path: definition.path,
      status: definition.successStatus,
      labels: definition.labels.map(({ label, member }) => find(label, member)),
      query: definition.query.map(({ parameter, member }) => find(parameter, member)),
      body: definition.payload && find('', definition.payload.member),
      shapes,
    };
  });
}

/** Shapes of items, in alphabetical order. */
export function itemNames(shapes: Shapes): string[] {
  const inside = (shape: Shape): string[] => {
    if (shape.kind === 'item') return [shape.name];
    if (shape.kind === 'map') return inside(shape.value);
    return shape.kind === 'structure' ? shape.members.flatMap((member) => inside(member.shape)) : [];
  };
  return [...new Set([...shapes.values()].flatMap(inside))].sort();
}

export const pinpointOperations: readonly ModelOperation[] = readPinpointOperations();
export const repointOperations: readonly ModelOperation[] = readRepointOperations();
export const allOperations: readonly ModelOperation[] = [...pinpointOperations, ...repointOperations];
