/** From the wire to a typed input: path labels, query members and body, validated as the contract says. */
import { validators } from '../contract/validators.js';
import { badRequest, ServiceError } from '../kernel/errors.ts';
import type { OperationDefinition } from '../operations/definition.ts';
import { describeFault } from '../operations/validation-message.ts';
import { type ItemPlaces, itemPlaces, parseJson } from './json.ts';
import { decodePercent } from './router.ts';

/**
 * @returns labels, query members and payload under the model's member names
 * @throws BadRequestException whose message names the place: `Limits.Daily must be a whole number`;
 *   PayloadTooLargeException
 */
export function decodeInput(
  definition: OperationDefinition,
  labels: Readonly<Record<string, string>>,
  rawQuery: string,
  body: Buffer,
): object {
  const input: Record<string, unknown> = Object.create(null);
  for (const { label, member } of definition.labels) input[member] = labels[label];
  if (definition.query.length > 0) bindQuery(definition, rawQuery, input);
  if (definition.payload !== undefined) bindPayload(definition, definition.payload, body, input);
  const validate = validators[definition.name];
  if (!validate(input)) throw badRequest(describeFault(definition, validate.errors?.[0]));
  return input;
}

function bindPayload(
  definition: OperationDefinition,
  payload: NonNullable<OperationDefinition['payload']>,
  body: Buffer,
  input: Record<string, unknown>,
): void {
  if (body.length === 0) {
    if (payload.required) throw badRequest('The request body is missing');
    return;
  }
  if (definition.maximumBodyBytes !== undefined && body.length > definition.maximumBodyBytes) {
    throw new ServiceError(
      'PayloadTooLargeException',
      `The request body is larger than ${definition.maximumBodyBytes / 1024 ** 2} MB`,
    );
  }
  const value = parseJson(body, placesOf(definition));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The request body must be a JSON object');
  }
  input[payload.member] = value;
}

const knownPlaces = new WeakMap<OperationDefinition, ItemPlaces>();

function placesOf(definition: OperationDefinition): ItemPlaces | undefined {
  if (definition.items === undefined) return undefined;
  const places = knownPlaces.get(definition) ?? itemPlaces(definition.items);
  knownPlaces.set(definition, places);
  return places;
}

/** Repeated parameters make a list where the contract has one; elsewhere they are refused rather than guessed at. */
function bindQuery(definition: OperationDefinition, rawQuery: string, input: Record<string, unknown>): void {
  for (const part of rawQuery.split('&')) {
    const equals = part.indexOf('=');
    const name = decodePercent(equals < 0 ? part : part.slice(0, equals));
    const bound = definition.query.find(({ parameter }) => parameter === name);
    if (bound === undefined) continue;
    const text = equals < 0 ? '' : decodePercent(part.slice(equals + 1));
    const earlier = input[bound.member];
    if (bound.type === 'list') input[bound.member] = [...((earlier as string[] | undefined) ?? []), text];
    else if (earlier === undefined) input[bound.member] = bound.type === 'boolean' ? readBoolean(text, name) : text;
    else throw badRequest(`${name} is given more than once`);
  }
}

function readBoolean(text: string, name: string): boolean {
  if (text !== 'true' && text !== 'false') throw badRequest(`${name} must be true or false`);
  return text === 'true';
}
