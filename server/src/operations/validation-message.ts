/** Words for what a validator found: the place in the request as its sender knows it, and what is expected there. */
import type { ValidationFault } from '../contract/validators.js';
import type { OperationDefinition } from './definition.ts';

/** `Limits.Daily must be a whole number`; never quotes a value, which may be anybody's. */
export function describeFault(definition: OperationDefinition, fault: ValidationFault | undefined): string {
  return wordFault(fault, (pointer) => describePlace(definition, pointer));
}

/** The same within an item of a request. @param called what the item as a whole is called */
export function describeItemFault(called: string, fault: ValidationFault | undefined): string {
  return wordFault(fault, (pointer) => (pointer === '' ? called : shortenPlace(joinSteps(stepsOf(pointer)))));
}

function wordFault(fault: ValidationFault | undefined, placeOf: (pointer: string) => string): string {
  if (fault === undefined) return 'The request is not valid';
  if (fault.keyword === 'required') {
    return `${placeOf(`${fault.instancePath}/${String(fault.params['missingProperty'])}`)} is required`;
  }
  const place = placeOf(fault.instancePath);
  return `${fault.propertyName === undefined ? place : `A key of ${place}`} must ${describeRule(fault)}`;
}

const longestPlace = 200;

/** Keys are the sender's: an answer must not become as large as what was sent. */
export function shortenPlace(place: string): string {
  return place.length <= longestPlace ? place : `${place.slice(0, longestPlace).toWellFormed()}…`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'be a string',
  integer: 'be a whole number',
  number: 'be a number',
  boolean: 'be true or false',
  object: 'be an object',
  array: 'be a list',
  // A list that may be a lone value.
  'array,string,number': 'be a list of strings',
};

function describeRule({ keyword, params }: ValidationFault): string {
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'type':
      return typeWords[String(params['type'])] ?? 'have another type';
    case 'enum':
      return `be one of ${(params['allowedValues'] as readonly string[]).join(', ')}`;
    case 'minimum':
      return `be at least ${limit}`;
    case 'maximum':
      return `be at most ${limit}`;
    case 'minLength':
      return `have at least ${limit} character${limit === 1 ? '' : 's'}`;
    case 'maxLength':
      return `have at most ${limit} characters`;
    case 'maxItems':
      return `have at most ${limit} elements`;
    case 'pattern':
      return 'have the documented form';
    default:
      return 'be valid';
  }
}

/**
 * A JSON pointer into the input as the caller knows it: bodies are never wrapped, so the payload's own name is left
 * out, and query members have the parameter's spelling. `/WriteSegmentRequest/Dimensions/Metrics/a.b/Value` becomes
 * `Dimensions.Metrics.a.b.Value`.
 */
function describePlace(definition: OperationDefinition, pointer: string): string {
  const steps = stepsOf(pointer);
  const [first, ...rest] = steps;
  if (first === definition.payload?.member) {
    return rest.length === 0 ? 'The request body' : shortenPlace(joinSteps(rest));
  }
  return definition.query.find(({ member }) => member === first)?.parameter ?? joinSteps(steps);
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function joinSteps(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^[0-9]+$/.test(step)) return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}
