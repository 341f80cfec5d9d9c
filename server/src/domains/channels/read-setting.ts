/** Settings of providers, one by one: form only. Faults name the member and never quote its value. */
import { badRequest } from '../../kernel/errors.ts';

export type GivenSettings = Readonly<Record<string, unknown>>;

/** @throws BadRequestException for a name that is no setting, so that a misspelt one is not passed over */
export function refuseUnknown(given: GivenSettings, names: ReadonlySet<string>, kind: string): void {
  for (const name of Object.keys(given)) if (!names.has(name)) throw badRequest(`${name} is no setting of ${kind}`);
}

/** Empty text counts as left out: consoles and Terraform send it. */
export function readText(given: GivenSettings, name: string, longest: number): string | undefined {
  const value = given[name] ?? '';
  if (typeof value !== 'string' || value.length > longest) {
    throw badRequest(`${name} must be text of at most ${longest} characters`);
  }
  return value === '' ? undefined : value;
}

/** For protocols whose fields have no place for other characters. */
export function readAscii(given: GivenSettings, name: string, longest: number): string | undefined {
  const value = readText(given, name, longest);
  if (value !== undefined && !/^[\x20-\x7e]*$/.test(value)) throw badRequest(`${name} must be printable ASCII`);
  return value;
}

export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw badRequest(`${name} is required`);
  return value;
}

export function readWholeNumber(given: GivenSettings, name: string, least: number, most: number): number | undefined {
  const value = given[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw badRequest(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

export function readBoolean(given: GivenSettings, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false`);
  return value;
}

/** The first choice is the default. */
export function readChoice<Choice extends string>(
  given: GivenSettings,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = given[name] ?? choices[0];
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw badRequest(`${name} must be one of ${choices.join(', ')}`);
  return choice;
}
