/**
 * `contract/validators.js`: one compiled validator for each operation's input, made by ajv ahead of time: no schema is
 * compiled when the server starts. Unknown members of structures are removed, as AWS ignores them.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { type ApiModel, type Operation, reachable, shapeOf } from './model.ts';

type JsonSchema = Record<string, unknown>;

export function emitValidators(models: readonly ApiModel[], header: string): string {
  const ajv = new Ajv({ code: { source: true, esm: true, lines: false, optimize: 2 }, removeAdditional: true, strict: true, messages: true });
  const names: Record<string, string> = {};
  for (const [index, model] of models.entries()) {
    const definitions = `shapes-${index}`;
    ajv.addSchema({ $id: definitions, $defs: shapeSchemas(model) });
    for (const operation of model.operations) {
      ajv.addSchema(inputSchema(operation, definitions), operation.name);
      names[operation.name] = operation.name;
    }
  }
  // ajv is a CommonJS package: its default export is the module under Node, the function under type checking.
  const generate = (standalone as unknown as { default: typeof standalone }).default ?? standalone;
  const code = (generate as unknown as (instance: Ajv, references: Record<string, string>) => string)(ajv, names);
  if (code.includes('require(')) throw new Error('The validators would need ajv at run time.');
  return `${header}\n${code}\n`;
}

export function emitValidatorTypes(models: readonly ApiModel[], header: string): string {
  const names = models.flatMap(({ operations }) => operations.map(({ name }) => name));
  return `${header}
export interface ValidationError {
  /** JSON pointer into the input. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (input: unknown): boolean;
  /** Of the last call. */
  errors?: readonly ValidationError[] | null;
}

${names.map((name) => `export declare const ${name}: Validator;`).join('\n')}
`;
}

function shapeSchemas(model: ApiModel): Record<string, JsonSchema> {
  const payloads = model.operations.flatMap(({ payload }) => (payload === undefined ? [] : [payload.shape]));
  return Object.fromEntries(reachable(model, payloads).map((name) => [name, shapeSchema(model, name)]));
}

function shapeSchema(model: ApiModel, name: string): JsonSchema {
  const shape = shapeOf(model, name);
  const reference = (target: string) => {
    const inner = shapeOf(model, target);
    return inner.type === 'structure' ? { $ref: `#/$defs/${target}` } : shapeSchema(model, target);
  };
  switch (shape.type) {
    case 'structure': {
      const required = shape.members.filter((member) => member.required).map((member) => member.name);
      return {
        type: 'object',
        properties: Object.fromEntries(shape.members.map((member) => [member.name, reference(member.shape)])),
        required,
        additionalProperties: false,
      };
    }
    case 'list':
      return { type: 'array', items: reference(shape.member) };
    case 'map':
      return { type: 'object', additionalProperties: reference(shape.value) };
    case 'string':
      return shape.values === undefined ? { type: 'string' } : { type: 'string', enum: shape.values };
    case 'anything':
      return { type: 'object' };
    default:
      return { type: shape.type };
  }
}

function inputSchema(operation: Operation, definitions: string): JsonSchema {
  const query = operation.query.map(({ member, type }) => [
    member,
    type === 'list' ? { type: 'array', items: { type: 'string' } } : { type: 'string' },
  ]);
  const payload = operation.payload && [[operation.payload.member, { $ref: `${definitions}#/$defs/${operation.payload.shape}` }]];
  return {
    type: 'object',
    properties: Object.fromEntries([...query, ...(payload ?? [])]),
    required: [...operation.requiredQuery, ...(operation.payload?.required ? [operation.payload.member] : [])],
  };
}
