/**
 * Reads what was configured for a provider, member by member: form only. Refusals name the member and never quote its
 * value. Absent, null and empty count as left out: consoles and Terraform send those.
 */
import { badRequest } from '../../kernel/errors.ts';

export type GivenSettings = Readonly<Record<string, unknown>>;

/** What a text looks like, and the words for it that complete "… must be". */
export type TextForm = readonly [pattern: RegExp, words: string];

export interface SettingsReader<Name extends string = string> {
  text(name: Name, ...form: TextForm | []): string | undefined;
  requiredText(name: Name, ...form: TextForm | []): string;
  /** http or https, without user, query and fragment; without a slash at its end. */
  baseUrl(name: Name): string | undefined;
  wholeNumber(name: Name, least: number, most: number): number | undefined;
  /** Messages per second and the like: more than 0. */
  positive(name: Name): number | undefined;
  flag(name: Name): boolean | undefined;
  choice<Choice extends string>(name: Name, choices: readonly Choice[]): Choice | undefined;
  /** An object inside, read the same way. */
  object<const Inner extends string>(name: Name, names: readonly Inner[]): SettingsReader<Inner> | undefined;
}

export interface ReadingOptions {
  /** Before the names in refusals: `Dkim.` */
  readonly path?: string;
  /** Space around texts is no part of them: keys and ids are pasted. */
  readonly trims?: boolean;
}

const longestText = 100_000;
const anyText: TextForm = [/^/, `text of at most ${longestText} characters`];

export const textUpTo = (most: number): TextForm => [
  new RegExp(`^[\\s\\S]{1,${most}}$`),
  `text of at most ${most} characters`,
];

/** For protocols whose fields have no place for other characters. */
export const asciiUpTo = (most: number): TextForm => [
  new RegExp(`^[ -~]{1,${most}}$`),
  `printable ASCII of at most ${most} characters`,
];

/**
 * @param names all that there are, so that a misspelt one is not passed over; undefined: others are none of our business
 * @throws BadRequestException
 */
export function settingsReader<const Name extends string>(
  given: GivenSettings,
  names?: readonly Name[],
  { path = '', trims = false }: ReadingOptions = {},
): SettingsReader<Name> {
  refuseStrangers(given, names, path);
  const givenAs = (name: Name): unknown => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const trimmed = trims && typeof value === 'string' ? value.trim() : value;
    return trimmed === null || trimmed === '' ? undefined : trimmed;
  };
  const read = <Value>(name: Name, is: (value: unknown) => value is Value, words: string): Value | undefined => {
    const value = givenAs(name);
    if (value === undefined) return undefined;
    if (!is(value)) throw badRequest(`${path}${name} must be ${words}`);
    return value;
  };
  const text = (name: Name, ...[pattern, words]: TextForm | []) =>
    read(name, isText(pattern ?? anyText[0]), words ?? anyText[1]);
  return {
    text,
    requiredText: (name, ...form) => required(text(name, ...form), `${path}${name}`),
    baseUrl(name) {
      const words = 'an http or https URL without user, query and fragment';
      const url = read(name, isBaseUrl, words);
      return url === undefined ? undefined : withoutEnd(new URL(url));
    },
    wholeNumber: (name, least, most) => read(name, isWithin(least, most), `a whole number from ${least} to ${most}`),
    positive: (name) => read(name, isPositive, 'a number above 0'),
    flag: (name) => read(name, isBoolean, 'true or false'),
    choice: (name, choices) => read(name, isOneOf(choices), `one of ${choices.join(', ')}`),
    object(name, inside) {
      const value = read(name, isObject, 'an object');
      return value === undefined ? undefined : settingsReader(value, inside, { path: `${path}${name}.`, trims });
    },
  };
}

/** @throws BadRequestException */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw badRequest(`${name} is required`);
  return value;
}

function refuseStrangers(given: GivenSettings, names: readonly string[] | undefined, path: string): void {
  const stranger = names && Object.keys(given).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  const known = names?.join(', ');
  // What is said of an object inside may be told to somebody else: it is not quoted at all.
  if (path !== '') throw badRequest(`${path.slice(0, -1)} may have ${known}, and nothing else`);
  throw badRequest(`Settings may have ${known}, and nothing else: ${stranger} is none of them`);
}

const isText =
  (pattern: RegExp) =>
  (value: unknown): value is string =>
    typeof value === 'string' && value.length <= longestText && pattern.test(value);

const isWithin =
  (least: number, most: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

const isOneOf =
  <Choice extends string>(choices: readonly Choice[]) =>
  (value: unknown): value is Choice =>
    choices.some((choice) => choice === value);

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isObject(value: unknown): value is GivenSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBaseUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return `${url.username}${url.password}${url.search}${url.hash}` === '';
}

function withoutEnd({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
