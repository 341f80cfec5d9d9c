/** Reads Pinpoint's API model (`aws` rest-json) together with the overlay. */
import { parse } from 'yaml';
import type { ApiModel, Operation, Shape } from './model.ts';

interface ModelFile {
  readonly operations: Record<string, ModelOperation>;
  readonly shapes: Record<string, ModelShape>;
}

interface ModelOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode: number };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
}

interface ModelShape {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly members?: Record<string, { shape: string; location?: string; locationName?: string }>;
  readonly required?: readonly string[];
  readonly payload?: string;
  readonly member?: { shape: string };
  readonly value?: { shape: string };
}

interface Overlay {
  readonly resources: Record<string, readonly string[]>;
  readonly dataPlane: readonly string[];
  readonly quotas: Record<string, readonly string[]>;
}

const defaultQuota = 300;
const projectLabel = 'application-id';

export function readPinpointModel(modelText: string, overlayText: string): ApiModel {
  const model = JSON.parse(modelText) as ModelFile;
  const overlay = parse(overlayText) as Overlay;
  refuseUnknownNames(model, overlay);
  return {
    shapes: new Map(Object.entries(model.shapes).map(([name, shape]) => [name, toShape(shape)])),
    operations: Object.entries(model.operations).map(([name, operation]) => toOperation(name, operation, model, overlay)),
  };
}

function toShape(shape: ModelShape): Shape {
  switch (shape.type) {
    case 'structure':
      return {
        type: 'structure',
        members: Object.entries(shape.members ?? {}).map(([name, member]) => ({
          name,
          shape: member.shape,
          required: shape.required?.includes(name) ?? false,
        })),
      };
    case 'list':
      return { type: 'list', member: shape.member?.shape as string };
    case 'map':
      return { type: 'map', value: shape.value?.shape as string };
    case 'integer':
    case 'long':
      return { type: 'integer' };
    case 'double':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    // Timestamps are ISO texts on this wire, and the one blob of the model is never used.
    case 'string':
    case 'timestamp':
    case 'blob':
      return shape.enum === undefined ? { type: 'string' } : { type: 'string', values: shape.enum };
    default:
      throw new Error(`The model has a shape of an unknown type: ${shape.type}`);
  }
}

function toOperation(name: string, operation: ModelOperation, model: ModelFile, overlay: Overlay): Operation {
  const input = operation.input === undefined ? undefined : model.shapes[operation.input.shape];
  const output = operation.output === undefined ? undefined : model.shapes[operation.output.shape];
  const members = Object.entries(input?.members ?? {});
  const isRequired = (member: string) => input?.required?.includes(member) ?? false;
  const query = members.filter(([, { location }]) => location === 'querystring');
  const payload = members.find(([member]) => member === input?.payload);
  const labels = members.filter(([, { location }]) => location === 'uri');
  return {
    name,
    service: 'pinpoint',
    method: operation.http.method,
    path: operation.http.requestUri,
    successStatus: operation.http.responseCode,
    action: `mobiletargeting:${name}`,
    resource: keyHolding(overlay.resources, name) ?? operation.http.requestUri.replace('/v1/', ''),
    labels: labels.map(([member, { locationName }]) => ({ label: locationName as string, member })),
    query: query.map(([member, { locationName, shape }]) => ({
      parameter: locationName as string,
      member,
      type: model.shapes[shape]?.type === 'list' ? 'list' : 'string',
    })),
    requiredQuery: query.filter(([member]) => isRequired(member)).map(([member]) => member),
    ...(payload && { payload: { member: payload[0], required: isRequired(payload[0]), shape: payload[1].shape } }),
    ...(labels.some(([, { locationName }]) => locationName === projectLabel) && { projectLabel }),
    audit: auditKind(name, overlay),
    quotaPerSecond: Number(keyHolding(overlay.quotas, name) ?? defaultQuota),
    ...(output && { output: output.members?.[output.payload as string]?.shape as string }),
  };
}

function auditKind(name: string, overlay: Overlay): Operation['audit'] {
  if (overlay.dataPlane.includes(name)) return 'data';
  return /^(Get|List)/.test(name) ? 'read' : 'change';
}

function keyHolding(lists: Record<string, readonly string[]>, name: string): string | undefined {
  return Object.entries(lists).find(([, names]) => names.includes(name))?.[0];
}

/** A misspelt name in the overlay would silently leave an operation with its default. */
function refuseUnknownNames(model: ModelFile, overlay: Overlay): void {
  const named = [...Object.values(overlay.resources), overlay.dataPlane, ...Object.values(overlay.quotas)].flat();
  const unknown = named.filter((name) => !(name in model.operations));
  if (unknown.length > 0) throw new Error(`pinpoint-overlay.yaml names unknown operations: ${unknown.join(', ')}`);
}
