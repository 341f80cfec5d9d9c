/**
 * Every operation's requests, made up from the model and read from the wire as the server reads them: valid ones come
 * out as they went in, every possible fault is named with its place, and nothing whatever does more than be refused.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/contract/operations.ts';
import { type Items, itemValidators } from '../../src/contract/validators.js';
import { decodeInput } from '../../src/http/decode.ts';
import { toJson } from '../../src/http/encode.ts';
import { itemPlaces, parseJson } from '../../src/http/json.ts';
import { createRouter } from '../../src/http/router.ts';
import { ServiceError } from '../../src/kernel/errors.ts';
import { readItem } from '../../src/operations/item.ts';
import { faultsOf } from './faults.ts';
import { allOperations, itemNames, type ModelOperation, type Parameter, resolveShape } from './model.ts';
import { arbitraryOf, fullValueOf, type Json, storableText } from './values.ts';

const router = createRouter(Object.values(operations));
const table = allOperations.map((operation) => [operation.name, operation] as const);
const withBody = table.flatMap(([name, operation]) =>
  operation.body ? [[name, operation, operation.body] as const] : [],
);

interface Request {
  readonly labels: Readonly<Record<string, string>>;
  /** Lists are repeated. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** From method, path, query and bytes to a typed input, as the chain does it. */
function receive(model: ModelOperation, { labels, query, body }: Request): Record<string, Json> {
  const path = model.path.replace(/\{([^}]+)\}/g, (_match, name) => encodeURIComponent(labels[name] as string));
  const rawQuery = Object.entries(query)
    .flatMap(([name, value]) => [value].flat().map((each) => `${name}=${encodeURIComponent(each)}`))
    .join('&');
  const found = router.match(model.method, path);
  expect(found.definition.name).toBe(model.name);
  return decodeInput(found.definition, found.labels, rawQuery, Buffer.from(body)) as Record<string, Json>;
}

function refusal(model: ModelOperation, request: Request): string {
  try {
    receive(model, request);
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'BadRequestException') return error.message;
    throw error;
  }
}

function fullRequest({ labels, query, body, shapes }: ModelOperation): Request {
  return {
    labels: Object.fromEntries(labels.map(({ name }) => [name, 'x'])),
    query: Object.fromEntries(query.map(({ name, shape }) => [name, asText(fullValueOf(shapes, shape))])),
    body: body === undefined ? '' : JSON.stringify(fullValueOf(shapes, body.shape)),
  };
}

const asText = (value: Json): string | string[] => (Array.isArray(value) ? value.map(String) : String(value));

function randomRequest({ labels, query, body, shapes }: ModelOperation): fc.Arbitrary<Request> {
  const label = storableText.filter((text) => text !== '');
  const bodyText = body && arbitraryOf(shapes, body.shape).map((value) => JSON.stringify(value));
  return fc.record({
    labels: fc.record(Object.fromEntries(labels.map(({ name }) => [name, label]))),
    query: fc.record(Object.fromEntries(query.map((each) => [each.name, randomParameter(shapes, each)])), {
      requiredKeys: query.filter(({ required }) => required).map(({ name }) => name),
    }),
    body: bodyText === undefined ? fc.constant('') : body?.required ? bodyText : fc.oneof(fc.constant(''), bodyText),
  });
}

function randomParameter(shapes: ModelOperation['shapes'], { shape }: Parameter): fc.Arbitrary<string | string[]> {
  const list = resolveShape(shapes, shape).kind === 'list';
  return list
    ? fc.array(storableText, { minLength: 1, maxLength: 5 })
    : arbitraryOf(shapes, shape).map((value) => String(value));
}

