/** Reads our own API (OpenAPI 3.1, the part of it that `model/repoint-v1.yaml` uses) into an `Api`. */
import { parse } from 'yaml';
import type { OperationDefinition } from '../../server/src/operations/definition.ts';
import { type Api, integer32, integer53, labelsOf, type Member, type Operation, type Shape } from './api.ts';

interface Reference {
  readonly $ref: string;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  /** A shape of Pinpoint's own API. */
  readonly 'x-repoint-pinpoint-shape'?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly 'x-repoint-member'?: string;
}

interface Content {
  readonly required?: boolean;
  readonly content?: {
    readonly 'application/json': { readonly schema: Reference | { readonly 'x-repoint-pinpoint-shape': string } };
  };
}

interface PathOperation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: Content | Reference;
  readonly responses: Readonly<Record<string, Content | Reference>>;
  readonly security?: readonly unknown[];
  readonly 'x-repoint-resource'?: string;
  readonly 'x-repoint-audit'?: OperationDefinition['audit'];
  readonly 'x-repoint-quota'?: number;
}

type PathItem = { readonly parameters?: readonly (Parameter | Reference)[] } & Readonly<Record<string, PathOperation>>;

interface Document {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const methods = ['get', 'post', 'put', 'delete'] as const;

/** @throws Error when the document uses something that this reader does not know. */
export function readRepoint(text: string): Api {
  const document = parse(text) as Document;
  const schemas = document.components['schemas'] as Readonly<Record<string, Schema>>;
  return {
    name: 'repoint',
    shapes: new Map(Object.entries(schemas).map(([name, schema]) => [name, toShape(schema)])),
    operations: Object.entries(document.paths).flatMap(([path, item]) =>
      methods.flatMap((method) => (item[method] ? [readOperation(document, path, method, item)] : [])),
    ),
  };
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function resolve<Part extends object>(document: Document, part: Part | Reference): Part {
  if (!('$ref' in part)) return part;
  const [, section, name] = /^#\/components\/(\w+)\/(\w+)$/.exec(part.$ref) ?? [];
  const found = section && name ? document.components[section]?.[name] : undefined;
  if (found === undefined) throw new Error(`repoint-v1.yaml: ${part.$ref} leads nowhere`);
  return found as Part;
}

function toShape(schema: Schema): Shape {
  if (schema.$ref !== undefined) return { kind: 'reference', name: nameIn(schema.$ref) };
  const pinpointShape = schema['x-repoint-pinpoint-shape'];
  if (pinpointShape !== undefined) return { kind: 'reference', name: pinpointShape, api: 'pinpoint' };
  if (schema.enum !== undefined) return { kind: 'enum', values: schema.enum };
  switch (schema.type) {
    case 'string':
      if (schema.format === 'date-time') return { kind: 'timestamp' };
      return {
        kind: 'string',
        ...(schema.minLength !== undefined && { minimum: schema.minLength }),
        ...(schema.maxLength !== undefined && { maximum: schema.maxLength }),
        ...(schema.pattern !== undefined && { pattern: schema.pattern }),
      };
    case 'integer': {
      const width = schema.format === 'int64' ? integer53 : integer32;
      return { ...width, minimum: schema.minimum ?? width.minimum, maximum: schema.maximum ?? width.maximum };
    }
    case 'number':
      return { kind: 'double' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'array':
      return {
        kind: 'list',
        element: toShape(schema.items ?? {}),
        ...(schema.maxItems !== undefined && { maximum: schema.maxItems }),
      };
    case 'object':
      return toObjectShape(schema);
    default:
      throw new Error(`repoint-v1.yaml: a schema of type ${schema.type} is not known here`);
  }
}

function toObjectShape({ properties, required, additionalProperties }: Schema): Shape {
  if (additionalProperties === true) return { kind: 'document' };
  if (additionalProperties !== undefined) return { kind: 'map', value: toShape(additionalProperties) };
  const members = Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    shape: toShape(schema),
    required: required?.includes(name) ?? false,
  }));
  return { kind: 'structure', members };
}

/** A body is a schema of ours, or a shape of Pinpoint's own API. */
function readPayload(schema: Reference | { readonly 'x-repoint-pinpoint-shape': string }) {
  return '$ref' in schema
    ? { kind: 'reference' as const, name: nameIn(schema.$ref) }
    : { kind: 'reference' as const, name: schema['x-repoint-pinpoint-shape'], api: 'pinpoint' as const };
}

/** `page-size` is `PageSize` in the handler's input, unless the document says otherwise. */
function memberOf(parameter: Parameter): string {
  const pascal = parameter.name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return parameter['x-repoint-member'] ?? pascal;
}

function queryTypeOf({ name, schema }: Parameter): 'string' | 'list' | 'boolean' {
  if (schema.type === 'array') return 'list';
  if (schema.type === 'string' || schema.type === 'boolean') return schema.type;
  throw new Error(`repoint-v1.yaml: the type of query parameter ${name} is not known here`);
}

function readOperation(document: Document, path: string, method: (typeof methods)[number], item: PathItem): Operation {
  const operation = item[method] as PathOperation;
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) =>
    resolve<Parameter>(document, parameter),
  );
  const body = operation.requestBody && resolve<Content>(document, operation.requestBody);
  const payload = body?.content && readPayload(body.content['application/json'].schema);
  const [status, response] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
  if (status === undefined || response === undefined) throw new Error(`${operation.operationId} has no success answer`);
  const output = resolve<Content>(document, response).content;
  return {
    definition: {
      name: operation.operationId,
      service: 'repoint',
      method: method.toUpperCase(),
      path: document.servers[0].url + path,
      successStatus: Number(status),
      action: `repoint:${operation.operationId}`,
      resource: operation['x-repoint-resource'] ?? path.slice(1),
      labels: parameters.flatMap((parameter) =>
        parameter.in === 'path' ? [{ label: parameter.name, member: memberOf(parameter) }] : [],
      ),
      query: parameters.flatMap((parameter) =>
        parameter.in === 'query'
          ? [{ parameter: parameter.name, member: memberOf(parameter), type: queryTypeOf(parameter) }]
          : [],
      ),
      ...(payload && { payload: { member: payload.name, required: body?.required ?? false } }),
      ...(labelsOf(path).includes('app') && { projectLabel: 'app' }),
      audit: operation['x-repoint-audit'] ?? (method === 'get' ? 'read' : 'change'),
      quotaPerSecond: operation['x-repoint-quota'] ?? 300,
      ...(operation.security?.length === 0 && { anonymous: true as const }),
    },
    input: [
      ...parameters.map(
        (parameter): Member => ({
          name: memberOf(parameter),
          shape: toShape(parameter.schema),
          required: parameter.in === 'path' || (parameter.required ?? false),
        }),
      ),
      ...(payload ? [{ name: payload.name, shape: payload, required: body?.required ?? false }] : []),
    ],
    output: output && nameIn((output['application/json'].schema as Reference).$ref),
  };
}
