/** Reads our own API from its OpenAPI document, which keeps to a small, regular form. */
import { parse } from 'yaml';
import type { ApiModel, Operation, Shape } from './model.ts';

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, DocumentOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

interface DocumentOperation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: 'path' | 'query'; readonly required?: boolean }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Schema }> }>;
  readonly 'x-repoint-resource'?: string;
  readonly 'x-repoint-audit'?: Operation['audit'];
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
}

const quotaPerSecond = 300;
/** The label that names a project in our own paths. */
const projectLabel = 'app';
const json = 'application/json';

export function readRepointModel(text: string): ApiModel {
  const document = parse(text) as Document;
  const shapes = new Map<string, Shape>();
  for (const [name, schema] of Object.entries(document.components.schemas)) addShape(shapes, name, schema);
  const base = document.servers[0]?.url ?? '';
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(base, path, method, operation)),
  );
  return { shapes, operations };
}

/** Adds a named schema, and a shape for each list or map inside it. Returns the name to refer to it by. */
function addShape(shapes: Map<string, Shape>, name: string, schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) as string;
  if (schema.properties !== undefined) {
    const members = Object.entries(schema.properties).map(([member, inner]) => ({
      name: member,
      shape: addShape(shapes, `${name}_${member}`, inner),
      required: schema.required?.includes(member) ?? false,
    }));
    shapes.set(name, { type: 'structure', members });
  } else if (schema.items !== undefined) {
    shapes.set(name, { type: 'list', member: addShape(shapes, `${name}_Item`, schema.items) });
  } else if (schema.additionalProperties !== undefined) {
    shapes.set(name, { type: 'map', value: addShape(shapes, `${name}_Value`, schema.additionalProperties) });
  } else {
    shapes.set(name, simpleShape(schema, name));
  }
  return name;
}

function simpleShape(schema: Schema, name: string): Shape {
  switch (schema.type) {
    case 'string':
      return schema.enum === undefined ? { type: 'string' } : { type: 'string', values: schema.enum };
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: schema.type };
    case 'object':
      return { type: 'anything' };
    default:
      throw new Error(`repoint-v1.yaml: ${name} has a form that the generator does not know`);
  }
}

function toOperation(base: string, path: string, method: string, operation: DocumentOperation): Operation {
  const [status, response] = Object.entries(operation.responses)[0] ?? [];
  if (status === undefined) throw new Error(`repoint-v1.yaml: ${operation.operationId} has no response`);
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const labels = parameters.filter((parameter) => parameter.in === 'path');
  const payload = operation.requestBody?.content[json]?.schema.$ref?.split('/').at(-1);
  const output = response?.content?.[json]?.schema.$ref?.split('/').at(-1);
  return {
    name: operation.operationId,
    service: 'repoint',
    method: method.toUpperCase(),
    path: `${base}${path}`,
    successStatus: Number(status),
    action: `repoint:${operation.operationId}`,
    resource: operation['x-repoint-resource'] ?? path.slice(1),
    labels: labels.map(({ name }) => ({ label: name, member: memberName(name) })),
    query: query.map(({ name }) => ({ parameter: name, member: memberName(name), type: 'string' })),
    requiredQuery: query.filter(({ required }) => required).map(({ name }) => memberName(name)),
    ...(payload && { payload: { member: payload, required: operation.requestBody?.required ?? false, shape: payload } }),
    ...(labels.some(({ name }) => name === projectLabel) && { projectLabel }),
    audit: operation['x-repoint-audit'] ?? (/^Get/.test(operation.operationId) ? 'read' : 'change'),
    ...(operation.security?.length === 0 && { anonymous: true as const }),
    quotaPerSecond,
    ...(output && { output }),
  };
}

/** `access-key` → `AccessKey`: members have Pinpoint's spelling. */
function memberName(parameter: string): string {
  return parameter.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