/** What a handler must get for it. */
function expectedInput({ labels, query, body, shapes }: ModelOperation, request: Request): Record<string, Json> {
  const input: Record<string, Json> = {};
  for (const { name, member } of labels) input[member] = request.labels[name] as string;
  for (const { name, member, shape } of query) {
    const value = request.query[name];
    if (value === undefined) continue;
    input[member] = resolveShape(shapes, shape).kind === 'boolean' ? value === 'true' : (value as string | string[]);
  }
  if (body !== undefined && request.body !== '') input[body.member] = JSON.parse(String(request.body));
  return input;
}

describe('valid requests come out as they went in', () => {
  it.each(table)('%s', (_name, model) => {
    const full = fullRequest(model);
    expect(receive(model, full)).toEqual(expectedInput(model, full));
    fc.assert(
      fc.property(randomRequest(model), (request) => {
        expect(toJson(sorted(receive(model, request)))).toBe(toJson(sorted(expectedInput(model, request))));
      }),
      { numRuns: 15 },
    );
  });
});

/** Labels, query and body stand in no particular order; what is inside of them keeps its own. */
const sorted = (input: Record<string, Json>) =>
  Object.keys(input)
    .sort()
    .map((member) => [member, input[member] as Json]);

describe('unknown members are dropped wherever they stand', () => {
  it.each(withBody)('%s', (_name, model, body) => {
    const request = fullRequest(model);
    const littered = litter(fullValueOf(model.shapes, body.shape), model.shapes, body.shape);
    expect(receive(model, { ...request, body: JSON.stringify(littered) })).toEqual(expectedInput(model, request));
  });
});

/** Adds members that no shape knows to every structure; maps are the sender's own. */
function litter(value: Json, shapes: ModelOperation['shapes'], shape: Parameter['shape']): Json {
  const plain = resolveShape(shapes, shape);
  if (plain.kind === 'list') return (value as Json[]).map((element) => litter(element, shapes, plain.element));
  if (plain.kind !== 'structure' && plain.kind !== 'map') return value;
  const partOf = (name: string) =>
    plain.kind === 'map' ? plain.value : plain.members.find((member) => member.name === name)?.shape;
  const entries = Object.entries(value as object).map(([name, part]) => {
    const inner = partOf(name);
    return [name, inner === undefined ? part : litter(part as Json, shapes, inner)];
  });
  if (plain.kind === 'structure') {
    const unknown = { deep: [{ unknown: 1 }] };
    for (const name of ['Unexpected', '__proto__', 'constructor', 'toString', 'name']) entries.push([name, unknown]);
  }
  return Object.fromEntries(entries);
}

describe('every fault in a body is refused with its place', () => {
  it.each(withBody)('%s', (_name, model, body) => {
    const request = fullRequest(model);
    const value = fullValueOf(model.shapes, body.shape);
    const text = JSON.stringify(value);
    let faults = 0;
    for (const fault of faultsOf(model.shapes, body.shape, value)) {
      const repair = fault.apply();
      const broken = JSON.stringify(value);
      repair();
      if (refusal(model, { ...request, body: broken }) !== fault.message) {
        expect({ broken, message: refusal(model, { ...request, body: broken }) }).toEqual({
          broken,
          message: fault.message,
        });
      }
      faults += 1;
    }
    expect(JSON.stringify(value)).toBe(text);
    expect(faults).toBeGreaterThan(0);
  });

  it.each(withBody)('%s with another body than an object', (_name, model, body) => {
    for (const text of ['[]', '"text"', '7', 'true', 'null']) {
      expect(refusal(model, { ...fullRequest(model), body: text })).toBe('The request body must be a JSON object');
    }
    const without = refusal(model, { ...fullRequest(model), body: '' });
    expect(without).toBe(body.required ? 'The request body is missing' : 'accepted');
  });
});

