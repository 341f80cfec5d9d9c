/** From the wire to a typed input: path labels, query members and body, validated as the contract says. */
import * as validators from '../contract/validators.js';
import { badRequest, type ServiceError } from '../kernel/errors.ts';
import type { OperationDefinition } from '../operations/definition.ts';
import { isStorable, parseJson } from './json.ts';
import { decodePercent } from './router.ts';

/**
 * @returns labels, query members and payload under the model's member names
 * @throws BadRequestException whose message names the place: `Limits.Daily must be integer`
 */
export function decodeInput(
  definition: OperationDefinition,
  labels: Readonly<Record<string, string>>,
  rawQuery: string,
  body: Buffer,
): object {
  const input: Record<string, unknown> = Object.create(null);
  for (const { label, member } of definition.labels) input[member] = storable(labels[label] as string, label);
  if (definition.query.length > 0) bindQuery(definition, rawQuery, input);
  if (definition.payload !== undefined) bindPayload(definition.payload, body, input);
  const validate = validators[definition.name];
  if (!validate(input)) throw validationFault(definition, validate.errors?.[0]);
  return input;
}

function bindPayload(
  payload: NonNullable<OperationDefinition['payload']>,
  body: Buffer,
  input: Record<string, unknown>,
): void {
  if (body.length === 0) {
    if (payload.required) throw badRequest('The request body is missing');
    return;
  }
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The request body must be a JSON object');
  }
  input[payload.member] = value;
}

/** Repeated parameters make a list where the contract has one; elsewhere they are refused rather than guessed at. */
function bindQuery(definition: OperationDefinition, rawQuery: string, input: Record<string, unknown>): void {
  for (const part of rawQuery.split('&')) {
    const equals = part.indexOf('=');
    const name = decodePercent(equals < 0 ? part : part.slice(0, equals));
    const bound = definition.query.find(({ parameter }) => parameter === name);
    if (bound === undefined) continue;
    const value = storable(equals < 0 ? '' : decodePercent(part.slice(equals + 1)), name);
    if (bound.type === 'list') {
      const list = (input[bound.member] ??= []) as string[];
      list.push(value);
    } else if (input[bound.member] === undefined) {
      input[bound.member] = value;
    } else {
      throw badRequest(`${name} is given more than once`);
    }
  }
}

function storable(text: string, name: string): string {
  if (!isStorable(text)) throw badRequest(`${name} holds a character that cannot be stored`);
  return text;
}

function validationFault(definition: OperationDefinition, error: validators.ValidationError | undefined): ServiceError {
  const pointer = error?.instancePath ?? '';
  const missing = error?.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  const place = describePlace(definition, pointer + missing);
  if (missing !== '') return badRequest(`${place} is required`);
  const allowed = error?.params['allowedValues'];
  if (Array.isArray(allowed)) return badRequest(`${place} must be one of ${allowed.join(', ')}`);
  return badRequest(`${place} ${error?.message ?? 'is not valid'}`);
}

/**
 * A JSON pointer into the input as the caller knows it: bodies are never wrapped, so the payload's own name is left
 * out, and query members have the parameter's spelling. `/WriteSegmentRequest/Dimensions/Metrics/a.b/Value` becomes
 * `Dimensions.Metrics.a.b.Value`.
 */
function describePlace(definition: OperationDefinition, pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [first, ...rest] = steps;
  if (first === definition.payload?.member) {
    return rest.length === 0 ? 'The request body' : joinSteps(rest);
  }
  return definition.query.find(({ member }) => member === first)?.parameter ?? joinSteps(steps);
}

function joinSteps(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^[0-9]+$/.test(step)) return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}
