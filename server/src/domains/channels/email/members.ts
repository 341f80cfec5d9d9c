/** Reads what an administrator configured, member by member: the refusals name the member and never quote its value. */
import { badRequest } from '../../../kernel/errors.ts';

export interface Members {
  /** @throws BadRequestException for what is no text, is empty or too long */
  text(name: string): string | undefined;
  wholeNumber(name: string, minimum: number, maximum: number): number | undefined;
  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined;
  /** An object inside, read the same way. */
  object(name: string, allowed: readonly string[]): Members | undefined;
}

const maximumText = 16_384;

/** @throws BadRequestException for members that are not among `allowed` */
export function readMembers(given: Readonly<Record<string, unknown>>, allowed: readonly string[], path = ''): Members {
  const unknown = Object.keys(given).some((name) => !allowed.includes(name));
  if (unknown) throw badRequest(`${path === '' ? 'Settings' : path.slice(0, -1)} may have ${allowed.join(', ')} only`);
  const read = <Value>(name: string, is: (value: unknown) => value is Value, wanted: string): Value | undefined => {
    const value = given[name];
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw badRequest(`${path}${name} must be ${wanted}`);
    return value;
  };
  return {
    text: (name) => read(name, isText, `a text of 1 to ${maximumText} characters`),
    wholeNumber: (name, minimum, maximum) =>
      read(name, isWithin(minimum, maximum), `a whole number from ${minimum} to ${maximum}`),
    oneOf: (name, values) => read(name, isOneOf(values), `one of ${values.join(', ')}`),
    object(name, inside) {
      const value = read(name, isObject, 'an object');
      return value === undefined ? undefined : readMembers(value, inside, `${path}${name}.`);
    },
  };
}

/** @throws BadRequestException */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw badRequest(`${name} is required`);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maximumText;
}

const isWithin =
  (minimum: number, maximum: number) =>
  (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;

const isOneOf =
  <Value extends string>(values: readonly Value[]) =>
  (value: unknown): value is Value =>
    values.some((known) => known === value);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