describe('what is wrong in an item is left to its reader, which names the place', () => {
  const { shapes } = allOperations[0] as ModelOperation;
  const itemTable = itemNames(shapes).map(
    (name) => [name as keyof Items, { kind: 'reference', name } as const] as const,
  );
  const read = (name: keyof Items, value: Json | undefined): string => {
    try {
      const before = value === undefined ? undefined : structuredClone(value);
      expect(readItem(name, value, 'The item')).toEqual(before);
      return 'accepted';
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'BadRequestException') return error.message;
      throw error;
    }
  };

  it('are all the model and the overlay have', () => {
    expect(itemTable.map(([name]) => name)).toEqual(['Event', 'PublicEndpoint']);
    expect(Object.keys(itemValidators).sort()).toEqual(['Event', 'PublicEndpoint']);
  });

  it.each(itemTable)('%s', (name, shape) => {
    const value = fullValueOf(shapes, shape);
    expect(read(name, value)).toBe('accepted');
    fc.assert(
      fc.property(arbitraryOf(shapes, shape), (valid) => read(name, valid) === 'accepted'),
      { numRuns: 50 },
    );
    for (const wrong of [7, 'text', true, []]) expect(read(name, wrong)).toBe('The item must be an object');
    expect(read(name, undefined)).toBe('The item is required');
    const littered = litter(value, shapes, shape);
    expect(readItem(name, littered, 'The item')).toEqual(value);
    let faults = 0;
    for (const fault of faultsOf(shapes, shape, value)) {
      const repair = fault.apply();
      const broken = parseJson(Buffer.from(JSON.stringify({ value })), itemPlaces(['value'])) as { value: Json };
      repair();
      expect(read(name, broken.value)).toBe(fault.message);
      faults += 1;
    }
    expect(faults).toBeGreaterThan(10);
  });
});

describe('every fault in a query is refused with its parameter', () => {
  const parameters = table.flatMap(([name, model]) =>
    model.query.map((parameter) => [name, parameter.name, model, parameter] as const),
  );

  it.each(parameters)('%s, %s', (_name, parameter, model, { shape, required }) => {
    const request = fullRequest(model);
    const ask = (value: string | string[] | undefined) => {
      const { [parameter]: _, ...others } = request.query;
      return refusal(model, { ...request, query: value === undefined ? others : { ...others, [parameter]: value } });
    };
    const { kind } = resolveShape(model.shapes, shape);
    expect(ask(undefined)).toBe(required ? `${parameter} is required` : 'accepted');
    expect(ask('nul\0')).toBe('The path or query holds a character that cannot be stored (NUL)');
    if (kind !== 'list')
      expect(ask(['2026-11-02', '2026-11-02'])).toBe(
        kind === 'boolean' ? `${parameter} must be true or false` : `${parameter} is given more than once`,
      );
    if (kind === 'boolean') expect(ask('perhaps')).toBe(`${parameter} must be true or false`);
    if (kind === 'timestamp') expect(ask('yesterday')).toBe(`${parameter} must have the documented form`);
  });
});

describe('whatever is sent is understood or refused, and no more', () => {
  const anything = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  );

  it.each(withBody)('%s', (_name, model, body) => {
    const request = fullRequest(model);
    const understood = (text: string | Buffer) => {
      if (text.length === 0 || refusal(model, { ...request, body: text }) !== 'accepted') return;
      const once = toJson(receive(model, { ...request, body: text })[body.member]);
      expect(toJson(receive(model, { ...request, body: once })[body.member])).toBe(once);
    };
    fc.assert(fc.property(anything, understood), { numRuns: 20 });
    fc.assert(
      fc.property(arbitraryOf(model.shapes, body.shape), fc.nat(), fc.jsonValue(), (value, position, other) => {
        understood(JSON.stringify(replaceSomewhere(value, position, other)));
      }),
      { numRuns: 20 },
    );
  });
});

/** Puts another value in one place of a JSON value. */
function replaceSomewhere(value: Json, position: number, other: unknown): Json {
  const places: (() => void)[] = [];
  const visit = (part: Json) => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      places.push(() => Object.defineProperty(part, key, { value: other, enumerable: true }));
      visit(inner as Json);
    }
  };
  visit(value);
  places[position % places.length]?.();
  return value;
}
