/** Reads Pinpoint's API model (botocore's format) and our overlay into an `Api`. */
import { type Api, integer32, integer53, labelsOf, type Member, type Operation, type Shape } from './api.ts';
import { type Overlay, readOverlay } from './overlay.ts';

interface ModelReference {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring';
  readonly locationName?: string;
}

interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, ModelReference>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly member?: ModelReference;
  readonly key?: ModelReference;
  readonly value?: ModelReference;
  readonly payload?: string;
  readonly exception?: boolean;
}

interface ModelOperation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode: number };
  readonly input?: ModelReference;
  readonly output?: ModelReference;
}

export interface PinpointModel {
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/** @throws Error when the overlay names an operation that the model does not have. */
export function readPinpoint(model: PinpointModel, overlayText: string): Api {
  const overlay = readOverlay(overlayText, Object.keys(model.operations));
  const wrappers = new Set(
    Object.values(model.operations).flatMap(({ input, output }) => [input?.shape, output?.shape]),
  );
  // Input and output structures hold labels and payloads together; the errors are those of `kernel/errors.ts`.
  const travelling = Object.entries(model.shapes).filter(
    ([name, { type, members, exception, enum: values }]) =>
      !wrappers.has(name) && !exception && (members !== undefined || values !== undefined || isContainer(type)),
  );
  const shapes = new Map(
    travelling.map(([name, shape]) => {
      const lenient = withLoneValues(name, toShape(model, shape), overlay);
      return [name, leavingItems(model, name, lenient, overlay)] as const;
    }),
  );
  return {
    name: 'pinpoint',
    shapes,
    operations: Object.values(model.operations).map((operation) =>
      withItems(shapes, readOperation(model, overlay, operation)),
    ),
  };
}

/** The model knows lists only; the overlay says where a lone value will do. */
function withLoneValues(name: string, shape: Shape, overlay: Overlay): Shape {
  if (shape.kind !== 'structure') return shape;
  const lenient: Shape = { kind: 'map', value: { kind: 'list or lone value' } };
  const members = shape.members.map((member) =>
    overlay.takesLoneValues(`${name}.${member.name}`) ? { ...member, shape: lenient } : member,
  );
  return { ...shape, members };
}

/** An item that is missing is that item's fault as well. */
function leavingItems(model: PinpointModel, name: string, shape: Shape, overlay: Overlay): Shape {
  if (shape.kind !== 'structure') return shape;
  const members = shape.members.map((member): Member => {
    if (!overlay.holdsItems(`${name}.${member.name}`)) return member;
    const target = (member.shape as { readonly name: string }).name;
    const { type, value } = model.shapes[target] as ModelShape;
    return type === 'map'
      ? { ...member, shape: { kind: 'map', value: { kind: 'item', name: (value as ModelReference).shape } } }
      : { ...member, shape: { kind: 'item', name: target }, required: false };
  });
  return { ...shape, members };
}

/** Where the items of a body stand, for whoever reads it before it is validated. */
function withItems(shapes: ReadonlyMap<string, Shape>, operation: Operation): Operation {
  const { payload } = operation.definition;
  const body = operation.input.find(({ name }) => name === payload?.member);
  const items = body === undefined ? [] : placesOfItems(shapes, body.shape, [], []);
  return items.length === 0 ? operation : { ...operation, definition: { ...operation.definition, items } };
}

function placesOfItems(
  shapes: ReadonlyMap<string, Shape>,
  shape: Shape,
  steps: readonly string[],
  within: readonly string[],
): string[] {
  if (shape.kind === 'item') return [steps.join('.')];
  if (shape.kind === 'reference') {
    // Shapes may contain themselves.
    if (within.includes(shape.name)) return [];
    return placesOfItems(shapes, shapes.get(shape.name) as Shape, steps, [...within, shape.name]);
  }
  if (shape.kind === 'map') return placesOfItems(shapes, shape.value, [...steps, '*'], within);
  if (shape.kind !== 'structure') return [];
  return shape.members.flatMap((member) => placesOfItems(shapes, member.shape, [...steps, member.name], within));
}

const isContainer = (type: string) => type === 'list' || type === 'map';

const scalars: Readonly<Record<string, Shape>> = {
  string: { kind: 'string' },
  boolean: { kind: 'boolean' },
  integer: integer32,
  long: integer53,
  double: { kind: 'double' },
  timestamp: { kind: 'timestamp' },
  blob: { kind: 'blob' },
};

function toShape(model: PinpointModel, shape: ModelShape): Shape {
  const refer = (reference: ModelReference | undefined): Shape => referTo(model, reference as ModelReference);
  if (shape.type === 'structure') return { kind: 'structure', members: membersOf(model, shape) };
  if (shape.type === 'list') return { kind: 'list', element: refer(shape.member) };
  if (shape.type === 'map') {
    const keys = refer(shape.key);
    return { kind: 'map', value: refer(shape.value), ...(keys.kind === 'reference' && { keys }) };
  }
  if (shape.enum !== undefined) return { kind: 'enum', values: shape.enum };
  throw new Error(`The generator does not know shapes of type ${shape.type}`);
}

/** Plain scalars have names too (`__string`), which say nothing more than their kind. */
function referTo(model: PinpointModel, { shape: name }: ModelReference): Shape {
  const shape = model.shapes[name] as ModelShape;
  const scalar = shape.enum === undefined ? scalars[shape.type] : undefined;
  return scalar ?? { kind: 'reference', name };
}

function membersOf(model: PinpointModel, shape: ModelShape): Member[] {
  return Object.entries(shape.members ?? {}).map(([name, reference]) => ({
    name: reference.location === undefined ? (reference.locationName ?? name) : name,
    shape: referTo(model, reference),
    required: shape.required?.includes(name) ?? false,
  }));
}

const queryTypes: Readonly<Record<string, 'string' | 'list' | 'boolean'>> = {
  string: 'string',
  timestamp: 'string',
  boolean: 'boolean',
  list: 'list',
};

function readOperation(model: PinpointModel, overlay: Overlay, operation: ModelOperation): Operation {
  const { name, http } = operation;
  const input = operation.input && (model.shapes[operation.input.shape] as ModelShape);
  const output = operation.output && (model.shapes[operation.output.shape] as ModelShape);
  const members = Object.entries(input?.members ?? {});
  const resource = overlay.resourceOf(name) ?? http.requestUri.replace(/^\/v1\//, '');
  const bodyLimit = overlay.bodyLimitOf(name);
  const projectLabel = labelsOf(http.requestUri).find((label) => label === 'application-id');
  return {
    definition: {
      name,
      service: 'pinpoint',
      method: http.method,
      path: http.requestUri,
      successStatus: http.responseCode,
      action: overlay.action.replace('{operation}', name),
      resource,
      labels: members.flatMap(([member, { location, locationName }]) =>
        location === 'uri' ? [{ label: locationName as string, member }] : [],
      ),
      query: members.flatMap(([member, { location, locationName, shape }]) => {
        if (location !== 'querystring') return [];
        const type = queryTypes[(model.shapes[shape] as ModelShape).type];
        if (type === undefined) throw new Error(`${name}: the type of query parameter ${member} is not known`);
        return [{ parameter: locationName as string, member, type }];
      }),
      ...(input?.payload && {
        payload: { member: input.payload, required: input.required?.includes(input.payload) ?? false },
      }),
      ...(projectLabel && { projectLabel }),
      ...(overlay.isTaggable(resource) && { tagTarget: true as const }),
      audit: overlay.auditOf(name) ?? (http.method === 'GET' ? 'read' : 'change'),
      ...(bodyLimit !== undefined && { maximumBodyBytes: bodyLimit }),
      quotaPerSecond: overlay.quotaOf(name) ?? 300,
    },
    input: input === undefined ? [] : membersOf(model, input),
    output: output?.payload === undefined ? undefined : output.members?.[output.payload]?.shape,
  };
}
